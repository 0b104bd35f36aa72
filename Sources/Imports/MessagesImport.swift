import StrictJSON
import SessionCore

/// Messages as OpenAI and TRL have them: `{"messages":[{"role":…,"content":…}]}`.
///
/// Source of the names: TRL, `docs/source/dataset_formats.md`. `content` may be null (a call of a
/// tool) or a list of parts, of which only those of the type `text` have a place here.
enum MessagesImport {
  static func conversation(_ node: JSONNode, line: Int) throws(FieldFault) -> ImportedConversation {
    var conversation = ImportedConversation(line: line)
    conversation.name = node.name("id")
    conversation.model = node.name("model")
    var last: Int?
    for message in try node.member("messages").elements() {
      let role = try message.member("role").text()
      guard let text = try text(of: message, &conversation) else { continue }
      last = try message.placing { () throws(FieldFault) in
        try conversation.add(.init(word: role), text, under: last)
      }
    }
    return conversation
  }

  /// Nil when the message has no text at all, which is counted.
  private static func text(
    of message: JSONNode, _ conversation: inout ImportedConversation
  ) throws(FieldFault) -> String? {
    if message.optional("tool_calls") != nil { conversation.drop(.part) }
    guard let content = message.optional("content") else {
      // Only a call of a tool has nothing to say; anything else without a text is a mistake.
      guard message.optional("tool_calls") == nil else { return nil }
      return try message.member("content").text()
    }
    guard case .array = content.value else { return try content.text() }
    var texts: [String] = []
    for part in try content.elements() {
      if try part.member("type").text() == "text" {
        texts.append(try part.member("text").text())
      } else {
        conversation.drop(.part)
      }
    }
    return texts.isEmpty ? nil : texts.joined(separator: "\n")
  }
}
