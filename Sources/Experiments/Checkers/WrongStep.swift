import SessionCore

/// The first step of a reply that is wrong, where it stands, and what should stand there.
///
/// Found exactly and without a model: by arithmetic alone (``init(arithmeticIn:radix:)``), or by a
/// problem that knows its own reference solution (``Problem/firstWrongStep(in:)``). The sentences
/// are those of docs/method/tasks.md.
public struct WrongStep: Equatable, Sendable {
  /// The reply's line it stands in, counted from 1; blank lines count.
  public let line: Int
  /// The step as the reply has it, such as `40 × 30 = 120`.
  public let written: String
  /// UTF-8 offsets of the step in the reply.
  public let range: Range<Int>
  /// What should stand there, such as `40 × 30 = 1200`; nil when that is not known.
  public let right: String?
  /// Whether the right step is the answer itself, so that telling it gives the answer away.
  public let isAnswer: Bool
  /// Whether it is a whole line of a worked solution, to be ended when it is mended.
  private let isLine: Bool

  init(
    _ range: Range<Int>, of bytes: [UInt8], right: String?, isAnswer: Bool = false,
    isLine: Bool = true
  ) {
    self.range = range
    line = 1 + bytes[..<range.lowerBound].count { $0 == UInt8(ascii: "\n") }
    written = String(decoding: bytes[range], as: UTF8.self)
    self.right = right
    self.isAnswer = isAnswer
    self.isLine = isLine
  }

  /// The first equation of whole numbers whose sides differ, to be mended by its last number; nil
  /// when none does. Lines that are right in themselves but do not belong to the question are not
  /// found.
  public init?(arithmeticIn reply: String, radix: Int = 10) {
    let bytes = Array(reply.utf8)
    for equation in Equation.all(in: bytes, radix: radix) {
      guard let side = equation.wrongSide else { continue }
      let right = equation.mending(of: side).map { range, number in
        String(decoding: bytes[equation.range.lowerBound..<range.lowerBound], as: UTF8.self)
          + String(number, radix: radix, uppercase: true)
      }
      self.init(equation.range, of: bytes, right: right, isLine: false)
      return
    }
    return nil
  }
}

extension WrongStep {
  /// What a critic says who sees the mistake and keeps the right step to himself.
  public var critique: String { "The step \(Self.plain(written)) \(complaint)." }

  /// What a critic says who gives the right step too; nil when it is not known.
  public var critiqueWithValue: String? {
    right.map { "The step \(Self.plain(written)) \(complaint); it should be \(Self.plain($0))." }
  }

  private var complaint: String {
    guard let right, Self.head(right) != Self.head(written) else { return "is wrong" }
    return "does not belong there"
  }

  /// Without a final full stop.
  private static func plain(_ text: String) -> String {
    text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// What a step is about: the text before its first ` = `, else before its first colon.
  private static func head(_ text: String) -> Substring {
    if let sign = text.firstRange(of: " = ") { return text[..<sign.lowerBound] }
    return text.firstIndex(of: ":").map { text[..<$0] } ?? ""
  }

  /// The reply up to the mistake and the right text in its place, for an edit in place; nil when
  /// what is right is not known. What the two have in common, in whole words, stays the reply's.
  /// - Parameter authors: who wrote which bytes of the reply.
  public func start(
    in reply: String, writtenBy authors: [AuthoredSpan] = []
  ) -> InPlaceEdit.Start? {
    guard let right else { return nil }
    let old = Array(written.utf8)
    let new = Array(right.utf8)
    var same = zip(old, new).prefix { $0 == $1 }.count
    while same > 0, new[same - 1] != UInt8(ascii: " ") { same -= 1 }
    var before = Array(reply.utf8.prefix(range.lowerBound + same))
    if isLine, before.dropLast(same).last == UInt8(ascii: " ") {
      // A line of a solution is not indented.
      before.removeLast(same)
      while let last = before.last, last == UInt8(ascii: " ") { before.removeLast() }
      same = 0
    }
    return InPlaceEdit.Start(
      before: before, writtenBy: authors,
      typed: String(decoding: new[same...], as: UTF8.self) + (isLine ? "\n" : ""))
  }
}
