import SessionCore

/// Who wrote which part of an edited reply.
enum Authorship {
  /// Where a part of a reply comes from.
  enum Part { case kept, person, model }

  /// The parts in order; one part for a reply that nobody edited. Together they are the text.
  static func parts(of turn: Turn) -> [(part: Part, text: String)] {
    guard case .continued(_, let keptBytes) = turn.origin else { return [(.model, turn.text)] }
    let bytes = Array(turn.text.utf8)
    var parts: [(part: Part, text: String)] = []
    var start = 0
    // An interrupted reply has no span for what the model had written of it.
    for span in turn.spans + [AuthoredSpan(.model, bytes: bytes.count)] {
      let end = min(bytes.count, start + min(max(0, span.bytes), bytes.count))
      guard start < end else { continue }
      let part: Part = span.writer == .person ? .person : start < keptBytes ? .kept : .model
      parts.append((part, String(decoding: bytes[start..<end], as: UTF8.self)))
      start = end
    }
    return parts
  }
}
