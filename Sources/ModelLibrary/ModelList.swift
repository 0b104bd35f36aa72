import Foundation
import Inference
import StrictYAML

/// The models that a person has given names to, as `models.yaml` says. `docs/models.md` describes
/// the file. It is read as anybody's: every mistake is told with its line.
public struct ModelList: Equatable, Sendable {
  /// One name and what it stands for.
  public struct Entry: Equatable, Sendable {
    public var name: String
    public var aliases: [String]
    /// Of the file, absolute.
    public var path: String
    /// What the file has to hash to, 64 lowercase hexadecimal digits; nil where anything will do.
    public var sha256: String?
    /// Where it came from.
    public var source: String?
    /// What ternary layers read unless somebody says otherwise.
    public var activations: Activations?
    /// Its line in the list, from 1; 0 before it is written.
    public var line: Int

    public init(
      name: String, aliases: [String] = [], path: String, sha256: String? = nil,
      source: String? = nil, activations: Activations? = nil, line: Int = 0
    ) {
      self.name = name
      self.aliases = aliases
      self.path = path
      self.sha256 = sha256
      self.source = source
      self.activations = activations
      self.line = line
    }
  }

  /// Most entries of a list.
  public static let entriesMax = 1000
  /// Most aliases of one entry.
  public static let aliasesMax = 20
  /// Most bytes of a name.
  public static let nameBytesMax = 64
  static let keys = ["path", "sha256", "source", "aliases", "activations"]

  public private(set) var entries: [Entry]

  /// Reads the list at a path; no file is an empty list.
  /// - Throws: ``LibraryError/list(path:line:column:_:)``, ``LibraryError/system(path:operation:code:)``.
  public init(at place: LibraryPlace) throws(LibraryError) {
    let bytes = try SmallFile.read(place.listPath, bytesMax: YAMLNode.bytesMax + 1) ?? []
    try self.init(parsing: bytes, place: place)
  }

  /// - Throws: ``LibraryError/list(path:line:column:_:)``.
  init(parsing bytes: some Collection<UInt8>, place: LibraryPlace) throws(LibraryError) {
    let root: YAMLNode
    do throws(YAMLFault) {
      root = try YAMLNode(parsing: bytes)
    } catch {
      // A list whose entries were all taken out is a list.
      if error.reason == .empty {
        entries = []
        return
      }
      throw .list(path: place.listPath, line: error.line, column: error.column, .yaml(error.reason))
    }
    let reader = Reader(place: place)
    guard case .mapping(let pairs) = root.content else { throw reader.fault(root, .notAMapping) }
    guard pairs.count <= Self.entriesMax else {
      throw reader.fault(root, .tooMany(pairs.count, limit: Self.entriesMax))
    }
    entries = []
    var lines: [String: Int] = [:]
    for (key, value) in pairs {
      let (entry, names) = try reader.entry(key, value)
      for name in names {
        let text = try reader.name(name)
        if let first = lines.updateValue(name.line, forKey: text) {
          throw reader.fault(name, .nameTwice(text, firstLine: first))
        }
      }
      entries.append(entry)
    }
  }

  /// The entry with this name or alias.
  public func entry(named name: String) -> Entry? {
    entries.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// Why a text cannot be a name; nil where it can.
  public static func fault(inName name: String) -> ListFault? {
    if LanguageModel.bundledNames.contains(name) { return .bundledName(name) }
    let isPlain = name.unicodeScalars.enumerated().allSatisfy { index, scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9": true
      case "-", "_", ".": index > 0
      default: false
      }
    }
    guard isPlain, !name.isEmpty, name.utf8.count <= nameBytesMax,
      !name.lowercased().hasSuffix(".gguf")
    else { return .badName(name, bytesMax: nameBytesMax) }
    return nil
  }

  static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0 | 0x20) }
  }
}

/// Reads the values of the list.
private struct Reader {
  let place: LibraryPlace

  func fault(_ node: YAMLNode, _ fault: ListFault) -> LibraryError {
    .list(path: place.listPath, line: node.line, column: node.column, fault)
  }

  func text(_ node: YAMLNode) throws(LibraryError) -> String {
    guard case .scalar(let text, let plain) = node.content else {
      throw fault(node, .wrongShape(expected: "text"))
    }
    let isNothing = plain && ["", "~", "null"].contains(text)
    guard !isNothing, text.contains(where: { !$0.isWhitespace }), !text.utf8.contains(0) else {
      throw fault(node, .emptyText)
    }
    return text
  }

  func name(_ node: YAMLNode) throws(LibraryError) -> String {
    let name = try text(node)
    if let wrong = ModelList.fault(inName: name) { throw fault(node, wrong) }
    return name
  }

  /// An entry, and the places of its names.
  func entry(
    _ key: YAMLNode, _ value: YAMLNode
  ) throws(LibraryError) -> (ModelList.Entry, [YAMLNode]) {
    let name = try name(key)
    guard case .mapping(let pairs) = value.content else {
      throw fault(value, .wrongShape(expected: "a mapping with path"))
    }
    var values: [String: YAMLNode] = [:]
    for (key, value) in pairs {
      let word = try text(key)
      guard ModelList.keys.contains(word) else {
        throw fault(key, .unknownKey(word, allowed: ModelList.keys))
      }
      values[word] = value
    }
    guard let path = values["path"] else { throw fault(key, .missingKey("path")) }
    var entry = ModelList.Entry(
      name: name, path: place.resolve(try text(path)), line: key.line)
    if let source = values["source"] { entry.source = try text(source) }
    if let node = values["sha256"] {
      let digest = try text(node)
      guard ModelList.isDigest(digest) else { throw fault(node, .badDigest(digest)) }
      entry.sha256 = digest.lowercased()
    }
    if let node = values["activations"] {
      let word = try text(node)
      guard let activations = Activations(rawValue: word) else {
        throw fault(
          node, .unknownValue(word, allowed: Activations.allCases.map(\.rawValue)))
      }
      entry.activations = activations
    }
    let aliases = try values["aliases"].map { node throws(LibraryError) in
      try list(node)
    }
    for alias in aliases ?? [] { entry.aliases.append(try self.name(alias)) }
    return (entry, [key] + (aliases ?? []))
  }

  private func list(_ node: YAMLNode) throws(LibraryError) -> [YAMLNode] {
    guard case .list(let items) = node.content else {
      throw fault(node, .wrongShape(expected: "a list"))
    }
    guard items.count <= ModelList.aliasesMax else {
      throw fault(node, .tooMany(items.count, limit: ModelList.aliasesMax))
    }
    return items
  }
}
