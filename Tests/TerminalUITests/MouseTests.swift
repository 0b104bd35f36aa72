import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// The mouse is off until somebody asks for it; then the wheel scrolls and a click picks.
@Suite struct MouseTests {
  private func click(
    _ state: inout ScreenState, row: Int, column: Int
  ) -> [Effect] {
    reduce(&state, .mouse(.pressed(Frame.Place(row: row, column: column)), at: 0))
  }

  private func row(_ state: ScreenState, with text: String) throws -> Int {
    let rows = render(state).text.split(separator: "\n", omittingEmptySubsequences: false)
    return try #require(rows.firstIndex { $0.contains(text) })
  }

  @Test func itIsOffAtFirstAndACommandTakesIt() {
    var state = Sample.state(Sample.threeWays)
    #expect(!state.hasMouse)
    #expect(reduce(&state, .line("/mouse")) == [.mouse(true)])
    #expect(state.hasMouse)
    #expect(press(&state, .function(6)) == [.mouse(false)])
    #expect(!state.hasMouse)
  }

  @Test func thePlainFrontHasNone() {
    var state = ScreenState(
      session: Sample.threeWays,
      model: ScreenState.ModelFacts(name: "tutor", contextTokensMax: nil),
      size: .smallest, hasScreen: false)
    #expect(reduce(&state, .line("/mouse")) == [.complain(.needsScreen)])
  }

  @Test func theWheelScrollsThreeRowsAlsoWhileALineIsTyped() {
    var state = Sample.state(Sample.long(questions: 60))
    let before = render(state).text
    _ = reduce(&state, .mouse(.wheelUp, at: 0))
    let above = render(state).text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(above[3] == before.split(separator: "\n", omittingEmptySubsequences: false)[0])
    _ = reduce(&state, .mouse(.wheelDown, at: 0))
    #expect(render(state).text == before)
  }

  @Test func aClickOnTheLinePlacesTheCaret() {
    var state = Sample.state(Sample.threeWays)
    press(&state, "hello")
    let place = render(state).cursor
    #expect(place?.column == 7)
    _ = click(&state, row: place?.row ?? 0, column: 3)
    #expect(render(state).cursor?.column == 3)
    press(&state, "y")
    #expect(state.prompt.text == "hyello")
  }

  @Test func aClickInTheEditorPlacesTheCaret() throws {
    var state = Sample.state(Sample.wrongStep)
    state.mode = .normal
    press(&state, .character("e"))
    let row = try row(state, with: "70 + 12 = 82")
    _ = click(&state, row: row, column: EditorPane.gutter + 5)
    #expect(render(state).cursor == Frame.Place(row: row, column: EditorPane.gutter + 5))
  }

  @Test func aClickOnATurnShowsItInTheTreeAndTheNextOneGoesThere() throws {
    var state = Sample.state(Sample.threeWays)
    state.mode = .normal
    press(&state, .character("g"))
    let turn = try row(state, with: "1  you")
    _ = click(&state, row: turn, column: 10)
    #expect(state.page == .tree && state.tree?.chosen == TurnID(0))
    let other = try row(state, with: "try again")
    #expect(click(&state, row: other, column: 5).isEmpty)
    let chosen = try #require(state.tree?.chosen)
    #expect(chosen != TurnID(0))
    #expect(click(&state, row: other, column: 5) == [.perform(.go(chosen))])
  }

  @Test func aClickOutsideOfEverythingDoesNothing() {
    for (row, column) in [(-1, 0), (0, 999), (23, 3), (999, 999)] {
      var state = Sample.state(Sample.empty)
      let before = render(state)
      #expect(click(&state, row: row, column: column).isEmpty)
      #expect(render(state) == before)
    }
  }
}
