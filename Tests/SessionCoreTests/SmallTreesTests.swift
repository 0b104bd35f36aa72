import SessionCore
import Testing
import TestSupport

/// Every sequence of up to four commands, and longer random ones: what must hold for all of them.
@Suite("All small conversations")
struct SmallTreesTests {
  /// What can happen next: a command, and how its reply, if it asks for one, turns out.
  struct Step: CustomStringConvertible {
    var command: Command
    var outcome: Outcome = .answered
    var description: String { "\(command)→\(outcome)" }

    enum Outcome { case answered, empty, cancelled, interrupted, neverBegun }
  }

  static let alphabet: [Step] = [
    Step(command: .ask("Q")),
    Step(command: .ask("Q"), outcome: .neverBegun),
    Step(command: .ask("Q", expecting: .number("1")), outcome: .interrupted),
    Step(command: .giveFeedback(.unary, Feedback.unaryWording)),
    Step(command: .giveFeedback(.critique, "No.", on: TurnID(1)), outcome: .cancelled),
    Step(command: .regenerate()),
    Step(command: .regenerate(TurnID(1)), outcome: .empty),
    Step(command: .edit(.replace(old: "b", new: "×"))),
    Step(command: .edit(.rewrite("Q, again"), of: TurnID(0))),
    Step(command: .undo),
    Step(command: .go(TurnID(1))),
  ]

  @Test("Every sequence of up to four commands keeps the rules")
  func everySequence() {
    var visited = 0
    func visit(_ builder: SessionBuilder, _ trail: [Step]) {
      visited += 1
      Rules.check(builder, "\(trail)")
      guard trail.count < 4 else { return }
      for step in Self.alphabet {
        guard let next = Self.take(step, from: builder, "\(trail)") else { continue }
        visit(next, trail + [step])
      }
    }
    visit(SessionBuilder(), [])
    #expect(visited > 2000)
  }

  @Test("Long random walks keep the rules")
  func randomWalks() {
    let seed = SeededGenerator.testSeed(standard: 17)
    for walk in 0..<40 {
      var generator = SeededGenerator(seed: seed &+ UInt64(walk))
      let builder = RandomWalk.session(steps: 40, using: &generator)
      Rules.check(builder, "TEST_SEED=\(seed), walk \(walk)")
    }
  }

  /// The session after a step; nil when the step is refused.
  private static func take(
    _ step: Step, from builder: SessionBuilder, _ trail: String
  ) -> SessionBuilder? {
    guard let decision = try? decide(step.command, builder.session) else { return nil }
    let next = builder.performing(step.command)
    Rules.checkStep(step.command, from: builder.session, to: next.session, decision, trail)
    guard decision.order != nil else { return next }
    switch step.outcome {
    case .answered: return next.reply("a b")
    case .empty: return next.reply("")
    case .cancelled: return next.reply("a", stopped: .cancelled)
    case .interrupted: return next.reply("", stopped: .interrupted)
    case .neverBegun: return next
    }
  }
}

/// What must hold for every session.
enum Rules {
  static func check(_ builder: SessionBuilder, _ trail: @autoclosure () -> String) {
    let session = builder.session
    guard (try? Session(replaying: builder.entries)) == session else {
      Issue.record("the fold differs from the incremental state: \(trail())")
      return
    }
    guard broken(session) == nil else {
      Issue.record("\(broken(session) ?? ""): \(trail())")
      return
    }
    if let fault = undoFault(builder) { Issue.record("\(fault): \(trail())") }
  }

  /// The first rule that does not hold.
  private static func broken(_ session: Session) -> String? {
    for (position, turn) in session.turns.enumerated() {
      if turn.id.position != position { return "turn \(turn.id) stands at \(position)" }
      if let parent = turn.parent, parent >= turn.id { return "turn \(turn.id) before its parent" }
      if let fault = authorshipFault(turn) { return fault }
      if turn.role == .assistant, let fault = attemptFault(turn, session) { return fault }
    }
    let seeds = session.turns.compactMap(\.recipe?.seed)
    if Set(seeds).count != seeds.count { return "two replies share a seed" }
    if let head = session.head, session[head] == nil { return "the head is nowhere" }
    if session.current.last?.id != session.head { return "the path does not end at the head" }
    let counts = session.turnsOnOtherBranches + session.current.count
    return counts == session.turns.count ? nil : "turns are lost between branches"
  }

