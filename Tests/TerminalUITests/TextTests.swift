import TestSupport
import Testing

@testable import TerminalUI

@Suite struct CellWidthTests {
  @Test(arguments: [
    ("a", 1), ("é", 1), ("e\u{301}", 1), ("漢", 2), ("か", 2), ("ｱ", 1), ("Ａ", 2), ("한", 2),
    ("ᄒ", 2), ("👍", 2), ("👍🏽", 2), ("👩‍👩‍👧", 2), ("🇩🇪", 2), ("❤", 1), ("❤\u{FE0F}", 2),
    ("1\u{FE0F}\u{20E3}", 2), ("⌚", 2), ("©", 1), ("─", 1), ("▸", 1), ("×", 1), ("…", 1),
    ("ไ", 1), ("नि", 2), ("क्ष", 2), ("a\u{FE0F}", 1), ("🏳️‍🌈", 2), ("\u{1FAE8}", 2), ("\u{200B}", 0),
    ("🀄", 2), ("🂡", 1), ("𠀀", 2), ("〈", 2), ("🇩", 1),
  ])
  func cluster(text: String, width: Int) {
    #expect(CellWidth.of(text) == width)
  }

  /// `generate/widths.py` writes down what PyPI wcwidth says of every assigned scalar. A lone
  /// regional letter is one box here, as glibc, ncurses and tmux have it, and two there; spacing
  /// marks are left out, for wcwidth counts them beside a letter only.
  @Test func widthsAreThoseOfAnIndependentProgram() throws {
    let lines = try Sample.fixture("widths.txt").split(separator: "\n").dropFirst()
    #expect(lines.count > 1000)
    for line in lines {
      let words = line.split(separator: " ")
      let width = try #require(words.last.flatMap { Int($0) })
      if words.count == 3 {
        let first = try #require(UInt32(words[0], radix: 16))
        let last = try #require(UInt32(words[1], radix: 16))
        for value in Set([first, (first + last) / 2, last]) {
          guard let scalar = Unicode.Scalar(value),
            !(0x1F1E6...0x1F1FF).contains(value)
          else { continue }
          #expect(CellWidth.of(scalar) == width, "U+\(String(value, radix: 16))")
        }
      } else {
        let scalars = words[0].split(separator: "+").compactMap {
          UInt32($0, radix: 16).flatMap(Unicode.Scalar.init)
        }
        let cluster = String(String.UnicodeScalarView(scalars))
        if cluster.count == 1, scalars.count > 1 {
          #expect(CellWidth.of(cluster) == width, "\(words[0])")
        }
      }
    }
  }

  @Test func aTextIsAsWideAsItsClusters() {
    #expect(CellWidth.of("12 × 7 = 漢字") == 13)
  }
}

@Suite struct SanitiseTests {
  @Test(arguments: [
    ("plain text, 漢字, é", "plain text, 漢字, é"),
    ("\u{1B}[31mred", "␛[31mred"),
    ("\u{1B}]0;title\u{07}", "␛]0;title␇"),
    ("\u{9B}2J", "<9B>2J"),
    ("a\u{7F}b\u{00}c", "a␡b␀c"),
    ("\u{202E}txt.exe\u{2066}x\u{2069}", "<U+202E>txt.exe<U+2066>x<U+2069>"),
    ("a\u{200B}b\u{FEFF}", "a<U+200B>b<U+FEFF>"),
    ("one\r\ntwo\rthree\n", "one\ntwo␍three\n"),
    ("a\tb", "a\tb"),
    ("\u{301}lone", "◌\u{301}lone"),
    ("line\u{2028}separator", "line<U+2028>separator"),
    ("👩‍👩‍👧 می‌خواهم", "👩‍👩‍👧 می‌خواهم"),
    ("x\u{E0041}", "x<U+E0041>"),
    ("🏴\u{E0067}\u{E0062}\u{E007F}", "🏴\u{E0067}\u{E0062}\u{E007F}"),
  ])
  func text(hostile: String, harmless: String) {
    #expect(Array(Sanitise.visible(hostile).unicodeScalars) == Array(harmless.unicodeScalars))
  }

  @Test func nothingThatATerminalObeysComesThrough() {
    for value in UInt32(0)...0x3000 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      for text in [String(scalar), "a\(scalar)b", "\u{1B}\(scalar)"] {
        for left in Sanitise.visible(text).unicodeScalars where left != "\n" && left != "\t" {
          #expect(left.properties.generalCategory != .control, "U+\(String(value, radix: 16))")
          #expect(
            !(0x202A...0x202E).contains(left.value) && !(0x2066...0x2069).contains(left.value))
        }
      }
    }
  }

  @Test func aPileOfAccentsIsCut() {
    let pile = "Z" + String(repeating: "\u{351}", count: 1000)
    #expect(Sanitise.visible(pile).unicodeScalars.count == Sanitise.clusterScalarsMax)
  }
}

@Suite struct TextLayoutTests {
  private func rows(_ text: String, _ columns: Int) -> [String] {
    wrap([Span(text)], columns: columns).map(\.text)
  }

  @Test(arguments: [
    ("", 10, [""]),
    ("one two three", 8, ["one two", "three"]),
    ("one two", 7, ["one two"]),
    ("onetwothree", 4, ["onet", "woth", "ree"]),
    ("a\n\nb", 5, ["a", "", "b"]),
    ("漢字漢字", 5, ["漢字", "漢字"]),
    ("ab漢字", 5, ["ab漢", "字"]),
    ("word 漢字", 6, ["word", "漢字"]),
    ("a    b", 3, ["a", "b"]),
    ("end\n", 5, ["end", ""]),
    ("👩‍👩‍👧👩‍👩‍👧", 3, ["👩‍👩‍👧", "👩‍👩‍👧"]),
    ("漢", 1, ["漢"]),
  ])
  func wrapping(text: String, columns: Int, expected: [String]) {
    #expect(rows(text, columns) == expected)
  }

  @Test(arguments: ["one two three four", "漢字 and かな, mixed", "a\n\nbb ccc\n", "x    y    z"])
  func everyPositionIsFoundAgainAtItsOwnPlace(text: String) {
    for columns in 2...12 {
      let layout = TextLayout(Array(text), columns: columns)
      for index in 0...text.count {
        let place = layout.position(of: index)
        #expect(place.column < columns)
        let found = layout.index(row: place.row, column: place.column)
        // Positions that hang over a row's end share its last column.
        #expect(found == index || place.column == columns - 1 || text.contains("  "))
      }
    }
  }
}
