import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// The screen as an SVG picture.
@Suite struct PictureTests {
  @Test("the picture of a conversation has every run of its screen, in its ink")
  func conversation() {
    let frame = render(Sample.state(Sample.threeWays))
    expectGolden(frame.svg(title: "Three ways & more"), "three-ways.svg")
  }

  @Test("wide, combining and hostile text is drawn and means nothing to a browser")
  func hostile() {
    let text = "</text><script>alert(1)</script>&\"'<\u{301}b> \u{1B}[31m\u{0}\u{FFFF}\u{202E}"
    let session = Sample.scripts.turns[0].text
    let frame = render(
      Sample.state(SessionBuilder(title: text).ask(session + text).reply(text).session))
    let svg = frame.svg(title: text)
    expectGolden(svg, "hostile.svg")
    #expect(!svg.contains("<script"))
    #expect(
      svg.unicodeScalars.allSatisfy {
        ($0.value >= 0x20 || $0 == "\n") && $0 != "\u{FFFF}" && $0 != "\u{202E}"
      })
    let tags = svg.matches(of: #/<\/?([a-z]+)/#).map { String($0.output.1) }
    #expect(Set(tags) == ["svg", "title", "style", "rect", "text"])
  }

  @Test("every visible cell of a screen is in its picture")
  func complete() {
    for size in FrameGoldens.sizes {
      let frame = render(Sample.state(Sample.scripts, size))
      let drawn = frame.svg(title: "").matches(of: #/<text [^>]*>([^<]*)<\/text>/#)
        .map { String($0.output.1) }.joined()
        .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
        .replacing("&quot;", with: "\"")
      let cells = frame.cells.map(\.text).joined()
      #expect(drawn.filter { $0 != " " } == cells.filter { $0 != " " })
    }
  }
}
