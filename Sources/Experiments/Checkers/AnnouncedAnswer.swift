import Friction

/// The answer that a reply announces, as text.
///
/// What follows `Answer:` in the last line that begins so, one final full stop aside. A reply
/// without such a line may announce its answer as other models do: in the last `\boxed{…}`, after
/// an `Answer:` in emphasis or within a line, or after `####` (``FinalAnswer``'s marks).
struct AnnouncedAnswer {
  /// Never empty.
  let text: String

  /// Nil when nothing is announced.
  init?(in reply: String) {
    let lines = ReplyLines(reply)
    guard lines.answer == nil else {
      guard let announced = lines.announced else { return nil }
      text = lines.text(announced)
      return
    }
    guard let marked = FinalAnswer.announced(in: reply) else { return nil }
    text = marked
  }
}
