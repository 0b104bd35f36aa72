@testable import Journaling

/// A disk whose power fails after a chosen number of bytes.
///
/// Bytes appended reach the page cache one by one; `sync` makes them durable. After the cut every
/// operation fails, as it would for a process that is no more.
final class SimulatedDisk: Storage {
  let path = "simulated"
  private(set) var bytes: [UInt8]
  /// How many of `bytes` outlive the power cut for certain.
  private(set) var durable: Int
  private(set) var setAside: [UInt8] = []
  private(set) var isRemoved = false
  private(set) var isClosed = false
  /// Bytes still accepted before the power fails; nil for ever.
  var bytesLeft: Int?
  var failsToSync = false
  var failsToTruncate = false

  init(holding bytes: [UInt8] = [], bytesLeft: Int? = nil) {
    self.bytes = bytes
    durable = bytes.count
    self.bytesLeft = bytesLeft
  }

  private var failure: JournalError { .system(path: path, operation: "simulated", code: 5) }

  private func needPower() throws(JournalError) {
    if let bytesLeft, bytesLeft < 0 { throw failure }
  }

  func read() throws(JournalError) -> [UInt8] {
    try needPower()
    return bytes
  }

  func append(_ new: [UInt8]) throws(JournalError) {
    try needPower()
    guard let left = bytesLeft, left < new.count else {
      bytes += new
      bytesLeft? -= new.count
      return
    }
    bytes += new.prefix(left)
    bytesLeft = -1
    throw failure
  }

  func sync() throws(JournalError) {
    try needPower()
    guard !failsToSync else { throw failure }
    durable = bytes.count
  }

  func truncate(to length: Int) throws(JournalError) {
    try needPower()
    guard !failsToTruncate else { throw failure }
    bytes.removeSubrange(length...)
    durable = min(durable, length)
  }

  func setAside(_ torn: [UInt8]) throws(JournalError) {
    try needPower()
    setAside += torn
  }

  func close(removing: Bool) {
    isClosed = true
    if removing { isRemoved = true }
  }
}
