import SessionCore

/// Tells a torn end from damage, and saves what stands before damage into a new journal.
///
/// A write that was cut off leaves a last line without a right checksum: that is a torn end, and
/// what it held had not been promised to anybody. A bad line with others after it, a line that
/// is whole but means nothing, or one with more bytes after its checksum, was not made by a
/// write that was cut off: that is damage.
public enum Recovery {
  struct Scan {
    /// How many entries stand before the end, the torn end or the damage.
    var count = 0
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
    let (found, entries) = try entries(of: bytes, path: path)
    return Salvage(
      entries: entries, lostBytes: bytes.count - found.wholeBytes,
      line: found.damage == nil ? nil : found.count + 1, damage: found.damage)
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

  /// Reads the lines, on all processors at once, and hands their entries on in order, those of one
  /// piece of the file while the next piece is read.
  ///
  /// - Parameters:
  ///   - progress: called with the bytes read so far.
  ///   - take: called with the entries of one stretch of lines after another, so that nobody has
  ///     to hold them all.
  static func scan(
    _ bytes: [UInt8], path: String, progress: ((Int) -> Void)? = nil, _ take: ([Entry]) -> Void
  ) throws(JournalError) -> Scan {
    guard !bytes.isEmpty else { throw .empty(path: path) }
    let header = bytes.prefix { $0 != Stretch.lineFeed }
    if let schema = JournalLine.schema(header), schema > EventRecord.schema {
      throw .schemaTooNew(path: path, found: schema, known: EventRecord.schema)
    }
    var scan = Scan()
    var start = 0
    var decoded: [Stretch] = []
    while start < bytes.count {
      let next = Stretch.next(in: bytes, from: start, firstLine: scan.count + 1)
      let before = decoded
      decoded = Stretch.decoded(next, bytes) { for stretch in before { take(stretch.entries) } }
      for (place, stretch) in decoded.enumerated() {
        scan.count += stretch.entries.count
        scan.wholeBytes = stretch.wholeBytes ?? scan.wholeBytes
        guard let bad = stretch.bad else { continue }
        for whole in decoded[...place] { take(whole.entries) }
        let isLast = bad.line.upperBound + 1 >= bytes.count
        let isTorn = isLast && !JournalLine.beginsWhole(bytes[bad.line]) && scan.count > 0
        scan.damage = isTorn ? nil : bad.damage
        return scan
      }
      start = next.last?.bytes.upperBound ?? bytes.count
      progress?(start)
    }
    for stretch in decoded { take(stretch.entries) }
    return scan
  }

  /// The same, with all entries at once.
  static func entries(
    of bytes: [UInt8], path: String
  ) throws(JournalError) -> (scan: Scan, entries: [Entry]) {
    var entries: [Entry] = []
    let found = try scan(bytes, path: path) { entries += $0 }
    return (found, entries)
  }
}
