/// A text whose every character knows where it comes from: the template, or a message.
///
/// Python's strings are code points, so are these. The origin travels through slices, joins,
/// replacements and case changes, which is what keeps a control token that somebody spells in a
/// message from becoming one. Comparisons do not look at it.
struct JinjaText: Hashable, Sendable {
  /// Unicode scalar values; the highest bit marks those that come from a message.
  var units: [UInt32]

  /// The mark of a character that is not the template's own.
  static let foreign: UInt32 = 1 << 31
  private static let valueMask: UInt32 = foreign - 1

  init(units: some Sequence<UInt32>) { self.units = Array(units) }

  init(_ text: String, foreign: Bool = false) {
    let mark = foreign ? JinjaText.foreign : 0
    units = text.unicodeScalars.map { $0.value | mark }
  }

  var count: Int { units.count }

  /// The text without its origins.
  var string: String { JinjaText.string(units[...]) }

  static func string(_ units: ArraySlice<UInt32>) -> String {
    var text = String.UnicodeScalarView()
    for unit in units { text.append(scalar(unit)) }
    return String(text)
  }

  static func scalar(_ unit: UInt32) -> Unicode.Scalar {
    Unicode.Scalar(unit & valueMask) ?? "\u{FFFD}"
  }

  static func == (left: JinjaText, right: JinjaText) -> Bool {
    left.count == right.count
      && zip(left.units, right.units).allSatisfy { $0 & valueMask == $1 & valueMask }
  }

  func hash(into hasher: inout Hasher) {
    for unit in units { hasher.combine(unit & JinjaText.valueMask) }
  }

  /// Python's order of strings: by code points.
  static func precedes(_ left: JinjaText, _ right: JinjaText) -> Bool {
    left.units.lexicographicallyPrecedes(right.units) { $0 & valueMask < $1 & valueMask }
  }

  /// Where `other` begins at or after `start`; nil where it does not.
  func firstIndex(of other: JinjaText, from start: Int = 0) -> Int? {
    guard other.count <= count, start <= count - other.count else { return nil }
    return (start...(count - other.count)).first { hasText(other, at: $0) }
  }

  func lastIndex(of other: JinjaText, before end: Int) -> Int? {
    guard other.count <= end else { return nil }
    return (0...(end - other.count)).last { hasText(other, at: $0) }
  }

  func hasText(_ other: JinjaText, at index: Int) -> Bool {
    guard index >= 0, index + other.count <= count else { return false }
    for offset in 0..<other.count
    where (units[index + offset] ^ other.units[offset]) & JinjaText.valueMask != 0 {
      return false
    }
    return true
  }

  func starts(with other: JinjaText) -> Bool { hasText(other, at: 0) }
  func ends(with other: JinjaText) -> Bool { hasText(other, at: count - other.count) }

  /// `str.isspace`'s characters.
  static func isSpace(_ unit: UInt32) -> Bool {
    switch unit & valueMask {
    case 9...13, 28...32, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F,
      0x3000:
      true
    default: false
    }
  }

  /// `str.strip`: of blanks, or of any of some characters.
  func stripped(_ characters: JinjaText?, left: Bool, right: Bool) -> JinjaText {
    let set = characters.map { Set($0.units.map { $0 & JinjaText.valueMask }) }
    func goes(_ unit: UInt32) -> Bool {
      set?.contains(unit & JinjaText.valueMask) ?? JinjaText.isSpace(unit)
    }
    var slice = units[...]
    if left { slice = slice.drop(while: goes) }
    if right {
      while let last = slice.last, goes(last) { slice.removeLast() }
    }
    return JinjaText(units: slice)
  }

  /// `str.replace`; a negative count replaces all.
  func replacing(_ old: JinjaText, with new: JinjaText, count limit: Int) -> JinjaText {
    var output: [UInt32] = []
    var index = 0
    var left = limit < 0 ? Int.max : limit
    while index < count {
      if left > 0, hasText(old, at: index) {
        output += new.units
        left -= 1
        if !old.units.isEmpty {
          index += old.count
          continue
        }
      }
      output.append(units[index])
      index += 1
    }
    if old.units.isEmpty, left > 0 { output += new.units }
    return JinjaText(units: output)
  }
}
