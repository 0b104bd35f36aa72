import TerminalUI

/// Text of a model or a file on its way to standard output or error, where a terminal may read it.
enum Plain {
  /// One line without a control byte: what would move a cursor is shown as a visible symbol.
  static func line(_ text: String) -> String {
    Sanitise.visible(text).replacing("\n", with: "␊").replacing("\t", with: "␉")
  }
}
