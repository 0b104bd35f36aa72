import SessionCore

/// A conversation read from elsewhere: a tree of messages in which each stands after its parent.
///
/// Sessions are stricter than most files: a reply answers something, and only the beginning has
/// a system prompt. What has no place in one is dropped and counted, by the same rules for every
/// format; nothing is guessed.
public struct ImportedConversation: Equatable, Sendable {
  /// A message that has a place in a session.
  public struct Message: Equatable, Sendable {
    /// Index of an earlier message; nil for the first.
    public var parent: Int?
    public var role: Role
    public var text: String
    public var facts = Facts()
  }

  /// What some sources know of a message.
  public struct Facts: Equatable, Sendable {
    public var time: Timestamp?
    /// Who wrote a reply.
    public var model: String?

    public init(time: Timestamp? = nil, model: String? = nil) {
      self.time = time
      self.model = model
    }
  }

  /// Who speaks, as files have it.
  public enum Speaker: Equatable, Sendable {
    case system, user, assistant
    /// A tool's or function's result.
    case tool
    /// A word that this program does not know.
    case unknown
  }

  /// Why a message is not in the session.
  public enum Drop: String, CaseIterable, Sendable {
    /// The result of a tool or a function.
    case tool
    /// A speaker this program does not know.
    case unknownRole = "unknown_role"
    /// A question or a system prompt of white space.
    case empty
    /// A system prompt that is not the first message.
    case lateSystem = "late_system"
    /// A reply that nothing came before.
    case unprompted
    /// A reply under a reply that others stand under too.
    case replyUnderReply = "reply_under_reply"
    /// A message that was deleted where it comes from, or one under it.
    case deleted
    /// A part of a message that is no text: a picture, a call of a tool, thoughts.
    case part
  }

  /// In the order in which they become turns.
  public private(set) var messages: [Message] = []
  /// The message the conversation stood at; nil stands for the last.
  public var head: Int?
  public private(set) var dropped: [Drop: Int] = [:]
  /// Replies that were joined to the one right before them.
  public private(set) var joined = 0
  /// The name it has in its file.
  public var name: String?
  public var title: String?
  public var model: String?
  /// The line it begins on, from 1.
  public var line: Int

  public init(line: Int) { self.line = line }

  /// Counts something that is left out.
  public mutating func drop(_ reason: Drop) { dropped[reason, default: 0] += 1 }

  /// Adds a message under an earlier one.
  /// - Returns: what stands in the message's place for those under it: the message itself, the
  ///   one it was joined to, or, when it was dropped, `parent`.
  /// - Throws: ``ImportFault/Reason/tooManyMessages(max:)`` or
  ///   ``ImportFault/Reason/textTooLong(bytesMax:)`` as a fault without a place.
  mutating func add(
    _ speaker: Speaker, _ text: String, under parent: Int?, _ facts: Facts = Facts()
  ) throws(FieldFault) -> Int? {
    guard text.utf8.count <= ImportLimits.textBytesMax else {
      throw FieldFault(reason: .textTooLong(bytesMax: ImportLimits.textBytesMax))
    }
    guard messages.count < ImportLimits.messagesMax else {
      throw FieldFault(reason: .tooManyMessages(max: ImportLimits.messagesMax))
    }
    if let reason = reasonToDrop(speaker, text, under: parent) {
      drop(reason)
      return parent
    }
    if speaker == .assistant, let parent, messages[parent].role == .assistant {
      return try join(text, to: parent)
    }
    let role: Role = speaker == .system ? .system : speaker == .user ? .user : .assistant
    messages.append(Message(parent: parent, role: role, text: text, facts: facts))
    return messages.count - 1
  }

  private func reasonToDrop(_ speaker: Speaker, _ text: String, under parent: Int?) -> Drop? {
    switch speaker {
    case .tool: return .tool
    case .unknown: return .unknownRole
    case .system where !messages.isEmpty: return .lateSystem
    case .system, .user: return text.allSatisfy(\.isWhitespace) ? .empty : nil
    case .assistant:
      guard let parent else { return .unprompted }
      guard messages[parent].role == .assistant else { return nil }
      return parent == messages.count - 1 ? nil : .replyUnderReply
    }
  }

  private mutating func join(_ text: String, to parent: Int) throws(FieldFault) -> Int {
    let both = [messages[parent].text, text].filter { !$0.isEmpty }.joined(separator: "\n\n")
    guard both.utf8.count <= ImportLimits.textBytesMax else {
      throw FieldFault(reason: .textTooLong(bytesMax: ImportLimits.textBytesMax))
    }
    messages[parent].text = both
    joined += 1
    return parent
  }
}

/// A file of conversations, read one at a time.
public protocol ConversationSource {
  /// The next conversation; nil at the end.
  /// - Throws: ``ImportError/invalid(_:)`` for one that is not as it should be; the next call goes
  ///   on behind it. Any other error is the end.
  mutating func next() throws(ImportError) -> ImportedConversation?
}
