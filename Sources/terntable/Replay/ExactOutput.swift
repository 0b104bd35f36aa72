import Experiments
import Inference
import SessionCore
import SessionRuntime

/// What `replay --exact` found in one record, for people and for scripts.
struct ExactOutput: Encodable {
  struct All: Encodable {
    var exact: Bool
    var records: [ExactOutput]

    init(records: [ExactOutput]) {
      exact = records.allSatisfy(\.exact)
      self.records = records
    }
  }

  struct DifferenceFacts: Encodable {
    /// As people count turns, from 1.
    var turn: Int
    /// `model`, `template`, `activations`, `prompt`, `token`, `end` or `failed`.
    var kind: String
    /// Counted from 0 within the reply.
    var token: Int?
    /// A digest, a token identifier or a way to end; absent where the reply had ended.
    var expected: String?
    var found: String?
  }

  var file: String
  var session: String
  var exact: Bool
  var replies: Int
  var repliesEqual: Int
  var tokensEqual: Int
  var tornBytes: Int
  var difference: DifferenceFacts?
  private var words = ""

  private enum CodingKeys: String, CodingKey {
    case file, session, exact, replies, repliesEqual, tokensEqual, tornBytes, difference
  }

  init(_ report: ExactReport, tokenizer: Tokenizer?) {
    file = report.path
    session = report.session
    exact = report.isExact
    replies = report.replies
    repliesEqual = report.repliesEqual
    tokensEqual = report.tokensEqual
    tornBytes = report.tornBytes
    guard let found = report.difference else { return }
    (difference, words) = Self.describe(found, tokenizer)
  }

  /// One line.
  var text: String {
    let counts = "\(repliesEqual) of \(replies) replies equal, \(tokensEqual) tokens compared equal"
    return exact
      ? "\(Plain.line(file)): exact: \(counts)"
      : "\(Plain.line(file)): not exact: \(words); \(counts)"
  }

  private static func describe(
    _ difference: ExactReport.Difference, _ tokenizer: Tokenizer?
  ) -> (DifferenceFacts, String) {
    let turn = difference.turn.position + 1
    let facts = { (kind: String, token: Int?, expected: String?, found: String?) in
      DifferenceFacts(turn: turn, kind: kind, token: token, expected: expected, found: found)
    }
    switch difference.what {
    case .model(let expected, let found):
      return (
        facts("model", nil, expected, found),
        "turn \(turn) was drawn by another model (SHA-256 \(expected), here \(found))"
      )
    case .template(let expected, let found):
      return (
        facts("template", nil, expected, found),
        "turn \(turn) was drawn with another chat template (SHA-256 \(expected), here \(found))"
      )
    case .activations(let expected, let found):
      return (
        facts("activations", nil, expected.rawValue, found.rawValue),
        "turn \(turn) was drawn with --activations \(expected.rawValue), here \(found.rawValue)"
      )
    case .prompt(let expected, let found):
      return (
        facts("prompt", nil, expected, found),
        "turn \(turn) was drawn from another prompt (SHA-256 \(expected), here \(found))"
      )
    case .token(let index, let expected, let found):
      let words = { (token: Int32?) -> String in
        guard let token else { return "the end of the reply" }
        return tokenizer.map { "\(token) \"\(Plain.line($0.piece(of: token)))\"" } ?? "\(token)"
      }
      return (
        facts("token", index, expected.map(String.init), found.map(String.init)),
        "turn \(turn), token \(index): recorded \(words(expected)), now \(words(found))"
      )
    case .end(let expected, let found):
      return (
        facts("end", nil, word(expected), word(found)),
        "turn \(turn) ended by \(word(expected)), now by \(word(found))"
      )
    case .failed(let failure):
      return (
        facts("failed", nil, nil, failure.code), "turn \(turn): \(terntable.text(for: failure))"
      )
    }
  }

  /// As the journal spells it.
  private static func word(_ end: ReplyEnd) -> String {
    switch end {
    case .endOfTurn: "end_of_turn"
    case .length: "length"
    case .contextFull: "context_full"
    }
  }
}
