import Foundation
import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// Sessions and states that several suites look at.
enum Sample {
  static let empty = SessionBuilder(seed: 42).session

  static let wrongStep = SessionBuilder(seed: 42)
    .ask("What is 12 × 7?")
    .reply("12 × 7 = 10 × 7 + 2 × 7\n10 × 7 = 70, 2 × 7 = 12\n70 + 12 = 82\nAnswer: 82")
    .session

  static let threeWays = SessionBuilder(seed: 42)
    .ask("What is 12 × 7?")
    .reply("12 × 7 = 10 × 7 + 2 × 7\n10 × 7 = 70, 2 × 7 = 12\n70 + 12 = 82\nAnswer: 82")
    .rate(.down)
    .feedback(.unary)
    .reply("12 × 7 = 10 × 7 + 2 × 7 = 70 + 12 = 82\nAnswer: 82")
    .feedback(.critique, "2 × 7 is not 12: count it again, seven and seven.")
    .reply("2 × 7 = 14, so 70 + 15 = 85.\nAnswer: 85")
    .edit(.replace(old: "70 + 15", new: "70 + 14"))
    .reply(" = 84.\nAnswer: 84")
    .rate(.stars(5))
    .note("right at last")
    .session

  static let writing = SessionBuilder(seed: 42)
    .ask("What is 12 × 7?")
    .openReply("Ten sevens make 70, two sevens make 14. Seventy")
    .session

  /// Wide, combining, right-to-left and hostile text.
  static let scripts = SessionBuilder(seed: 42)
    .ask("Привет, 世界! 👋🏽 é é ไทย हिन्दी 한국어")
    .reply(
      """
      漢字かな交じり文は折り返しの位置を正しく数えなければならない。全角と半角がmixedのとき、どこで折り返すか。
      Flags 🇩🇪🇯🇵, family 👩‍👩‍👧, heart ❤️, keycap 1️⃣, zalgo Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A.
      Escape \u{1B}[31mred\u{1B}[0m, bell \u{07}, C1 \u{9B}2J, override \u{202E}gnp.exe, null \u{00}.
      tab\tone\ttwo\r\nטקסט בעברית
      """
    )
    .session

  /// Three versions of a reply in wide, joined, combining and right-to-left text, with remarks.
  static let wideWays = SessionBuilder(seed: 42)
    .ask("世界で一番長い川は? 🇯🇵 Z͑ͫ̓ͪ̂ͫ̽ é")
    .reply("漢字かな交じり文は折り返しの位置を正しく数えなければならない。\nFlags 🇩🇪🇯🇵, family 👩‍👩‍👧, ❤️ 1️⃣.")
    .feedback(.critique, "全角と半角がmixedのとき、👩‍👩‍👧 ne\u{301}t折り返す。טקסט")
    .reply("漢字かな交じり文は折り返しの幅を正しく数えなければならない。\nFlags 🇩🇰🇯🇵, family 👨‍👩‍👦, ❤ 2️⃣.")
    .edit(.replace(old: "🇩🇰", new: "🇩🇪")).reply("🇯🇵, e\u{301}nd 한국어")
    .rate(.stars(4)).note("とても良い 👋🏽 e\u{301}").performing(.tag("漢字"))
    .session

