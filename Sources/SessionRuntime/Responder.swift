import Inference
import SessionCore

/// Whoever writes replies: a model on this machine, or a list of canned texts.
public protocol Responder: Sendable {
  /// Prepares a reply and starts writing it.
  /// - Throws: ``ResponderFailure`` when there is nothing to start (the prompt does not fit); no
  ///   reply is recorded then. Failures after the start come as ``ReplyPart/failed(_:)``.
  func begin(_ request: ReplyRequest) async throws(ResponderFailure) -> StartedReply
}

/// What a responder is asked to write.
public struct ReplyRequest: Equatable, Sendable {
  public var plan: PromptPlan
  public var sampling: Sampling
  /// Seed of this reply's generator.
  public var seed: UInt64
  /// The style in which `plan` was made; goes into the record.
  public var history: HistoryStyle
  /// The tokens of the reply as a record has it: they make the drawing faster, never different.
  public var expected: [Int32]
  /// Whose reply it shall be, as a person names it; nil is whoever is asked. See
  /// ``RoutingResponder``.
  public var model: String?

  public init(
    plan: PromptPlan, sampling: Sampling, seed: UInt64, history: HistoryStyle,
    expected: [Int32] = [], model: String? = nil
  ) {
    self.plan = plan
    self.sampling = sampling
    self.seed = seed
    self.history = history
    self.expected = expected
    self.model = model
  }
}

/// A reply that is being written.
public struct StartedReply: Sendable {
  /// All that is needed to draw the reply again.
  public var recipe: Recipe
  /// The reply as it comes. Ends after exactly one ``ReplyPart/finished(_:_:)``,
  /// ``ReplyPart/cancelled(_:)`` or ``ReplyPart/failed(_:)``; ends early when the task that
  /// reads it is cancelled, and then the writing stops too. One reader.
  public var parts: AsyncStream<ReplyPart>

  public init(recipe: Recipe, parts: AsyncStream<ReplyPart>) {
    self.recipe = recipe
    self.parts = parts
  }
}

extension StartedReply {
  /// The whole text, waited for.
  /// - Throws: the failure that ended it; ``ResponderFailure/endedEarly`` when it was cancelled.
  public func text() async throws(ResponderFailure) -> String {
    var text = ""
    for await part in parts {
      switch part {
      case .text(let more, _): text += more
      case .finished: return text
      case .failed(let failure): throw failure
      case .cancelled: throw .endedEarly
      }
    }
    throw .endedEarly
  }
}

/// A piece of a reply.
public enum ReplyPart: Equatable, Sendable {
  /// More text, and more tokens. The two need not belong together: text is held back until its
  /// UTF-8 is whole. Over the whole reply the texts join to the reply's text and the tokens are
  /// all the tokens drawn, the one that ends the turn aside.
  case text(String, tokens: [Int32])
  case finished(ReplyEnd, ReplyStatistics)
  case cancelled(ReplyStatistics?)
  case failed(ResponderFailure)
}

/// Why a responder cannot write: facts, no prose.
public enum ResponderFailure: Error, Equatable, Sendable {
  /// More prompt tokens than the model can read.
  case promptTooLong(tokens: Int, limit: Int)
  /// The engine's own reason.
  case inference(InferenceError)
  /// A scripted responder has given all its replies.
  case scriptExhausted(replies: Int)
  /// A scripted responder was told to fail, with this word for it.
  case scripted(String)
  /// The parts ended without saying how.
  case endedEarly
  /// No model of that name is at hand.
  case noModel(String)

  /// The word that stands in the record for this failure.
  public var code: String {
    switch self {
    case .promptTooLong: "prompt_too_long"
    case .inference(.outOfMemory): "out_of_memory"
    case .inference(.invalidParameter): "invalid_parameter"
    case .inference: "inference"
    case .scriptExhausted: "script_exhausted"
    case .scripted(let code): code
    case .endedEarly: "ended_early"
    case .noModel: "no_model"
    }
  }
}
