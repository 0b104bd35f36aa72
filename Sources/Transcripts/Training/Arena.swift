import SessionCore
import StrictJSON

/// Votes between two replies to one prompt, as Chatbot Arena logs them: those of duels, and a reply
/// with the one it was drawn again from. No address is in it.
///
/// Source of the field names: lm-sys/FastChat, `fastchat/serve/gradio_block_arena_anony.py` and
/// `fastchat/conversation.py`. Where nobody voted, the vote is the checker's, or comes of both
/// ratings: better, equal and good (a tie), equal and bad.
enum Arena {
  static let details = FormatDetails(
    .training, "JSON Lines, votes between two replies to one prompt (Chatbot Arena)",
    fileExtension: "jsonl", source: "lm-sys/FastChat, its vote log",
    readers: "FastChat's analysis (elo_analysis.py)",
    noPlaceFor: [.notes, .feedbackDetails, .authorship, .recipes, .provenance],
    check: .jsonLines(
      .open(
        JSONField("tstamp", .number),
        JSONField("type", .word(["leftvote", "rightvote", "tievote", "bothbad_vote"])),
        JSONField("models", .array(.text, count: 2...2)),
        JSONField("states", .array(state, count: 2...2)))),
    make: { _ in
      LineExport { session, output in
        for vote in session.votes {
          guard let left = session[vote.a], let right = session[vote.b] else { continue }
          write(word(for: vote.choice), left, right, session, &output)
        }
        for right in session.turns {
          guard case .resampled(let original) = right.origin, let left = session[original],
            session.vote(between: left.id, and: right.id) == nil
          else { continue }
          write(vote(left, right, in: session), left, right, session, &output)
        }
      }
    })

  /// - Parameter vote: nil when nobody has an opinion.
  private static func write(
    _ vote: String?, _ left: Turn, _ right: Turn, _ session: Session, _ output: inout ExportOutput
  ) {
    guard Examples.isWhole(left), Examples.isWhole(right) else {
      return output.leaveOut(.cutReplies)
    }
    guard let vote else { return output.leaveOut(.unlabelled) }
    let paths = [left, right].map { session.path(to: $0.parent) }
    var used = Set((paths[0] + paths[1]).map(\.id))
    used.formUnion([left.id, right.id])
    output.line(
      .object([
        JSONMember("tstamp", seconds(right.time)), JSONMember("type", .string(vote)),
        JSONMember("models", .array([left, right].map { .string(model($0, session)) })),
        JSONMember(
          "states",
          .array(zip(paths, [left, right]).map { state($0, $1, in: session) })),
      ]), using: used.sorted())
  }

  private static func word(for choice: Vote.Choice) -> String {
    switch choice {
    case .a: "leftvote"
    case .b: "rightvote"
    case .tie: "tievote"
    case .bothBad: "bothbad_vote"
    }
  }

  private static func vote(_ left: Turn, _ right: Turn, in session: Session) -> String? {
    let scores = [left, right].compactMap { reply in
      session.verdicts[reply.id].map { $0.outcome == .right ? 1.0 : 0.0 }
    }
    let ratings = [left, right].compactMap { Examples.goodness(session.ratings[$0.id]) }
    guard let known = [scores, ratings].first(where: { $0.count == 2 }) else { return nil }
    if known[0] != known[1] { return known[0] > known[1] ? "leftvote" : "rightvote" }
    return known[0] >= 0.5 ? "tievote" : "bothbad_vote"
  }

  private static func state(_ prompt: [Turn], _ reply: Turn, in session: Session) -> JSONValue {
    let system = prompt.first { $0.role == .system }?.text ?? ""
    let messages = (prompt.filter { $0.role != .system } + [reply]).map { turn in
      JSONValue.array([.string(turn.role.rawValue), .string(turn.text)])
    }
    return .object([
      JSONMember("system_message", .string(system)),
      JSONMember("roles", .array([.string("user"), .string("assistant")])),
      JSONMember("messages", .array(messages)), JSONMember("offset", .integer(0)),
      JSONMember("conv_id", .string("\(session.header.id)-\(reply.id)")),
      JSONMember("model_name", .string(model(reply, session))),
    ])
  }

  private static func model(_ reply: Turn, _ session: Session) -> String {
    reply.recipe?.model.name ?? session.header.model
  }

  /// Seconds since 1970 with milliseconds, as Python's `time.time()` gives them.
  private static func seconds(_ time: Timestamp) -> JSONValue {
    let rest = String(abs(time % 1000))
    let fill = String(repeating: "0", count: 3 - rest.count)
    return .number("\(time < 0 ? "-" : "")\(abs(time / 1000)).\(fill)\(rest)")
  }

  private static let state = JSONShape.open(
    JSONField("model_name", .text),
    JSONField(
      "messages",
      .array(.array(.nullable(.text), count: 2...2), atLeast: 1)))
}
