import Foundation

/// Reads standard input line by line on a thread of its own, one line for each request.
final class LineReader: Sendable {
  /// What a request brings.
  enum Line: Sendable {
    /// Without the line feed.
    case text(String)
    /// Left out, because nobody types so much.
    case tooLong(bytes: Int, limit: Int)
    case end
  }

  /// Longest line in bytes.
  static let lineBytesMax = 1 << 20

  private let requests = DispatchSemaphore(value: 0)

  init(_ receive: @escaping @Sendable (Line) -> Void) {
    let requests = requests
    Thread.detachNewThread {
      var input = BufferedInput()
      while true {
        requests.wait()
        let line = input.nextLine()
        receive(line)
        if case .end = line { return }
      }
    }
  }

  /// Asks for one more line.
  func readNext() { requests.signal() }
}

private struct BufferedInput {
  private var bytes: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  mutating func nextLine() -> LineReader.Line {
    var line: [UInt8] = []
    var length = 0
    while true {
      guard position < bytes.count || fill() else {
        return length == 0 ? .end : finish(line, length)
      }
      let rest = bytes[position...]
      let end = rest.firstIndex(of: 0x0A)
      let piece = rest[..<(end ?? rest.endIndex)]
      length += piece.count
      if length <= LineReader.lineBytesMax { line += piece }
      position = end.map { $0 + 1 } ?? bytes.count
      if end != nil { return finish(line, length) }
    }
  }

  private func finish(_ line: [UInt8], _ length: Int) -> LineReader.Line {
    guard length <= LineReader.lineBytesMax else {
      return .tooLong(bytes: length, limit: LineReader.lineBytesMax)
    }
    let text = line.last == 0x0D ? line.dropLast() : line[...]
    return .text(String(decoding: text, as: UTF8.self))
  }

  private mutating func fill() -> Bool {
    guard !isAtEnd else { return false }
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var count = -1
    repeat {
      count = block.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
    } while count < 0 && errno == EINTR
    isAtEnd = count <= 0
    bytes = Array(block.prefix(max(count, 0)))
    position = 0
    return count > 0
  }
}
