import SessionCore
import Testing
import TestSupport

@Suite("Another version of what somebody said")
struct SayingAnewTests {
  private static let talk = SessionBuilder().ask("What is 12 × 7?", expecting: .number("84"))
    .reply("82").feedback(.unary).reply("83").ask("And 6 × 7?").reply("42")

  @Test("A question said anew is a branch beside the old one, which keeps what came after it")
  func question() throws {
    let builder = Self.talk.edit(.rewrite("What is 12 × 8?"), of: TurnID(0))
    #expect(builder.session.head == TurnID(6))
    let session = builder.reply("96").session
    #expect(session.current.map(\.text) == ["What is 12 × 8?", "96"])
    #expect(session.turns.prefix(6) == Self.talk.session.turns[...])
    #expect(session.turnsOnOtherBranches == 6)
    #expect(session.turns[6].origin == .asked(nil), "what was right then need not be right now")
  }

  @Test("One undo goes back to where the old branch was left")
  func undo() {
    let session = Self.talk.edit(.rewrite("R"), of: TurnID(4)).reply("r").undo().session
    #expect(session.head == TurnID(5))
  }

  @Test("A later question keeps the conversation above it")
  func later() {
    let session = Self.talk.edit(.replace(old: "6", new: "60"), of: TurnID(4)).reply("420").session
    #expect(
      session.current.map(\.text)
        == ["What is 12 × 7?", "82", "Try again.", "83", "And 60 × 7?", "420"])
  }

  @Test("Other words for a bare try again are a critique of the same reply")
  func feedback() {
    let session = Self.talk.edit(.rewrite("Two sevens make 14."), of: TurnID(2)).reply("84").session
    let feedback = session.turns[6].feedback
    #expect(feedback?.kind == .critique && feedback?.on == TurnID(1) && feedback?.round == 1)
    #expect(session.attempts(upTo: TurnID(7)).map(\.id) == [TurnID(1), TurnID(7)])
    let again = Self.talk.feedback(.challenge, "Sure?").reply("Yes")
      .edit(.rewrite("Really?"), of: TurnID(6)).session
    #expect(again.turns[8].feedback?.kind == .challenge)
  }

  @Test("Another system prompt is another beginning, and asks nothing")
  func system() throws {
    let builder = SessionBuilder().instruct("Be brief.").ask("Q").reply("A")
    let decision = try decide(.edit(.rewrite("Be long."), of: TurnID(0)), builder.session)
    #expect(decision.order == nil)
    let session = builder.performing(.edit(.rewrite("Be long."), of: TurnID(0))).ask("Q")
      .reply("B").session
    #expect(session.current.map(\.text) == ["Be long.", "Q", "B"])
  }

  @Test("An older reply is edited in place, and what came after it stays behind")
  func olderReply() {
    let session = Self.talk.edit(.replace(old: "2", new: "4"), of: TurnID(1)).reply(", done")
      .session
    #expect(session.current.map(\.text) == ["What is 12 × 7?", "84, done"])
    #expect(session.turnsOnOtherBranches == 5)
  }

  @Test(
    "The whole text has the edit in it",
    arguments: [
      (InPlaceEdit.replace(old: "b", new: "xyz"), "a b c", "a xyz c"),
      (.replace(old: "é", new: ""), "aéb", "ab"), (.replace(old: "a b c", new: "d"), "a b c", "d"),
      (.rewrite("x\n"), "a", "x\n"),
      (.beginning(.init(before: "a".utf8, typed: "b")), "anything", "ab"),
    ])
  func whole(edit: InPlaceEdit, old: String, new: String) throws {
    #expect(try edit.rewritten(old) == new)
  }

  @Test("Texts that only look alike are different")
  func canonical() throws {
    #expect(try InPlaceEdit.rewrite("a\u{308}").rewritten("\u{E4}").utf8.count == 3)
    #expect(throws: Refusal.editChangesNothing) { try InPlaceEdit.rewrite("x").rewritten("x") }
  }
}
