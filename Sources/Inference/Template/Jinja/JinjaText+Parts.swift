/// Python's ways to cut a string.
extension JinjaText {
  /// `str.split` and `str.rsplit` at a separator.
  func parts(by separator: JinjaText, _ limit: Int, fromRight: Bool) -> [JinjaText] {
    var parts: [JinjaText] = []
    if fromRight {
      var end = count
      while parts.count < limit, let index = lastIndex(of: separator, before: end) {
        parts.append(JinjaText(units: units[(index + separator.count)..<end]))
        end = index
      }
      parts.append(JinjaText(units: units[..<end]))
      return parts.reversed()
    }
    var start = 0
    while parts.count < limit, let index = firstIndex(of: separator, from: start) {
      parts.append(JinjaText(units: units[start..<index]))
      start = index + separator.count
    }
    parts.append(JinjaText(units: units[start...]))
    return parts
  }

  /// The same at runs of blanks, without empty parts.
  func words(_ limit: Int, fromRight: Bool) -> [JinjaText] {
    var rest = stripped(nil, left: true, right: true).units[...]
    var words: [JinjaText] = []
    while !rest.isEmpty {
      if words.count == limit {
        // What is left keeps the blanks on its far side.
        words.append(
          fromRight
            ? JinjaText(units: rest).restored(in: self) : JinjaText(units: rest).tail(in: self))
        break
      }
      if fromRight {
        let start = rest.lastIndex(where: JinjaText.isSpace).map { $0 + 1 } ?? rest.startIndex
        words.append(JinjaText(units: rest[start...]))
        rest = rest[..<start]
        while let last = rest.last, JinjaText.isSpace(last) { rest.removeLast() }
      } else {
        let end = rest.firstIndex(where: JinjaText.isSpace) ?? rest.endIndex
        words.append(JinjaText(units: rest[..<end]))
        rest = rest[end...].drop(while: JinjaText.isSpace)
      }
    }
    return fromRight ? words.reversed() : words
  }

  private func restored(in whole: JinjaText) -> JinjaText {
    JinjaText(units: whole.units.prefix(while: JinjaText.isSpace) + units)
  }

  private func tail(in whole: JinjaText) -> JinjaText {
    JinjaText(
      units: units + Array(whole.units.reversed().prefix(while: JinjaText.isSpace).reversed()))
  }

  /// `str.splitlines`.
  var lines: [JinjaText] {
    var lines: [JinjaText] = []
    var start = 0
    var index = 0
    while index < count {
      let scalar = JinjaText.scalar(units[index])
      switch scalar.value {
      case 10...13, 28...30, 0x85, 0x2028, 0x2029:
        lines.append(JinjaText(units: units[start..<index]))
        if scalar == "\r", index + 1 < count, JinjaText.scalar(units[index + 1]) == "\n" {
          index += 1
        }
        start = index + 1
      default: break
      }
      index += 1
    }
    if start < count { lines.append(JinjaText(units: units[start...])) }
    return lines
  }

  /// `str.count`: places that do not overlap; one more than there are characters for no text.
  func occurrences(of part: JinjaText) -> Int {
    guard !part.units.isEmpty else { return count + 1 }
    var total = 0
    var start = 0
    while let index = firstIndex(of: part, from: start) {
      total += 1
      start = index + part.count
    }
    return total
  }

  /// `str.isdigit`.
  var isDigits: Bool {
    count > 0
      && units.allSatisfy { unit in
        switch JinjaText.scalar(unit).properties.numericType {
        case .decimal, .digit: true
        default: false
        }
      }
  }
}
