/// A person's change of a turn's text, from which the model goes on.
///
/// *In-Place Feedback* (arXiv 2510.00777): the reply is kept up to the end of the last edited
/// span, everything after it is cut, and the model continues. How dependent text is found is not
/// spelt out in the paper; cutting all that follows is this program's rule.
public enum InPlaceEdit: Equatable, Sendable {
  /// The first occurrence of `old` becomes `new`.
  case replace(old: String, new: String)
  /// The whole reply as the person left it in an editor.
  case rewrite(String)
  /// A beginning that stands as it is, whatever the reply says: an edit that is played again, or
  /// one whose place in the reply is known to the byte.
  case beginning(Start)

  /// The beginning that stays, and who wrote which bytes of it.
  public struct Start: Equatable, Sendable {
    public var kept: String
    public var spans: [AuthoredSpan]
    /// The end of `kept` in tokens, where the person chose one of them instead of typing.
    public var tokens: KeptTokens?

    public init(kept: String, spans: [AuthoredSpan], tokens: KeptTokens? = nil) {
      self.kept = kept
      self.spans = spans
      self.tokens = tokens
    }

    /// A reply's own beginning and what is typed after it.
    /// - Parameter authors: who wrote which bytes of the reply; what they do not cover is the
    ///   model's.
    public init(
      before: some Collection<UInt8>, writtenBy authors: [AuthoredSpan] = [], typed: String
    ) {
      kept = String(decoding: before, as: UTF8.self) + typed
      spans = []
      var rest = before.count
      for author in authors {
        add(author.writer, min(author.bytes, rest))
        rest -= min(author.bytes, rest)
      }
      add(.model, rest)
      add(.person, typed.utf8.count)
    }

    /// Neighbours by one writer are one span; nothing is none.
    private mutating func add(_ writer: AuthoredSpan.Writer, _ bytes: Int) {
      guard bytes > 0 else { return }
      if spans.last?.writer == writer {
        spans[spans.count - 1].bytes += bytes
      } else {
        spans.append(AuthoredSpan(writer, bytes: bytes))
      }
    }
  }

  /// - Parameter authors: who wrote which bytes of `reply`; empty means the model wrote all.
  /// - Throws: ``Refusal/textNotFound(_:)``, ``Refusal/editChangesNothing`` or
  ///   ``Refusal/emptyText`` (an empty `old`).
  public func applied(
    to reply: String, writtenBy authors: [AuthoredSpan] = []
  ) throws(Refusal) -> Start {
    switch self {
    case .replace(let old, let new):
      guard !old.isEmpty else { throw .emptyText }
      guard old != new else { throw .editChangesNothing }
      guard let start = firstOffset(of: Array(old.utf8), in: Array(reply.utf8)) else {
        throw .textNotFound(old)
      }
      return .init(before: reply.utf8.prefix(start), writtenBy: authors, typed: new)
    case .rewrite(let edited): return try Self.compare(reply, authors, edited)
    case .beginning(let start): return start
    }
  }

  /// The whole text with the edit in it, for a turn that no model goes on with.
  /// - Throws: as ``applied(to:writtenBy:)``.
  public func rewritten(_ text: String) throws(Refusal) -> String {
    switch self {
    case .replace(let old, _):
      let start = try applied(to: text)
      // Up to its end the edited span has grown by the difference of the two.
      let typed = start.spans.last { $0.writer == .person }?.bytes ?? 0
      let rest = start.kept.utf8.count - typed + old.utf8.count
      return start.kept + String(decoding: text.utf8.dropFirst(rest), as: UTF8.self)
    case .rewrite(let edited):
      guard !edited.utf8.elementsEqual(text.utf8) else { throw .editChangesNothing }
      return edited
    case .beginning(let start): return start.kept
    }
  }

  /// Finds the edited span as what is left between the longest common beginning and the longest
  /// common end, both in whole Unicode scalars.
  private static func compare(
    _ reply: String, _ authors: [AuthoredSpan], _ edited: String
  ) throws(Refusal) -> Start {
    let old = Array(reply.unicodeScalars)
    let new = Array(edited.unicodeScalars)
    guard old != new else { throw .editChangesNothing }
    let shorter = min(old.count, new.count)
    let head = (0..<shorter).first { old[$0] != new[$0] } ?? shorter
    let tail =
      (0..<(shorter - head)).first { old[old.count - 1 - $0] != new[new.count - 1 - $0] }
      ?? (shorter - head)
    let before = String(String.UnicodeScalarView(new[..<head]))
    let typed = String(String.UnicodeScalarView(new[head..<(new.count - tail)]))
    return Start(before: before.utf8, writtenBy: authors, typed: typed)
  }

  private func firstOffset(of needle: [UInt8], in text: [UInt8]) -> Int? {
    guard needle.count <= text.count else { return nil }
    return (0...(text.count - needle.count)).first { start in
      text[start..<(start + needle.count)].elementsEqual(needle)
    }
  }
}
