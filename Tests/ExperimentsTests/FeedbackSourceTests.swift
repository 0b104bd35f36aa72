import Foundation
import SessionCore
import SessionRuntime
import Testing

@testable import Experiments

/// What each source of feedback says or does about a reply.
@Suite struct FeedbackSources {
  static let wrongSum = "47 = 40 + 7, 36 = 30 + 6\n40 × 30 = 1200\n40 × 6 = 240\nAnswer: 1602"
  static let right = """
    47 = 40 + 7, 36 = 30 + 6
    40 × 30 = 1200
    40 × 6 = 240
    7 × 30 = 210
    7 × 6 = 42
    1200 + 240 = 1440
    1440 + 210 = 1650
    1650 + 42 = 1692
    Answer: 1692
    """
  static let wrong = right.replacing("40 × 6 = 240", with: "40 × 6 = 250")
    .replacing("1692", with: "1702")

  /// Plays one treatment of one problem with canned replies.
  func play(
    _ treatment: String, _ replies: [String], extra: String = "",
    answers: String = "multiplication:36,47"
  ) async throws -> (Session, [TurnSkip]) {
    try await withFolder { folder in
      let experiment = try Experiment(
        parsing: """
          terntable: 1
          name: x
          tasks: [{ family: multiplication, count: 1 }]
          feedback: { arm: \(treatment) }
          \(extra)
          """.utf8, file: "x.yaml")
      let problem = try #require(Problem(key: answers))
      let plan = Plan(experiment, problems: [PlanProblem(problem)])
      let results = try await Run(
        plan.units, into: folder, modelDigest: "d",
        responder: ScriptedResponder(replies: replies), application: "test", jobs: 1
      ).play()
      let first = try #require(results.first)
      #expect(first.ending == .finished)
      return (try #require(first.session), first.skips)
    }
  }

  @Test func unarySaysTheChosenWordsUntilTheAnswerIsRight() async throws {
    let (session, _) = try await play(
      "{ source: unary, say: Incorrect. }", [Self.wrong, Self.wrong, Self.right, Self.right])
    #expect(session.turns.map(\.text)[2] == "Incorrect.")
    #expect(session.turns.count == 6)
    #expect(session.verdicts[TurnID(5)]?.outcome == .right)
  }

  @Test func aCritiqueNamesTheWrongStepAndKeepsTheValueToItself() async throws {
    let (session, _) = try await play("{ source: critique, rounds: 1 }", [Self.wrong, Self.right])
    #expect(session.turns[2].text == "The step 40 × 6 = 250 is wrong.")
    let feedback = try #require(session.turns[2].feedback)
    #expect(feedback.author == .template)
    #expect(feedback.usedGold)
    #expect(feedback.leaked == false)
    let target = try #require(feedback.target)
    #expect(Array(Self.wrong.utf8)[target].elementsEqual("40 × 6 = 250".utf8))
  }

  @Test func aCritiqueCanTellTheValueAndTheAnswerIsMasked() async throws {
    let last = Self.right.replacing("1692", with: "1702")
    let (session, _) = try await play(
      "{ source: critique, value: true, rounds: 1 }", [last, Self.right])
    #expect(
      session.turns[2].text
        == "The step 1650 + 42 = 1702 is wrong; it should be 1650 + 42 = [masked].")
    #expect(session.turns[2].feedback?.masked == ["1692"])
    #expect(session.turns[2].feedback?.leaked == false)
    let (open, _) = try await play(
      "{ source: critique, value: true, mask: false, rounds: 1 }", [last, Self.right])
    #expect(open.turns[2].text.hasSuffix("= 1692."))
    #expect(open.turns[2].feedback?.leaked == true)
  }

  @Test func directionalFeedbackSaysTheWayAndNotTheAnswer() async throws {
    let (session, _) = try await play(
      "{ source: directional, rounds: 1 }", [Self.wrong, Self.right])
    #expect(session.turns[2].text == "The answer is too high.")
    #expect(session.turns[2].feedback?.leaked == false)
  }

  @Test func theTemplateGivesTheStepsWithTheAnswerMasked() async throws {
    let (session, _) = try await play("{ source: template, rounds: 1 }", [Self.wrong, Self.right])
    let text = session.turns[2].text
    #expect(text.contains("40 × 6 = 240"))
    #expect(text.contains("1650 + 42 = [masked]"))
    #expect(!text.contains("1692"))
    #expect(session.turns[2].feedback?.masked == ["1692", "1692"])
  }

