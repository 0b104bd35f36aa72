import Crypto
import SessionCore

/// One question with everything needed to ask it, to judge a reply and to criticise it exactly.
public struct Problem: Sendable {
  /// The name of its family.
  public let family: String
  /// Nil when no difficulty of the family would draw it.
  public let difficulty: String?
  /// Determines it completely, such as `multiplication:36,47`: ``init(key:)`` makes it again.
  public let key: String
  public let prompt: String
  /// The right answer in the spelling of the solution's last line.
  public let answer: String
  /// The lines of the reference solution, the answer's last.
  public let solution: [String]

  let item: any TaskItem

  init(_ item: some TaskItem) {
    self.item = item
    let family = type(of: item).family
    self.family = family
    difficulty = item.difficulty
    key = "\(family):\(item.key)"
    prompt = item.prompt
    answer = item.answer
    solution = item.solution
  }

  /// The problem that a key of a record or of another program names; nil when there is none.
  public init?(key: String) {
    guard key.utf8.count <= Self.keyBytesMax, let colon = key.firstIndex(of: ":"),
      let family = TaskFamily.named(String(key[..<colon])),
      let item = family.item.init(key: key[key.index(after: colon)...])
    else { return nil }
    self.init(item)
  }

  /// Longest key that is read.
  static let keyBytesMax = 4096
}

extension Problem {
  /// What its question expects, for the record.
  public var expectation: Expectation { item.expectation }

  /// Whether the problem is kept out of the bundled model's training: about one key in ten of the
  /// families it is trained on, and all others.
  public var isHeldOut: Bool { !type(of: item).isTrained || Self.isHeldOut(key: key) }

  /// The split of docs/method/tasks.md.
  static func isHeldOut(key: String) -> Bool {
    var hash = SHA256()
    var key = key
    key.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
    return hash.finalize().first { _ in true }.map { $0 < 26 } ?? false
  }

  /// Right, wrong or no answer.
  public func check(_ reply: String) -> Verdict { item.check(reply) }

  /// The first line of the reply that is wrong in itself or does not belong to the problem; nil
  /// when every line that can be judged is right.
  public func firstWrongStep(in reply: String) -> WrongStep? { item.firstWrongStep(in: reply) }

  /// An exact critique that names the first wrong step, or says that the answer is wrong or
  /// missing where no step is; nil when the reply is right.
  /// - Parameter value: whether the right step is told. In the last steps it may hold the answer.
  public func critique(of reply: String, tellingValue value: Bool = false) -> String? {
    if let step = firstWrongStep(in: reply) {
      return value ? step.critiqueWithValue ?? step.critique : step.critique
    }
    return switch check(reply).outcome {
    case .right: nil
    case .wrong: "The final answer is wrong."
    case .noAnswer: "There is no answer."
    }
  }

  /// A critique that says only which way the answer is off (too high, which letter, which cell)
  /// and never the answer; nil when the reply is right or gives no answer.
  public func directionalCritique(of reply: String) -> String? {
    item.directionalCritique(of: reply)
  }

  /// The reply up to its first wrong step, with that step put right and the rest cut: what an
  /// oracle's edit in place keeps. Nil when there is nothing to mend.
  public func repair(_ reply: String) -> String? {
    firstWrongStep(in: reply)?.start(in: reply)?.kept
  }

  /// An answer of the right kind that is not right, for a challenge that misleads.
  public func wrongAnswer(seed: UInt64) -> String {
    var chance = SplitMix64(seed: seed)
    return item.wrongAnswer(using: &chance)
  }

  /// What a critic has to mask, in the solution's order, the answer last: for the published
  /// five-digit products also the partial products (*Feedback Friction*, `utils.py`).
  public var secrets: [String] { item.secrets }

  /// The parts of the answer that can be judged one by one; empty where there are none.
  public func cells(in reply: String) -> [AnswerCell] { item.cells(in: reply) }
}

extension Problem: Hashable {
  public static func == (left: Problem, right: Problem) -> Bool { left.key == right.key }
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
