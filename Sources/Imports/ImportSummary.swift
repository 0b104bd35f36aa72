import SessionCore

/// What an import read and wrote.
public struct ImportSummary: Equatable, Sendable {
  public internal(set) var conversations = 0
  public internal(set) var turns = 0
  public internal(set) var replies = 0
  /// Conversations of which no message was left.
  public internal(set) var empty = 0
  /// Conversations that were not as their format says, and were passed over as asked.
  public internal(set) var invalid = 0
  /// Replies that were joined to the one right before them.
  public internal(set) var joined = 0
  public internal(set) var dropped: [ImportedConversation.Drop: Int] = [:]

  public init() {}

  mutating func count(_ conversation: ImportedConversation) {
    joined += conversation.joined
    dropped.merge(conversation.dropped) { $0 + $1 }
    guard !conversation.messages.isEmpty else {
      empty += 1
      return
    }
    conversations += 1
    turns += conversation.messages.count
    replies += conversation.messages.count { $0.role == .assistant }
  }
}
