import SessionCore

/// The writer of one session's journal: appends whole lines, never changes one.
///
/// One writer at a time holds the file's lock, until ``close()`` or the end of this object. A
/// journal into which nothing was ever written removes its file again, so that sessions without
/// a word leave nothing behind.
public final class Journal {
  private let storage: any Storage
  /// Sequence number of the next entry.
  private var nextSequence: Int
  /// Length in bytes of all whole lines.
  private var length: Int
  /// The last line was read whole but without its newline, which the next append has to supply.
  private var lacksNewline: Bool
  private var isBroken = false

  init(_ storage: any Storage, nextSequence: Int = 1, length: Int = 0, lacksNewline: Bool = false) {
    self.storage = storage
    self.nextSequence = nextSequence
    self.length = length
    self.lacksNewline = lacksNewline
  }

  deinit { close() }

  /// Where the journal is.
  public var path: String { storage.path }

  /// Begins a journal at `path`. The header comes with the first ``append(_:sync:)``.
  /// - Throws: ``JournalError/exists(path:)`` when the file already holds something (an empty
  ///   one is taken), ``JournalError/busy(path:)``, ``JournalError/notAFile(path:)``,
  ///   ``JournalError/notFound(path:)`` (its folder is missing) or what the system said.
  public static func create(at path: String) throws(JournalError) -> Journal {
    let storage = try FileStorage.open(path, creating: true)
    guard try storage.read().isEmpty else { throw .exists(path: path) }
    return Journal(storage)
  }

  /// Goes on with the journal at `path`.
  ///
  /// A torn end is moved to `<path>.torn`, so that what is appended next follows a whole line;
  /// ``JournalContents/tornBytes`` says how much.
  /// - Throws: any ``JournalError`` about reading, and ``JournalError/busy(path:)``.
  public static func resume(
    at path: String
  ) throws(JournalError) -> (journal: Journal, contents: JournalContents) {
    try resume(try FileStorage.open(path, creating: false))
  }

  static func resume(
    _ storage: any Storage
  ) throws(JournalError) -> (journal: Journal, contents: JournalContents) {
    let bytes = try storage.read()
    let contents = try JournalReader.read(bytes: bytes, path: storage.path)
    let journal = try Journal(
      goingOn: storage, bytes, tornBytes: contents.tornBytes, entries: contents.entries.count)
    return (journal, contents)
  }

  /// The same, keeping only what the entries add up to.
  /// - Parameter progress: called with the bytes read so far, and all there are.
  /// - Throws: as ``resume(at:)`` does.
  public static func resumeFolded(
    at path: String, progress: ((_ bytes: Int, _ of: Int) -> Void)? = nil
  ) throws(JournalError) -> (journal: Journal, contents: FoldedJournal) {
    let storage = try FileStorage.open(path, creating: false)
    let bytes = try storage.read()
    let contents = try JournalReader.fold(bytes: bytes, path: path, progress: progress)
    guard case .success(let session) = contents.folded else {
      // Nobody can go on with it; whoever asks for the session hears why.
      return (Journal(storage, nextSequence: 0, length: bytes.count), contents)
    }
    let journal = try Journal(
      goingOn: storage, bytes, tornBytes: contents.tornBytes, entries: session.entryCount)
    return (journal, contents)
  }

  /// Moves a torn end out of the way.
  private convenience init(
    goingOn storage: any Storage, _ bytes: [UInt8], tornBytes: Int, entries: Int
  ) throws(JournalError) {
    let length = bytes.count - tornBytes
    if tornBytes > 0 {
      try storage.setAside(Array(bytes[length...]))
      try storage.truncate(to: length)
      try storage.sync()
    }
    self.init(
      storage, nextSequence: entries + 1, length: length,
      lacksNewline: bytes[..<length].last != UInt8(ascii: "\n"))
  }

  /// Writes the entries as lines, all or none of them, and with `sync` returns only when they
  /// outlive a power cut.
  /// - Precondition: the entries' sequence numbers follow the last one's.
  /// - Throws: ``JournalError/lineTooLong(path:bytes:bytesMax:)`` or
  ///   ``JournalError/unwritable(path:field:)`` before anything is written; what the system said
  ///   when it would not write or sync; ``JournalError/broken(path:)`` after a failure that could
  ///   not be taken back.
  public func append(_ entries: [Entry], sync: Bool) throws(JournalError) {
    guard !isBroken else { throw .broken(path: path) }
    var lines: [UInt8] = lacksNewline ? [UInt8(ascii: "\n")] : []
    for (offset, entry) in entries.enumerated() {
      precondition(entry.sequence == nextSequence + offset, "entries out of order")
      lines += try Self.line(entry, path: path)
    }
    do {
      try storage.append(lines)
    } catch {
      takeBack()
      throw error
    }
    // From here on the lines are in the file, whatever syncing says.
    nextSequence += entries.count
    length += lines.count
    lacksNewline = false
    guard sync else { return }
    do {
      try storage.sync()
    } catch {
      // After a failed sync nobody knows which pages reached the disk, and trying again may
      // report success without writing them.
      isBroken = true
      throw error
    }
  }

  /// The lines of a whole journal, for whoever keeps it by other means than this class.
  /// - Parameter path: what errors call it.
  /// - Precondition: the entries' sequence numbers go from 1 without gaps.
  /// - Throws: ``JournalError/lineTooLong(path:bytes:bytesMax:)`` or
  ///   ``JournalError/unwritable(path:field:)``.
  public static func lines(
    of entries: [Entry], path: String = "-"
  ) throws(JournalError) -> [UInt8] {
    var lines: [UInt8] = []
    for (offset, entry) in entries.enumerated() {
      precondition(entry.sequence == offset + 1, "entries out of order")
      lines += try line(entry, path: path)
    }
    return lines
  }

  /// Releases the file. Nothing can be appended afterwards.
  public func close() {
    isBroken = true
    storage.close(removing: length == 0)
  }

  private static func line(_ entry: Entry, path: String) throws(JournalError) -> [UInt8] {
    do {
      return try JournalLine.encode(entry)
    } catch {
      switch error {
      case .field(let field): throw .unwritable(path: path, field: field)
      case .tooLong(let bytes):
        throw .lineTooLong(path: path, bytes: bytes, bytesMax: JournalLine.bytesMax)
      }
    }
  }

  /// Part of a batch may be in the file; the next append must not follow it.
  private func takeBack() {
    do {
      try storage.truncate(to: length)
    } catch {
      isBroken = true
    }
  }
}
