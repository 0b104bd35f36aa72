/// The one file a journal lives in, as the journal needs it. A real file, or in tests a disk
/// whose power can be cut at any byte.
protocol Storage {
  /// Where the file is; errors name it.
  var path: String { get }
  /// Everything in the file.
  func read() throws(JournalError) -> [UInt8]
  /// Adds bytes at the end. When it throws, some of them may have been added.
  func append(_ bytes: [UInt8]) throws(JournalError)
  /// Returns when everything appended so far outlives a power cut.
  func sync() throws(JournalError)
  /// Drops everything from `length` bytes on.
  func truncate(to length: Int) throws(JournalError)
  /// Keeps bytes that are about to be dropped where a person can find them, and syncs them.
  func setAside(_ bytes: [UInt8]) throws(JournalError)
  /// Gives the file free for others; `removing` it when nothing was ever written.
  func close(removing: Bool)
}
