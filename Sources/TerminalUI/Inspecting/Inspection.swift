import SessionCore

/// How a reply was drawn, as far as somebody looked: what was sent, its tokens, and what else each
/// of them could have been.
public struct Inspection: Equatable, Sendable {
  /// A token as people see it.
  public struct Token: Equatable, Sendable {
    public var id: Int32
    /// Its text, or the name of a special token; as hostile as the model that has it.
    public var text: String
    /// Whether it stands for a whole spelling, such as the end of a turn.
    public var isSpecial: Bool

    public init(id: Int32, text: String, isSpecial: Bool) {
      self.id = id
      self.text = text
      self.isSpecial = isSpecial
    }

    /// The text between marks, in one row.
    var quoted: String {
      let row = text.reduce(into: "") { row, character in
        row += character.isNewline ? "↵" : character == "\t" ? "⇥" : Sanitise.visible(character)
      }
      return isSpecial ? row : "‹\(row)›"
    }
  }

  /// A token that could stand at a place.
  public struct Alternative: Equatable, Sendable {
    public var token: Token
    /// Under the model as it is, 0 to 1.
    public var probability: Double
    /// Share of the draws that the sampler gives it, 0 to 1.
    public var chance: Double
    /// Whether it would end the reply.
    public var isEnd: Bool

    public init(token: Token, probability: Double, chance: Double, isEnd: Bool) {
      self.token = token
      self.probability = probability
      self.chance = chance
      self.isEnd = isEnd
    }
  }

  /// One place of the reply.
  public struct Odds: Equatable, Sendable {
    /// What stands there; nil behind the reply's end.
    public var own: Alternative?
    /// 1 where nothing was likelier.
    public var rank: Int?
    /// The likeliest, likeliest first.
    public var alternatives: [Alternative]

    public init(own: Alternative?, rank: Int?, alternatives: [Alternative]) {
      self.own = own
      self.rank = rank
      self.alternatives = alternatives
    }
  }

  /// Alternatives that are told of each place.
  public static let alternativesMax = 10

  public var sheet: PromptSheet
  /// Of the reply; the first of them were kept from another one.
  public var tokens: [Token]
  public var keptCount: Int
  /// A place each, then one behind the end; fewer while the model still evaluates.
  public var odds: [Odds]

  public init(sheet: PromptSheet, tokens: [Token], keptCount: Int, odds: [Odds] = []) {
    self.sheet = sheet
    self.tokens = tokens
    self.keptCount = keptCount
    self.odds = odds
  }

  /// Where the model would have had something likelier.
  func isSurprising(_ place: Int) -> Bool {
    odds.indices.contains(place) && odds[place].rank.map { $0 > 1 } ?? false
  }
}

/// What is looked at of an inspection.
public struct InspectionView: Equatable, Sendable {
  /// The token looked at; the number of tokens for the place behind the end.
  var place = 0
  /// Which of its alternatives is chosen.
  var choice = 0
  /// The prompt instead of the reply's tokens, from this row on.
  var promptRow: Int?

  public init(showsPrompt: Bool = false) { promptRow = showsPrompt ? 0 : nil }
}

/// How much somebody wants to know of a reply.
public enum InspectionDepth: Equatable, Sendable {
  /// What was sent.
  case prompt
  /// Also the odds, which come as they are found.
  case live
  /// Everything at once, when it is all there.
  case whole
}

/// The alternative that a branch goes on with.
public enum BranchChoice: Equatable, Sendable {
  case token(Int32)
  /// By its number among those that are told, from 1.
  case number(Int)
}
