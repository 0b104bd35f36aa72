import SessionCore

/// What the model read before it wrote a reply: the prompt to the character, and its special tokens.
public struct PromptSheet: Equatable, Sendable {
  /// A token that stands for a whole spelling.
  public struct SpecialToken: Equatable, Sendable {
    public var id: Int32
    public var text: String
    /// Among all tokens of the prompt, from 0.
    public var places: [Int]

    public init(id: Int32, text: String, places: [Int]) {
      self.id = id
      self.text = text
      self.places = places
    }
  }

  public var turn: TurnID
  public var text: String
  public var tokenCount: Int
  /// By first appearance.
  public var specialTokens: [SpecialToken]
  /// SHA-256 of the text's UTF-8.
  public var digest: String
  /// What the record has in its place; nil where it has none.
  public var recordedDigest: String?

  public init(
    turn: TurnID, text: String, tokenCount: Int, specialTokens: [SpecialToken], digest: String,
    recordedDigest: String?
  ) {
    self.turn = turn
    self.text = text
    self.tokenCount = tokenCount
    self.specialTokens = specialTokens
    self.digest = digest
    self.recordedDigest = recordedDigest
  }
}

/// The page of a prompt sheet.
public enum SentPane {
  /// Places that are listed one by one.
  static let placesMax = 12

  public static func lines(for sheet: PromptSheet, columns: Int) -> [StyledLine] {
    let sent =
      sheet.recordedDigest == sheet.digest
      ? "as it was sent"
      : sheet.recordedDigest.map { "not as it was sent (SHA-256 \($0)): another model or template" }
        ?? "laid out now: the record does not say what was sent"
    let title =
      "prompt of turn \(sheet.turn) · \(sheet.tokenCount) tokens · SHA-256 \(sheet.digest) · \(sent)"
    return wrap([Span(title, .heading)], columns: columns) + [StyledLine()]
      + wrap([Span(sheet.text)], columns: columns) + [StyledLine()]
      + [StyledLine("special tokens, and at which places of the prompt", .heading)]
      + (sheet.specialTokens.isEmpty ? [StyledLine("none", .quiet)] : [])
      + sheet.specialTokens.flatMap { wrap(spans(for: $0), columns: columns) }
  }

  private static func spans(for token: PromptSheet.SpecialToken) -> [Span] {
    let places = token.places.prefix(placesMax).map(String.init).joined(separator: ", ")
    let more =
      token.places.count > placesMax ? " … (\(token.places.count) places)" : ""
    return [Span(token.text, .person), Span("  \(token.id) at \(places)\(more)")]
  }
}
