import SessionCore

/// Tells a torn end from damage, and saves what stands before damage into a new journal.
///
/// A write that was cut off leaves a last line without a right checksum: that is a torn end, and
/// what it held had not been promised to anybody. A bad line with others after it, a line that
/// is whole but means nothing, or one with more bytes after its checksum, was not made by a
/// write that was cut off: that is damage.
public enum Recovery {
  struct Scan {
    /// The entries before the end, the torn end or the damage.
    var entries: [Entry] = []
    /// Length in bytes of their lines.
    var wholeBytes = 0
    /// What is wrong with the line after them, unless it is merely torn.
    var damage: JournalDamage?
  }

  /// What was saved of a damaged journal.
  public struct Salvage: Equatable, Sendable {
    public var entries: [Entry]
    /// Bytes from the first bad line to the end, none of which are in `entries`.
    public var lostBytes: Int
    /// The first bad line, counted from 1, and what is wrong with it; nil when the rest is only
    /// torn, or nothing is wrong.
    public var line: Int?
    public var damage: JournalDamage?
  }

  /// The entries before the first damage: later ones may rest on what is lost.
  /// - Throws: what ``JournalReader/read(_:)`` throws, damage aside.
  public static func salvage(_ path: String) throws(JournalError) -> Salvage {
    let bytes = try FileStorage.read(path)
    let found = try scan(bytes, path: path)
    return Salvage(
      entries: found.entries, lostBytes: bytes.count - found.wholeBytes,
      line: found.damage == nil ? nil : found.entries.count + 1, damage: found.damage)
  }

  /// Writes what ``salvage(_:)`` finds at `path` into a new journal; the old one is not touched.
  /// - Throws: as ``salvage(_:)`` and ``Journal/create(at:)`` do.
  @discardableResult
  public static func repair(
    _ path: String, into newPath: String
  ) throws(JournalError) -> Salvage {
    let salvage = try salvage(path)
    let journal = try Journal.create(at: newPath)
    try journal.append(salvage.entries, sync: true)
    journal.close()
    return salvage
  }

  static func scan(_ bytes: [UInt8], path: String) throws(JournalError) -> Scan {
    guard !bytes.isEmpty else { throw .empty(path: path) }
    let header = bytes.prefix { $0 != UInt8(ascii: "\n") }
    if let schema = JournalLine.schema(header), schema > EventRecord.schema {
      throw .schemaTooNew(path: path, found: schema, known: EventRecord.schema)
    }
    var scan = Scan()
    for line in lines(of: bytes) {
      do {
        scan.entries.append(try JournalLine.decode(line, number: scan.entries.count + 1))
        // The newline, when there is one, belongs to the line.
        scan.wholeBytes = min(line.endIndex + 1, bytes.count)
      } catch {
        let isLast = line.endIndex + 1 >= bytes.count
        let isTorn = isLast && !JournalLine.beginsWhole(line) && !scan.entries.isEmpty
        scan.damage = isTorn ? nil : error
        break
      }
    }
    return scan
  }

  private static func lines(of bytes: [UInt8]) -> some Sequence<ArraySlice<UInt8>> {
    sequence(state: bytes[...]) { (rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? in
      guard !rest.isEmpty else { return nil }
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      defer { rest = rest[min(end + 1, rest.endIndex)...] }
      return rest[..<end]
    }
  }
}
