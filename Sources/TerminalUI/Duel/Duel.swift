import SessionCore

/// Two replies to one prompt, side by side, told apart by letters only until somebody has said which
/// is better.
public struct Duel: Equatable, Sendable {
  /// How far it has come.
  enum Stage: Equatable, Sendable {
    case drawing
    /// All that was to be drawn is drawn; the record may still be on its way here.
    case drawn
    case voting
    case voted(Vote.Choice)
  }

  /// A, then B.
  var sides: [DuelSide]
  /// The same for the replies, as far as they were begun.
  var replies: [TurnID] = []
  var stage = Stage.drawing
  /// The uppermost row in view of both; nil follows the end.
  var row: Int?

  static let letters = ["A", "B"]

  /// Whether the letters hide who wrote what.
  public var isBlind: Bool {
    if case .voted = stage { false } else { true }
  }

  /// Whether somebody is asked which reply is better.
  public var asks: Bool { stage == .voting }

  /// The letter of a reply whose writer is not to be told; nil for others.
  public func blindLetter(of reply: TurnID) -> String? {
    guard isBlind, let place = replies.firstIndex(of: reply) else { return nil }
    return Self.letters[place]
  }

  /// What each letter stood for, once the vote is given: `A was turn 4: tutor, temperature 0.9`.
  public func reveal(in session: Session) -> [String] {
    guard !isBlind else { return [] }
    return replies.indices.map { place in
      let words = words(for: place, in: session).joined(separator: ", ")
      return "\(Self.letters[place]) was turn \(replies[place]): \(words)"
    }
  }

  /// Model and settings of a side.
  func words(for place: Int, in session: Session) -> [String] {
    let recipe = replies.indices.contains(place) ? session[replies[place]]?.recipe : nil
    return [TurnLabels.shortName(recipe?.model.name ?? session.header.model)] + sides[place].words
  }
}

/// The two draws of a duel, A first.
public struct DuelBout: Equatable, Sendable {
  /// What is done for one side.
  public struct Draw: Equatable, Sendable {
    public var command: Command
    public var settings: DrawSettings
  }
  public var draws: [Draw]

  /// Other models that are needed.
  public var models: [String] { draws.compactMap(\.settings.model) }
}
