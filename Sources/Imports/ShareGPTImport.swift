import SessionCore

/// ShareGPT: `{"id":…,"conversations":[{"from":"human","value":…},{"from":"gpt","value":…}]}`.
///
/// Source of the names: axolotl, `docs/dataset-formats/conversation.qmd`. Some files have a
/// system prompt beside the list, as `system`.
enum ShareGPTImport {
  static func conversation(_ node: JSONNode, line: Int) throws(FieldFault) -> ImportedConversation {
    var conversation = ImportedConversation(line: line)
    conversation.name = node.name("id")
    conversation.model = node.name("model")
    var last: Int?
    if let system = node.optional("system") {
      let text = try system.text()
      last = try system.placing { () throws(FieldFault) in
        try conversation.add(.system, text, under: nil)
      }
    }
    for message in try node.member("conversations").elements() {
      let from = try message.member("from").text()
      let text = try message.member("value").text()
      last = try message.placing { () throws(FieldFault) in
        try conversation.add(.init(word: from), text, under: last)
      }
    }
    return conversation
  }
}
