/// Light Markdown: what the characters of a line stand for. Nothing is taken away, so what is
/// shown, searched and copied is what was written.
///
/// Fenced code (CommonMark 0.31 §4.5), headings (§4.2), `**strong**`, `` `code` `` and quotes. A
/// single `*` stays as it is: in sums it means "times".
struct Markup: Equatable, Sendable {
  /// The fence that opened the code one is in.
  private var fence: Fence?

  private struct Fence: Equatable {
    var character: Character
    var count: Int
  }

  /// One ink a character of the next line, `rest` where nothing is marked up.
  mutating func inks(of line: [Character], rest: Ink = .text) -> [Ink] {
    let found = Self.fence(in: line)
    if let fence {
      let closes =
        found.map { $0.character == fence.character && $0.count >= fence.count } == true
        && line.drop { $0 == " " || $0 == fence.character }.allSatisfy(\.isWhitespace)
      if closes { self.fence = nil }
      return line.map { _ in closes ? .quiet : .code }
    }
    if let found {
      fence = found
      return line.map { _ in .quiet }
    }
    if Self.isHeading(line) { return line.map { _ in .strong } }
    if line.first == ">" { return line.map { _ in .quiet } }
    return Self.inline(line, rest)
  }

  /// Three or more backticks or tildes, indented by three blanks at most.
  private static func fence(in line: [Character]) -> Fence? {
    let indent = line.prefix { $0 == " " }.count
    guard indent <= 3, line.count > indent, line[indent] == "`" || line[indent] == "~" else {
      return nil
    }
    let character = line[indent]
    let count = line[indent...].prefix { $0 == character }.count
    // What follows backticks holds none, or it is code within a line.
    guard count >= 3, character == "~" || !line[(indent + count)...].contains("`") else {
      return nil
    }
    return Fence(character: character, count: count)
  }

  private static func isHeading(_ line: [Character]) -> Bool {
    let signs = line.prefix { $0 == "#" }.count
    return (1...6).contains(signs) && line.count > signs && line[signs] == " "
  }

  private static func inline(_ line: [Character], _ rest: Ink) -> [Ink] {
    var inks = [Ink](repeating: rest, count: line.count)
    var index = 0
    while index < line.count {
      guard line[index] == "`" || line[index] == "*" else {
        index += 1
        continue
      }
      let signs = line[index...].prefix { $0 == line[index] }.count
      if line[index] == "`", let end = end(of: signs, after: index, in: line) {
        for place in index..<end { inks[place] = .code }
        index = end
      } else if line[index] == "*", signs == 2, let end = end(of: 2, after: index, in: line),
        !line[index + 2].isWhitespace, !line[end - 3].isWhitespace
      {
        for place in index..<end { inks[place] = .strong }
        index = end
      } else {
        index += signs
      }
    }
    return inks
  }

  /// Where the next run of exactly so many of the same sign ends; nil when there is none or
  /// nothing stands between.
  private static func end(of signs: Int, after start: Int, in line: [Character]) -> Int? {
    let sign = line[start]
    var index = start + signs
    while index < line.count {
      guard line[index] == sign else {
        index += 1
        continue
      }
      let run = line[index...].prefix { $0 == sign }.count
      if run == signs { return index > start + signs ? index + run : nil }
      index += run
    }
    return nil
  }
}
