/// A statement such as `40 × 30 = 1200` or `47 = 40 + 7`, read out of a text's bytes.
///
/// It stands between line ends, commas (unless inside a number), semicolons, colons and full
/// stops, and reads `sum = sum = …`, where a sum is whole numbers joined by `+`, `-` and `×` (also
/// `*`, `·`, `x`), `×` first. Anything else is not looked at: no words, no fractions, no brackets.
struct Equation {
  /// One number and the sign or factor it is joined by.
  struct Operand {
    var join: UInt8
    var value: Int
    var range: Range<Int>
  }

  /// UTF-8 offsets in the text.
  var range: Range<Int>
  /// Two or more sums with `=` between them.
  var sides: [[Operand]]
}

extension Equation {
  /// The equations of a text, first to last.
  /// - Parameter radix: 10, or 16 for numbers in hexadecimal digits of either case.
  static func all(in bytes: [UInt8], radix: Int = 10) -> [Equation] {
    EquationReader(bytes: bytes, radix: radix).all()
  }

  /// The first side that is not equal to the first one. Nil when all are equal, or one is beyond
  /// 64 bits.
  var wrongSide: [Operand]? {
    let values = sides.compactMap(Self.value)
    guard values.count == sides.count else { return nil }
    return values.firstIndex { $0 != values[0] }.map { sides[$0] }
  }

  /// The number that would make the equation true in the place of the last one of `side`: `C` in
  /// `A × B = C`, `B` in `C = A + B`. Nil when that cannot be done (`12 = 5 × 2`).
  func mending(of side: [Operand]) -> (range: Range<Int>, number: Int)? {
    guard let last = side.last, last.join != Self.times, let whole = Self.value(sides[0]),
      let others = Self.value(side.dropLast())
    else { return nil }
    let (gap, overflow) = whole.subtractingReportingOverflow(others)
    guard !overflow, gap != .min else { return nil }
    let right = last.join == Self.minus ? -gap : gap
    // A piece of a sum has no sign of its own; a lone number may be negative.
    guard right >= 0 || side.count == 1 else { return nil }
    return (last.range, right)
  }

  /// The sum of products; nil beyond 64 bits.
  static func value(_ side: some Collection<Operand>) -> Int? {
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

  static let plus = UInt8(ascii: "+")
  static let minus = UInt8(ascii: "-")
  static let times = UInt8(ascii: "*")
}

/// Reads equations of whole numbers out of a text's bytes.
private struct EquationReader {
  let bytes: [UInt8]
  let radix: Int

  func all() -> [Equation] {
    segments().compactMap(equation)
  }

  private static let equals = UInt8(ascii: "=")

  /// Spellings of the signs.
  private static let signs: [(bytes: [UInt8], sign: UInt8)] = [
    (Array("+".utf8), Equation.plus), (Array("-".utf8), Equation.minus),
    (Array("\u{2212}".utf8), Equation.minus),
    (Array("*".utf8), Equation.times), (Array("×".utf8), Equation.times),
    (Array("·".utf8), Equation.times),
    (Array("x".utf8), Equation.times), (Array("=".utf8), equals),
  ]

  /// The parts of the text that may hold one statement each.
  private func segments() -> [Range<Int>] {
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
  private func equation(_ range: Range<Int>) -> Equation? {
    let edges = Array(" \t\r*_$`>".utf8)
    var range = range
    // A bullet is not a minus sign.
    let start = skipBlanks(range.lowerBound, range.upperBound)
    if bytes[start..<range.upperBound].starts(with: "- ".utf8) {
      range = start + 1..<range.upperBound
    }
    while let first = range.first, edges.contains(bytes[first]) { range.removeFirst() }
    while let last = range.last, edges.contains(bytes[last]) { range.removeLast() }
    guard !range.isEmpty else { return nil }
    var sides: [[Equation.Operand]] = []
    var side: [Equation.Operand] = []
    var join = Equation.plus
    var index = range.lowerBound
    while true {
      guard let (value, end) = number(index, range.upperBound) else { return nil }
      side.append(Equation.Operand(join: join, value: value, range: index..<end))
      index = skipBlanks(end, range.upperBound)
      guard index < range.upperBound else { break }
      guard let (sign, after) = sign(index, range.upperBound) else { return nil }
      join = sign
      if sign == Self.equals {
        sides.append(side)
        (side, join) = ([], Equation.plus)
      }
      index = skipBlanks(after, range.upperBound)
    }
    guard !sides.isEmpty else { return nil }
    return Equation(range: range, sides: sides + [side])
  }

  private func skipBlanks(_ index: Int, _ end: Int) -> Int {
    var index = index
    while index < end, bytes[index] == 32 || bytes[index] == 9 { index += 1 }
    return index
  }

  private func sign(_ index: Int, _ end: Int) -> (UInt8, Int)? {
    for sign in Self.signs where bytes[index..<end].starts(with: sign.bytes) {
      return (sign.sign, index + sign.bytes.count)
    }
    return nil
  }

  /// Digits, a minus before them, commas between groups of three.
  private func number(_ start: Int, _ end: Int) -> (Int, Int)? {
    var index = start
    let isNegative = index < end && bytes[index] == Equation.minus
    if isNegative { index += 1 }
    let firstDigit = index
    var value = 0
    while index < end {
      if radix == 10, bytes[index] == UInt8(ascii: ","), isGroup(index + 1, end), index > firstDigit
      {
        index += 1
        continue
      }
      guard let digit = digit(bytes[index]) else { break }
      let (tens, overflow) = value.multipliedReportingOverflow(by: radix)
      let (sum, overflowSum) = tens.addingReportingOverflow(digit)
      guard !overflow, !overflowSum else { return nil }
      value = sum
      index += 1
    }
    guard index > firstDigit else { return nil }
    return (isNegative ? -value : value, index)
  }

  /// Whether exactly three digits begin at `index`.
  private func isGroup(_ index: Int, _ end: Int) -> Bool {
    guard index + 3 <= end, (index..<index + 3).allSatisfy({ isDigit(bytes[$0]) }) else {
      return false
    }
    return index + 3 == end || !isDigit(bytes[index + 3])
  }

  private func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case 48...57: Int(byte - 48)
    case 65...70 where radix == 16: Int(byte - 55)
    case 97...102 where radix == 16: Int(byte - 87)
    default: nil
    }
  }

  private func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
}
