import SessionCore
import StrictJSON

/// Whole trees of messages, as Open-Assistant published them: one tree a first question.
///
/// Source of the field names: LAION-AI/Open-Assistant, `oasst-data/oasst_data/schemas.py`. There
/// are two roles only: system prompts have no place. A reply's rank among its siblings (0 is
/// best) is there where verdicts or ratings tell them apart.
enum OpenAssistant {
  static let details = FormatDetails(
    .training, "JSON Lines, one tree of messages a first question (Open-Assistant)",
    fileExtension: "jsonl", source: "LAION-AI/Open-Assistant, oasst-data/oasst_data/schemas.py",
    readers: "oasst_data, and what trains on OASST trees",
    noPlaceFor: [
      .verdicts, .votes, .notes, .feedbackDetails, .authorship, .recipes, .times, .provenance,
    ],
    check: .jsonLines(
      .open(
        JSONField("message_tree_id", .nonEmptyText),
        JSONField("tree_state", .nullable(.text), optional: true), JSONField("prompt", node),
        JSONField("origin", .nullable(.text), optional: true)), rule: isOneTree),
    make: { _ in
      LineExport { session, output in
        let tree = Tree(session)
        for root in roots(of: session, tree) {
          var turns: [TurnID] = []
          let prompt = value(of: root, in: tree, &turns, &output)
          output.line(
            .object([
              JSONMember("message_tree_id", .string(name(root.id, session))),
              JSONMember("tree_state", .string("ready_for_export")),
              JSONMember("prompt", prompt),
              JSONMember("origin", .string(session.header.application)),
            ]), using: turns)
        }
      }
    })

  /// User turns that begin a conversation, and have a reply.
  private static func roots(of session: Session, _ tree: Tree) -> [Turn] {
    session.turns.filter { turn in
      turn.role == .user && turn.parent.flatMap { session[$0] }.map { $0.role == .system } ?? true
        && tree.replies[turn.id] != nil
    }
  }

  /// Who stands directly under whom, found in one pass.
  private struct Tree {
    let session: Session
    private(set) var replies: [TurnID: [Turn]] = [:]

    init(_ session: Session) {
      self.session = session
      for turn in session.turns {
        if let parent = turn.parent { replies[parent, default: []].append(turn) }
      }
    }

    /// How many turns stand below one.
    func count(below id: TurnID) -> Int {
      var (count, waiting) = (0, [id])
      while let next = waiting.popLast() {
        let below = (replies[next] ?? []).map(\.id)
        count += below.count
        waiting += below
      }
      return count
    }
  }

  /// How many messages stand under each other at most. Each is nested twice, and Python's own
  /// reader of JSON gives up at a thousand.
  static let depthMax = 400

  private static func name(_ id: TurnID, _ session: Session) -> String {
    "\(session.header.id)-\(id)"
  }

  private static func value(
    of turn: Turn, in tree: Tree, under parent: TurnID? = nil, rank: Int? = nil, depth: Int = 1,
    _ turns: inout [TurnID], _ output: inout ExportOutput
  ) -> JSONValue {
    let session = tree.session
    turns.append(turn.id)
    var replies = tree.replies[turn.id] ?? []
    if depth == depthMax, !replies.isEmpty {
      output.leaveOut(.tooDeep, tree.count(below: turn.id))
      replies = []
    }
    let ranks = ranks(of: replies, in: session)
    let values = replies.map { reply in
      value(
        of: reply, in: tree, under: turn.id, rank: ranks[reply.id], depth: depth + 1, &turns,
        &output)
    }
    return .object([
      JSONMember("message_id", .string(name(turn.id, session))),
      JSONMember("parent_id", parent.map { .string(name($0, session)) } ?? .null),
      JSONMember("user_id", .null),
      JSONMember("text", .string(turn.text)),
      JSONMember("role", .string(turn.role == .assistant ? "assistant" : "prompter")),
      JSONMember("lang", .null), JSONMember("review_count", .null),
      JSONMember("review_result", .null), JSONMember("deleted", .bool(false)),
      JSONMember("rank", rank.map { .integer($0) } ?? .null),
      JSONMember("synthetic", .bool(turn.role == .assistant)),
      JSONMember("model_name", turn.recipe.map { .string($0.model.name) } ?? .null),
      JSONMember("emojis", .null),
      JSONMember("replies", .array(values)),
      JSONMember("labels", labels(of: turn, in: session)), JSONMember("events", .null),
      JSONMember("tree_state", .null),
    ])
  }

  /// A rating as `quality` between 0 and 1.
  private static func labels(of turn: Turn, in session: Session) -> JSONValue {
    guard let goodness = Examples.goodness(session.ratings[turn.id]) else { return .null }
    let quality = JSONValue.object([
      JSONMember("value", .number(goodness.description)), JSONMember("count", .integer(1)),
    ])
    return .object([JSONMember("quality", quality)])
  }

  /// Ranks when every reply has an opinion and they differ; equal opinions share the order in
  /// which the replies were made.
  private static func ranks(of replies: [Turn], in session: Session) -> [TurnID: Int] {
    let scores = replies.filter { $0.role == .assistant }.map { reply -> (TurnID, Double)? in
      if let verdict = session.verdicts[reply.id] {
        return (reply.id, verdict.outcome == .right ? 1 : 0)
      }
      return Examples.goodness(session.ratings[reply.id]).map { (reply.id, $0) }
    }
    let known = scores.compactMap { $0 }
    guard known.count == scores.count, Set(known.map(\.1)).count > 1 else { return [:] }
    let order = known.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    return Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1.0, $0) })
  }

  /// One message. Those under it are looked at one by one: trees go deeper than a stack.
  private static let node: JSONShape = .open(
    JSONField("message_id", .nonEmptyText),
    JSONField("parent_id", .nullable(.text), optional: true), JSONField("text", .text),
    JSONField("role", .word(["prompter", "assistant"])),
    JSONField("lang", .nullable(.text), optional: true),
    JSONField("rank", .nullable(.count), optional: true),
    JSONField("synthetic", .nullable(.bool), optional: true),
    JSONField("model_name", .nullable(.text), optional: true),
    JSONField("labels", .nullable(.open()), optional: true),
    JSONField("replies", .nullable(.array(.any)), optional: true))

  /// Every message is one, names are unique, and parents are who they say.
  private static let isOneTree: JSONRule = { record throws(FormatFault) in
    guard let prompt = record["prompt"] else { return }
    var names: Set<String> = []
    var waiting: [(message: JSONValue, field: String, above: JSONValue?)] = [
      (prompt, "prompt", nil)
    ]
    while let (message, field, above) = waiting.popLast() {
      try node.check(message, at: field)
      if case .string(let name) = message["message_id"], !names.insert(name).inserted {
        throw FormatFault(field: "\(field).message_id", .broken(.uniqueName(name)))
      }
      if let above, let named = message["parent_id"], named != .null, named != above {
        throw FormatFault(field: "\(field).parent_id", .broken(.parentIsAbove))
      }
      guard case .array(let replies) = message["replies"] else { continue }
      for (index, reply) in replies.enumerated().reversed() {
        waiting.append((reply, "\(field).replies[\(index)]", message["message_id"]))
      }
    }
  }
}
