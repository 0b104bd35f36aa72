import Foundation
import SessionCore
import SessionRuntime
import Synchronization
import Testing

@testable import Experiments

/// A critic's models and tools write what its file says.
@Suite struct Critics {
  static let wrong = FeedbackSources.wrong
  static let right = FeedbackSources.right

  /// What was asked of a model, in order.
  final class Requests: Sendable {
    private let texts = Mutex<[String]>([])
    var all: [String] { texts.withLock { $0 } }
    func add(_ text: String) { texts.withLock { $0.append(text) } }
  }

  struct Played {
    var session: Session
    var skips: [TurnSkip]
    var asked: [String]
  }

  /// Plays the problem 47 × 36 with a critic: the solver is wrong `wrongs` times, then right, and the
  /// critic's model answers each request by `opinion`.
  static func play(
    file path: String, options: String = "", wrongs: Int = 1, others: [String: String] = [:],
    allowsCommands: Bool = true, opinion: @escaping @Sendable (String) -> String
  ) async throws -> Played {
    let requests = Requests()
    let problem = try #require(Problem(key: "multiplication:36,47"))
    return try await withFolder { folder in
      let experiment = try Experiment(
        parsing: """
          terntable: 1
          name: x
          allow_commands: true
          stop: { max_attempts: 6 }
          tasks: [{ family: multiplication, count: 1 }]
          feedback: { arm: { source: critic, file: "\(path)" \(options) } }
          """.utf8, file: "x.yaml")
      let responder = ScriptedResponder { request in
        let messages = request.plan.messages
        let users = messages.count { $0.role == .user }
        if users > 1 || messages.last?.text == problem.prompt {
          return users > wrongs ? Self.right : Self.wrong
        }
        let text = messages.last?.text ?? ""
        requests.add(text)
        return opinion(text)
      }
      let results = try await Run(
        Plan(experiment, problems: [PlanProblem(problem)]).units, into: folder, modelDigest: "d",
        responder: responder, application: "test", jobs: 1,
        judging: JudgingTools(allowsCommands: allowsCommands),
        critics: others.mapValues { reply in ScriptedResponder { _ in reply } }
      ).play()
      let first = try #require(results.first)
      #expect(first.ending == .finished)
      return Played(
        session: try #require(first.session), skips: first.skips, asked: requests.all)
    }
  }

  /// A critic of a test's own.
  static func play(
    critic text: String, options: String = "", wrongs: Int = 1, others: [String: String] = [:],
    allowsCommands: Bool = true, opinion: @escaping @Sendable (String) -> String
  ) async throws -> Played {
    try await withFolder { folder in
      let path = folder + "/own.yaml"
      try Data("terntable: 1\ncritic: own\npaper: none at all\n\(text)\n".utf8)
        .write(to: URL(fileURLWithPath: path))
      return try await play(
        file: path, options: options, wrongs: wrongs, others: others,
        allowsCommands: allowsCommands, opinion: opinion)
    }
  }

  static let shipped = ExperimentFormat.shipped("sessions/critics")

  @Test func twentyTwoShip() { #expect(Self.shipped.count == 22) }

  @Test(arguments: shipped)
  func everyShippedCriticNamesItsPaperAndSaysWhatItsModelOrToolWrites(file: String) async throws {
    let path = ScriptFormat.root.appending(path: file).path
    let critic = try Critic(parsing: ScriptFormat.text(file).utf8, file: path)
    #expect(file.hasSuffix("/\(critic.name).yaml"))
    #expect(critic.paper.count > 10)
    let played = try await Self.play(file: path) { _ in "In line 3: 1692 is meant." }
    let feedback = try #require(played.session.turns[2].feedback)
    let said = played.session.turns[2].text
    if critic.isToolAlone {
      #expect(feedback.author == .template)
      #expect(said.hasPrefix("Your answer is wrong.\nline 3: 40 * 6 is not 250\n"), "\(said)")
    } else {
      #expect(feedback.author == .model("tutor"))
      #expect(said.contains("[masked] is meant."), "\(said)")
      #expect(!played.asked.isEmpty)
      #expect(
        played.session.notes[TurnID(1)]?.first?.hasPrefix("critic \(critic.name): ") == true)
    }
    if critic.command != nil, !critic.isToolAlone {
      #expect(played.asked[0].contains("40 * 6 is 240, not 250"))
    }
    #expect(!said.contains("1692"))
    #expect(feedback.leaked == false)
    #expect(played.session.verdicts[TurnID(3)]?.outcome == .right)
    for text in played.asked { #expect(text.firstMatch(of: /\{[a-z0-9]+\}/) == nil, "\(text)") }
  }

  static let aspects = """
    aspects: { steps: "STEPS {reply}", sums: "SUMS {reply}", words: "WORDS {reply}" }
    """

  @Test func aspectsAreToldTogetherAndOneThatIsContentIsNotAskedAgain() async throws {
    let played = try await Self.play(critic: Self.aspects, wrongs: 2) { text in
      text.hasPrefix("SUMS") ? "Looks good to me." : "Bad."
    }
    #expect(played.session.turns[2].text == "steps: Bad.\nwords: Bad.")
    #expect(played.asked.map { $0.prefix(4) } == ["STEP", "SUMS", "WORD", "STEP", "WORD"])
  }

  @Test func eagerAspectsSpeakOneByOneAboutTheNewestReply() async throws {
    let played = try await Self.play(critic: Self.aspects + "\norder: eager", wrongs: 4) { text in
      text.hasPrefix("SUMS") ? "Looks good." : "Bad."
    }
    let said = played.session.turns.filter { $0.feedback != nil }.map(\.text)
    #expect(said == ["steps: Bad.", "words: Bad.", "words: Bad.", "steps: Bad."])
  }

  @Test func whenAllAspectsAreContentTheAnswerStands() async throws {
    let played = try await Self.play(critic: Self.aspects, wrongs: 9) { _ in "LOOKS GOOD" }
    #expect(played.session.turns.count == 2)
    #expect(played.skips.map(\.reason) == [.criticSatisfied])
    #expect(played.session.notes[TurnID(1)]?.count == 2)
  }

  @Test func nothingIsSaidWhereFeedbackIsNotExpectedToHelp() async throws {
    let waltz = "gate: 'Would it help? {reply}'\ntemplate: What is wrong?"
    let declined = try await Self.play(critic: waltz) { $0.hasPrefix("Would") ? "No." : "Much." }
    #expect(declined.session.turns.count == 2)
    #expect(declined.skips.map(\.reason) == [.helpNotExpected])
    let given = try await Self.play(critic: waltz) {
      $0.hasPrefix("Would") ? "Yes, no doubt." : "Much."
    }
    #expect(given.session.turns[2].text == "Much.")
  }

  @Test func severalModelsCriticiseAndOneMergesWhatTheySay() async throws {
    let template = "template: What is wrong?\nmerge: 'Merge: {critiques}'"
    let merged = try await Self.play(
      critic: template, options: ", models: [first, second]",
      others: ["first": "The third line.", "second": "The sum."]
    ) { _ in "unused" }
    // The first model merges, and always says the same.
    #expect(merged.session.turns[2].text == "The third line.")
    #expect(merged.session.turns[2].feedback?.author == .model("first+second"))
    let joined = try await Self.play(
      critic: "template: What is wrong?\nmodels: [first, second]",
      others: ["first": "The third line.", "second": "The sum."]
    ) { _ in "unused" }
    #expect(joined.session.turns[2].text == "The third line.\nThe sum.")
  }

  @Test func laterStepsReadEveryEarlierDraft() async throws {
    let steps = "steps: [One., 'Two {draft}.', 'Three {draft1} {draft2} {draft}.']"
    let played = try await Self.play(critic: steps) { "<\($0.prefix(3))>" }
    #expect(played.asked == ["One.", "Two <One>.", "Three <One> <Two> <Two>."])
    #expect(played.session.turns[2].text == "<Thr>")
  }

  @Test func onePrincipleIsDrawnForEachCritique() async throws {
    let text = "principles: [first, second, third]\nsamples: 16\ntemplate: 'By {principle}.'"
    let played = try await Self.play(critic: text) { $0 }
    #expect(Set(played.asked) == ["By first.", "By second.", "By third."])
  }

  @Test func aToolThatMayNotRunSaysNothing() async throws {
    let played = try await Self.play(
      critic: "command: echo unsafe\nsay: '{output}'", allowsCommands: false
    ) { _ in "" }
    #expect(played.session.turns[2].text == Feedback.unaryWording)
    #expect(played.skips.map(\.reason) == [.criticSilent])
  }

  @Test func theReplyReachesAToolAsInputAndNeverAsACommand() async throws {
    let played = try await Self.play(critic: "command: head -c 8\nsay: 'It read {output}'") { _ in
      ""
    }
    #expect(played.session.turns[2].text == "It read 47 = 40")
  }

  @Test(arguments: [
    "template: a\nsteps: [b]", "say: only", "command: true", "template: a\norder: eager",
    "aspects: { a: b }\norder: sideways", "model: a\nmodels: [b]\ntemplate: c", "samples: 2",
  ])
  func whatIsNoCriticIsRefused(text: String) {
    #expect(throws: ScriptError.self) {
      try Critic(
        parsing: "terntable: 1\ncritic: own\npaper: none\n\(text)\n".utf8, file: "own.yaml")
    }
  }

  @Test func aCriticsCommandHasToBeAllowedInTheExperiment() throws {
    let path = ScriptFormat.root.appending(path: "sessions/critics/tool-checked.yaml").path
    let text = """
      terntable: 1
      name: x
      tasks: [{ family: multiplication, count: 1 }]
      feedback: { arm: { source: critic, file: "\(path)" } }
      """
    #expect {
      try Experiment(parsing: text.utf8, file: "x")
    } throws: { ($0 as? ScriptError)?.reason == .commandNotAllowed }
    let allowed = try Experiment(parsing: (text + "\nallow_commands: true").utf8, file: "x")
    #expect(allowed.hasCommands)
  }
}
