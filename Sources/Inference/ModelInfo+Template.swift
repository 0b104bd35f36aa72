/// What `ModelInfo` says about a model's tokenizer and chat template.
extension ModelInfo {
  /// The chat that is shown; it has every role, and an end of a reply.
  static let sampleChat = [
    ChatMessage(role: .system, text: "Be brief."), ChatMessage(role: .user, text: "Hello"),
    ChatMessage(role: .assistant, text: "Hi!"), ChatMessage(role: .user, text: "1 + 1?"),
  ]

  /// The sample chat laid out; without its system turn where the template takes none.
  static func samplePrompt(_ template: ChatTemplate, _ tokenizer: Tokenizer) -> RenderedPrompt? {
    for messages in [sampleChat, Array(sampleChat.dropFirst())] {
      do throws(InferenceError) {
        return try template.prompt(for: messages, openReply: nil, tokenizer: tokenizer)
      } catch {
        continue
      }
    }
    return nil
  }

  static func specialTokens(_ template: ChatTemplate, _ tokenizer: Tokenizer) -> [SpecialToken] {
    let named = ["bos_token", "eos_token", "unk_token", "pad_token"].compactMap { name in
      tokenizer.named[name].map { (name, $0) }
    }
    return (named + template.stopTokens.map { ("stop", $0) }).map { purpose, id in
      SpecialToken(purpose: purpose, id: id, text: tokenizer.piece(of: id))
    }
  }

  static func warnings(_ template: ChatTemplate, _ tokenizer: Tokenizer) -> [ModelWarning] {
    var warnings: [ModelWarning] = []
    if let assumed = tokenizer.assumedPreTokenizer {
      warnings.append(.missingPreTokenizer(assumed: assumed))
    }
    if !tokenizer.lostBytes.isEmpty { warnings.append(.bytesWithoutToken(tokenizer.lostBytes)) }
    if template.isReplacement { warnings.append(.templateReplaced) }
    if let beginning = tokenizer.beginning, template.repeatsBeginning(tokenizer) {
      warnings.append(.beginningTwice(tokenizer.piece(of: beginning)))
    }
    if template.stopTokens.isEmpty {
      warnings.append(.noStopToken)
    } else if template.source != nil, template.failure == nil, template.endOfReply == nil {
      warnings.append(.replyEndIsNoToken)
    }
    // A base model has no template, and that is no oddity.
    if template.source != nil, let failure = template.failure {
      warnings.append(.templateUnusable(failure))
    }
    return warnings
  }
}
