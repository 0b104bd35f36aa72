import Inference
import SessionCore

/// A reply taken apart: the tokens the model read, and those it wrote behind them.
public struct ReplyAnatomy: Equatable, Sendable {
  /// What was sent, kept tokens included.
  public var prompt: RenderedPrompt
  /// Tokens of the reply: kept ones, then drawn ones. What a person typed is part of the prompt.
  public var tokens: [TokenID]
  /// How many of ``tokens`` were kept from another reply, the last of them chosen.
  public var keptCount: Int

  /// Tokens that come before ``tokens``.
  public var before: ArraySlice<TokenID> { prompt.tokens.dropLast(keptCount) }
}

/// Why a reply cannot be looked into, or cannot branch where somebody wants it to. Facts only.
public enum InspectionFailure: Error, Equatable, Sendable {
  /// The turn is no reply, or its record has no tokens: it was imported.
  case noTokens(TurnID)
  /// Another model wrote it, whose tokens this one does not have.
  case otherModel(TurnID, name: String)
  /// The reply has fewer tokens; counted from 1.
  case noSuchToken(Int, count: Int)
  /// Fewer alternatives are told; counted from 1.
  case noSuchAlternative(Int, count: Int)
  /// The token ends the turn: nothing could follow it.
  case endsReply
  /// It is the token that stands there already.
  case sameToken
  case responder(ResponderFailure)
}

// Looking into a reply: its tokens again, their odds, and branches at one of them.
extension EngineResponder {
  /// - Throws: ``InspectionFailure/noTokens(_:)``, ``InspectionFailure/otherModel(_:name:)``,
  ///   ``InspectionFailure/responder(_:)``.
  public func anatomy(
    of reply: Turn, in session: Session
  ) throws(InspectionFailure) -> ReplyAnatomy {
    guard let recipe = reply.recipe, let plan = PromptPlan(of: reply, in: session) else {
      throw .noTokens(reply.id)
    }
    guard recipe.model.digest == model.info.sha256 else {
      throw .otherModel(reply.id, name: recipe.model.name)
    }
    let prompt: RenderedPrompt
    do {
      prompt = try self.prompt(for: plan)
    } catch {
      throw .responder(error)
    }
    let kept = reply.keptTokens?.identifiers ?? []
    return ReplyAnatomy(prompt: prompt, tokens: kept + reply.tokens, keptCount: kept.count)
  }

  /// The odds of each token of a reply, first to last, and then of what would come next.
  /// - Parameters:
  ///   - from: the first token looked at, from 0.
  ///   - alternatives: as of ``Inference/OddsRequest``.
  public func odds(
    of anatomy: ReplyAnatomy, from: Int = 0, alternatives: Int, sampling: Sampling
  ) -> AsyncStream<Result<TokenOdds, InferenceError>> {
    engine.odds(
      OddsRequest(
        tokens: Array(anatomy.before) + anatomy.tokens, from: anatomy.before.count + from,
        alternatives: alternatives, sampling: SamplingParameters(sampling)))
  }

  /// Whether the token ends a reply.
  public func endsReply(_ token: TokenID) -> Bool { model.template.stopTokens.contains(token) }

  /// A token for people: its text, bytes that are no text by themselves as `<E2 96>`, a special
  /// token's name.
  public func spelling(of token: TokenID) -> (text: String, isSpecial: Bool) {
    let bytes = model.tokenizer.bytes(of: token)
    guard !bytes.isEmpty, let text = String(validating: bytes, as: UTF8.self) else {
      let hexadecimal = bytes.map { byte in
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
      let name = model.tokenizer.piece(of: token)
      return (bytes.isEmpty ? name : "<\(hexadecimal.joined(separator: " "))>", bytes.isEmpty)
    }
    return (text, model.tokenizer.isSpecial(token))
  }

  /// The beginning from which a branch goes on: the reply up to a token, and another token there.
  /// - Parameters:
  ///   - place: the token that is replaced, from 0; the reply's length for one behind its end.
  ///   - token: the one chosen instead.
  /// - Throws: ``InspectionFailure``.
  public func start(
    branching reply: Turn, in session: Session, at place: Int, choosing token: TokenID
  ) throws(InspectionFailure) -> InPlaceEdit.Start {
    let anatomy = try anatomy(of: reply, in: session)
    guard (0...anatomy.tokens.count).contains(place) else {
      throw .noSuchToken(place + 1, count: anatomy.tokens.count)
    }
    guard !endsReply(token) else { throw .endsReply }
    guard place == anatomy.tokens.count || anatomy.tokens[place] != token else {
      throw .sameToken
    }
    let typed: Int =
      if case .continued(_, let bytes) = reply.origin {
        reply.keptTokens?.start ?? bytes
      } else {
        0
      }
    let kept = anatomy.tokens[..<place]
    var decoder = TextDecoder(model.tokenizer)
    let drawn = kept.map { decoder.append($0) }.joined()
    let before = Array(reply.text.utf8.prefix(typed)) + Array(drawn.utf8)
    var start = InPlaceEdit.Start(
      before: before, writtenBy: reply.spans, typed: decoder.append(token))
    start.tokens = KeptTokens(start: typed, identifiers: kept + [token])
    return start
  }
}
