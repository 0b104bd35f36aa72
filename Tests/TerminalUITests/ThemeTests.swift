import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// Colours that can be read, and screens without colours or Unicode.
@Suite struct ThemeTests {
  /// WCAG 2.1, "relative luminance" and "contrast ratio".
  private func contrast(_ one: Int, _ other: Int) -> Double {
    func luminance(_ rgb: Int) -> Double {
      let parts = [rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF].map { byte in
        let value = Double(byte) / 255
        // The exponent 2.4 as a square and a fifth root by Newton would hide the formula.
        return value <= 0.03928 ? value / 12.92 : power24((value + 0.055) / 1.055)
      }
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    let both = [luminance(one), luminance(other)].sorted()
    return (both[1] + 0.05) / (both[0] + 0.05)
  }

  /// x^2.4, the fifth root of x^12.
  private func power24(_ x: Double) -> Double {
    let twelfth = (0..<12).reduce(1.0) { product, _ in product * x }
    var root = x
    for _ in 0..<60 {
      let fourth = root * root * root * root
      root -= (fourth * root - twelfth) / (5 * fourth)
    }
    return root
  }

  @Test(arguments: [(Theme.dark, [0x000000, 0x1E1E1E]), (Theme.light, [0xFFFFFF, 0xF5F5F5])])
  func everyColourOfAThemeCanBeRead(theme: Theme, backgrounds: [Int]) throws {
    for ink in Ink.allCases {
      guard let colour = theme.look(of: ink).colour else { continue }
      let rgb = try #require(colour.rgb)
      let number = colour.number(among: 256)
      let shown = Theme.Colour.rgbChannels(of: number).reduce(0) { $0 << 8 | $1 }
      for background in backgrounds {
        #expect(contrast(rgb, background) >= 4.5, "\(ink) \(String(rgb, radix: 16))")
        #expect(contrast(shown, background) >= 4.5, "\(ink) as number \(number)")
      }
    }
  }

  @Test func aColourIsNamedAsDeepAsTheTerminalGoes() {
    let red = Theme.Colour(base: 1, rgb: 0xFF8787)
    #expect(red.number(among: 8) == 1)
    #expect(red.number(among: 16) == 1)
    #expect(red.number(among: 256) == 210)
    #expect(red.number(among: 1 << 24) == 0xFF8787)
    #expect(Theme.Colour(base: 1).number(among: 256) == 1)
    #expect(Theme.Colour.nearest(to: 0x808080) == 244)
  }

  @Test func withoutColoursWeightAloneTellsWhatIsChosenFoundAddedAndTyped() {
    for ink in Ink.allCases { #expect(Theme.none.look(of: ink).colour == nil) }
    let plain = Theme.Look()
    for ink in [Ink.chosen, .found, .added, .kept, .heading, .failure, .quiet] {
      #expect(Theme.none.look(of: ink) != plain, "\(ink)")
    }
  }

  @Test func theTerminalsOwnThemeLeavesTextAndBackgroundAlone() {
    #expect(Theme.terminal.look(of: .text) == Theme.Look())
    for ink in Ink.allCases {
      #expect(Theme.terminal.look(of: ink).colour?.rgb == nil)
    }
  }

  @Test(arguments: [(80, 24), (40, 12)])
  func inASCIIEveryCellIsOneAndKeepsItsPlace(columns: Int, rows: Int) {
    for session in [Sample.scripts, Sample.threeWays, Sample.empty] {
      var state = Sample.state(session, ScreenSize(columns: columns, rows: rows))
      for key in [Key.escape, .tab, .escape, .character("?"), .escape, .character("e")] {
        press(&state, key)
        let frame = render(state)
        let ascii = frame.inASCII
        #expect(ascii.text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
        #expect(ascii.cursor == frame.cursor)
        for (one, other) in zip(frame.cells, ascii.cells) {
          if one.text.utf8.allSatisfy({ $0 < 0x80 }), !one.text.isEmpty { #expect(one == other) }
        }
      }
    }
  }

  @Test func inASCIIASumIsStillRead() {
    #expect(render(Sample.state(Sample.wrongStep)).inASCII.text.contains("12 x 7 = 10 x 7 + 2 x 7"))
  }
}

/// The line that is typed grows with what is typed.
@Suite struct PromptRowsTests {
  @Test(arguments: [(24, 10), (50, 10), (12, 5), (10, 4)])
  func aMessageOfManyRowsTakesTenAndNoMoreThanHalfOfTheScreen(rows: Int, most: Int) {
    var state = Sample.state(Sample.wrongStep, ScreenSize(columns: 80, rows: rows))
    #expect(PromptPane(state: state).rows == 1)
    _ = reduce(&state, .paste("1\n2\n3"))
    #expect(PromptPane(state: state).rows == 3)
    _ = reduce(&state, .paste((4...40).map { "\n\($0)" }.joined()))
    #expect(PromptPane(state: state).rows == most)
    let shown = render(state).text
    #expect(shown.contains("  40"), "the caret's row is in view")
    #expect(shown.contains("Answer: 82"), "and the conversation still is")
  }

  @Test func aPasteOfFiveKilobytesIsOneMessageAndSendsNothing() {
    var state = Sample.state(Sample.empty)
    let text = String(repeating: "a line that was pasted\r\n", count: 220)
    #expect(reduce(&state, .paste(text)) == [])
    #expect(state.prompt.text.count == 23 * 220)
    #expect(state.mode == .insert)
  }
}
