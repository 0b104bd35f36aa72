import Foundation

/// The state of one download on its thread: requests, redirects, and where each byte goes.
final class Fetch {
  private let origin: DownloadAddress
  private let path: String
  private let sha256: String?
  private let patienceSeconds: Int
  private let isCancelled: () -> Bool
  private let progress: (Download.Progress) -> Void
  private let part: PartialFile
  private let resumedBytes: Int64

  /// Bytes of the whole file, once the server has said so.
  private var total: Int64?
  /// Why the answer is not taken; told once the transfer has stopped.
  private var failure: LibraryError?
  /// Whether the answer that is coming is the file.
  private var isTaking = false
  /// Another version of the file may be there, or a server that gives no parts.
  private var asksForAll = false

  init(
    _ address: DownloadAddress, to path: String, sha256: String?, replacing: Bool,
    patienceSeconds: Int, isCancelled: @escaping () -> Bool,
    progress: @escaping (Download.Progress) -> Void
  ) throws(LibraryError) {
    var status = stat()
    if !replacing, lstat(path, &status) == 0 { throw .exists(path: path) }
    if let slash = path.lastIndex(of: "/") { try SmallFile.makeFolder(String(path[..<slash])) }
    self.origin = address
    self.path = path
    self.sha256 = sha256
    self.patienceSeconds = patienceSeconds
    self.isCancelled = isCancelled
    self.progress = progress
    // Without a mark of the version or a checksum nobody would notice two files in one.
    part = try PartialFile(for: path) {
      $0.address == address.text && (!$0.validator.isEmpty || sha256 != nil)
    }
    resumedBytes = part.count
  }

  func run() throws(LibraryError) -> Download.Outcome {
    var here = origin
    var redirects = 0
    while true {
      isTaking = false
      let address = here
      let result = HTTPTransfer.run(
        here, headers: headers(), patienceSeconds: patienceSeconds,
        goesOn: { [isCancelled] in !isCancelled() },
        body: { [unowned self] head, bytes in take(bytes, of: head, from: address) })
      if let failure { throw failure }
      if isCancelled() { throw .cancelled(path: part.path, bytes: part.count) }
      switch result.ending {
      case .noLibrary: throw .noLibcurl
      case .failed(let code, let message): throw broken(code, message, here)
      case .stopped, .finished: break
      }
      if (300..<400).contains(result.head.status), result.head.status != 304 {
        redirects += 1
        guard redirects <= DownloadAddress.redirectsMax else {
          throw .badAddress(origin.text, .tooManyRedirects(DownloadAddress.redirectsMax))
        }
        guard let next = result.redirect else {
          throw .badAnswer(address: here.text, .emptyRedirect)
        }
        here = try here.redirected(to: next)
        continue
      }
      if try isWhole(result.head, here) { return try finish(here) }
    }
  }

  private func headers() -> [String] {
    guard part.count > 0, !asksForAll else { return [] }
    var lines = ["Range: bytes=\(part.count)-"]
    // With another version of the file the server sends all of it.
    if let validator = part.origin?.validator, !validator.isEmpty {
      lines.append("If-Range: \(validator)")
    }
    return lines
  }

  // MARK: - The answer

  /// False stops the transfer.
  private func take(
    _ bytes: UnsafeRawBufferPointer, of head: HTTPTransfer.Head, from here: DownloadAddress
  ) -> Bool {
    do throws(LibraryError) {
      if !isTaking {
        guard try begin(head, here) else { return false }
        isTaking = true
      }
      let limit = total ?? Download.bytesMax
      guard part.count + Int64(bytes.count) <= limit else {
        throw .tooLong(address: here.text, limit: limit)
      }
      try part.append(bytes)
      if part.magic.count == 4, part.magic != Array("GGUF".utf8) {
        part.discard()
        throw .notGGUF(address: here.text)
      }
      progress(Download.Progress(bytes: part.count, total: total))
      return !isCancelled()
    } catch {
      failure = error
      return false
    }
  }

  /// Whether the answer is the file, or the part of it that was asked for. What it is instead is
  /// looked at when it is over.
  private func begin(
    _ head: HTTPTransfer.Head, _ here: DownloadAddress
  ) throws(LibraryError) -> Bool {
    switch head.status {
    case 200:
      total = head.length
      try part.beginAnew(.init(address: origin.text, validator: head.validator))
    case 206:
      let text = head.fields["content-range"] ?? ""
      guard let range = ContentRange(text), range.start == part.count, !asksForAll else {
        throw .badAnswer(address: here.text, .otherRange(text))
      }
      total = range.total
    default: return false
    }
    if let total {
      guard total <= Download.bytesMax else {
        throw .tooLong(address: here.text, limit: Download.bytesMax)
      }
      let (needed, free) = (total - part.count, try part.freeBytes())
      guard needed <= free else {
        throw .noRoom(path: part.path, needed: needed, free: free)
      }
    }
    return true
  }

  /// Whether the file is there now; false asks once more, for all of it.
  private func isWhole(
    _ head: HTTPTransfer.Head, _ here: DownloadAddress
  ) throws(LibraryError) -> Bool {
    switch head.status {
    case 200, 206:
      // An answer without a body does not reach `take`.
      if !isTaking { _ = try begin(head, here) }
      guard let total, part.count < total else { return true }
      throw .incomplete(path: part.path, bytes: part.count, total: total, message: "")
    case 416 where part.count > 0 && !asksForAll:
      if let range = ContentRange(head.fields["content-range"] ?? ""), range.start == nil,
        range.total == part.count
      {
        return true
      }
      asksForAll = true
      return false
    default: throw .status(address: here.text, head.status)
    }
  }

  private func finish(_ here: DownloadAddress) throws(LibraryError) -> Download.Outcome {
    guard part.magic == Array("GGUF".utf8) else {
      part.discard()
      throw .notGGUF(address: here.text)
    }
    let digest = part.digest()
    if let sha256, sha256 != digest {
      part.discard()
      throw .checksum(address: here.text, expected: sha256, found: digest)
    }
    try part.finish()
    return Download.Outcome(
      sha256: digest, bytes: part.count, resumedBytes: min(resumedBytes, part.count))
  }

  /// What a broken connection means: what came is kept, unless nobody answered at all.
  private func broken(_ code: Int32, _ message: String, _ here: DownloadAddress) -> LibraryError {
    guard isTaking else { return .unreachable(address: here.text, code: code, message: message) }
    return .incomplete(path: part.path, bytes: part.count, total: total, message: message)
  }
}

extension HTTPTransfer.Head {
  /// What a later request can name this version of the file by (RFC 9110, 13.1.5): a weak tag
  /// cannot.
  fileprivate var validator: String {
    if let tag = fields["etag"], tag.hasPrefix("\"") { return tag }
    return fields["last-modified"] ?? ""
  }
}

/// The field `Content-Range` of an answer (RFC 9110, 14.4): `bytes 10-19/20`, or `bytes */20`.
struct ContentRange: Equatable {
  /// Nil where no part of the file comes.
  var start: Int64?
  /// Nil where the server does not know.
  var total: Int64?

  init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
    let sides = words[1].split(separator: "/", omittingEmptySubsequences: false)
    guard sides.count == 2 else { return nil }
    if sides[1] != "*" {
      guard let total = Int64(sides[1]), total >= 0 else { return nil }
      self.total = total
    }
    guard sides[0] != "*" else { return }
    let bounds = sides[0].split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
    guard bounds.count == 2, let first = bounds[0], let last = bounds[1], first >= 0, first <= last,
      total.map({ last < $0 }) ?? true
    else { return nil }
    start = first
  }
}
