import SessionCore
import Testing
import TestSupport

@Suite("What comes of a command")
struct DecideTests {
  private static let empty = SessionBuilder()
  private static let answered = SessionBuilder().ask("Q").reply("a b")
  private static let open = SessionBuilder().ask("Q").openReply("a")

  @Test(
    "What cannot be done is refused, with the reason",
    arguments: [
      (empty, .ask(" \n"), .emptyText), (empty, .instruct(""), .emptyText),
      (answered, .note("\t", on: nil), .emptyText),
      (answered, .giveFeedback(.critique, ""), .emptyText),
      (answered, .edit(.replace(old: "", new: "x")), .emptyText),
      (empty, .giveFeedback(.unary, "Try again."), .noReply), (empty, .regenerate(), .noReply),
      (empty, .edit(.rewrite("x")), .noReply), (empty, .rate(.up), .noReply),
      (empty, .note("x"), .noReply),
      (answered, .go(TurnID(2)), .unknownTurn(TurnID(2))),
      (answered, .go(TurnID(-1)), .unknownTurn(TurnID(-1))),
      (answered, .regenerate(TurnID(.max - 1)), .unknownTurn(TurnID(.max - 1))),
      (answered, .regenerate(TurnID(0)), .notAReply(TurnID(0))),
      (answered, .edit(.rewrite("Q"), of: TurnID(0)), .editChangesNothing),
      (answered, .edit(.rewrite(" "), of: TurnID(0)), .emptyText),
      (answered, .edit(.replace(old: "z", new: ""), of: TurnID(0)), .textNotFound("z")),
      (answered, .edit(.rewrite("x"), of: TurnID(9)), .unknownTurn(TurnID(9))),
      (answered, .rate(.up, of: TurnID(0)), .notAReply(TurnID(0))),
      (
        answered, .judge(TurnID(0), Verdict(.right, answer: nil, checker: "c")),
        .notAReply(TurnID(0))
      ),
      (answered, .edit(.replace(old: "z", new: "x")), .textNotFound("z")),
      (answered, .edit(.replace(old: "a", new: "a")), .editChangesNothing),
      (answered, .edit(.rewrite("a b")), .editChangesNothing),
      (empty, .undo, .nothingToUndo), (empty, .redo, .nothingToRedo),
      (answered, .tag("two words"), .badTag("two words")), (answered, .tag("#"), .badTag("#")),
      (answered, .rate(.stars(0)), .ratingOutOfRange(0)),
      (answered, .rate(.stars(6)), .ratingOutOfRange(6)),
      (answered, .instruct("S"), .tooLateForInstruction),
      (open, .ask("R"), .replyInProgress), (open, .undo, .replyInProgress),
      (open, .regenerate(), .replyInProgress), (open, .go(TurnID(0)), .replyInProgress),
    ] as [(SessionBuilder, Command, Refusal)])
  func refusals(_ builder: SessionBuilder, _ command: Command, _ refusal: Refusal) {
    #expect(throws: refusal) { try decide(command, builder.session) }
  }

  @Test("Ratings, notes and verdicts are taken while a reply is written")
  func remarks() {
    let session = Self.open.rate(.down).note("slow").judge(.noAnswer, nil).session
    #expect(session.ratings == [TurnID(1): .down])
    #expect(session.notes == [TurnID(1): ["slow"]])
    #expect(session.verdicts[TurnID(1)]?.outcome == .noAnswer)
  }

  @Test("Redo takes back undo, until something else is done")
  func redo() throws {
    let undone = Self.answered.feedback(.unary).reply("c").undo().undo()
    #expect(undone.session.head == nil)
    let again = undone.performing(.redo).performing(.redo)
    #expect(again.session.head == TurnID(3))
    #expect(again.undo().session.head == TurnID(1))
    #expect(throws: Refusal.nothingToRedo) { try decide(.redo, again.session) }
    let other = undone.performing(.redo).ask("else").reply("d")
    #expect(throws: Refusal.nothingToRedo) { try decide(.redo, other.session) }
  }

  @Test("Tags and bookmarks are put on and taken off, and change no turn")
  func tags() throws {
    let marked = Self.answered.performing(.tag("#hard")).performing(.tag("long", on: TurnID(0)))
      .performing(.bookmark())
    #expect(marked.session.tags == [TurnID(1): ["hard"], TurnID(0): ["long"]])
    #expect(marked.session.bookmarks == [TurnID(1)])
    let bare = marked.performing(.tag("hard", isSet: false)).performing(.bookmark(isSet: false))
    #expect(bare.session.tags == [TurnID(0): ["long"]])
    #expect(bare.session.bookmarks.isEmpty)
    #expect(bare.session.turns == Self.answered.session.turns)
  }

