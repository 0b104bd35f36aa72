import SessionCore
import StrictJSON

/// Replies conditioned on the feedback they got, good and bad alike: the record of FCP
/// (*Language Models Can Learn from Verbal Feedback Without Scalar Rewards*), in which the
/// feedback stands between `<EF>` and `</EF>` before the question.
///
/// Feedback is what was said in words: feedback turns and notes as they stand; a rating and a
/// verdict become a word or two (`rated good`, `right`), for without them good replies would have
/// no feedback at all. The question is the one the attempt answers, by itself.
///
/// Source: FCP, algorithm 1 and appendix C; `<EF>` and `</EF>` are special tokens there.
enum FeedbackConditional {
  static let system = "You are a helpful assistant."

  static let details = FormatDetails(
    .training, "JSON Lines, replies conditioned on their feedback (<EF>…</EF>, FCP)",
    fileExtension: "jsonl", source: "FCP, algorithm 1 and appendix C",
    readers: "any trainer of conversations; loss on the reply only",
    noPlaceFor: [.votes, .feedbackDetails, .authorship, .recipes, .times, .provenance],
    check: .jsonLines(
      .object(
        JSONField("messages", .ruled(.array(ChatShape.message, count: 3...3), isConditional)))),
    make: { _ in
      LineExport { session, output in
        for reply in session.turns where reply.role == .assistant && !reply.text.isEmpty {
          let said = feedback(on: reply, in: session)
          guard let question = session.question(of: reply.id), !said.isEmpty else {
            output.leaveOut(.unlabelled)
            continue
          }
          for (text, turn) in said {
            output.line(
              record(session, question, reply, text), using: [question.id, reply.id] + turn)
          }
        }
      }
    })

  private static func record(
    _ session: Session, _ question: Turn, _ reply: Turn, _ feedback: String
  ) -> JSONValue {
    let system = session.path(to: question.id).first { $0.role == .system }?.text ?? system
    return .object([
      JSONMember(
        "messages",
        .array([
          ChatShape.message(.system, system),
          ChatShape.message(.user, "<EF>\(bare(feedback))</EF>\(bare(question.text))"),
          ChatShape.message(.assistant, reply.text),
        ]))
    ])
  }

  /// Marks in somebody's text would end the feedback early: they get a space before the `>`.
  private static func bare(_ text: String) -> String {
    var scalars = text.unicodeScalars
    for mark in ["<EF>", "</EF>"] {
      scalars = scalars.replacing(
        mark.unicodeScalars, with: (mark.dropLast() + " >").unicodeScalars)
    }
    return String(scalars)
  }

  /// What was said about a reply, with the turn it stands in if it has one.
  static func feedback(on reply: Turn, in session: Session) -> [(text: String, turn: [TurnID])] {
    var said: [(text: String, turn: [TurnID])] = session.children(of: reply.id)
      .filter { $0.feedback != nil }.map { ($0.text, [$0.id]) }
    said += (session.notes[reply.id] ?? []).map { ($0, []) }
    if let rating = session.ratings[reply.id] { said.append((Wording.text(of: rating), [])) }
    switch session.verdicts[reply.id]?.outcome {
    case .right: said.append(("right", []))
    case .wrong: said.append(("wrong", []))
    case .noAnswer: said.append(("no answer", []))
    case nil: break
    }
    return said
  }

  private static let isConditional: JSONRule = { messages throws(FormatFault) in
    guard ChatShape.roles(of: messages) == ["system", "user", "assistant"] else {
      throw FormatFault(.broken(.other("the roles have to be system, user, assistant")))
    }
    guard case .array(let list) = messages, case .string(let text) = list[1]["content"],
      text.utf8.starts(with: "<EF>".utf8), text.unicodeScalars.contains("</EF>".unicodeScalars)
    else {
      throw FormatFault(
        field: "[1].content", .broken(.other("has to begin with <EF>feedback</EF>")))
    }
  }
}
