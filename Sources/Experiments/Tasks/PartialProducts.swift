import SessionCore

/// The product of two numbers worked out by the distributive law, in any base up to 16: the
/// solution that multiplication and hexadecimal multiplication share.
struct PartialProducts: Equatable {
  /// The factor that is asked first.
  let left: Int
  let right: Int
  let radix: Int

  var product: Int { left * right }
  /// The smaller factor first.
  var key: String { "\(text(min(left, right))),\(text(max(left, right)))" }
  /// The digits of both factors, the longer one's first, such as `3x2`.
  var size: String { "\(text(max(left, right)).count)x\(text(min(left, right)).count)" }

  /// Factors of the sizes that `3x2` names.
  static func draw(
    _ size: String, radix: Int, using chance: inout SplitMix64
  ) -> (Int, Int)? {
    let digits = size.split(separator: "x").compactMap { Int($0) }
    guard digits.count == 2 else { return nil }
    let first = WholeNumber.draw(digits: digits[0], radix: radix, using: &chance)
    return (first, WholeNumber.draw(digits: digits[1], radix: radix, using: &chance))
  }

  func text(_ number: Int) -> String { String(number, radix: radix, uppercase: true) }

  /// The non-zero digits times powers of the base: 47 is 40 and 7.
  func parts(of number: Int) -> [Int] {
    var parts: [Int] = []
    var rest = number
    var place = 1
    while rest > 0 {
      if rest % radix > 0 { parts.insert(rest % radix * place, at: 0) }
      rest /= radix
      place *= radix
    }
    return parts.isEmpty ? [0] : parts
  }

  /// Opening, partial products, running sums, answer.
  var lines: [String] {
    let announced = [left, right].filter { parts(of: $0).count > 1 }
    let opening = announced.map { factor in
      "\(text(factor)) = " + parts(of: factor).map(text).joined(separator: " + ")
    }
    var lines = opening.isEmpty ? [] : [opening.joined(separator: ", ")]
    var products: [Int] = []
    for part in parts(of: left) {
      for other in parts(of: right) {
        products.append(part * other)
        lines.append("\(text(part)) × \(text(other)) = \(text(part * other))")
      }
    }
    var sum = products[0]
    for product in products.dropFirst() {
      lines.append("\(text(sum)) + \(text(product)) = \(text(sum + product))")
      sum += product
    }
    return lines + ["Answer: \(text(product))"]
  }

  /// Whether a line is a product, a sum of two, or an opening.
  func isStep(_ line: String) -> Bool {
    let number = radix == 16 ? "H" : "N"
    if ["× ", "+ "].contains(where: {
      StepForm("\(number) \($0)\(number) = \(number)").matches(line)
    }) {
      return true
    }
    let parts = line.split(separator: ", ", omittingEmptySubsequences: false)
    return parts.count <= 2 && parts.allSatisfy(isSplit)
  }

  /// Whether a text has the form `47 = 40 + 7`.
  private func isSplit(_ text: Substring) -> Bool {
    let number = StepForm(radix == 16 ? "H" : "N")
    let sides = text.split(separator: " = ", omittingEmptySubsequences: false)
    guard sides.count == 2, number.matches(String(sides[0])) else { return false }
    let pieces = sides[1].split(separator: " + ", omittingEmptySubsequences: false)
    return pieces.count > 1 && pieces.allSatisfy { number.matches(String($0)) }
  }
}
