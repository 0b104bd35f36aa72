/// How earlier attempts and feedback are shown to the model.
public enum HistoryStyle: String, Sendable, CaseIterable {
  /// Alternating user and assistant turns.
  case chat
  /// One user message a question: the question, every attempt with its feedback, the question
  /// again. *Feedback Friction*, §2.1 and figure 9 (the wording here is our own).
  case singleMessage
}

/// The messages a model reads before it writes a reply.
public struct PromptPlan: Equatable, Sendable {
  /// One message.
  public struct Message: Equatable, Sendable {
    public var role: Role
    public var text: String

    public init(_ role: Role, _ text: String) {
      self.role = role
      self.text = text
    }
  }

  public var messages: [Message]
  /// The beginning of the reply that already stands; nil when the model starts afresh. It comes
  /// after the assistant header and is not closed.
  public var openReply: String?
  /// The end of `openReply` in tokens: these are read as they are, not made from the text again.
  public var openTokens: KeptTokens?

  /// A plan for messages that are no session's, such as what a judge is asked.
  public init(
    messages: [Message], openReply: String? = nil, openTokens: KeptTokens? = nil
  ) {
    self.messages = messages
    self.openReply = openReply
    self.openTokens = openTokens
  }

  /// The plan for an ordered reply.
  /// - Parameter history: nil takes what is set in the session.
  public init(for order: ReplyOrder, in session: Session, history: HistoryStyle? = nil) {
    let path = session.path(to: order.parent)
    messages =
      switch history ?? session.settings.history {
      case .chat: path.map { Message($0.role, $0.text) }
      case .singleMessage: Self.folded(path)
      }
    openReply = order.kept.isEmpty ? nil : order.kept
    openTokens = order.keptTokens
  }

  /// The plan that a reply of the session was written for, made again from the record.
  /// - Parameter history: nil takes the reply's own style.
  /// - Returns: nil for a turn that is no reply.
  public init?(of reply: Turn, in session: Session, history: HistoryStyle? = nil) {
    guard reply.role == .assistant, let parent = reply.parent else { return nil }
    var kept = ""
    if case .continued(_, let bytes) = reply.origin {
      kept = String(decoding: reply.text.utf8.prefix(bytes), as: UTF8.self)
    }
    let order = ReplyOrder(
      parent: parent, origin: reply.origin, kept: kept, keptTokens: reply.keptTokens, seed: 0)
    self.init(for: order, in: session, history: history ?? reply.recipe?.history)
  }

  /// Folds each question with the attempts and the feedback under it into one user message; an
  /// exchange that was closed by a new question keeps its last reply as an assistant message.
  private static func folded(_ path: [Turn]) -> [Message] {
    var messages: [Message] = []
    var question = ""
    var history: [String] = []
    var pending: String?
    for turn in path {
      switch (turn.role, turn.origin) {
      case (.assistant, _): pending = turn.text
      case (.user, .feedback):
        history.append(attempt(history.count + 1, reply: pending ?? "", feedback: turn.text))
        pending = nil
      case (.user, _):
        // Nothing was asked before the first question; one without a reply is still read.
        if !question.isEmpty { messages.append(Message(.user, ask(question, history))) }
        if let reply = pending { messages.append(Message(.assistant, reply)) }
        (question, history, pending) = (turn.text, [], nil)
      case (.system, _): messages.append(Message(.system, turn.text))
      }
    }
    return messages + [Message(.user, ask(question, history))]
  }

  private static func attempt(_ number: Int, reply: String, feedback: String) -> String {
    """
    Attempt \(number):
    Answer: \(reply)
    Feedback: \(feedback)
    """
  }

  private static func ask(_ question: String, _ history: [String]) -> String {
    guard !history.isEmpty else { return question }
    return """
      \(question)
      Here is the history of your attempts and the feedback on each.
      History:
      \(history.joined(separator: "\n"))
      Question: \(question)
      Please answer the question again.
      """
  }
}
