// Internet addresses, telephone numbers and paths.
extension PrivateData {
  // MARK: - Internet addresses

  static func address(_ start: Int, _ bytes: [UInt8]) -> Range<Int>? {
    if isDigit(bytes[start]), let end = fourNumbers(start, bytes) { return start..<end }
    return sixteenBytes(start, bytes).map { start..<$0 }
  }

  /// `192.168.0.1`, with nothing of the kind on either side: `1.2.3.4.5` is a version or a list.
  private static func fourNumbers(_ start: Int, _ bytes: [UInt8]) -> Int? {
    guard start == 0 || bytes[start - 1] != UInt8(ascii: ".") else { return nil }
    var index = start
    for number in 0..<4 {
      if number > 0 {
        guard index < bytes.count, bytes[index] == UInt8(ascii: ".") else { return nil }
        index += 1
      }
      let digits = bytes[index...].prefix(4).prefix(while: isDigit)
      guard (1...3).contains(digits.count),
        let value = Int(String(decoding: digits, as: UTF8.self)),
        value <= 255
      else { return nil }
      index = digits.endIndex
    }
    guard index < bytes.count else { return index }
    let isList =
      bytes[index] == UInt8(ascii: ".") && index + 1 < bytes.count && isDigit(bytes[index + 1])
    return isWord(bytes[index]) || isList ? nil : index
  }

  /// `2001:db8::1`: groups of up to four hexadecimal digits, eight of them or `::` once.
  private static func sixteenBytes(_ start: Int, _ bytes: [UInt8]) -> Int? {
    guard start == 0 || bytes[start - 1] != UInt8(ascii: ":") else { return nil }
    let run = bytes[start...].prefix(40).prefix { isHex($0) || $0 == UInt8(ascii: ":") }
    guard run.count < 40, run.count > 3, run.contains(UInt8(ascii: ":")) else { return nil }
    let groups = run.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let empty = groups.dropFirst().dropLast().count { $0.isEmpty }
    let filled = groups.count { !$0.isEmpty }
    guard groups.allSatisfy({ $0.count <= 4 }), filled >= 2,
      empty == 1 && filled < 8 || empty == 0 && filled == 8 && groups.count == 8
    else { return nil }
    guard run.endIndex == bytes.count || !isWord(bytes[run.endIndex]) else { return nil }
    return run.endIndex
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    isDigit(byte) || (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66)
  }

  // MARK: - Telephone numbers

  /// `+49 30 1234567`, `(555) 123-4567`, `555-123-4567`, `030/1234567`; never a bare number, and
  /// nothing that a sum could be.
  static func phone(_ start: Int, _ bytes: [UInt8]) -> Range<Int>? {
    let before = start > 0 ? bytes[start - 1] : 0x20
    guard !isWord(before), before != UInt8(ascii: "."), before != UInt8(ascii: "-") else {
      return nil
    }
    switch bytes[start] {
    case UInt8(ascii: "+"):
      guard start + 1 < bytes.count, isDigit(bytes[start + 1]) else { return nil }
      let found = groups(from: start + 1, bytes)
      let digits = found.lengths.reduce(0, +)
      return (8...15).contains(digits) ? start..<found.end : nil
    case UInt8(ascii: "("):
      let found = groups(from: start, bytes)
      return found.lengths.count >= 2 && (9...12).contains(found.lengths.reduce(0, +))
        && found.lengths[0] <= 5 ? start..<found.end : nil
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      let found = groups(from: start, bytes)
      let isAmerican = found.lengths == [3, 3, 4] || found.lengths == [1, 3, 3, 4]
      let isNational =
        bytes[start] == UInt8(ascii: "0") && found.lengths.count >= 2
        && (3...6).contains(found.lengths[0]) && (9...13).contains(found.lengths.reduce(0, +))
      return isAmerican || isNational ? start..<found.end : nil
    default: return nil
    }
  }

  /// Groups of digits with one or two separators between them.
  private static func groups(from start: Int, _ bytes: [UInt8]) -> (lengths: [Int], end: Int) {
    var lengths: [Int] = []
    var (index, end) = (start, start)
    while index < bytes.count, lengths.count < 8 {
      let digits = bytes[index...].prefix(20).prefix(while: isDigit)
      if !digits.isEmpty {
        lengths.append(digits.count)
        (index, end) = (digits.endIndex, digits.endIndex)
        // `10.5` and `3/4` are arithmetic, but so short that no kind of number above fits them.
      }
      let between = bytes[index...].prefix(2).prefix { " -./()".utf8.contains($0) }
      guard !between.isEmpty || digits.isEmpty else { break }
      guard !between.isEmpty else { break }
      index = between.endIndex
      guard index < bytes.count, isDigit(bytes[index]) else { break }
    }
    if end < bytes.count, isWord(bytes[end]) { return ([], start) }
    return (lengths, end)
  }

  // MARK: - Paths

  /// `/srv/x/y`, `~/x`, `C:\Users\ann`, `\\server\share`, `file:///x`: two steps from the root, one otherwise.
  static func path(_ start: Int, _ bytes: [UInt8]) -> Range<Int>? {
    let before = start > 0 ? bytes[start - 1] : 0x20
    guard !isWord(before), !":/\\.~".utf8.contains(before), before < 0x80 else { return nil }
    let rest = bytes[start...]
    let isRooted =
      rest.starts(with: "/".utf8) || rest.starts(with: "~/".utf8)
      || rest.starts(with: "\\\\".utf8) || rest.starts(with: "file:/".utf8)
      || rest.count > 3 && isAlphanumeric(rest[start]) && rest[start + 1] == UInt8(ascii: ":")
        && (rest[start + 2] == UInt8(ascii: "\\") || rest[start + 2] == UInt8(ascii: "/"))
    guard isRooted else { return nil }
    var end = start
    var steps = 0
    while end < bytes.count, end - start < 4096, isPath(bytes[end]) {
      let isSlash = bytes[end] == UInt8(ascii: "/") || bytes[end] == UInt8(ascii: "\\")
      if isSlash, end + 1 < bytes.count, isWord(bytes[end + 1]) || bytes[end + 1] >= 0x80 {
        steps += 1
      }
      end += 1
    }
    while end > start, ".,:;)".utf8.contains(bytes[end - 1]) { end -= 1 }
    let isHome = rest.starts(with: "~/".utf8) || bytes[start] != UInt8(ascii: "/")
    return steps >= (isHome ? 1 : 2) ? start..<end : nil
  }

  private static func isPath(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte != 0x7F && !"\"'`<>|*?[]{}".utf8.contains(byte)
  }
}
