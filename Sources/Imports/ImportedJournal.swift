import SessionCore

/// A conversation from elsewhere as the entries of a journal.
///
/// A message of a user is a question; whether it is feedback on the reply above it cannot be
/// known. Replies to the same message are, after the first, drawn again. Nothing is known of how
/// a reply was drawn, so it has no recipe.
struct ImportedJournal {
  private let conversation: ImportedConversation
  private let header: SessionHeader
  private var entries: [Entry] = []
  /// Of the next entry, unless its message says another.
  private var time: Timestamp
  private var head: Int?
  /// For each message, the last reply under it.
  private var lastReply: [Int: Int] = [:]

  /// - Parameter time: for what the source has no times of.
  static func entries(
    of conversation: ImportedConversation, header: SessionHeader, at time: Timestamp
  ) -> [Entry] {
    var journal = ImportedJournal(conversation: conversation, header: header, time: time)
    journal.write()
    return journal.entries
  }

  private init(conversation: ImportedConversation, header: SessionHeader, time: Timestamp) {
    self.conversation = conversation
    self.header = header
    self.time = conversation.messages.lazy.compactMap(\.facts.time).first ?? time
  }

  private mutating func write() {
    record(.sessionStarted(header))
    for (index, message) in conversation.messages.enumerated() {
      time = message.facts.time ?? time
      if message.role == .assistant {
        write(reply: message, at: index)
      } else {
        go(to: message.parent)
        record(
          .promptAdded(
            PromptAdded(
              parent: turn(message.parent), role: message.role, origin: .asked(nil),
              text: message.text)))
      }
      head = index
    }
    go(to: conversation.head ?? conversation.messages.indices.last)
  }

  private mutating func write(reply: ImportedConversation.Message, at index: Int) {
    // The first message is never a reply; see ``ImportedConversation/Drop/unprompted``.
    guard let parent = reply.parent else { return }
    var origin = Turn.Origin.answered
    if let before = lastReply[parent] {
      origin = .resampled(of: TurnID(before))
    } else {
      go(to: parent)
    }
    lastReply[parent] = index
    record(.replyStarted(ReplyStarted(parent: TurnID(parent), origin: origin, recipe: nil)))
    if !reply.text.isEmpty { record(.replyExtended(text: reply.text, tokens: [])) }
    record(.replyFinished(.endOfTurn, nil))
    if let model = reply.facts.model, model != header.model {
      record(.noted(TurnID(index), "written by \(model)", author: .script))
    }
  }

  private mutating func go(to message: Int?) {
    // Nobody can be asked to go before the first turn; only a second tree would need it.
    guard message != head, let message else { return }
    record(.headMoved(to: TurnID(message), .go))
    head = message
  }

  private func turn(_ message: Int?) -> TurnID? { message.map { TurnID($0) } }

  private mutating func record(_ event: Event) {
    entries.append(Entry(sequence: entries.count + 1, time: time, event: event))
  }
}
