import Yams

/// A YAML document as plain values with their places, read within named limits. The only file
/// that knows Yams.
public struct YAMLNode: Equatable, Sendable {
  /// What a node holds.
  public indirect enum Content: Equatable, Sendable {
    /// `plain` is false when the text stood in quotes or in a block.
    case scalar(String, plain: Bool)
    case list([YAMLNode])
    /// In the order of the file.
    case mapping([(key: YAMLNode, value: YAMLNode)])

    public static func == (left: Content, right: Content) -> Bool {
      switch (left, right) {
      case (.scalar(let a, let b), .scalar(let c, let d)): a == c && b == d
      case (.list(let a), .list(let b)): a == b
      case (.mapping(let a), .mapping(let b)): a.elementsEqual(b, by: { $0 == $1 })
      default: false
      }
    }
  }

  public var content: Content
  /// Counted from 1.
  public var line: Int
  /// Counted from 1, in Unicode scalars.
  public var column: Int

  /// Most bytes of one document.
  public static let bytesMax = 1 << 18
  /// Most aliases of one document. 32 aliases cannot multiply a document by more than about
  /// 3^(32/3), which ``nodesMax`` then stops.
  static let aliasesMax = 32
  /// Most nodes of one document after its aliases are put in.
  static let nodesMax = 50_000
  /// Deepest nesting.
  static let depthMax = 24
}

extension YAMLNode {
  /// Reads one document.
  /// - Throws: ``YAMLFault`` when the bytes are not UTF-8, the text is not YAML or goes beyond a
  ///   limit.
  public init(parsing bytes: some Collection<UInt8>) throws(YAMLFault) {
    let fail = { (line: Int, column: Int, reason: YAMLFault.Reason) in
      YAMLFault(line: line, column: column, reason: reason)
    }
    guard var text = String(validating: bytes, as: UTF8.self) else { throw fail(1, 1, .notUTF8) }
    // Some editors begin every file with a byte order mark.
    if text.unicodeScalars.first == "\u{FEFF}" {
      text = String(text.unicodeScalars.dropFirst())
    }
    guard text.utf8.count <= Self.bytesMax else {
      throw fail(1, 1, .tooLarge(bytes: text.utf8.count, limit: Self.bytesMax))
    }
    // Counted before parsing, because Yams hashes every key and a key may be an alias. The YAML
    // reader itself stops at 1000 levels of nesting.
    let aliases = Self.aliases(in: text)
    if aliases.count > Self.aliasesMax, let line = aliases.first {
      throw fail(line, 1, .tooManyAliases(aliases.count, limit: Self.aliasesMax))
    }
    let root: Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch {
      throw Self.syntaxError(error, in: text)
    }
    guard let root else { throw fail(1, 1, .empty) }
    var left = Self.nodesMax
    guard let node = Self(root, depth: 0, left: &left) else {
      throw fail(
        1, 1, left > 0 ? .tooDeep(limit: Self.depthMax) : .tooManyNodes(limit: Self.nodesMax))
    }
    self = node
  }

  /// Nil when a limit is reached: `left` is 0 then, or the nesting too deep.
  private init?(_ node: Node, depth: Int, left: inout Int) {
    guard left > 0, depth <= Self.depthMax else { return nil }
    left -= 1
    line = node.mark?.line ?? 1
    column = node.mark?.column ?? 1
    switch node {
    case .scalar(let scalar): content = .scalar(scalar.string, plain: scalar.style == .plain)
    case .sequence(let sequence):
      var items: [YAMLNode] = []
      for item in sequence {
        guard let item = Self(item, depth: depth + 1, left: &left) else { return nil }
        items.append(item)
      }
      content = .list(items)
    case .mapping(let mapping):
      var pairs: [(key: YAMLNode, value: YAMLNode)] = []
      for (key, value) in mapping {
        guard let key = Self(key, depth: depth + 1, left: &left),
          let value = Self(value, depth: depth + 1, left: &left)
        else { return nil }
        pairs.append((key, value))
      }
      content = .mapping(pairs)
    case .alias: return nil
    }
  }

  /// The lines of what may be aliases (`*name` after a blank or a bracket). A text may hold some
  /// that are none; without an anchor (`&name`) none of them is.
  private static func aliases(in text: String) -> [Int] {
    var aliases: [Int] = []
    var anchors = 0
    var line = 1
    var previous: UInt8 = 0x0A
    let bytes = Array(text.utf8)
    let blanks = Array(" \n\t\r".utf8)
    let openings = Array("[{,:?-".utf8) + blanks
    for (index, byte) in bytes.enumerated() {
      if byte == 0x0A { line += 1 }
      let named = index + 1 < bytes.count && !blanks.contains(bytes[index + 1])
      if named, openings.contains(previous) {
        if byte == UInt8(ascii: "*") { aliases.append(line) }
        if byte == UInt8(ascii: "&") { anchors += 1 }
      }
      previous = byte
    }
    return anchors == 0 ? [] : aliases
  }

  private static func syntaxError(_ error: any Error, in text: String) -> YAMLFault {
    let fail = { (mark: Mark?, reason: YAMLFault.Reason) in
      YAMLFault(line: mark?.line ?? 1, column: mark?.column ?? 1, reason: reason)
    }
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return fail(mark, .syntax(problem))
    case .duplicatedKeysInMapping(let keys, let context):
      return fail(context.mark, .repeatedKey(keys.first ?? ""))
    case .reader(let problem, _, _, _):
      let (line, column) = firstForbidden(in: text)
      return YAMLFault(line: line, column: column, reason: .syntax(problem))
    default: return fail(nil, .syntax("\(error)"))
    }
  }

  /// The place of the first character that no YAML may hold (YAML 1.2, 5.1); the reader gives none.
  private static func firstForbidden(in text: String) -> (line: Int, column: Int) {
    var (line, column) = (1, 1)
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A: (line, column) = (line + 1, 1)
      case 0x09, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xFFFD, 0x10000...0x10FFFF: column += 1
      default: return (line, column)
      }
    }
    return (1, 1)
  }
}

/// Why a text is no YAML document that this program reads, and where.
public struct YAMLFault: Error, Equatable, Sendable {
  /// What is wrong there.
  public enum Reason: Equatable, Sendable {
    case notUTF8
    case tooLarge(bytes: Int, limit: Int)
    case tooManyAliases(Int, limit: Int)
    case tooManyNodes(limit: Int)
    case tooDeep(limit: Int)
    /// Not YAML, in the words of the YAML reader.
    case syntax(String)
    case empty
    case repeatedKey(String)
  }

  /// Counted from 1.
  public var line: Int
  /// Counted from 1, in Unicode scalars.
  public var column: Int
  public var reason: Reason
}
