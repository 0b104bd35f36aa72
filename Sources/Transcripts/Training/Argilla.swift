import SessionCore
import StrictJSON

/// Replies to be judged in Argilla, or already judged: what people said are responses, what a
/// checker said is a suggestion.
///
/// Source of the field names: argilla 2, `Record.to_dict` and `Record.from_dict`. The dataset
/// needs the text fields `prompt` and `response`, a rating question `rating` (1 to 5), a label
/// question `verdict` (right, wrong, no_answer) and a text question `comment`.
enum Argilla {
  static let details = FormatDetails(
    .training, "JSON Lines, replies with ratings, verdicts and comments (Argilla records)",
    fileExtension: "jsonl", source: "argilla 2, src/argilla/records/_resource.py, Record.to_dict",
    readers: "Argilla (rg.Record.from_dict)",
    noPlaceFor: [.votes, .feedbackDetails, .authorship, .times],
    check: .jsonLines(
      .open(
        JSONField("id", .nullable(.either([.text, .count])), optional: true),
        JSONField(
          "fields", .open(JSONField("prompt", .text), JSONField("response", .text))),
        JSONField("metadata", .open(), optional: true),
        JSONField("suggestions", .ruled(.open(), everySuggestion), optional: true),
        JSONField("responses", .ruled(.open(), everyResponse), optional: true),
        JSONField("vectors", .open(), optional: true))),
    make: { _ in
      LineExport { session, output in
        for reply in session.turns where reply.role == .assistant && !reply.text.isEmpty {
          let prompt = session.path(to: reply.parent)
          let comments = FeedbackTurns.on(reply, in: session)
          output.line(
            record(reply, prompt, comments, in: session),
            using: prompt.map(\.id) + [reply.id] + comments.map(\.id))
        }
      }
    })

  private static func record(
    _ reply: Turn, _ prompt: [Turn], _ comments: [Turn], in session: Session
  ) -> JSONValue {
    let id = "\(session.header.id)-\(reply.id)"
    var metadata = [
      JSONMember("session", .string(session.header.id)),
      JSONMember("turn", .integer(reply.id.position + 1)),
    ]
    if let model = reply.recipe?.model {
      metadata += [
        JSONMember("model", .string(model.name)), JSONMember("model_sha256", .string(model.digest)),
      ]
    }
    if let problem = session.header.provenance?.problem {
      metadata.append(JSONMember("problem", .string(problem)))
    }
    let fields = [
      JSONMember("prompt", .string(PlainPrompt.text(prompt))),
      JSONMember("response", .string(reply.text)),
    ]
    return .object([
      JSONMember("id", .string(id)), JSONMember("fields", .object(fields)),
      JSONMember("metadata", .object(metadata)),
      JSONMember("suggestions", suggestions(reply, in: session)),
      JSONMember("responses", responses(reply, comments, in: session)),
      JSONMember("vectors", .object([])),
    ])
  }

  private static func suggestions(_ reply: Turn, in session: Session) -> JSONValue {
    guard let verdict = session.verdicts[reply.id] else { return .object([]) }
    let suggestion = JSONValue.object([
      JSONMember("value", .string(FeedbackTurns.word(for: verdict.outcome))),
      JSONMember("score", .null), JSONMember("agent", .string(verdict.checker)),
    ])
    return .object([JSONMember("verdict", suggestion)])
  }

  /// One person gives one response a question: the comments of several turns are joined.
  private static func responses(
    _ reply: Turn, _ comments: [Turn], in session: Session
  ) -> JSONValue {
    var members: [JSONMember] = []
    if let stars = FeedbackTurns.stars(session.ratings[reply.id]) {
      members.append(JSONMember("rating", response(.integer(stars))))
    }
    let said = comments.map(\.text) + (session.notes[reply.id] ?? [])
    if !said.isEmpty {
      members.append(JSONMember("comment", response(.string(said.joined(separator: "\n\n")))))
    }
    return .object(members)
  }

  /// Argilla knows its own users only; the null user has to be given one before it is uploaded.
  private static func response(_ value: JSONValue) -> JSONValue {
    .array([.object([JSONMember("value", value), JSONMember("user_id", .null)])])
  }

  private static let everySuggestion: JSONRule = { value throws(FormatFault) in
    let shape = JSONShape.open(
      JSONField("value", .any), JSONField("score", .any, optional: true),
      JSONField("agent", .nullable(.text), optional: true))
    guard case .object(let members) = value else { return }
    for member in members { try shape.check(member.value, at: member.key) }
  }

  private static let everyResponse: JSONRule = { value throws(FormatFault) in
    let shape = JSONShape.array(
      .open(JSONField("value", .any), JSONField("user_id", .nullable(.text), optional: true)))
    guard case .object(let members) = value else { return }
    for member in members { try shape.check(member.value, at: member.key) }
  }
}

/// What people said about a reply, for tools in which people judge.
enum FeedbackTurns {
  /// The feedback turns under a reply.
  static func on(_ reply: Turn, in session: Session) -> [Turn] {
    session.children(of: reply.id).filter { $0.feedback != nil }
  }

  /// A rating on five stars: up is five, down is one.
  static func stars(_ rating: Rating?) -> Int? {
    switch rating {
    case .up: 5
    case .down: 1
    case .stars(let stars): stars
    case nil: nil
    }
  }

  static func word(for outcome: Verdict.Outcome) -> String {
    switch outcome {
    case .right: "right"
    case .wrong: "wrong"
    case .noAnswer: "no_answer"
    }
  }
}
