/// A chat template that has been read: strict Jinja as Hugging Face configures Jinja2 for chat
/// templates (`trim_blocks`, `lstrip_blocks`, loop controls, an immutable sandbox,
/// `raise_exception`, `strftime_now`, `tojson`). What it does not know is an error, never a guess.
struct JinjaTemplate: Sendable {
  private let statements: [JinjaStatement]

  /// - Throws: `chatTemplate` with the line that cannot be read.
  init(_ source: String) throws(InferenceError) {
    statements = try JinjaParser.statements(of: source)
  }

  /// The text of a chat, every character with its origin.
  ///
  /// - Parameters:
  ///   - messages: the turns; their texts are foreign to the template.
  ///   - asksForReply: `add_generation_prompt`.
  ///   - specialTokens: `bos_token`, `eos_token` and the like, by name.
  /// - Throws: `chatTemplate` with the line that cannot be run.
  func render(
    _ messages: [ChatMessage], asksForReply: Bool, specialTokens: [String: String]
  ) throws(InferenceError) -> JinjaText {
    var variables: [String: JinjaValue] = [
      "messages": .list(messages.map(JinjaTemplate.value), isTuple: false),
      "add_generation_prompt": .boolean(asksForReply), "tools": .none, "documents": .none,
    ]
    for (name, text) in specialTokens { variables[name] = .text(text) }
    return try JinjaEvaluator(variables).render(statements)
  }

  private static func value(_ message: ChatMessage) -> JinjaValue {
    var dictionary = JinjaDictionary()
    dictionary.set(.text("role"), .text(message.role.rawValue))
    dictionary.set(.text("content"), .text(JinjaText(message.text, foreign: true)))
    return .dictionary(dictionary)
  }
}
