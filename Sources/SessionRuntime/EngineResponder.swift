import Inference
import SessionCore

/// Lets a local model write replies: plan to prompt, tokens to text, and a recipe to do it again.
public struct EngineResponder: Responder {
  let model: LanguageModel
  let engine: Engine
  private let name: String
  private let application: String
  private let measuresConfidence: Bool

  /// - Parameters:
  ///   - engine: runs `model`; may serve other sessions at the same time.
  ///   - name: what the person calls the model.
  ///   - application: program name and version, for the record.
  ///   - measuresConfidence: whether ``ReplyStatistics/confidence`` is recorded.
  public init(
    model: LanguageModel, engine: Engine, name: String, application: String,
    measuresConfidence: Bool = false
  ) {
    self.measuresConfidence = measuresConfidence
    self.model = model
    self.engine = engine
    self.name = name
    self.application = application
  }

  /// - Throws: ``ResponderFailure/promptTooLong(tokens:limit:)`` when the prompt leaves no room
  ///   for a reply, ``ResponderFailure/inference(_:)`` when the model's template cannot lay it
  ///   out.
  public func begin(_ request: ReplyRequest) async throws(ResponderFailure) -> StartedReply {
    let prompt = try prompt(for: request.plan)
    let limit = model.info.contextLength
    guard prompt.tokens.count < limit else {
      throw .promptTooLong(tokens: prompt.tokens.count, limit: limit)
    }
    var generation = GenerationRequest(
      prompt: prompt.tokens, sampling: SamplingParameters(request.sampling), seed: request.seed,
      maxTokens: request.sampling.maxTokens, stopTokens: model.template.stopTokens,
      draft: request.expected)
    generation.measuresConfidence = measuresConfidence
    let generations = engine.generate(generation)
    return StartedReply(
      recipe: recipe(request, prompt),
      parts: parts(of: generations, behind: request.plan.openTokens?.identifiers ?? []))
  }

  /// What the model reads for a plan: exactly what ``begin(_:)`` sends.
  /// - Throws: ``ResponderFailure/inference(_:)``.
  public func prompt(for plan: PromptPlan) throws(ResponderFailure) -> RenderedPrompt {
    let messages = plan.messages.map { message in
      ChatMessage(role: ChatMessage.Role(message.role), text: message.text)
    }
    let open = plan.openReply ?? ""
    let start = plan.openTokens?.start ?? open.utf8.count
    let text = String(decoding: open.utf8.prefix(start), as: UTF8.self)
    do {
      var prompt = try model.template.prompt(
        for: messages, openReply: text.isEmpty ? nil : text, tokenizer: model.tokenizer)
      if let tokens = plan.openTokens {
        prompt.text += String(decoding: open.utf8.dropFirst(start), as: UTF8.self)
        prompt.tokens += tokens.identifiers
      }
      return prompt
    } catch {
      throw .inference(error)
    }
  }

  private func recipe(_ request: ReplyRequest, _ prompt: RenderedPrompt) -> Recipe {
    Recipe(
      model: ModelIdentity(
        name: name, digest: model.info.sha256, templateDigest: model.info.templateSHA256 ?? ""),
      sampling: request.sampling, seed: request.seed, history: request.history,
      promptDigest: HexDigest.sha256(prompt.text), promptTokens: prompt.tokens.count,
      activations: ActivationPrecision(model.activations), kernel: engine.kernelName,
      application: application)
  }

  /// Reads the engine's stream in a task of its own, so that leaving the parts leaves that stream
  /// too, which stops the decoding.
  /// - Parameter kept: tokens whose text stands already; the last letter may be unfinished.
  private func parts(
    of generations: AsyncStream<Generation>, behind kept: [TokenID]
  ) -> AsyncStream<ReplyPart> {
    let (parts, writer) = AsyncStream<ReplyPart>.makeStream()
    let tokenizer = model.tokenizer
    let task = Task {
      var decoder = TextDecoder(tokenizer)
      for token in kept { _ = decoder.append(token) }
      for await generation in generations {
        switch generation {
        case .tokens(let tokens):
          let text = tokens.reduce(into: "") { $0 += decoder.append($1) }
          writer.yield(.text(text, tokens: tokens))
        case .finished(let reason, let statistics):
          let rest = decoder.finish()
          if !rest.isEmpty { writer.yield(.text(rest, tokens: [])) }
          writer.yield(.end(reason, ReplyStatistics(statistics)))
        case .failed(let error): writer.yield(.failed(ResponderFailure(error)))
        }
      }
      writer.finish()
    }
    writer.onTermination = { _ in task.cancel() }
    return parts
  }
}

extension ReplyPart {
  fileprivate static func end(_ reason: StopReason, _ statistics: ReplyStatistics) -> ReplyPart {
    switch reason {
    case .stopToken: .finished(.endOfTurn, statistics)
    case .length: .finished(.length, statistics)
    case .contextFull: .finished(.contextFull, statistics)
    case .cancelled: .cancelled(statistics)
    }
  }
}

extension ResponderFailure {
  /// The engine's reason, with the one that people meet most under its own name.
  init(_ error: InferenceError) {
    if case .promptTooLong(let tokens, let limit) = error {
      self = .promptTooLong(tokens: tokens, limit: limit)
    } else {
      self = .inference(error)
    }
  }
}

extension ActivationPrecision {
  /// The record's word for the engine's.
  public init(_ activations: Activations) {
    self =
      switch activations {
      case .int8: .int8
      case .exact: .exact
      }
  }
}

extension Activations {
  /// The engine's word for the record's.
  public init(_ activations: ActivationPrecision) {
    self =
      switch activations {
      case .int8: .int8
      case .exact: .exact
      }
  }
}

extension ChatMessage.Role {
  fileprivate init(_ role: Role) {
    self =
      switch role {
      case .system: .system
      case .user: .user
      case .assistant: .assistant
      }
  }
}

extension SamplingParameters {
  /// The engine's parameters for a session's sampling.
  public init(_ sampling: Sampling) {
    self.init(
      temperature: sampling.temperature, topK: sampling.topK, topP: sampling.topP,
      minP: sampling.minP, repetitionPenalty: sampling.repetitionPenalty,
      repetitionWindow: sampling.repetitionWindow)
  }
}

extension ReplyStatistics {
  fileprivate init(_ statistics: GenerationStatistics) {
    self.init(
      promptTokens: statistics.promptTokens, cachedTokens: statistics.cachedTokens,
      generatedTokens: statistics.generatedTokens,
      prefillMilliseconds: statistics.prefillSeconds * 1000,
      decodeMilliseconds: statistics.decodeSeconds * 1000,
      confidence: statistics.meanTokenProbability)
  }
}
