import CCurl
import Foundation

/// One request and its answer, on the calling thread. The only file that knows libcurl.
final class HTTPTransfer {
  /// The head of an answer.
  struct Head {
    var status = 0
    /// By their names in lowercase; of two alike the last.
    var fields: [String: String] = [:]

    /// `Content-Length`.
    var length: Int64? { fields["content-length"].flatMap { Int64($0) } }
  }

  /// How a transfer ended.
  enum Ending {
    /// The whole answer came.
    case finished
    /// By `body` or `pulse`.
    case stopped
    case failed(code: Int32, message: String)
    case noLibrary
  }

  struct Result {
    var ending: Ending
    var head: Head
    /// Where the answer points to; nil when nowhere.
    var redirect: String?
  }

  private var head = Head()
  private let body: (Head, UnsafeRawBufferPointer) -> Bool
  private let goesOn: () -> Bool

  private init(
    body: @escaping (Head, UnsafeRawBufferPointer) -> Bool, goesOn: @escaping () -> Bool
  ) {
    self.body = body
    self.goesOn = goesOn
  }

  /// - Parameters:
  ///   - headers: lines such as `Range: bytes=10-`.
  ///   - patienceSeconds: gives up when nothing comes for so long.
  ///   - goesOn: asked at least once a second.
  ///   - body: takes each part of the answer's body; false stops.
  static func run(
    _ address: DownloadAddress, headers: [String], patienceSeconds: Int,
    goesOn: @escaping () -> Bool, body: @escaping (Head, UnsafeRawBufferPointer) -> Bool
  ) -> Result {
    let transfer = HTTPTransfer(body: body, goesOn: goesOn)
    var result = cu_result()
    let lines = headers.map { strdup($0) }
    defer { for line in lines { free(line) } }
    withExtendedLifetime(transfer) {
      address.text.withCString { url in
        "terntable".withCString { agent in
          lines.map { UnsafePointer($0) }.withUnsafeBufferPointer { lines in
            var request = cu_request()
            request.url = url
            request.agent = agent
            request.headers = lines.baseAddress
            request.header_count = Int32(lines.count)
            request.allows_plain = address.isPlain
            request.patience_seconds = patienceSeconds
            request.context = Unmanaged.passUnretained(transfer).toOpaque()
            request.head = { bytes, count, context in
              transferOf(context).take(head: UnsafeRawBufferPointer(start: bytes, count: count))
            }
            request.body = { bytes, count, context in
              transferOf(context).take(body: UnsafeRawBufferPointer(start: bytes, count: count))
            }
            request.pulse = { context in transferOf(context).goesOn() ? 0 : 1 }
            cu_transfer(&request, &result)
          }
        }
      }
    }
    return Result(
      ending: ending(&result), head: transfer.head, redirect: text(cu_redirect(&result)))
  }

  private static func ending(_ result: inout cu_result) -> Ending {
    switch result.code {
    case 0: .finished
    case Int32(CU_NO_LIBRARY): .noLibrary
    // CURLE_WRITE_ERROR and CURLE_ABORTED_BY_CALLBACK: our own word.
    case 23, 42: .stopped
    default: .failed(code: result.code, message: text(cu_message(&result)) ?? "")
    }
  }

  /// A C text; nil when it is empty.
  private static func text(_ characters: UnsafePointer<CChar>?) -> String? {
    guard let characters, characters.pointee != 0 else { return nil }
    return String(cString: characters)
  }

  private func take(head bytes: UnsafeRawBufferPointer) -> Int32 {
    let line = String(decoding: bytes, as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines)
    if line.hasPrefix("HTTP/") {
      // A new answer: the one before was only an interim word.
      head = Head(status: line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
    } else if let colon = line.firstIndex(of: ":") {
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      head.fields[line[..<colon].lowercased()] = value
    }
    return 0
  }

  private func take(body bytes: UnsafeRawBufferPointer) -> Int32 { body(head, bytes) ? 0 : 1 }
}

/// The transfer that a C function's context stands for.
private func transferOf(_ context: UnsafeMutableRawPointer?) -> HTTPTransfer {
  guard let context else { preconditionFailure("libcurl lost the context") }
  return Unmanaged<HTTPTransfer>.fromOpaque(context).takeUnretainedValue()
}
