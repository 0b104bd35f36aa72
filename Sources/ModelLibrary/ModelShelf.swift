import Foundation
import Inference
import StrictYAML

/// The models at hand: those that come with the program, those with a name in the list, and the
/// files of the models folder.
public struct ModelShelf: Sendable {
  /// A model and how it came to be at hand.
  public struct Model: Equatable, Sendable {
    public enum Origin: String, Sendable {
      /// Comes with the program.
      case bundled
      /// Has a name in the list.
      case listed
      /// Lies in the models folder.
      case folder
      /// Named by its path.
      case path
    }

    public var name: String
    public var origin: Origin
    public var path: String
    /// What the list says of it.
    public var entry: ModelList.Entry?

    /// A model of the list.
    public init(listed entry: ModelList.Entry) {
      self.init(entry.name, .listed, path: entry.path, entry: entry)
    }

    init(_ name: String, _ origin: Origin, path: String, entry: ModelList.Entry? = nil) {
      self.name = name
      self.origin = origin
      self.path = path
      self.entry = entry
    }
  }

  public let place: LibraryPlace

  public init(place: LibraryPlace) { self.place = place }

  /// What somebody means by a name: a bundled model, an entry of the list, a path, a file of the
  /// models folder, in this order. A text with a slash is always a path; what is none of them is
  /// given back as a path that does not exist.
  /// - Throws: what reading the list throws; `bundledModelMissing` is left to the engine.
  public func find(_ name: String) throws(LibraryError) -> Model {
    if name.contains("/") { return Model(name, .path, path: name) }
    if let entry = try ModelList(at: place).entry(named: name) {
      return Model(name, .listed, path: entry.path, entry: entry)
    }
    if isFile(name) { return Model(name, .path, path: name) }
    let path = place.file(named: name)
    return ModelList.fault(inName: name) == nil && isFile(path)
      ? Model(name, .folder, path: path) : Model(name, .path, path: name)
  }

  /// The list's models in its order, then the other files of the folder by name.
  public func models() throws(LibraryError) -> [Model] {
    let entries = try ModelList(at: place).entries
    let listed = entries.map(Model.init(listed:))
    let known = Set(entries.map { URL(fileURLWithPath: $0.path).standardizedFileURL.path })
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: place.folder)
    } catch CocoaError.fileReadNoSuchFile {
      names = []
    } catch {
      throw .system(path: place.folder, operation: "read", code: EIO)
    }
    let files = names.sorted().filter { $0.hasSuffix(".gguf") }.map { "\(place.folder)/\($0)" }
    let found = files.filter {
      !known.contains(URL(fileURLWithPath: $0).standardizedFileURL.path) && isFile($0)
    }
    return listed
      + found.map { path in
        let file = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        // A file whose name is another model's is still at hand by its path.
        let isFree =
          ModelList.fault(inName: file) == nil
          && !entries.contains { $0.name == file || $0.aliases.contains(file) }
        return Model(isFree ? file : path, .folder, path: path)
      }
  }

  /// Throws unless an entry of these names can be added: asked before anything is fetched.
  public func checkRoom(for entry: ModelList.Entry, replacing: Bool) throws(LibraryError) {
    _ = try text(adding: entry, replacing: replacing)
  }

  /// Writes an entry into the list.
  public func add(_ entry: ModelList.Entry, replacing: Bool) throws(LibraryError) {
    let text = try text(adding: entry, replacing: replacing)
    if let slash = place.listPath.lastIndex(of: "/") {
      try SmallFile.makeFolder(String(place.listPath[..<slash]))
    }
    try SmallFile.replace(place.listPath, with: Array(text.utf8))
  }

  private func text(
    adding entry: ModelList.Entry, replacing: Bool
  ) throws(LibraryError) -> String {
    let old = try SmallFile.read(place.listPath, bytesMax: YAMLNode.bytesMax + 1) ?? []
    return try ModelList.text(of: old, adding: entry, replacing: replacing, place: place)
  }

  private func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
