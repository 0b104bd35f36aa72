import SessionCore

/// A model, a tool or both that write feedback from templates: anyone can add one as a small YAML
/// file (docs/formats/experiment.md).
public struct Critic: Equatable, Sendable {
  /// One kind of mistake to look for, with what the model is asked about it. *MAF*, one module.
  public struct Aspect: Equatable, Sendable {
    public var name: String
    public var template: String
  }

  /// When what several aspects say is given. *MAF*, lazy and eager refinement.
  public enum Order: String, CaseIterable, Sendable {
    /// All of it in one turn.
    case lazy
    /// Each in a turn of its own, about the reply that came of the one before.
    case eager
  }

  public var name: String
  /// What it is after.
  public var paper: String
  /// As the program opens them; each writes a critique of its own. Empty is the model that is being
  /// measured.
  public var models: [String] = []
  public var system: String?
  /// What a model is asked, one after the other; what it writes to the last is the critique. With
  /// the placeholders of ``CriticWriter/values(_:)``.
  public var steps: [String] = []
  /// Instead of ``steps``.
  public var aspects: [Aspect] = []
  public var order = Order.lazy
  /// The words with which an aspect says that it has found nothing; it is then not asked again.
  public var satisfied = "looks good"
  /// Asks whether feedback would help; it is given unless the model says no.
  public var gate: String?
  /// A shell command that reads the reply on standard input; what it prints is `{output}`.
  public var command: String?
  /// One is drawn for each critique and is `{principle}`. *Constitutional AI*, §3.1.
  public var principles: [String] = []
  /// Makes one critique of several, `{critiques}`.
  public var merge: String?
  /// What is said, with `{critique}` in it; the critique alone when left out.
  public var say: String?
  /// How many critiques are drawn from each model; they are given together.
  public var samples = 1
  /// Whether the right answer is masked in what is said.
  public var masks = true
  public var sampling = Sampling(temperature: 0)

  /// Whether a model is told the right answer, or the feedback has it in it.
  var usesGold: Bool {
    let templates = steps + aspects.map(\.template) + [gate, merge, say].compactMap(\.self)
    return templates.contains { $0.contains("{answer}") || $0.contains("{solution}") }
  }

  /// Whether no model is asked.
  var isToolAlone: Bool { steps.isEmpty && aspects.isEmpty && gate == nil }

  /// F2 and F3 of *Feedback Friction* (arXiv 2506.11930v2, §2.2 and figure 10): question, history,
  /// last answer, right answer and solution; says what is wrong and not the answer. The wording is
  /// this program's own.
  static let reflective = Critic(
    name: "reflective", paper: "Feedback Friction (arXiv 2506.11930), F2 and F3",
    steps: [
      """
      {question}
      {history}
      Answer: {reply}
      The right answer is {answer}.
      {solution}
      Say which steps of the answer are wrong and how to put them right, without giving the final \
      answer.
      """
    ])

  /// Puts values in the place of their words in braces. Values are not looked into again.
  static func fill(_ template: String, _ values: [String: String]) -> String {
    var result = ""
    var rest = template[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      rest = rest[open...]
      let word = rest.dropFirst().prefix { ("a"..."z").contains($0) || ("0"..."9").contains($0) }
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