  @Test("The same command in the same session has the same outcome")
  func pure() throws {
    let session = Self.answered.session
    for command in [.ask("R"), .regenerate(), .edit(.rewrite("c")), .undo] as [Command] {
      #expect(try decide(command, session) == decide(command, session))
    }
  }

  @Test("Try again adds a turn the model reads; regenerate only draws again")
  func unaryIsNotRegenerate() throws {
    let unary = Self.answered.feedback(.unary).reply("c").session
    #expect(unary.current.map(\.text) == ["Q", "a b", "Try again.", "c"])
    #expect(unary.turns[3].origin == .answered)
    #expect(unary.turns[2].feedback == Feedback(.unary, author: .person, on: TurnID(1), round: 1))
    let again = Self.answered.regenerate().reply("c").session
    #expect(again.current.map(\.text) == ["Q", "c"])
    #expect(again.turns[2].origin == .resampled(of: TurnID(1)))
    for session in [unary, again] {
      let last = try #require(session.turns.last)
      #expect(session.previousAttempt(of: last.id)?.id == TurnID(1))
      #expect(session.attempts(upTo: last.id).count == 2)
      #expect(session.question(of: last.id)?.text == "Q")
    }
  }

  @Test("Rounds count the feedback on one question, whatever came between")
  func rounds() {
    let session = Self.answered.feedback(.unary).reply("c").regenerate().reply("d")
      .edit(.rewrite("e")).reply("f").feedback(.critique, "No.").reply("g")
      .ask("R").reply("h").feedback(.challenge, "Sure?").reply("i").session
    #expect(session.turns.compactMap { $0.feedback?.round } == [1, 4, 1])
    #expect(session.leafReplies.map(\.text) == ["g", "i"])
  }

  @Test("A question that was never answered gets its first reply by regenerate")
  func answerAgain() {
    let session = SessionBuilder().ask("Q").regenerate().reply("a").session
    #expect(session.turns[1].origin == .answered)
    #expect(session.turns[1].parent == TurnID(0))
  }

  @Test("Feedback can be given on any reply, and the conversation goes on from there")
  func feedbackOnEarlier() {
    let session = Self.answered.ask("R").reply("c").feedback(.critique, "No.", on: TurnID(1))
      .reply("d").session
    #expect(session.current.map(\.text) == ["Q", "a b", "No.", "d"])
    #expect(session.turnsOnOtherBranches == 2)
  }

  @Test("After undo the conversation takes another way, and both stay")
  func undoThenElse() {
    let session = Self.answered.feedback(.unary).reply("c").undo()
      .feedback(.critique, "No.").reply("d").session
    #expect(session.current.map(\.text) == ["Q", "a b", "No.", "d"])
    #expect(session.children(of: TurnID(1)).map(\.text) == ["Try again.", "No."])
    #expect(session.turns.count == 6)
    let back = SessionBuilder().ask("Q").reply("a b").go(TurnID(0)).undo().session
    #expect(back.head == TurnID(1))
  }

  @Test("The seed of a reply depends on the session's seed and the reply's place, on nothing else")
  func seeds() {
    let one = SessionBuilder(seed: 1).ask("Q").reply("a").session
    let same = SessionBuilder(seed: 1).ask("other").reply("b").session
    let two = SessionBuilder(seed: 2).ask("Q").reply("a").session
    #expect(one.turns[1].recipe?.seed == same.turns[1].recipe?.seed)
    #expect(one.turns[1].recipe?.seed != two.turns[1].recipe?.seed)
    let siblings = SessionBuilder(seed: 1).ask("Q").reply("a").regenerate().reply("b")
      .regenerate().reply("c").session
    #expect(Set(siblings.siblings(of: TurnID(1)).compactMap(\.recipe?.seed)).count == 3)
  }

  @Test("An expectation belongs to every attempt at its question")
  func expectation() {
    let session = SessionBuilder().ask("Q", expecting: .number("84")).reply("a")
      .feedback(.unary).reply("b").edit(.rewrite("c")).reply("d").session
    for turn in session.turns where turn.role == .assistant {
      #expect(session.expectation(for: turn.id) == .number("84"))
    }
  }
}
