import SessionCore

/// A model that writes feedback from a template: anyone can add one as a small YAML file
/// (docs/formats/experiment.md).
public struct Critic: Equatable, Sendable {
  public var name: String
  /// What it is after.
  public var paper: String
  /// As the program opens it; nil is the model that is being measured.
  public var model: String?
  public var system: String?
  /// What the model is asked, one after the other; what it writes to the last is the feedback. With
  /// `{question}`, `{reply}`, `{history}`, `{answer}` (the right one), `{solution}`, and `{draft}`,
  /// what it wrote to the one before.
  public var steps: [String]
  /// How many critiques are drawn; they are given together.
  public var samples = 1
  /// Whether the right answer is masked in what it writes.
  public var masks = true
  public var sampling = Sampling(temperature: 0)

  /// Whether the critic is told the right answer.
  var usesGold: Bool {
    steps.contains { $0.contains("{answer}") || $0.contains("{solution}") }
  }

  /// F2 and F3 of *Feedback Friction* (arXiv 2506.11930v2, §2.2 and figure 10): question, history,
  /// last answer, right answer and solution; says what is wrong and not the answer. The wording is
  /// this program's own.
  static func reflective(model: String?) -> Critic {
    Critic(
      name: "reflective", paper: "Feedback Friction (arXiv 2506.11930), F2 and F3", model: model,
      steps: [
        """
        {question}
        {history}
        Answer: {reply}
        The right answer is {answer}.
        {solution}
        Say which steps of the answer are wrong and how to put them right, without giving the final \\
        answer.
        """
      ])
  }

  /// What the critic reads at one step.
  func plan(_ step: String, after draft: String, for occasion: FeedbackOccasion) -> PromptPlan {
    let text = prompt(step, draft, for: occasion.reply, in: occasion.session, occasion.problem)
    return PromptPlan(
      messages: (system.map { [.init(.system, $0)] } ?? []) + [.init(.user, text)])
  }

  private func prompt(
    _ step: String, _ draft: String, for reply: Turn, in session: Session, _ problem: PlanProblem?
  ) -> String {
    let attempts = session.attempts(upTo: reply.id)
    let history = attempts.dropLast().enumerated().map { "Attempt \($0 + 1): \($1.text)" }
    let values = [
      "question": session.question(of: reply.id)?.text ?? "", "reply": reply.text,
      "history": history.joined(separator: "\n"), "answer": problem?.answer ?? "",
      "solution": problem?.solution.joined(separator: "\n") ?? "", "draft": draft,
    ]
    return Self.fill(step, values)
  }

  /// Values are not looked into again.
  static func fill(_ template: String, _ values: [String: String]) -> String {
    var result = ""
    var rest = template[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      rest = rest[open...]
      let word = rest.dropFirst().prefix { ("a"..."z").contains($0) }
      if let value = values[String(word)], rest.dropFirst(1 + word.count).first == "}" {
        result += value
        rest = rest.dropFirst(word.count + 2)
      } else {
        result += "{"
        rest = rest.dropFirst()
      }
    }
    return result + rest
  }
}

extension Critic {
  /// Reads a critic's file.
  public init(parsing bytes: some Collection<UInt8>, file: String) throws(ScriptError) {
    let map = try ScriptField(document: bytes, file: file).mapping(of: CriticShape.critic.keys)
    try Script.checkVersion(try map.required("terntable"))
    name = try map.required("critic").name()
    paper = try map.required("paper").text()
    model = try map["model"]?.text()
    system = try map["system"]?.text()
    let (key, value) = try map.exactlyOne(of: ["template", "steps"])
    steps = []
    for field in key == "steps" ? try value.list() : [value] { steps.append(try field.text()) }
    samples = try map["samples"]?.wholeNumber(in: 1...16) ?? 1
    masks = try map["mask"]?.truth() ?? true
    sampling = try Script.sampling(map["sampling"], over: Sampling(temperature: 0))
  }
}

/// The keys of a critic's file.
enum CriticShape: String, CaseIterable {
  case critic

  var keys: [String] {
    [
      "terntable", "critic", "paper", "model", "system", "template", "steps", "samples", "mask",
      "sampling",
    ]
  }
}
