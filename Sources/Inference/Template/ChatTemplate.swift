/// Lays out a chat the way its model was trained on. A template is data: pieces of text and
/// names of control tokens, found by recognising the text a model file carries.
public struct ChatTemplate: Sendable {
  /// A part of a prompt. The text between two control tokens is tokenised as one run.
  enum Piece: Equatable {
    case control(String)
    case text(String)
  }

  /// A known layout of turns.
  enum Format: String, CaseIterable, Sendable {
    /// `<|im_start|>role\ntext<|im_end|>\n` (OpenAI's ChatML).
    case chatML = "ChatML"

    /// The token that ends a turn.
    var endOfTurn: String { "<|im_end|>" }

    /// The pieces of a chat; see `ChatTemplate.prompt`.
    func pieces(_ messages: [ChatMessage], openReply: String?) -> [Piece] {
      var pieces: [Piece] = []
      for message in messages {
        pieces.append(.control("<|im_start|>"))
        pieces.append(.text("\(message.role.rawValue)\n\(message.text)"))
        pieces.append(.control("<|im_end|>"))
        pieces.append(.text("\n"))
      }
      pieces.append(.control("<|im_start|>"))
      pieces.append(.text("\(ChatMessage.Role.assistant.rawValue)\n\(openReply ?? "")"))
      return pieces
    }
  }

  /// The template's text as the model file carries it; nil where it has none.
  public let source: String?
  /// The layout the text was recognised as; nil where it is none of the known ones.
  let format: Format?
  /// Tokens that end a reply: the template's end of a turn and what the file names as an end.
  public let stopTokens: [TokenID]

  init(source: String?, tokenizer: Tokenizer) {
    self.source = source
    format = source.flatMap(TemplateRecognition.format)
    let named = format.flatMap { tokenizer.id(ofSpecial: $0.endOfTurn) }
    var stops: [TokenID] = []
    for case let token? in [named, tokenizer.endOfTurn, tokenizer.endOfText]
    where !stops.contains(token) {
      stops.append(token)
    }
    stopTokens = stops
  }

  /// Lays out a chat up to the place where the assistant speaks.
  ///
  /// - Parameters:
  ///   - messages: the turns so far, oldest first.
  ///   - openReply: nil ends the prompt after the assistant's header; a text is put behind the
  ///     header without an end of the turn, for the model to continue.
  /// - Throws: `missingChatTemplate`, `unsupportedChatTemplate`, `missingControlToken`.
  public func prompt(
    for messages: [ChatMessage], openReply: String?, tokenizer: Tokenizer
  ) throws(InferenceError) -> RenderedPrompt {
    guard source != nil else { throw .missingChatTemplate }
    guard let format else {
      throw .unsupportedChatTemplate(supported: Format.allCases.map(\.rawValue))
    }
    var prompt = RenderedPrompt(text: "", tokens: [])
    if let beginning = tokenizer.beginning {
      prompt.text += tokenizer.piece(of: beginning)
      prompt.tokens.append(beginning)
    }
    for piece in format.pieces(messages, openReply: openReply) {
      switch piece {
      case .control(let name):
        guard let token = tokenizer.id(ofSpecial: name) else { throw .missingControlToken(name) }
        prompt.text += name
        prompt.tokens.append(token)
      case .text(let text):
        prompt.text += text
        prompt.tokens += tokenizer.encode(text)
      }
    }
    return prompt
  }
}
