import SessionCore

/// WildChat: `{"conversation_hash":…,"model":…,"timestamp":…,"conversation":[{"role":…,
/// "content":…,"timestamp":…}]}`; earlier releases name it `conversation_id`.
///
/// Source of the names: the cards of allenai/WildChat and WildChat-1M. Languages, labels of
/// toxicity and hashed addresses are not read.
enum WildChatImport {
  static func conversation(_ node: JSONNode, line: Int) throws(FieldFault) -> ImportedConversation {
    var conversation = ImportedConversation(line: line)
    conversation.name = node.name("conversation_hash") ?? node.name("conversation_id")
    conversation.model = node.name("model")
    let begun = node.time("timestamp")
    var last: Int?
    for message in try node.member("conversation").elements() {
      let role = try message.member("role").text()
      let text = try message.member("content").text()
      let facts = ImportedConversation.Facts(time: message.time("timestamp") ?? begun)
      last = try message.placing { () throws(FieldFault) in
        try conversation.add(.init(word: role), text, under: last, facts)
      }
    }
    return conversation
  }
}