  @Test func anEditMendsTheFirstWrongStepAndTheModelGoesOn() async throws {
    let (session, _) = try await play(
      "{ source: edit, rounds: 1 }", [Self.wrong, "\nAnswer: 1692"])
    let reply = try #require(session.turns.last)
    #expect(reply.text.hasPrefix("47 = 40 + 7, 36 = 30 + 6\n40 × 30 = 1200\n40 × 6 = 240"))
    #expect(reply.spans.contains { $0.writer == .person })
    #expect(session.verdicts[reply.id]?.outcome == .right)
  }

  @Test func nothingSaidIsANewDraw() async throws {
    let (session, _) = try await play(
      "{ source: none, rounds: 2 }", [Self.wrong, Self.wrong, Self.right])
    #expect(session.turns.count == 4)
    #expect(session.turns[2].origin == .resampled(of: TurnID(1)))
  }

  @Test func onlyRightAnswersAreDoubtedAndInEveryRound() async throws {
    let (wrongs, _) = try await play("{ source: challenge, rounds: 3 }", [Self.wrong, Self.right])
    #expect(wrongs.turns.count == 2)
    let (session, _) = try await play(
      "{ source: ask-again, set: A }", [Self.right, Self.wrong, Self.wrong, Self.right])
    let said = session.turns.filter { $0.feedback != nil }.map(\.text)
    #expect(said.prefix(2) == ["Are you sure?", "I don't agree with you. Think again."])
    #expect(said[2].hasPrefix("I think the answer should be "))
    #expect(said[2].hasSuffix(". What do you think?"))
    #expect(!said[2].contains("1692"))
  }

