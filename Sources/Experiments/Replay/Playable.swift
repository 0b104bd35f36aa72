import SessionCore

/// A session that is planned and not yet played: a unit of a script, or a record to play again.
public protocol Playable: Sendable {
  /// Names the journal's file, without its ending.
  var id: String { get }
  var title: String { get }
  var seed: UInt64 { get }
  var sampling: Sampling { get }
  var history: HistoryStyle { get }
  /// As the person named it.
  var model: String { get }
  /// What the model's ternary layers read; nil leaves it to the model.
  var activations: ActivationPrecision? { get }
  var provenance: Provenance { get }
  /// The model that judges replies, if one is to.
  var judge: Script.Judge? { get }
  /// Models besides ``model`` that single replies name.
  var otherModels: Set<String> { get }
  /// What is tried when an answer is drawn again.
  var mitigation: Mitigation { get }
  /// What decides the text besides the seed, the sampling, the history style and the model.
  var contents: [String] { get }
  /// Plays every turn.
  func play(on player: Player) async throws(PlayStop)
}

extension Playable {
  public var judge: Script.Judge? { nil }
  public var mitigation: Mitigation { .none }
  public var otherModels: Set<String> { [] }
  public var activations: ActivationPrecision? { nil }

  /// Equal for units that would be played alike.
  /// - Parameter activations: what the model reads in the end.
  public func fingerprint(
    modelDigest: String, activations: ActivationPrecision = .int8
  ) -> String {
    Fingerprint.of(
      [id, "\(seed)", "\(sampling)", history.rawValue, modelDigest, "\(provenance)"] + contents
        // Folders from before there was a choice go on as they are.
        + (activations == .int8 ? [] : [activations.rawValue]))
  }
}

/// Why playing ends before the last turn.
public enum PlayStop: Error, Equatable, Sendable {
  case cancelled
  /// The conversation has grown beyond what the model can read: an ending like any other.
  case contextFull(tokens: Int, limit: Int)
  case failed(ExperimentError)
}

/// A turn that was not played as it is written.
public struct TurnSkip: Equatable, Sendable {
  public enum Reason: String, Sendable {
    /// The text to edit is not in the reply.
    case textNotFound = "text_not_found"
    /// No line is arithmetically wrong.
    case noWrongStep = "no_wrong_step"
    /// The wrong line cannot be mended by its last number.
    case notMendable = "not_mendable"
    /// The edit would leave the reply as it is.
    case editChangesNothing = "edit_changes_nothing"
    /// The reply is right, and feedback is for wrong ones.
    case replyIsRight = "reply_is_right"
    /// No step of the reply is right.
    case noRightStep = "no_right_step"
    /// The problem has no worked solution.
    case noSolution = "no_solution"
    /// No answer is known that could be brought up.
    case noAnswerToSuggest = "no_answer_to_suggest"
    /// The critic's model wrote nothing.
    case criticSilent = "critic_silent"
    /// Every aspect of the critic has found the reply good.
    case criticSatisfied = "critic_satisfied"
    /// The critic does not expect feedback to help.
    case helpNotExpected = "help_not_expected"

    /// Whether nothing is said on purpose, so that nothing is played instead.
    var isOnPurpose: Bool { self == .criticSatisfied || self == .helpNotExpected }
  }

  /// The reply it was meant for.
  public var reply: TurnID
  /// The kind of turn: `critique`, `edit` …
  public var turn: String
  public var reason: Reason
  /// What was played instead; nil when nothing was.
  public var instead: String?
}
