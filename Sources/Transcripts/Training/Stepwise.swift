import SessionCore
import StrictJSON

/// Replies cut into their lines, each labelled right or wrong up to the first wrong one: TRL's
/// stepwise supervision, for process reward models. Plain text only.
///
/// Where a line's label comes from: a reply that a checker found right has right lines only
/// (an assumption: it may have come to its answer by luck); in one that was edited in place, the
/// lines before the edit are right and the line it begins in is wrong; so it is for a critique
/// that names bytes of the reply. What nobody placed is left out.
///
/// Source of the field names: TRL, `docs/source/dataset_formats.md`.
enum Stepwise {
  static let details = FormatDetails(
    .training, "JSON Lines, the lines of a reply labelled right or wrong (TRL)",
    fileExtension: "jsonl", source: "TRL, docs/source/dataset_formats.md, stepwise supervision",
    readers: "TRL PRMTrainer, datasets", noPlaceFor: .allButLabels,
    check: .jsonLines(
      .object(
        JSONField("prompt", .nonEmptyText),
        JSONField("completions", .array(.nonEmptyText, atLeast: 1)),
        JSONField("labels", .array(.bool, atLeast: 1))),
      rule: { record throws(FormatFault) in
        guard case .array(let steps) = record["completions"],
          case .array(let labels) = record["labels"], steps.count != labels.count
        else { return }
        throw FormatFault(field: "labels", .broken(.sameCount(labels.count, steps.count)))
      }),
    make: { _ in
      LineExport { session, output in
        let errors = firstErrors(in: session)
        for reply in session.turns where reply.role == .assistant && !reply.text.isEmpty {
          guard let (steps, labels) = steps(of: reply, in: session, error: errors[reply.id]) else {
            output.leaveOut(.unlabelled)
            continue
          }
          let prompt = session.path(to: reply.parent)
          output.line(
            .object([
              JSONMember("prompt", .string(PlainPrompt.text(prompt))),
              JSONMember("completions", .array(steps.map { .string($0) })),
              JSONMember("labels", .array(labels.map { .bool($0) })),
            ]), using: prompt.map(\.id) + [reply.id])
        }
      }
    })

  /// Byte of each reply at which somebody said that it goes wrong.
  private static func firstErrors(in session: Session) -> [TurnID: Int] {
    var errors: [TurnID: Int] = [:]
    for turn in session.turns {
      if let feedback = turn.feedback, feedback.kind == .critique, let target = feedback.target {
        errors[feedback.on] = min(errors[feedback.on] ?? Int.max, target.lowerBound)
      }
      if case .continued(let original, _) = turn.origin, let before = session[original] {
        let same = zip(before.text.utf8, turn.text.utf8).prefix { $0 == $1 }.count
        errors[original] = min(errors[original] ?? Int.max, same)
      }
    }
    return errors
  }

  private static func steps(
    of reply: Turn, in session: Session, error: Int?
  ) -> (steps: [String], labels: [Bool])? {
    let isRight = session.verdicts[reply.id]?.outcome == .right
    guard error != nil || isRight && Examples.isWhole(reply) else { return nil }
    var steps: [String] = []
    var labels: [Bool] = []
    var start = 0
    for line in reply.text.utf8.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    {
      let end = start + line.count
      defer { start = end + 1 }
      let text = String(decoding: line, as: UTF8.self)
      guard text.contains(where: { !$0.isWhitespace }) else { continue }
      steps.append(text)
      // A right reply is right, whatever somebody changed in it later.
      let isWrong = !isRight && (error.map { $0 <= end } ?? false)
      labels.append(!isWrong)
      if isWrong { break }
    }
    guard !steps.isEmpty else { return nil }
    // The mark lies behind the last line that says anything.
    return error != nil && !isRight && !labels.contains(false) ? nil : (steps, labels)
  }
}

/// A prompt as plain text, for trainers that know no messages.
enum PlainPrompt {
  /// A single question stands as it is; a longer conversation has the roles before its texts.
  static func text(_ path: [Turn]) -> String {
    let asked = path.filter { $0.role == .user }
    if path.count == 1 || path.count == 2 && path[0].role == .system && asked.count == 1 {
      return path.map(\.text).joined(separator: "\n\n")
    }
    return path.map { "\(name($0.role)): \($0.text)" }.joined(separator: "\n\n")
  }

  private static func name(_ role: Role) -> String {
    switch role {
    case .system: "System"
    case .user: "User"
    case .assistant: "Assistant"
    }
  }
}
