/// One turn of a chat as a model sees it.
public struct ChatMessage: Sendable, Equatable {
  /// Who speaks.
  public enum Role: String, Sendable, CaseIterable {
    case system
    case user
    case assistant
  }

  /// Who speaks.
  public var role: Role
  /// What is said, without any markup of a template.
  public var text: String

  public init(role: Role, text: String) {
    self.role = role
    self.text = text
  }
}

/// A prompt as text and as tokens.
public struct RenderedPrompt: Sendable, Equatable {
  /// The exact text, control tokens spelled out.
  public var text: String
  /// The tokens to evaluate.
  public var tokens: [TokenID]

  public init(text: String, tokens: [TokenID]) {
    self.text = text
    self.tokens = tokens
  }
}
