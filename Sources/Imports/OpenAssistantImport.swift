import StrictJSON
import SessionCore

/// Open-Assistant: a tree an object (`{"message_tree_id":…,"prompt":{"text":…,"role":"prompter",
/// "replies":[…]}}`), or a message an object with `message_id` and `parent_id`, those of one tree
/// after each other, parents first.
///
/// Source of the names: LAION-AI/Open-Assistant, `oasst-data/oasst_data/schemas.py`. Every branch
/// is kept; the best-ranked one (rank 0) comes first and is the conversation as it stands. Labels,
/// emojis and reviews are not read. A deleted message is dropped with what is under it.
struct OpenAssistantImport: ConversationSource {
  /// An object of the file and the line it begins on.
  private struct Row {
    var node: JSONNode
    var line: Int
  }

  private let file: String
  private var elements: JSONElements
  /// The first message of the next tree, read ahead.
  private var ahead: Row?

  init(file: String, read: @escaping () throws(ImportError) -> [UInt8]) {
    self.file = file
    elements = JSONElements(file: file, read: read)
  }

  mutating func next() throws(ImportError) -> ImportedConversation? {
    guard let first = try takeRow() else { return nil }
    guard first.node.optional("message_id") != nil else {
      return try placing(first.line) { () throws(FieldFault) in
        try Self.conversation(
          try first.node.member("prompt"), name: first.node.name("message_tree_id"),
          line: first.line
        ) { node throws(FieldFault) in try node.optional("replies")?.elements() ?? [] }
      }
    }
    return try flatTree(first)
  }

  private func placing<Result>(
    _ line: Int, _ work: () throws(FieldFault) -> Result
  ) throws(ImportError) -> Result {
    do {
      return try work()
    } catch {
      throw .invalid(ImportFault(file: file, line: line, field: error.field, error.reason))
    }
  }

  private mutating func takeRow() throws(ImportError) -> Row? {
    if let row = ahead {
      ahead = nil
      return row
    }
    guard let element = try elements.next() else { return nil }
    return Row(node: try JSONNode.parse(element, file: file), line: element.line)
  }

  /// A tree whose messages are objects of their own.
  private mutating func flatTree(_ first: Row) throws(ImportError) -> ImportedConversation {
    let name = first.node.name("message_tree_id") ?? first.node.name("message_id")
    var children: [String: [JSONNode]] = [:]
    var known: Set<String> = []
    var row: Row? = first
    while let message = row {
      guard known.count < ImportLimits.messagesMax else {
        throw .invalid(
          ImportFault(
            file: file, line: message.line, .tooManyMessages(max: ImportLimits.messagesMax)))
      }
      try placing(message.line) { () throws(FieldFault) in
        if let parent = message.node.name("parent_id") {
          guard known.contains(parent) else {
            throw FieldFault(field: "parent_id", reason: .unknownParent(parent))
          }
          children[parent, default: []].append(message.node)
        }
        known.insert(try message.node.member("message_id").text())
      }
      row = try takeRow()
      if let next = row?.node,
        next.name("message_tree_id") != name || next.optional("parent_id") == nil
      {
        ahead = row
        row = nil
      }
    }
    return try placing(first.line) { () throws(FieldFault) in
      try Self.conversation(first.node, name: name, line: first.line) { node in
        node.name("message_id").flatMap { children[$0] } ?? []
      }
    }
  }

  /// The tree from its first message.
  private static func conversation(
    _ prompt: JSONNode, name: String?, line: Int,
    replies: (JSONNode) throws(FieldFault) -> [JSONNode]
  ) throws(FieldFault) -> ImportedConversation {
    var conversation = ImportedConversation(line: line)
    conversation.name = name
    // Depth first, so that a prompt's replies follow it; a list and not a recursion, because the
    // depth is the file's choice.
    var waiting: [(node: JSONNode, parent: Int?, isMain: Bool, isDeleted: Bool)] = [
      (prompt, nil, true, isDeleted(prompt))
    ]
    while let (node, parent, isMain, isGone) = waiting.popLast() {
      var place = parent
      if isGone {
        conversation.drop(.deleted)
      } else {
        place = try add(node, under: parent, to: &conversation)
        if isMain { conversation.head = place }
      }
      let replies = try replies(node).map { (node: $0, rank: rank($0)) }
        // Swift's sort keeps the order of equals.
        .sorted { $0.rank < $1.rank }.map(\.node)
      let main = replies.firstIndex { !isDeleted($0) }
      for (index, reply) in replies.enumerated().reversed() {
        waiting.append((reply, place, isMain && index == main, isGone || isDeleted(reply)))
      }
    }
    return conversation
  }

  private static func rank(_ node: JSONNode) -> Int {
    node.name("rank").flatMap { Int($0) } ?? .max
  }

  private static func isDeleted(_ node: JSONNode) -> Bool {
    node.optional("deleted")?.value == .bool(true)
  }

  private static func add(
    _ node: JSONNode, under parent: Int?, to conversation: inout ImportedConversation
  ) throws(FieldFault) -> Int? {
    let role = try node.member("role").text()
    let text = try node.member("text").text()
    let facts = ImportedConversation.Facts(
      time: node.time("created_date"), model: node.name("model_name"))
    return try node.placing { () throws(FieldFault) in
      try conversation.add(.init(word: role), text, under: parent, facts)
    }
  }
}
