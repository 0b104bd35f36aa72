import SessionCore

/// What a journal holds.
public struct JournalContents: Equatable, Sendable {
  /// Every whole entry, in order, numbered from 1 without gaps.
  public var entries: [Entry]
  /// Bytes of a last line that was never written whole; 0 for a journal that ends well.
  public var tornBytes: Int
  /// Where the journal is, as it was named.
  public var path: String

  public init(entries: [Entry], tornBytes: Int, path: String) {
    self.entries = entries
    self.tornBytes = tornBytes
    self.path = path
  }

  /// What the entries add up to.
  /// - Throws: ``SessionCore/InvalidEntry`` when one does not follow from those before it.
  public func session() throws(InvalidEntry) -> Session { try Session(replaying: entries) }
}

/// What a journal's entries add up to; the entries themselves are not kept.
public struct FoldedJournal: Sendable {
  let folded: Result<Session, InvalidEntry>
  /// As ``JournalContents/tornBytes``.
  public var tornBytes: Int
  /// Where the journal is, as it was named.
  public var path: String

  /// - Throws: ``SessionCore/InvalidEntry`` when one does not follow from those before it.
  public func session() throws(InvalidEntry) -> Session { try folded.get() }
}

/// A session that grows as its entries are read.
private struct Folding {
  private var session: Session?
  private var invalid: InvalidEntry?

  mutating func take(_ entries: [Entry]) {
    guard invalid == nil else { return }
    do throws(InvalidEntry) {
      var rest = entries[...]
      if session == nil, let first = rest.popFirst() { session = try Session(startedBy: first) }
      for entry in rest { try session?.apply(entry) }
    } catch {
      invalid = error
    }
  }

  var outcome: Result<Session, InvalidEntry> {
    if let session, invalid == nil { return .success(session) }
    return .failure(invalid ?? InvalidEntry(sequence: 0, reason: .sessionNotStarted))
  }
}

extension Recovery.Scan {
  fileprivate func check(_ path: String) throws(JournalError) {
    if let damage { throw .damaged(path: path, line: count + 1, damage) }
  }
}

/// Reads journals without locking them; a journal may be read while it is written.
public enum JournalReader {
  /// - Throws: ``JournalError/notFound(path:)``, ``JournalError/empty(path:)``,
  ///   ``JournalError/damaged(path:line:_:)`` for damage that no torn write explains,
  ///   ``JournalError/schemaTooNew(path:found:known:)``, ``JournalError/tooLarge(path:bytesMax:)``
  ///   or what the system said.
  public static func read(_ path: String) throws(JournalError) -> JournalContents {
    try read(bytes: try FileStorage.read(path), path: path)
  }

  /// Reads a journal from memory.
  /// - Parameter path: what errors call it.
  public static func read(
    bytes: [UInt8], path: String = "-"
  ) throws(JournalError) -> JournalContents {
    let (found, entries) = try Recovery.entries(of: bytes, path: path)
    try found.check(path)
    return JournalContents(
      entries: entries, tornBytes: bytes.count - found.wholeBytes, path: path)
  }

  /// Reads a journal and keeps only what its entries add up to: what a long session needs.
  /// - Parameter progress: called with the bytes read so far, and all there are.
  /// - Throws: as ``read(_:)`` does.
  public static func fold(
    _ path: String, progress: ((_ bytes: Int, _ of: Int) -> Void)? = nil
  ) throws(JournalError) -> FoldedJournal {
    try fold(bytes: try FileStorage.read(path), path: path, progress: progress)
  }

  /// The same from memory.
  public static func fold(
    bytes: [UInt8], path: String, progress: ((_ bytes: Int, _ of: Int) -> Void)? = nil
  ) throws(JournalError) -> FoldedJournal {
    var folding = Folding()
    let found = try Recovery.scan(
      bytes, path: path, progress: { progress?($0, bytes.count) }, { folding.take($0) })
    try found.check(path)
    return FoldedJournal(
      folded: folding.outcome, tornBytes: bytes.count - found.wholeBytes, path: path)
  }

  /// The first line alone, which says what the session began with; cheap however long the rest is.
  /// - Throws: ``JournalError/damaged(path:line:_:)`` when it is no header, and what reading throws.
  public static func header(_ path: String) throws(JournalError) -> SessionHeader {
    let line = try FileStorage.readFirstLine(path)
    guard !line.isEmpty else { throw .empty(path: path) }
    if let schema = JournalLine.schema(line[...]), schema > EventRecord.schema {
      throw .schemaTooNew(path: path, found: schema, known: EventRecord.schema)
    }
    do throws(JournalDamage) {
      let entry = try JournalLine.decode(line[...], number: 1)
      guard case .sessionStarted(let header) = entry.event else {
        throw JournalDamage.fieldInvalid("type")
      }
      return header
    } catch {
      throw .damaged(path: path, line: 1, error)
    }
  }
}
