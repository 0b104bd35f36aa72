import SessionCore

/// Finds the first line of a worked solution that is arithmetically wrong, exactly and without
/// knowing the answer.
///
/// A statement is what stands between line ends, commas (unless inside a number), semicolons and
/// full stops, and reads `sum = sum = …`, where a sum is whole numbers joined by `+`, `-` and
/// `×` (also `*`, `·`, `x`), `×` first. It is wrong when its sides differ. Anything else is not
/// looked at: no words, no fractions, no brackets.
struct FirstWrongStep: Equatable, Sendable {
  /// The statement as the reply has it, such as `40 × 30 = 120`.
  let statement: String
  /// UTF-8 offsets of the statement in the reply.
  let range: Range<Int>
  /// How to make it true by its last number; nil when that cannot be done (`12 = 5 × 2`).
  let mending: Mending?

  /// A number to put in the place of another.
  struct Mending: Equatable, Sendable {
    /// UTF-8 offsets of the wrong number in the reply.
    let range: Range<Int>
    let number: Int
  }

  /// Nil when no statement is wrong.
  init?(in reply: String) {
    let bytes = Array(reply.utf8)
    for segment in ArithmeticReader.segments(of: bytes) {
      guard let found = ArithmeticReader.statement(in: bytes, segment), let wrong = found.wrongSide
      else { continue }
      statement = String(decoding: bytes[found.range], as: UTF8.self)
      range = found.range
      mending = found.mending(of: wrong)
      return
    }
    return nil
  }

  /// What a critic says who sees the mistake and keeps every right number to himself.
  var critique: String { "The step \(statement) is wrong." }
}

extension FirstWrongStep {
  /// The reply up to the wrong number, and the right number in its place; nil when the statement
  /// cannot be mended by its last number.
  /// - Parameter authors: who wrote which bytes of the reply.
  func start(
    in reply: String, writtenBy authors: [AuthoredSpan] = []
  ) -> InPlaceEdit.Start? {
    mending.map { mending in
      InPlaceEdit.Start(
        before: reply.utf8.prefix(mending.range.lowerBound), writtenBy: authors,
        typed: "\(mending.number)")
    }
  }
}

/// Reads equations of whole numbers out of a text's bytes.
private enum ArithmeticReader {
  /// One number of a statement and the sign or factor it is joined by.
  struct Operand {
    var join: UInt8
    var value: Int
    var range: Range<Int>
  }

  /// Two or more sums with `=` between them.
  struct Statement {
    var range: Range<Int>
    var sides: [[Operand]]

    /// The first side that is not equal to the first one. Nil when all are equal, or one is
    /// beyond 64 bits.
    var wrongSide: [Operand]? {
      let values = sides.compactMap(value)
      guard values.count == sides.count else { return nil }
      return values.firstIndex { $0 != values[0] }.map { sides[$0] }
    }

    /// The last number of `side` is what is changed: `C` in `A × B = C`, `B` in `C = A + B`.
    func mending(of side: [Operand]) -> FirstWrongStep.Mending? {
      guard let last = side.last, last.join != times, let whole = value(sides[0]),
        let others = value(side.dropLast())
      else { return nil }
      let (gap, overflow) = whole.subtractingReportingOverflow(others)
      guard !overflow, gap != .min else { return nil }
      let right = last.join == minus ? -gap : gap
      // A piece of a sum has no sign of its own; a lone number may be negative.
      guard right >= 0 || side.count == 1 else { return nil }
      return FirstWrongStep.Mending(range: last.range, number: right)
    }

    /// The sum of products; nil beyond 64 bits.
    private func value(_ side: some Collection<Operand>) -> Int? {
      var sum = 0
      var product = 0
      for operand in side {
        let overflow: Bool
        if operand.join == times {
          (product, overflow) = product.multipliedReportingOverflow(by: operand.value)
        } else {
          let (next, sumOverflow) = sum.addingReportingOverflow(product)
          guard !sumOverflow else { return nil }
          (sum, overflow) = (next, false)
          product = operand.join == minus ? -operand.value : operand.value
        }
        guard !overflow else { return nil }
      }
      let (total, overflow) = sum.addingReportingOverflow(product)
      return overflow ? nil : total
    }
  }

  static let plus = UInt8(ascii: "+")
  static let minus = UInt8(ascii: "-")
  static let times = UInt8(ascii: "*")
  private static let equals = UInt8(ascii: "=")

