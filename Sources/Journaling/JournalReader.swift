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
    let found = try Recovery.scan(bytes, path: path)
    if let damage = found.damage {
      throw .damaged(path: path, line: found.entries.count + 1, damage)
    }
    return JournalContents(
      entries: found.entries, tornBytes: bytes.count - found.wholeBytes, path: path)
  }
}
