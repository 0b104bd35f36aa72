import Foundation
import MappedFiles
import StrictJSON

/// A folder as `save_pretrained` of Hugging Face's transformers leaves it: weights in one or
/// several safetensors files, and what they mean in files beside them.
struct Checkpoint {
  /// A tensor and the file it lies in.
  struct Entry {
    let tensor: SafetensorsFile.Tensor
    let source: MappedFile
    let path: String

    var bytes: UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(rebasing: source.bytes[tensor.range])
    }
  }

  let folder: String
  let entries: [String: Entry]

  private static let indexName = "model.safetensors.index.json"
  private static let singleName = "model.safetensors"

  /// - Parameter paths: one folder, or the files with the weights; what belongs to them lies
  ///   beside the first.
  /// - Throws: `unreadable`, `noWeights`, `notJSON`, `damaged`, `duplicateTensor`, `indexMismatch`.
  init(_ paths: [String]) throws(CheckpointError) {
    var files = paths
    var isFolder: ObjCBool = false
    let first = paths.first ?? "."
    guard FileManager.default.fileExists(atPath: first, isDirectory: &isFolder) else {
      throw .unreadable(path: first, errno: ENOENT)
    }
    var index: [String: String] = [:]
    if isFolder.boolValue, paths.count == 1 {
      folder = first
      index = try Self.index(of: first)
      files = Set(index.values).sorted()
      if files.isEmpty { files = [Self.path(Self.singleName, in: first)] }
      guard FileManager.default.fileExists(atPath: files[0]) else {
        throw index.isEmpty
          ? .noWeights(folder: first)
          : .indexMismatch(path: Self.path(Self.indexName, in: first), entry: files[0])
      }
    } else {
      folder = URL(filePath: first).deletingLastPathComponent().path
    }
    entries = try Self.gather(files)
    for (name, file) in index.sorted(by: { $0.key < $1.key })
    where entries[name]?.path != file {
      throw .indexMismatch(path: Self.path(Self.indexName, in: folder), entry: name)
    }
  }

  /// The path of a file beside the weights.
  func path(_ name: String) -> String { Self.path(name, in: folder) }

  /// A file of JSON beside the weights; nil where there is none.
  func json(_ name: String, bytesMax: Int = JSONFile.bytesMax) throws(CheckpointError) -> JSONFile?
  {
    guard FileManager.default.fileExists(atPath: path(name)) else { return nil }
    return try JSONFile(path(name), bytesMax: bytesMax)
  }

  private static func path(_ name: String, in folder: String) -> String {
    URL(filePath: folder).appending(path: name).path
  }

  /// Which file each tensor lies in, by the index; empty where there is no index.
  private static func index(of folder: String) throws(CheckpointError) -> [String: String] {
    let path = path(indexName, in: folder)
    guard FileManager.default.fileExists(atPath: path) else { return [:] }
    let file = try JSONFile(path)
    guard let map = file["weight_map"]?.members else {
      throw .missingField(path: path, field: "weight_map", expected: "an object")
    }
    var index: [String: String] = [:]
    for member in map {
      // A name of a file here, not a way out of the folder.
      guard let name = member.value.text, !name.contains("/"), name.hasSuffix(".safetensors")
      else { throw .indexMismatch(path: path, entry: member.key) }
      index[member.key] = Self.path(name, in: folder)
    }
    return index
  }

  private static func gather(_ files: [String]) throws(CheckpointError) -> [String: Entry] {
    var entries: [String: Entry] = [:]
    for path in files {
      let file = try SafetensorsFile(path)
      for (name, tensor) in file.tensors {
        if let other = entries[name] {
          throw .duplicateTensor(name, paths: [other.path, path])
        }
        entries[name] = Entry(tensor: tensor, source: file.source, path: path)
      }
    }
    return entries
  }
}