  /// Spellings of the signs.
  private static let signs: [(bytes: [UInt8], sign: UInt8)] = [
    (Array("+".utf8), plus), (Array("-".utf8), minus), (Array("\u{2212}".utf8), minus),
    (Array("*".utf8), times), (Array("×".utf8), times), (Array("·".utf8), times),
    (Array("x".utf8), times), (Array("=".utf8), equals),
  ]

  /// The parts of the text that may hold one statement each.
  static func segments(of bytes: [UInt8]) -> [Range<Int>] {
    var segments: [Range<Int>] = []
    var start = 0
    for (index, byte) in bytes.enumerated() {
      let isEnd =
        switch byte {
        case UInt8(ascii: "\n"), UInt8(ascii: ";"), UInt8(ascii: ":"): true
        case UInt8(ascii: ","), UInt8(ascii: "."):
          // `1,200` and `1.5` are numbers, `a, b` two parts.
          !(index + 1 < bytes.count && isDigit(bytes[index + 1]))
        default: false
        }
      guard isEnd else { continue }
      segments.append(start..<index)
      start = index + 1
    }
    return segments + [start..<bytes.count]
  }

  /// The statement that fills `range`, blanks and emphasis at both ends aside.
  static func statement(in bytes: [UInt8], _ range: Range<Int>) -> Statement? {
    let edges = Array(" \t\r*_$`>".utf8)
    var range = range
    // A bullet is not a minus sign.
    let start = skipBlanks(bytes, range.lowerBound, range.upperBound)
    if bytes[start..<range.upperBound].starts(with: "- ".utf8) {
      range = start + 1..<range.upperBound
    }
    while let first = range.first, edges.contains(bytes[first]) { range.removeFirst() }
    while let last = range.last, edges.contains(bytes[last]) { range.removeLast() }
    guard !range.isEmpty else { return nil }
    var sides: [[Operand]] = []
    var side: [Operand] = []
    var join = plus
    var index = range.lowerBound
    while true {
      guard let (value, end) = number(bytes, index, range.upperBound) else { return nil }
      side.append(Operand(join: join, value: value, range: index..<end))
      index = skipBlanks(bytes, end, range.upperBound)
      guard index < range.upperBound else { break }
      guard let (sign, after) = sign(bytes, index, range.upperBound) else { return nil }
      join = sign
      if sign == equals {
        sides.append(side)
        (side, join) = ([], plus)
      }
      index = skipBlanks(bytes, after, range.upperBound)
    }
    guard !sides.isEmpty else { return nil }
    return Statement(range: range, sides: sides + [side])
  }

  private static func skipBlanks(_ bytes: [UInt8], _ index: Int, _ end: Int) -> Int {
    var index = index
    while index < end, bytes[index] == 32 || bytes[index] == 9 { index += 1 }
    return index
  }

  private static func sign(_ bytes: [UInt8], _ index: Int, _ end: Int) -> (UInt8, Int)? {
    for sign in signs where bytes[index..<end].starts(with: sign.bytes) {
      return (sign.sign, index + sign.bytes.count)
    }
    return nil
  }

  /// Digits, a minus before them, commas between groups of three.
  private static func number(_ bytes: [UInt8], _ start: Int, _ end: Int) -> (Int, Int)? {
    var index = start
    let isNegative = index < end && bytes[index] == minus
    if isNegative { index += 1 }
    let firstDigit = index
    var value = 0
    while index < end {
      if bytes[index] == UInt8(ascii: ","), isGroup(bytes, index + 1, end), index > firstDigit {
        index += 1
        continue
      }
      guard isDigit(bytes[index]) else { break }
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowSum) = tens.addingReportingOverflow(Int(bytes[index] - 48))
      guard !overflow, !overflowSum else { return nil }
      value = sum
      index += 1
    }
    guard index > firstDigit else { return nil }
    return (isNegative ? -value : value, index)
  }

  /// Whether exactly three digits begin at `index`.
  private static func isGroup(_ bytes: [UInt8], _ index: Int, _ end: Int) -> Bool {
    guard index + 3 <= end, (index..<index + 3).allSatisfy({ isDigit(bytes[$0]) }) else {
      return false
    }
    return index + 3 == end || !isDigit(bytes[index + 3])
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
