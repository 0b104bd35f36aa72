import SessionCore

/// What the model read before it wrote a reply: the prompt to the character and to the token.
public struct PromptSheet: Equatable, Sendable {
  public var turn: TurnID
  public var text: String
  public var tokens: [Inspection.Token]
  /// SHA-256 of the text's UTF-8.
  public var digest: String
  /// What the record has in its place; nil where it has none.
  public var recordedDigest: String?

  public init(
    turn: TurnID, text: String, tokens: [Inspection.Token], digest: String,
    recordedDigest: String?
  ) {
    self.turn = turn
    self.text = text
    self.tokens = tokens
    self.digest = digest
    self.recordedDigest = recordedDigest
  }

  /// Whether it is what the record says was sent.
  var standing: String {
    guard let recordedDigest else { return "laid out now: the record does not say what was sent" }
    return recordedDigest == digest
      ? "as it was sent" : "not as it was sent (SHA-256 \(recordedDigest)): another template"
  }
}

/// The page of a prompt sheet.
public enum SentPane {
  /// Places that are listed one by one.
  static let placesMax = 12
  /// Longest row of tokens: longer ones are hard to count in.
  static let columnsMax = 100

  public static func lines(for sheet: PromptSheet, columns: Int) -> [StyledLine] {
    let title =
      "prompt of turn \(sheet.turn) · \(sheet.tokens.count) tokens · SHA-256 \(sheet.digest) · "
      + sheet.standing
    let specials = specials(of: sheet)
    return wrap([Span(title, .heading)], columns: columns) + [StyledLine()]
      + wrap([Span(sheet.text)], columns: columns) + [StyledLine()]
      + [StyledLine("special tokens, and at which places of the prompt", .heading)]
      + (specials.isEmpty ? [StyledLine("none", .quiet)] : [])
      + specials.flatMap { wrap(spans(for: $0.token, at: $0.places), columns: columns) }
      + [StyledLine(), StyledLine("all tokens: number, then text; each row by place", .heading)]
      + rows(of: sheet.tokens, columns: min(columns, columnsMax))
  }

  /// By first appearance, with their places from 0.
  private static func specials(
    of sheet: PromptSheet
  ) -> [(token: Inspection.Token, places: [Int])] {
    var found: [(token: Inspection.Token, places: [Int])] = []
    for (place, token) in sheet.tokens.enumerated() where token.isSpecial {
      if let known = found.firstIndex(where: { $0.token.id == token.id }) {
        found[known].places.append(place)
      } else {
        found.append((token, [place]))
      }
    }
    return found
  }

  private static func spans(for token: Inspection.Token, at all: [Int]) -> [Span] {
    let places = all.prefix(placesMax).map(String.init).joined(separator: ", ")
    let more = all.count > placesMax ? " … (\(all.count) places)" : ""
    return [Span(token.quoted, .person), Span("  \(token.id) at \(places)\(more)")]
  }

  /// As many tokens a row as fit whole, the place of the first in front.
  private static func rows(of tokens: [Inspection.Token], columns: Int) -> [StyledLine] {
    var rows: [StyledLine] = []
    let width = String(max(0, tokens.count - 1)).count
    for (place, token) in tokens.enumerated() {
      let item = StyledLine([
        Span(" \(token.id)", .quiet),
        Span(token.quoted, token.isSpecial ? .person : .text),
      ])
      if let last = rows.last, last.width + item.width <= columns {
        rows[rows.count - 1] = last + item
      } else {
        let number = String(place)
        let pad = String(repeating: " ", count: width - number.count)
        rows.append((StyledLine(pad + number + ":", .heading) + item).fitted(to: columns))
      }
    }
    return rows
  }
}
