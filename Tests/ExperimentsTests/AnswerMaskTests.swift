import Testing

@testable import Experiments

/// Feedback does not give the answer away, and says when it did.
@Suite struct AnswerMaskTests {
  @Test(arguments: [
    ("1692", "It is 1692.", "It is [masked]."),
    ("1692", "It is 1,692, not 16920.", "It is [masked], not 16920."),
    ("1692", "240 + 1692 = 1932", "240 + [masked] = 1932"),
    ("-7", "Take -7 or 7.", "Take [masked] or 7."),
    ("\\frac{1}{2}", "So \\boxed{\\frac{1}{2}}.", "So \\boxed{[masked]}."),
    ("Paris", "The capital is paris, not Parisian.", "The capital is [masked], not Parisian."),
    ("New York", "It is New  York.", "It is [masked]."),
    ("A", "A dog is (A), not B.", "A dog is ([masked]), not B."),
    ("B", "Option B: b is no choice.", "Option [masked]: b is no choice."),
    ("2A7", "It is 2a7 in base 16.", "It is [masked] in base 16."),
  ])
  func wholeWordsAreMasked(answer: String, text: String, expected: String) {
    #expect(AnswerMask([answer]).applied(to: text).text == expected)
  }

  @Test func aLeakIsFoundAlsoWhereTheMaskDoesNotReach() {
    let mask = AnswerMask(["1692"])
    #expect(mask.leaks(in: "1 692"))
    #expect(mask.leaks(in: "1692"))
    #expect(!mask.leaks(in: "16921 and 692"))
    #expect(!mask.leaks(in: mask.applied(to: "1,692").text))
  }

  @Test func theLongestSpellingIsTakenFirst() {
    let (text, masked) = AnswerMask(["York", "New York"]).applied(to: "New York")
    #expect(text == "[masked]")
    #expect(masked == ["New York"])
  }
}