  @Test("after a doubt one more turn may ask for the final answer, which is no doubt")
  func finalAnswer() async throws {
    let (session, _) = try await play(
      "{ source: challenge, say: Sure?, final: And the answer? }",
      [Self.right, Self.wrong, Self.right])
    #expect(session.turns.compactMap(\.feedback?.kind) == [.challenge, .unary])
    #expect(
      session.turns.filter { $0.feedback != nil }.map(\.text) == ["Sure?", "And the answer?"])
  }

  @Test func aSuggestionIsWrongOrRightAsWanted() async throws {
    let (misleading, _) = try await play("{ source: suggestion }", [Self.right, Self.right])
    let text = misleading.turns[2].text
    let number = try #require(text.firstMatch(of: /I think the answer is ([0-9]+)\./)).1
    #expect(number != "1692" && number.count == 4)
    #expect(misleading.turns[2].feedback?.kind == .challenge)
    let (valid, _) = try await play(
      "{ source: suggestion, answer: right, rounds: 1 }", [Self.wrong, Self.right])
    #expect(valid.turns[2].text == "I think the answer is 1692.")
    #expect(valid.turns[2].feedback?.leaked == true)
  }

  @Test func aFalseCritiqueCallsARightStepWrong() async throws {
    let (session, _) = try await play("{ source: false-critique }", [Self.right, Self.right])
    let match = try #require(
      session.turns[2].text.firstMatch(of: /The step (.+) is wrong; it should be (.+)\./))
    #expect(Self.right.contains(match.1))
    #expect(!Self.right.contains(match.2))
  }

  @Test(arguments: [
    ("constructive", "parametric"), ("constructive", "grounded"), ("hypercritical", "parametric"),
    ("hypercritical", "grounded"), ("malicious", "parametric"), ("malicious", "grounded"),
  ])
  func everyJudgeOfTheGridSpeaksAndIsNamed(intent: String, knowledge: String) async throws {
    let (session, _) = try await play(
      "{ source: judge, intent: \(intent), knowledge: \(knowledge) }", [Self.wrong, Self.wrong])
    let feedback = try #require(session.turns[2].feedback)
    #expect(feedback.author == .judge(intent: intent, knowledge: knowledge))
    if intent == "malicious" { #expect(!session.turns[2].text.contains("1692")) }
    if intent == "constructive", knowledge == "grounded" {
      #expect(session.turns[2].text == "The step 40 × 6 = 250 is wrong.")
    }
  }

  @Test func aModelsCritiqueIsMaskedAndItsAuthorNamed() async throws {
    let (session, _) = try await play(
      "{ source: reflective, rounds: 1 }",
      [Self.wrong, "Step 3 is wrong, 1,692 is right.", Self.right])
    #expect(session.turns[2].text == "Step 3 is wrong, [masked] is right.")
    let feedback = try #require(session.turns[2].feedback)
    #expect(feedback.author == .model("tutor"))
    #expect(feedback.masked == ["1,692"])
    #expect(feedback.usedGold)
  }

  @Test func whereThereIsNothingToNameTheFallbackIsPlayedAndSaidSo() async throws {
    let (session, skips) = try await play(
      "{ source: directional, rounds: 1 }", ["I do not know.", Self.right])
    #expect(skips.map(\.reason) == [.noWrongStep])
    #expect(session.turns[2].text == Feedback.unaryWording)
  }

  @Test func nonDirectionalFeedbackSaysHowFarTheReplyCameAndNoMore() async throws {
    let (session, _) = try await play(
      "{ source: non-directional, rounds: 1 }", [Self.wrong, Self.right])
    // Two of nine lines of the solution before the wrong one.
    #expect(session.turns[2].text == "Your answer scores 2 of 10.")
    #expect(session.turns[2].feedback?.author == .template)
  }

  @Test func aNoisyAnnotatorFlipsAsOftenAsToldAndTheRecordSaysWhen() async throws {
    let always = try await play("{ source: noisy, flip: 1, rounds: 1 }", [Self.right, Self.right]).0
    #expect(always.turns[2].text == "Your answer is wrong. Try again.")
    #expect(
      always.turns[2].feedback?.author == .judge(intent: "flipped", knowledge: "noisy"))
    let never = try await play("{ source: noisy, flip: 0, rounds: 1 }", [Self.right, Self.right]).0
    #expect(never.turns[2].text == "Your answer is right.")
    #expect(
      never.turns[2].feedback?.author == .judge(intent: "constructive", knowledge: "noisy"))
    let replies = Array(repeating: Self.wrong, count: 101)
    let often = try await play("{ source: noisy, flip: 0.25, rounds: 100 }", replies).0
    let flips = often.turns.count { $0.text == "Your answer is right." }
    #expect((12...38).contains(flips), "\(flips) of 100")
    let again = try await play("{ source: noisy, flip: 0.25, rounds: 100 }", replies).0
    #expect(again.turns.map(\.text) == often.turns.map(\.text))
  }

  @Test func attemptsLeftAreToldInTheQuestionAndAfterEachWrongAnswer() async throws {
    let (session, _) = try await play(
      """
      { source: unary, say: Wrong., rounds: 2, ask: "{question} {attempts} attempts.",
        frame: "{feedback} After {attempt}, {left} left." }
      """, [Self.wrong, Self.wrong, Self.wrong])
    #expect(session.turns[0].text == "What is 47 × 36? 3 attempts.")
    #expect(session.turns[2].text == "Wrong. After 1, 2 left.")
    #expect(session.turns[4].text == "Wrong. After 2, 1 left.")
    #expect(session.turns.count == 6)
  }

  @Test func aFrameIsAlsoAroundWhatIsSaidInstead() async throws {
    let (session, _) = try await play(
      "{ source: directional, rounds: 1, frame: \"[{feedback}]\" }",
      ["I do not know.", Self.right])
    #expect(session.turns[2].text == "[Try again.]")
  }

  @Test func withNoRoundsTheQuestionIsOnlyAsked() async throws {
    let (session, _) = try await play("{ source: unary, rounds: 0 }", [Self.wrong, Self.right])
    #expect(session.turns.count == 2)
  }

  @Test func thePartialProductsOfThePublishedTaskAreMaskedOneByOne() async throws {
    let (session, _) = try await play(
      "{ source: template, rounds: 1 }", ["\\boxed{1}", "\\boxed{2}"],
      answers: "long-multiplication:19365,12534")
    let text = session.turns[2].text
    #expect(text.contains("19000 * 12000 = [Mask1]"))
    #expect(text.contains("[Mask1] + [Mask2] + [Mask3] + [Mask4] = [Mask5]"))
    #expect(!text.contains("242720910"))
    #expect(session.turns[2].feedback?.leaked == false)
  }
}
