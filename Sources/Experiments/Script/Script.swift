import SessionCore

/// A conversation written down beforehand: what to ask, what feedback to give in which arms, and
/// how to tell a right answer. The format is docs/formats/script.md.
public struct Script: Equatable, Sendable {
  /// The only format version so far.
  public static let version = 1
  /// Most bytes of a name that becomes part of a file's name.
  public static let nameBytesMax = 64
  /// Most repetitions of one feedback turn.
  public static let repeatMax = 100

  public var name: String
  public var description: String?
  public var model: String
  public var system: String?
  public var history: HistoryStyle
  public var sampling: Sampling
  public var seeds: [UInt64]
  /// In the file's order; one without a name when the script says `turns` instead of `arms`.
  public var arms: [Arm]
  /// Empty when the turns need none.
  public var problems: [Problem]
  public var stop: StopRule
  /// Whether the file says that its commands may be run.
  public var allowsCommands: Bool
  public var judge: Judge?

  /// A model that judges replies.
  public struct Judge: Equatable, Sendable {
    public var model: String
    /// How often it is asked about one reply.
    public var samples: Int
  }

  /// One way to give feedback, to be compared with the others.
  public struct Arm: Equatable, Sendable {
    public var name: String?
    public var turns: [Turn]
  }

  /// What fills the placeholders of the turns.
  public struct Problem: Equatable, Sendable {
    public var id: String
    public var prompt: String
    public var expectation: Expectation?
    public var critique: String?
    public var find: String?
    public var replace: String?
    /// The line of the script at which it stands.
    public var line: Int

    /// The answer in words, where there is one.
    var answer: String? {
      switch expectation {
      case .number(let text), .exact(let text), .numberWithin(let text, _), .boxed(let text),
        .choice(let text):
        text
      case .anyOf(let texts): texts.first
      case .task(let key): Experiments.Problem(key: key)?.answer
      case .regex, .cells, .command, .judge, nil: nil
      }
    }
  }

  /// When to give no more feedback on a question.
  public struct StopRule: Equatable, Sendable {
    /// Not after a right answer (*Feedback Friction*, §2.1). A challenge is given all the same.
    public var onCorrect = true
    /// Not after so many attempts, the first one included; nil: as many as the turns say.
    public var maxAttempts: Int?
  }

  /// One turn of the person who is played.
  public struct Turn: Equatable, Sendable {
    public var action: Action
    /// How many times at most.
    public var repeats = 1
    /// Nil: as the stop rule says.
    public var when: When?
    /// The line of the script at which it stands.
    public var line: Int
  }

  /// Which attempts feedback is for.
  public enum When: String, CaseIterable, Sendable {
    /// Until an answer is right.
    case wrong
    /// For questions whose first answer was right, in every round.
    case right
    /// For all, in every round.
    case any
  }

  /// What a turn does.
  public indirect enum Action: Equatable, Sendable {
    case prompt(String, expectation: Expectation?)
    case unary(String)
    case critique(String)
    case challenge(String)
    case edit(find: String, replace: String, otherwise: Fallback)
    /// The reply stands as far as this and goes on from there, whatever it said.
    case beginning(String)
    /// The whole of a turn as it shall stand: a reply goes on from the last change, anything else is
    /// said anew on a branch of its own.
    case rewrite(String)
    /// What a source of feedback makes of the reply.
    case automatic(FeedbackSource, otherwise: Fallback)
    /// Draws again with nothing said: the control.
    case regenerate
    case note(String)
    case undo
    /// To a turn by its number, from 1.
    case go(Int)
    case rate(Rating)
    case tag(String)
    case bookmark
    /// The same about another turn than the last reply, by its number.
    case about(Int, Action)
    /// The same, and the reply that comes of it is drawn otherwise than the script says.
    case drawn(DrawChange, Action)
  }

  /// What to do when a turn's text or wrong line is not found in the reply.
  public enum Fallback: Equatable, Sendable {
    case skip
    case action(Action)
  }

  /// Whether `text` may be part of a file's name: ASCII letters, digits, `-` and `_`.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= nameBytesMax && !text.hasPrefix("-")
      && text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
        default: false
        }
      }
  }
}
