import Friction
import Testing

@Suite struct FinalAnswerTests {
  @Test(
    "the last number of an unmarked reply is its answer",
    arguments: [
      ("12 × 7 = 84", "84"), ("First 70, then 14. Together that is 84.", "84"),
      ("It is -3", "-3"), ("It is \u{2212}3", "-3"), ("7-3", "3"), ("(2)-5", "5"),
      ("about +5", "5"), ("1,234,567 people", "1234567"), ("1\u{202F}234", "1234"),
      ("1{,}234", "1234"), ("3.50 €", "3.5"), (".5", "0.5"), ("-.5", "-0.5"), ("84.", "84"),
      ("084.00", "84"), ("-0.0", "0"), ("12,34", "34"), ("1234,567", "567"), ("3, 4", "4"),
      ("1.2.3", "3"),
    ])
  func lastNumber(reply: String, number: String) {
    #expect(FinalAnswer(in: reply)?.number == number)
    #expect(FinalAnswer(in: reply)?.isMarked == false)
  }

  @Test(
    "a marked answer wins over later numbers",
    arguments: [
      ("Answer: 84\nThat took 3 steps.", "84"), ("answer:84 of 100", "84"),
      ("**Answer:** 84 (2 steps)", "84"), ("**Answer**: 84, step 3", "84"),
      ("Answer: 12 × 7 = 84", "84"), ("Answer:\n\n84\n2 checks", "84"), ("#### 84\n(5)", "84"),
      ("#### $1,000.00\n7", "1000"), ("so \\boxed{84} by 2 ways", "84"),
      ("\\boxed{x = 84} in 2", "84"), ("\\boxed{1{,}234} 5", "1234"), ("\\boxed{84", "84"),
      ("Answer: 1\nAnswer: 2\n3", "2"), ("Answer: 1 \\boxed{2} 3", "2"), ("ANSWER: 9 8", "9"),
    ])
  func marked(reply: String, number: String) {
    #expect(FinalAnswer(in: reply)?.number == number)
    #expect(FinalAnswer(in: reply)?.isMarked == true)
  }

  @Test("a heading is no mark")
  func heading() {
    #expect(FinalAnswer(in: "#### Step 2: add\n70 + 14 = 84")?.number == "84")
    #expect(FinalAnswer(in: "#### Step 2: add\n70 + 14 = 84")?.isMarked == false)
  }

  @Test(
    "a mark without a number is no answer", arguments: ["Take 12 and 7. Answer:", "7 Answer: x"])
  func markAlone(reply: String) {
    #expect(FinalAnswer(in: reply) == nil)
  }

  @Test(
    "a reply without digits has no answer",
    arguments: ["", "eighty-four", "٨٤", "-", ".", "#### ", "\\boxed{}"])
  func noNumber(reply: String) {
    #expect(FinalAnswer(in: reply) == nil)
  }

  @Test("hostile bytes are read without harm, and long ones in linear time")
  func hostile() {
    let broken = String(decoding: [0xFF, 0x00, 0x1B, 0x38, 0xE2, 0x88, 0x34, 0xC2], as: UTF8.self)
    #expect(FinalAnswer(in: broken)?.number == "4")
    let commas = String(repeating: "1,", count: 200_000)
    #expect(FinalAnswer(in: commas)?.number == "1")
    let digits = String(repeating: "9", count: 300_000)
    #expect(FinalAnswer(in: "Answer: " + digits)?.number == digits)
    let marks = String(repeating: "Answer:\n", count: 100_000)
    #expect(FinalAnswer(in: marks) == nil)
    let hashes = String(repeating: "#", count: 200_000)
    #expect(FinalAnswer(in: hashes + "x7")?.number == "7")
  }

  @Test("equal numbers have one spelling, and anything else has none")
  func normalised() {
    #expect(FinalAnswer.normalised(" 1,234.50\n") == "1234.5")
    #expect(FinalAnswer.normalised("+84") == "84")
    #expect(FinalAnswer.normalised("-0") == "0")
    #expect(FinalAnswer.normalised("84 apples") == nil)
    #expect(FinalAnswer.normalised("1 2") == nil)
    #expect(FinalAnswer.normalised("") == nil)
    #expect(FinalAnswer.normalised("x-3") == nil)
  }
}
