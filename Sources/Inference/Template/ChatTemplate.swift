/// Lays out a chat the way its model was trained on: runs the Jinja template of the model file and
/// turns its text into tokens.
public struct ChatTemplate: Sendable {
  /// The template's text as it is used; nil where the file has none.
  public let source: String?
  /// Whether `source` stands in for a template that is known to be wrong.
  public let isReplacement: Bool
  /// Tokens that end a reply: what the template puts behind one, and what the file names.
  public let stopTokens: [TokenID]
  /// The token that the template itself puts behind a reply; nil where it is none.
  let endOfReply: TokenID?

  private let program: Program

  /// Why the template cannot be used; nil where it can.
  var failure: InferenceError? {
    if case .failed(let error) = program { return error }
    return nil
  }

  /// A template that was read, or why it cannot be.
  private enum Program: Sendable {
    case ready(JinjaTemplate)
    case failed(InferenceError)
  }

  /// - Parameter file: the template as a model file carries it.
  public init(source file: String?, tokenizer: Tokenizer) {
    let replacement = file.flatMap(KnownTemplates.replacement)
    isReplacement = replacement != nil
    source = replacement ?? file
    do throws(InferenceError) {
      guard let source else { throw .missingChatTemplate }
      program = .ready(try JinjaTemplate(source))
    } catch {
      program = .failed(error)
    }
    endOfReply = ChatTemplate.endOfReply(program, tokenizer)
    var stops: [TokenID] = []
    for case let token? in [endOfReply, tokenizer.endOfTurn, tokenizer.endOfText]
    where !stops.contains(token) {
      stops.append(token)
    }
    stopTokens = stops
  }

  /// Lays out a chat up to the place where the assistant speaks.
  ///
  /// Control tokens that the template spells become tokens; the same spelling inside a message, or
  /// put together from both, stays text. The text between two control tokens is tokenised as one
  /// run. A beginning-of-text token comes first where the file asks for one and the template has
  /// not written it.
  ///
  /// - Parameters:
  ///   - messages: the turns so far, oldest first.
  ///   - openReply: nil ends the prompt after the assistant's header; a text is put behind the
  ///     header without an end of the turn, for the model to continue.
  /// - Throws: `missingChatTemplate`, `chatTemplate`.
  public func prompt(
    for messages: [ChatMessage], openReply: String?, tokenizer: Tokenizer
  ) throws(InferenceError) -> RenderedPrompt {
    var text = try ChatTemplate.render(program, messages, asksForReply: true, tokenizer)
    if let openReply { text.units += JinjaText(openReply, foreign: true).units }
    var prompt = RenderedPrompt(
      text: text.string, tokens: ChatTemplate.pieces(of: text, tokenizer).flatMap(\.tokens))
    if let beginning = tokenizer.beginning, prompt.tokens.first != beginning {
      prompt.text = tokenizer.piece(of: beginning) + prompt.text
      prompt.tokens.insert(beginning, at: 0)
    }
    return prompt
  }

  /// Whether the template writes the beginning-of-text token that the file asks for as well.
  func repeatsBeginning(_ tokenizer: Tokenizer) -> Bool {
    guard let beginning = tokenizer.beginning,
      let text = ChatTemplate.rendered(
        program, [ChatMessage(role: .user, text: "x")], asksForReply: true, tokenizer)
    else { return false }
    return ChatTemplate.pieces(of: text, tokenizer).first?.tokens == [beginning]
  }

  private static func render(
    _ program: Program, _ messages: [ChatMessage], asksForReply: Bool, _ tokenizer: Tokenizer
  ) throws(InferenceError) -> JinjaText {
    switch program {
    case .ready(let template):
      return try template.render(
        messages, asksForReply: asksForReply, specialTokens: tokenizer.namedSpecials)
    case .failed(let error): throw error
    }
  }

  /// The same for questions about a template: nil where it has no answer.
  private static func rendered(
    _ program: Program, _ messages: [ChatMessage], asksForReply: Bool, _ tokenizer: Tokenizer
  ) -> JinjaText? {
    do throws(InferenceError) {
      return try render(program, messages, asksForReply: asksForReply, tokenizer)
    } catch {
      return nil
    }
  }

  // MARK: Control tokens

  /// A control token, or the tokens of the text between two.
  private struct Piece {
    var tokens: [TokenID]
    var isControl: Bool
    /// Whether any of it is a message's.
    var isForeign: Bool
  }

  private static func pieces(of text: JinjaText, _ tokenizer: Tokenizer) -> [Piece] {
    var pieces: [Piece] = []
    var start = 0
    var index = 0
    func close() {
      guard start < index else { return }
      let run = text.units[start..<index]
      pieces.append(
        Piece(
          tokens: tokenizer.encode(JinjaText.string(run)), isControl: false,
          isForeign: run.contains { $0 & JinjaText.foreign != 0 }))
    }
    while index < text.count {
      // A character of a message has the mark, so no spelling with one in it is found.
      guard let (token, length) = tokenizer.controls.match(text.units, at: index) else {
        index += 1
        continue
      }
      close()
      pieces.append(Piece(tokens: [token], isControl: true, isForeign: false))
      index += length
      start = index
    }
    close()
    return pieces
  }

  /// What stands behind a reply in the history: the first control token there, if a control
  /// token is what the template puts there.
  private static func endOfReply(_ program: Program, _ tokenizer: Tokenizer) -> TokenID? {
    let chat = [ChatMessage(role: .user, text: "a"), ChatMessage(role: .assistant, text: "b")]
    // Some templates close only replies that somebody answered.
    for more in [[], [ChatMessage(role: .user, text: "c")]] {
      guard let text = rendered(program, chat + more, asksForReply: false, tokenizer) else {
        continue
      }
      let pieces = pieces(of: text, tokenizer)
      let foreign = pieces.indices.filter { pieces[$0].isForeign }
      guard let reply = foreign.dropLast(more.count).last, reply + 1 < pieces.count else {
        continue
      }
      return pieces[reply + 1].tokens.first
    }
    return nil
  }
}
