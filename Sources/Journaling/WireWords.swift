import SessionCore

/// The words that stand for the cases of an enumeration on disk.
///
/// Kept apart from the cases' own names, so that renaming a case in the program cannot change a
/// file's meaning.
struct WireWords<Value: Equatable & Sendable>: Sendable {
  private let pairs: [(value: Value, word: String)]

  init(_ pairs: [(value: Value, word: String)]) { self.pairs = pairs }

  func word(_ value: Value) -> String {
    guard let pair = pairs.first(where: { $0.value == value }) else {
      preconditionFailure("no word for \(value)")
    }
    return pair.word
  }

  func value(_ word: String) -> Value? { pairs.first { $0.word == word }?.value }
}

extension WireWords<Role> {
  static var roles: Self { .init([(.system, "system"), (.user, "user")]) }
}

extension WireWords<HistoryStyle> {
  static var historyStyles: Self {
    .init([(.chat, "chat"), (.singleMessage, "single_message")])
  }
}

extension WireWords<ActivationPrecision> {
  static var activations: Self { .init([(.int8, "int8"), (.exact, "exact")]) }
}

extension WireWords<Feedback.Kind> {
  static var feedbackKinds: Self {
    .init([(.unary, "unary"), (.critique, "critique"), (.challenge, "challenge")])
  }
}

extension WireWords<ReplyEnd> {
  static var replyEnds: Self {
    .init([(.endOfTurn, "end_of_turn"), (.length, "length"), (.contextFull, "context_full")])
  }
}

extension WireWords<HeadMove> {
  static var headMoves: Self { .init([(.undo, "undo"), (.go, "go"), (.redo, "redo")]) }
}

extension WireWords<Verdict.Outcome> {
  static var outcomes: Self {
    .init([(.right, "right"), (.wrong, "wrong"), (.noAnswer, "no_answer")])
  }
}

extension WireWords<Vote.Choice> {
  static var choices: Self {
    .init([(.a, "a"), (.b, "b"), (.tie, "tie"), (.bothBad, "both_bad")])
  }
}

extension WireWords<AuthoredSpan.Writer> {
  static var writers: Self { .init([(.person, "person"), (.model, "model")]) }
}
