import SessionCore

/// Sessions made of random commands and random replies, for properties that hold for all.
public enum RandomWalk {
  /// A session after `steps` commands, refused ones left out.
  public static func session(
    steps: Int, using generator: inout SeededGenerator
  ) -> SessionBuilder {
    var builder = SessionBuilder(
      seed: generator.next(),
      history: HistoryStyle.allCases.randomElement(using: &generator) ?? .chat)
    for _ in 0..<steps {
      let command = command(for: builder.session, using: &generator)
      guard let decision = try? decide(command, builder.session) else { continue }
      builder = builder.performing(command)
      guard decision.order != nil else { continue }
      let text = text(using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: builder = builder.reply(text, stopped: .cancelled)
      case 1: builder = builder.reply(text, end: .length)
      case 2: builder = builder.reply("", stopped: .failed("code"))
      default: builder = builder.reply(text)
      }
    }
    return builder
  }

  /// Any command, sensible or not.
  public static func command(
    for session: Session, using generator: inout SeededGenerator
  ) -> Command {
    let turn = TurnID(Int.random(in: 0...session.turns.count, using: &generator))
    let target = Bool.random(using: &generator) ? turn : nil
    let text = text(using: &generator)
    switch Int.random(in: 0..<13, using: &generator) {
    case 0: return .instruct(text)
    case 1: return .ask(text, expecting: .number("84"))
    case 2: return .ask(text)
    case 3: return .giveFeedback(.unary, Feedback.unaryWording, on: target)
    case 4: return .giveFeedback(.critique, text, author: .model("critic"), on: target)
    case 5: return .regenerate(target)
    case 6: return .edit(.rewrite(text), of: target)
    case 7: return .edit(.replace(old: "8", new: text), of: target)
    case 8: return .undo
    case 9: return .go(turn)
    case 10: return .rate(.stars(Int.random(in: 0...6, using: &generator)), of: target)
    case 11: return .judge(turn, Verdict(.wrong, answer: text, checker: "number"))
    default:
      let other = TurnID(Int.random(in: 0...session.turns.count, using: &generator))
      let choice = Vote.Choice.allCases.randomElement(using: &generator) ?? .tie
      // A vote on what is no reply is refused: settings take its place.
      guard session[turn]?.role == .assistant else {
        let sampling = Sampling(topK: other.position)
        return .set(
          SettingsChange(model: "model \(turn)", seed: UInt64(other.position), sampling: sampling))
      }
      return .vote(Vote(choice, a: turn, b: other))
    }
  }

  /// Up to eight pieces, most of them awkward.
  public static func text(using generator: inout SeededGenerator) -> String {
    let pieces = ["8", "84", " ", "\n", "×", "🙂", "\u{E4}", "a\u{308}", "\"", "\\", "\u{0}", "e"]
    return (0..<Int.random(in: 0...8, using: &generator))
      .compactMap { _ in pieces.randomElement(using: &generator) }.joined()
  }
}
