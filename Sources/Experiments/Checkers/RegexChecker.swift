import Foundation
import SessionCore

/// Searches a reply for a script's regular expression (ICU syntax), within limits: a pattern and
/// a reply can be made so that the search would never come to an end.
struct RegexChecker {
  /// Longest pattern.
  static let patternBytesMax = 1000
  /// How often the engine may report that it is still searching one reply. ICU reports about
  /// every 10 000 steps of its matching loop.
  static let progressMax = 200

  enum Finding: Equatable {
    /// The text that was found.
    case found(String)
    case notFound
    case gaveUp
  }

  private let expression: NSRegularExpression

  /// Nil when the pattern is too long or is none.
  init?(_ pattern: String) {
    guard pattern.utf8.count <= Self.patternBytesMax else { return nil }
    // Why it is not a pattern is told by its place in the script.
    guard let expression = try? NSRegularExpression(pattern: pattern) else { return nil }
    self.expression = expression
  }

  /// Whether the pattern is found somewhere. An empty reply, or one on which the search goes beyond
  /// ``progressMax``, is no answer.
  static func judge(_ reply: String, _ pattern: String) -> Verdict {
    let trimmed = reply.trimmed
    guard !trimmed.isEmpty else { return Verdict(.noAnswer, answer: nil, checker: "regex") }
    switch RegexChecker(pattern)?.search(reply) {
    case .found(let text): return Verdict(.right, answer: text, checker: "regex")
    case .notFound: return Verdict(.wrong, answer: trimmed, checker: "regex")
    case .gaveUp, nil: return Verdict(.noAnswer, answer: nil, checker: "regex")
    }
  }

  static func accepts(_ pattern: String) -> Bool { RegexChecker(pattern) != nil }

  func search(_ reply: String) -> Finding {
    var finding = Finding.notFound
    var reports = 0
    let whole = NSRange(reply.startIndex..., in: reply)
    expression.enumerateMatches(in: reply, options: [.reportProgress], range: whole) {
      match, _, stop in
      if let match {
        if let range = Range(match.range, in: reply) { finding = .found(String(reply[range])) }
        stop.pointee = true
        return
      }
      reports += 1
      if reports > Self.progressMax {
        finding = .gaveUp
        stop.pointee = true
      }
    }
    return finding
  }
}
