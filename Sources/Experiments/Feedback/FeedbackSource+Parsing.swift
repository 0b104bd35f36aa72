import Foundation
import SessionCore

extension Experiment.Treatment {
  /// One entry of `feedback`: a name and what it stands for; without a source the name is the
  /// source's.
  init(_ name: String, _ field: ScriptField, attemptsMax: Int?) throws(ScriptError) {
    let map =
      field.shape == .nothing
      ? ScriptMapping(field: field, values: [:], keys: [:])
      : try field.mapping(of: ExperimentShape.treatment.keys)
    let word: String
    if let value = map["source"] {
      word = try value.word(of: FeedbackSource.options.map(\.source))
    } else {
      guard FeedbackSource.options.contains(where: { $0.source == name }) else {
        throw field.error(
          .unknownValue(
            name, allowed: FeedbackSource.options.map(\.source),
            nearest: ScriptError.nearest(to: name, among: FeedbackSource.options.map(\.source))))
      }
      word = name
    }
    let own = FeedbackSource.options.first { $0.source == word }?.keys ?? []
    for (key, place) in map.keys where !(own + Self.commonKeys).contains(key) {
      throw place.error(.optionOfAnotherSource(key, source: word))
    }
    self.name = name
    source = try FeedbackSource(word, map)
    ask = try map["ask"]?.text()
    when = source.usualWhen
    rounds = source.usualRounds ?? max(1, (attemptsMax ?? 4) - 1)
    otherwise = source.usualFallback
    if let value = map["when"] {
      when = Script.When(rawValue: try value.word(of: Script.When.allCases.map(\.rawValue))) ?? when
    }
    if let value = map["rounds"] { rounds = try value.wholeNumber(in: 0...Script.repeatMax) }
    if let value = map["otherwise"] {
      otherwise = try Script.fallback(value, ScriptPlaceholders(problems: []))
    }
    attempts = min(rounds + 1, attemptsMax ?? .max)
    if let value = map["frame"] { try put(in: try value.text(), value) }
  }

  /// The keys that go with every source.
  private static let commonKeys = ["source", "when", "rounds", "otherwise", "ask", "frame"]

  /// Puts the frame around what the source says, and around a "Try again." in its place.
  private mutating func put(
    in text: String, _ field: ScriptField
  ) throws(ScriptError) {
    if case .edit = source { throw field.error(.optionOfAnotherSource("frame", source: "edit")) }
    if case .none = source { throw field.error(.optionOfAnotherSource("frame", source: "none")) }
    let frame = FeedbackSource.Frame(text: text, attempts: attempts)
    if case .action(.unary(let words)) = otherwise {
      otherwise = .action(.automatic(.framed(.unary(words), frame), otherwise: .skip))
    }
    source = .framed(source, frame)
  }
}

extension FeedbackSource {
  /// The words for sources, and the options each has.
  static let options: [(source: String, keys: [String])] = [
    ("none", []), ("unary", ["say"]), ("binary", []), ("critique", ["value", "mask"]),
    ("false-critique", []), ("directional", []), ("non-directional", []), ("template", []),
    ("edit", []), ("noisy", ["flip"]),
    ("challenge", ["say", "final"]),
    ("suggestion", ["say", "answer"]), ("ask-again", ["form", "set"]),
    ("judge", ["intent", "knowledge"]), ("reflective", ["model", "models", "mask"]),
    ("critic", ["file", "model", "models", "mask"]),
  ]

  init(_ word: String, _ map: ScriptMapping) throws(ScriptError) {
    let say = try map["say"]?.text()
    switch word {
    case "none": self = .none
    case "unary": self = .unary(say ?? Feedback.unaryWording)
    case "binary": self = .unary(Wordings.binary)
    case "critique": self = try Self.critique(map)
    case "false-critique": self = .falseCritique
    case "directional": self = .directional
    case "non-directional": self = .nonDirectional
    case "noisy": self = .noisy(flip: try map.required("flip").number(in: 0...1))
    case "template": self = .template
    case "edit": self = .edit
    case "challenge":
      self = .challenge(
        [say ?? Script.challengeWording], suggesting: .wrong, final: try map["final"]?.text())
    case "suggestion":
      self = .challenge(
        [say ?? Wordings.suggestion], suggesting: try Self.choice(map["answer"]) ?? .wrong)
    case "ask-again":
      let set: Wordings.AskAgainSet = try Self.choice(map["set"]) ?? .a
      let form: Wordings.AskAgainForm = try Self.choice(map["form"]) ?? .progressive
      self = .challenge(Wordings.askAgain(set, form), suggesting: .wrong)
    case "judge":
      self = .judge(
        Judge(
          intent: try Self.choice(try map.required("intent")) ?? .constructive,
          knowledge: try Self.choice(try map.required("knowledge")) ?? .parametric))
    default: self = .critic(try Self.critic(word, map))
    }
  }

  private static func critique(_ map: ScriptMapping) throws(ScriptError) -> FeedbackSource {
    let tellsValue = try map["value"]?.truth() ?? false
    if !tellsValue, let mask = map.keys["mask"] {
      throw mask.error(.optionOfAnotherSource("mask", source: "critique without value: true"))
    }
    guard tellsValue else { return .critique(.step) }
    return .critique(try map["mask"]?.truth() ?? true ? .maskedValue : .value)
  }

  private static func critic(_ word: String, _ map: ScriptMapping) throws(ScriptError) -> Critic {
    var critic = Critic.reflective
    if word == "critic" {
      let field = try map.required("file")
      let path = try field.besideDocument()
      guard let bytes = FileManager.default.contents(atPath: path) else {
        throw field.error(.unreadableFile(path))
      }
      critic = try Critic(parsing: bytes, file: path)
    }
    let models = try Critic.models(map)
    if !models.isEmpty { critic.models = models }
    if let value = map["mask"] { critic.masks = try value.truth() }
    return critic
  }

  private static func choice<Choice: RawRepresentable & CaseIterable>(
    _ field: ScriptField?
  ) throws(ScriptError) -> Choice? where Choice.RawValue == String {
    guard let field else { return nil }
    return Choice(rawValue: try field.word(of: Choice.allCases.map(\.rawValue)))
  }
}
