import ArgumentParser
import SessionCore
import TerminalUI
import Transcripts

/// Draws the screen of a recorded session as a chat about it would show it.
enum ScreenDrawing {
  static let svg: @Sendable (Session, Int, Int) -> String = { session, columns, rows in
    let state = ScreenState(
      session: session,
      model: ScreenState.ModelFacts(name: session.header.model, contextTokensMax: nil),
      size: ScreenSize(columns: columns, rows: rows))
    return render(state).svg(title: session.header.title)
  }
}

/// `100x30`: columns and rows.
struct TerminalSize: ExpressibleByArgument {
  var columns: Int
  var rows: Int

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }

  init?(argument: String) {
    let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let columns = sides[0], let rows = sides[1] else { return nil }
    guard (ScreenSize.smallest.columns...1000).contains(columns),
      (ScreenSize.smallest.rows...1000).contains(rows)
    else { return nil }
    self.init(columns: columns, rows: rows)
  }

  var defaultValueDescription: String { "\(columns)x\(rows)" }
}
