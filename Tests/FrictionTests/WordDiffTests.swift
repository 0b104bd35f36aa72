import Testing

@testable import Friction

@Suite struct WordDiffTests {
  @Test(
    "a change is shown in git's plain form",
    arguments: [
      ("12 × 7 = 74.", "12 × 7 = 84.", "12 × 7 = [-74-]{+84+}."),
      ("one two three", "one three", "one [-two -]three"),
      ("one three", "one two three", "one {+two +}three"),
      ("a b c d", "a x y d", "a [-b c-]{+x y+} d"),
      ("It is 3.14, I think", "It is 3.15, I think", "It is [-3.14-]{+3.15+}, I think"),
      ("", "new", "{+new+}"), ("old", "", "[-old-]"), ("same", "same", "same"), ("", "", ""),
      ("答えは三です", "答えは四です", "答えは[-三-]{+四+}です"),
    ])
  func plain(old: String, new: String, expected: String) {
    let diff = WordDiff(from: old, to: new)
    #expect(diff.plain == expected)
    #expect(diff.isWordByWord)
    #expect(diff.isUnchanged == (old == new))
  }

  @Test("the pieces are both texts byte for byte, whatever the texts")
  func pieces() {
    var random = SeededGenerator(state: 7)
    let alphabet = [
      "a", "b", " ", "  ", "\n", "\r\n", "1", "2.5", ",", "é", "e\u{301}", "👩‍👩‍👧", "漢", "\0",
      "\u{202E}",
      "ZZZ",
    ]
    for _ in 0..<400 {
      let texts = (0..<2).map { _ in
        (0..<Int.random(in: 0...24, using: &random)).map { _ in
          alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        }.joined()
      }
      for editsMax in [WordDiff.editsMax, 3, 0] {
        let diff = WordDiff(from: texts[0], to: texts[1], editsMax: editsMax)
        let old = diff.pieces.filter { $0.change != .added }.map(\.text).joined()
        let new = diff.pieces.filter { $0.change != .removed }.map(\.text).joined()
        #expect(Array(old.utf8) == Array(texts[0].utf8))
        #expect(Array(new.utf8) == Array(texts[1].utf8))
      }
    }
  }

  @Test("characters that only look equal are a change")
  func spelling() {
    #expect(!WordDiff(from: "caf\u{E9}", to: "cafe\u{301}").isUnchanged)
  }

  @Test("the script is as short as the longest common subsequence allows")
  func shortest() {
    var random = SeededGenerator(state: 11)
    for _ in 0..<300 {
      let (old, new) = (
        (0..<Int.random(in: 0...12, using: &random)).map { _ in
          Int.random(in: 0..<3, using: &random)
        },
        (0..<Int.random(in: 0...12, using: &random)).map { _ in
          Int.random(in: 0..<3, using: &random)
        }
      )
      let script = EditScript.shortest(from: old, to: new, editsMax: 100)
      #expect(script.isShortest)
      let same = script.steps.count { if case .same = $0 { true } else { false } }
      #expect(same == longestCommonSubsequence(old, new))
    }
  }

  @Test("texts too different for the limit are shown as one change between common ends")
  func limit() {
    let diff = WordDiff(from: "start a b c end", to: "start x y z end", editsMax: 2)
    #expect(!diff.isWordByWord)
    #expect(diff.plain == "start [-a b c-]{+x y z+} end")
  }

  @Test("thousands of words, and thousands of changes, are compared at once")
  func large() {
    let words = (0..<6000).map { "word\($0 % 977)" }
    let old = words.joined(separator: " ")
    let new = words.enumerated().map { $0 % 10 == 0 ? "changed\($0)" : $1 }.joined(separator: " ")
    let diff = WordDiff(from: old, to: new)
    #expect(diff.isWordByWord)
    #expect(diff.pieces.count { $0.change == .removed } == 600)
    let other = (0..<6000).map { "other\($0)" }.joined(separator: " ")
    #expect(!WordDiff(from: old, to: other).isWordByWord)
  }

  private func longestCommonSubsequence(_ a: [Int], _ b: [Int]) -> Int {
    var row = [Int](repeating: 0, count: b.count + 1)
    for x in a {
      var diagonal = 0
      for (index, y) in b.enumerated() {
        let above = row[index + 1]
        row[index + 1] = x == y ? diagonal + 1 : max(above, row[index])
        diagonal = above
      }
    }
    return row[b.count]
  }
}

/// A linear congruential generator (Knuth, MMIX), so that every run tests the same texts.
private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ (state >> 29)
  }
}
