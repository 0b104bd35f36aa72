import SessionCore
import SessionRuntime

/// What came of asking a critic.
enum CriticOpinion: Equatable, Sendable {
  case says(String)
  /// There is nothing to say, for this reason; the conversation ends.
  case content(TurnSkip.Reason)
  /// It should have said something and did not.
  case silent
}

/// Has the models and the tool of a critic write about one reply.
struct CriticWriter {
  /// Longest output of a tool that a model reads or that is said, in characters.
  static let outputMax = 2000

  let critic: Critic
  let occasion: FeedbackOccasion
  /// Names what fails.
  let unit: String
  let allowsCommands: Bool
  /// Gives the model of that name; nil the one that is measured.
  let models: @Sendable (String?) -> (any Responder)?
  /// Aspects that have found nothing, and are not asked again on this question.
  var contentAspects: Set<String>
  private(set) var cost = DrawCost()
  private var chance: SplitMix64
  private var output = ""
  private var principle = ""

  init(
    _ critic: Critic, about occasion: FeedbackOccasion, unit: String, allowsCommands: Bool,
    contentAspects: Set<String>, models: @escaping @Sendable (String?) -> (any Responder)?
  ) {
    (self.critic, self.occasion, self.unit) = (critic, occasion, unit)
    (self.allowsCommands, self.contentAspects, self.models) = (
      allowsCommands, contentAspects, models
    )
    chance = SplitMix64(
      seed: occasion.session.header.seed ^ UInt64(occasion.session.turns.count))
  }

  mutating func write() async throws(PlayStop) -> CriticOpinion {
    if let command = critic.command {
      guard allowsCommands else { return .silent }
      let result = await ShellCommand(command).run(on: occasion.reply.text)
      output = String(result.output.trimmed.prefix(Self.outputMax))
      // Nothing found, and nobody else to ask.
      if critic.isToolAlone, result.exitCode == 0, output.isEmpty { return .silent }
    }
    if let gate = critic.gate {
      guard let text = try await ask(gate, of: critic.models.first) else { return .silent }
      if Self.saysNo(text) { return .content(.helpNotExpected) }
    }
    if !critic.aspects.isEmpty { return try await writeAspects() }
    guard !critic.steps.isEmpty else { return said("") }
    guard let texts = try await critiques(), !texts.isEmpty else { return .silent }
    guard let merge = critic.merge, texts.count > 1 else {
      return said(texts.joined(separator: "\n"))
    }
    let list = texts.map { "- \($0)" }.joined(separator: "\n")
    guard let one = try await ask(merge, of: critic.models.first, ["critiques": list]) else {
      return .silent
    }
    return said(one)
  }

  private func said(_ critique: String) -> CriticOpinion {
    let text =
      critic.say.map { Critic.fill($0, values(["critique": critique])).trimmed } ?? critique
    return text.trimmed.isEmpty ? .silent : .says(text)
  }

  /// One from each model and sample, equal ones once; nil when a model cannot read so much.
  private mutating func critiques() async throws(PlayStop) -> [String]? {
    var texts: [String] = []
    for model in critic.models.isEmpty ? [nil] : critic.models.map(Optional.some) {
      for _ in 0..<critic.samples {
        if !critic.principles.isEmpty { principle = chance.pick(critic.principles) }
        var drafts: [String: String] = [:]
        for (index, step) in critic.steps.enumerated() {
          guard let text = try await ask(step, of: model, drafts) else { return nil }
          drafts["draft"] = text
          drafts["draft\(index + 1)"] = text
        }
        let text = drafts["draft"] ?? ""
        if !text.trimmed.isEmpty, !texts.contains(text) { texts.append(text) }
      }
    }
    return texts
  }

  private mutating func writeAspects() async throws(PlayStop) -> CriticOpinion {
    var remarks: [String] = []
    let count = critic.aspects.count
    // One after the other speaks first, so that each has its turn.
    let first = critic.order == .eager ? occasion.round : 0
    for place in 0..<count {
      let aspect = critic.aspects[(first + place) % count]
      guard !contentAspects.contains(aspect.name) else { continue }
      guard let text = try await ask(aspect.template, of: critic.models.first) else {
        return .silent
      }
      if text.lowercased().contains(critic.satisfied.lowercased()) {
        contentAspects.insert(aspect.name)
      } else if !text.trimmed.isEmpty {
        remarks.append("\(aspect.name): \(text)")
        if critic.order == .eager { break }
      }
    }
    if remarks.isEmpty {
      return contentAspects.isSuperset(of: critic.aspects.map(\.name))
        ? .content(.criticSatisfied) : .silent
    }
    return said(remarks.joined(separator: "\n"))
  }

  /// What the model writes; nil when there is no such model or it cannot read so much.
  private mutating func ask(
    _ template: String, of model: String?, _ more: [String: String] = [:]
  ) async throws(PlayStop) -> String? {
    guard !Task.isCancelled else { throw .cancelled }
    guard let responder = models(model) else { return nil }
    let question = PromptPlan.Message(.user, Critic.fill(template, values(more)))
    let system = critic.system.map { [PromptPlan.Message(.system, $0)] } ?? []
    let request = ReplyRequest(
      plan: PromptPlan(messages: system + [question]), sampling: critic.sampling,
      seed: chance.next(), history: .chat)
    do throws(ResponderFailure) {
      let (text, statistics) = try await responder.begin(request).whole()
      cost.add(statistics)
      return text
    } catch {
      // A critic that cannot read so much says nothing; anything else is the model's failure.
      if case .promptTooLong = error { return nil }
      throw .failed(.responder(unit: unit, error))
    }
  }

  /// What the words in braces of a template stand for.
  private func values(_ more: [String: String]) -> [String: String] {
    let (session, reply, problem) = (occasion.session, occasion.reply, occasion.problem)
    let attempts = session.attempts(upTo: reply.id)
    let history = attempts.dropLast().enumerated().map { "Attempt \($0 + 1): \($1.text)" }
    return [
      "question": session.question(of: reply.id)?.text ?? "", "reply": reply.text,
      "history": history.joined(separator: "\n"), "answer": problem?.answer ?? "",
      "solution": problem?.solution.joined(separator: "\n") ?? "", "output": output,
      "principle": principle,
    ].merging(more) { $1 }
  }

  /// Whether the first yes or no of a text is a no.
  static func saysNo(_ text: String) -> Bool {
    text.lowercased().split { !$0.isLetter }.first { ["yes", "no"].contains($0) } == "no"
  }
}