  /// What could be found out about the last reply of ``threeWays``, hostile and wide tokens among it.
  static let inspection: Inspection = {
    let token = { (id: Int32, text: String, isSpecial: Bool) in
      Inspection.Token(id: id, text: text, isSpecial: isSpecial)
    }
    let tokens = [
      token(17, "2", false), token(40, " ×", false), token(18, " 7\u{1B}[2J", false),
      token(90, "漢字", false), token(10, "\n", false), token(300, "<E2 96>", false),
      token(12, "Answer", false),
    ]
    let alternative = { (token: Inspection.Token, probability: Double) in
      Inspection.Alternative(
        token: token, probability: probability, chance: probability < 0.05 ? 0 : probability,
        isEnd: token.isSpecial)
    }
    let others = [
      token(2, "<|im_end|>", true), token(91, "かな交じり文", false), token(9, "\t", false),
      token(92, "👩‍👩‍👧 family", false), token(93, "\u{202E}gnp.exe", false),
    ]
    let odds = (tokens.map(Optional.some) + [nil]).enumerated().map { place, own in
      let first = own.map { [alternative($0, 0.625)] } ?? []
      let rest = others.enumerated().map { alternative($1, 0.25 / Double(1 << ($0 * 2))) }
      return Inspection.Odds(
        own: first.first, rank: own.map { _ in place == 4 ? 3 : 1 }, alternatives: first + rest)
    }
    let sheet = PromptSheet(
      turn: TurnID(6),
      text: "<|im_start|>user\nWhat is 12 × 7?\u{1B}[2J<|im_end|>\n<|im_start|>assistant\n2 × 7",
      tokens: [token(1, "<|im_start|>", true), token(8, "user", false)]
        + (0..<40).map { token(20 + Int32($0), $0 % 3 == 0 ? " 漢" : "word", false) }
        + [token(2, "<|im_end|>", true), token(1, "<|im_start|>", true)],
      digest: String(repeating: "a1", count: 32), recordedDigest: nil)
    return Inspection(sheet: sheet, tokens: tokens, keptCount: 2, odds: odds)
  }()

  /// Its page.
  static func looking(_ size: ScreenSize = ScreenSize(columns: 80, rows: 24)) -> ScreenState {
    var state = state(threeWays, size)
    state.mode = .normal
    _ = press(&state, "p")
    _ = reduce(&state, .inspected(inspection, .live))
    _ = reduce(&state, .performed(entries: 0))
    return state
  }

  /// A file of `Fixtures`.
  static func fixture(_ name: String) throws -> String {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    return try String(contentsOf: folder.appending(path: "Fixtures/\(name)"), encoding: .utf8)
  }

  /// A long conversation: every third question is tried again, every fifth regenerated.
  static func long(questions: Int) -> Session {
    var builder = SessionBuilder(seed: 42)
    for number in 1...questions {
      builder = builder.ask("question \(number)").reply("reply \(number)\nsecond row")
      if number % 3 == 0 { builder = builder.feedback(.unary).reply("another \(number)") }
      if number % 5 == 0 { builder = builder.regenerate().reply("again \(number)") }
    }
    return builder.session
  }

  static func state(
    _ session: Session, _ size: ScreenSize = ScreenSize(columns: 80, rows: 24),
    hasScreen: Bool = true
  ) -> ScreenState {
    ScreenState(
      session: session,
      model: ScreenState.ModelFacts(name: "tutor", contextTokensMax: 1024), size: size,
      hasScreen: hasScreen)
  }
}

/// Compares two states and names the fields that differ.
func expectSame(
  _ actual: ScreenState, _ expected: ScreenState,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual != expected else { return }
  let fields = zip(Mirror(reflecting: actual).children, Mirror(reflecting: expected).children)
  for (left, right) in fields where "\(left.value)" != "\(right.value)" {
    Issue.record(
      "\(left.label ?? "?") is \(left.value), not \(right.value)",
      sourceLocation: sourceLocation)
  }
}

/// Presses keys one after another, a second apart.
@discardableResult
func press(_ state: inout ScreenState, _ keys: Key...) -> [Effect] {
  press(&state, keys)
}

/// Types text key by key.
@discardableResult
func press(_ state: inout ScreenState, _ text: String) -> [Effect] {
  press(&state, text.map { .character($0) })
}

private func press(_ state: inout ScreenState, _ keys: [Key]) -> [Effect] {
  var effects: [Effect] = []
  for (number, key) in keys.enumerated() {
    effects += reduce(&state, .key(key, at: VirtualClock.start + Timestamp(number) * 2000))
  }
  return effects
}
