import SessionCore

/// Reads the formats that keep a conversation as a list of messages in one JSON object.
struct ChatLines: ConversationSource {
  private let file: String
  private let format: @Sendable (JSONNode, Int) throws(FieldFault) -> ImportedConversation
  private var elements: JSONElements

  init(
    file: String, read: @escaping () throws(ImportError) -> [UInt8],
    format: @escaping @Sendable (JSONNode, Int) throws(FieldFault) -> ImportedConversation
  ) {
    self.file = file
    self.format = format
    elements = JSONElements(file: file, read: read)
  }

  mutating func next() throws(ImportError) -> ImportedConversation? {
    guard let element = try elements.next() else { return nil }
    let node = try JSONNode.parse(element, file: file)
    do throws(FieldFault) {
      return try format(node, element.line)
    } catch {
      throw .invalid(
        ImportFault(file: file, line: element.line, field: error.field, error.reason))
    }
  }
}

extension ImportedConversation.Speaker {
  /// The words of the ShareGPT family and of OpenAI's messages for who speaks.
  init(word: String) {
    switch word {
    case "system", "developer": self = .system
    case "user", "human", "prompter": self = .user
    case "assistant", "gpt", "model", "chatgpt", "bot", "bard", "bing": self = .assistant
    case "tool", "function", "function_response", "function_call", "observation", "ipython":
      self = .tool
    default: self = .unknown
    }
  }
}
