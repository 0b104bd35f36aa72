import SessionCore
import Testing
import TestSupport

@Suite("Editing a reply in place")
struct InPlaceEditTests {
  @Test("Replace keeps all before the first occurrence and the new text, and cuts the rest")
  func replace() throws {
    let start = try InPlaceEdit.replace(old: "83", new: "84").applied(to: "12 × 7 = 83, so 83")
    #expect(start.kept == "12 × 7 = 84")
    #expect(start.spans == [.init(.model, bytes: 10), .init(.person, bytes: 2)])
  }

  @Test("An old text can be deleted")
  func delete() throws {
    let start = try InPlaceEdit.replace(old: "bc", new: "").applied(to: "abcd")
    #expect(start.kept == "a")
    #expect(start.spans == [.init(.model, bytes: 1)])
  }

  @Test(
    "A rewrite keeps all up to the end of what was changed",
    arguments: [
      ("a b c", "a x c", "a x"), ("a b c", "x", "x"), ("abc", "abcd", "abcd"),
      ("aa", "aaa", "aaa"), ("aaa", "aa", "aa"), ("abc", "", ""), ("", "x", "x"),
      ("x = 1\ny = 2\n", "x = 3\ny = 2\n", "x = 3"), ("one two", "one 2 two", "one 2 "),
    ])
  func rewrite(_ old: String, _ new: String, _ kept: String) throws {
    let start = try InPlaceEdit.rewrite(new).applied(to: old)
    #expect(start.kept == kept)
    #expect(start.spans.reduce(0) { $0 + $1.bytes } == kept.utf8.count)
  }

  @Test("Letters that only look alike are different, and no scalar is cut")
  func unicode() throws {
    let composed = try InPlaceEdit.rewrite("n\u{E4}n").applied(to: "na\u{308}n")
    #expect(Array(composed.kept.utf8) == Array("n\u{E4}".utf8))
    let flags = try InPlaceEdit.rewrite("🇩🇰").applied(to: "🇩🇪")
    #expect(flags.kept == "🇩🇰")
    #expect(flags.spans == [.init(.model, bytes: 4), .init(.person, bytes: 4)])
    #expect(throws: Refusal.textNotFound("\u{E4}")) {
      try InPlaceEdit.replace(old: "\u{E4}", new: "x").applied(to: "a\u{308}")
    }
  }

  @Test("Who wrote which bytes is kept, also when an edited reply is edited again")
  func authors() {
    let once = SessionBuilder().ask("Q").reply("one two three")
      .edit(.replace(old: "two", new: "2")).reply(" and on").session
    let first = once.turns[2]
    #expect(first.text == "one 2 and on")
    #expect(
      first.spans == [
        .init(.model, bytes: 4), .init(.person, bytes: 1), .init(.model, bytes: 7),
      ])
    let twice = SessionBuilder().ask("Q").reply("one two three")
      .edit(.replace(old: "two", new: "2")).reply(" and on")
      .edit(.replace(old: "and on", new: "so")).reply("?").session
    #expect(twice.turns[3].text == "one 2 so?")
    #expect(
      twice.turns[3].spans == [
        .init(.model, bytes: 4), .init(.person, bytes: 1), .init(.model, bytes: 1),
        .init(.person, bytes: 2), .init(.model, bytes: 1),
      ])
    let inside = SessionBuilder().ask("Q").reply("one two three")
      .edit(.replace(old: "two", new: "12345")).reply(".")
      .edit(.replace(old: "345", new: "x")).reply("").session
    #expect(inside.turns[3].spans == [.init(.model, bytes: 4), .init(.person, bytes: 3)])
  }

  @Test("The reply that is edited stays as it was, and later turns see only the new one")
  func siblings() {
    let session = SessionBuilder().ask("Q").reply("wrong end").edit(.rewrite("right"))
      .reply(" end").ask("R").reply("c").session
    #expect(session.turns[1].text == "wrong end")
    #expect(session.current.map(\.text) == ["Q", "right end", "R", "c"])
    #expect(session.turns[2].origin == .continued(editOf: TurnID(1), keptBytes: 5))
  }
}