  private static func authorshipFault(_ turn: Turn) -> String? {
    let sum = turn.spans.reduce(0) { $0 + $1.bytes }
    if !turn.spans.isEmpty, sum != turn.text.utf8.count {
      return "turn \(turn.id): \(sum) bytes have an author, \(turn.text.utf8.count) are there"
    }
    if turn.spans.contains(where: { $0.bytes <= 0 }) { return "turn \(turn.id): an empty span" }
    guard case .continued(_, let keptBytes) = turn.origin else { return nil }
    return keptBytes <= turn.text.utf8.count ? nil : "turn \(turn.id) lost what was kept"
  }

  private static func attemptFault(_ turn: Turn, _ session: Session) -> String? {
    let line = session.attempts(upTo: turn.id)
    if line.last?.id != turn.id { return "attempts at \(turn.id) end elsewhere" }
    if line.map(\.id) != line.map(\.id).sorted() { return "attempts at \(turn.id) go back in time" }
    guard let parent = turn.parent.flatMap({ session[$0] }) else { return "an orphan reply" }
    if let feedback = parent.feedback, feedback.on != parent.parent { return "feedback elsewhere" }
    if let feedback = parent.feedback, turn.replaces == nil {
      if feedback.round != line.count - 1 { return "round \(feedback.round) of \(line.count)" }
    }
    // Drawing again and editing add no user turn: the reply has the replaced one's parent.
    if let replaced = turn.replaces, session[replaced]?.parent != turn.parent {
      return "turn \(turn.id) answers something else than what it replaces"
    }
    return nil
  }

  /// Undo goes back the way the heads came, forgets no turn, and ends before the first.
  private static func undoFault(_ builder: SessionBuilder) -> String? {
    var undone = builder
    for former in builder.session.formerHeads.reversed() {
      undone = undone.undo()
      if undone.session.head != former {
        return "undo went to \(String(describing: undone.session.head))"
      }
    }
    if undone.session.head != nil {
      return "undo ends at \(String(describing: undone.session.head))"
    }
    if undone.session.turns != builder.session.turns { return "undo changed a turn" }
    do {
      _ = try decide(.undo, undone.session)
      return "undo goes on for ever"
    } catch {
      return error == .nothingToUndo ? nil : "undo says \(error)"
    }
  }

  /// What must hold for one step.
  static func checkStep(
    _ command: Command, from before: Session, to after: Session, _ decision: Decision,
    _ trail: @autoclosure () -> String
  ) {
    let added = after.turns.count - before.turns.count
    let holds =
      switch command {
      // Unary feedback is a turn the model reads; drawing again and editing add nothing to read.
      case .ask, .giveFeedback, .instruct: added == 1 && after.head == after.turns.last?.id
      case .edit(_, let target?) where before[target]?.role == .user:
        added == 1 && after.head == after.turns.last?.id
          && after.turns.last?.parent == before[target]?.parent && decision.order != nil
      case .regenerate, .edit: added == 0 && decision.events.isEmpty && decision.order != nil
      case .undo, .redo, .go, .rate, .note, .tag, .bookmark, .judge, .vote, .set:
        added == 0 && decision.order == nil
      }
    if !holds { Issue.record("\(command) did something else: \(trail())") }
    guard case .regenerate(let target) = command, let order = decision.order,
      let reply = target.flatMap({ before[$0] }) ?? before.lastReply, order.origin != .answered
    else { return }
    if order.parent != reply.parent || order.seed == reply.recipe?.seed || !order.kept.isEmpty {
      Issue.record("regenerate is not the same prompt under another seed: \(trail())")
    }
  }
}
