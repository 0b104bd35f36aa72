import Imports

/// What an import did, for people and for scripts.
struct ImportOutput: Encodable {
  var file: String
  var from: String
  var folder: String
  /// Journals written.
  var conversations: Int
  var turns: Int
  var replies: Int
  /// Messages left out, by the reason.
  var dropped: [String: Int]
  var joinedReplies: Int
  var emptyConversations: Int
  var invalidConversations: Int

  init(_ summary: ImportSummary, format: ImportFormat, file: String, folder: String) {
    self.file = file
    from = format.rawValue
    self.folder = folder
    conversations = summary.conversations
    turns = summary.turns
    replies = summary.replies
    dropped = Dictionary(
      uniqueKeysWithValues: ImportedConversation.Drop.allCases.map {
        ($0.rawValue, summary.dropped[$0] ?? 0)
      })
    joinedReplies = summary.joined
    emptyConversations = summary.empty
    invalidConversations = summary.invalid
  }

  /// A line for what was written, and one for each thing that was not.
  var text: String {
    var lines = [
      "\(conversations) conversations with \(turns) turns (\(replies) replies) in "
        + Plain.line(folder)
    ]
    for reason in ImportedConversation.Drop.allCases {
      let count = dropped[reason.rawValue] ?? 0
      if count > 0 { lines.append("dropped: \(count) \(terntable.text(for: reason))") }
    }
    if joinedReplies > 0 {
      lines.append("joined: \(joinedReplies) replies to the one right before them")
    }
    if emptyConversations > 0 {
      lines.append("left out: \(emptyConversations) conversations without a message")
    }
    if invalidConversations > 0 {
      lines.append(
        "passed over: \(invalidConversations) conversations that are not as they should be")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
