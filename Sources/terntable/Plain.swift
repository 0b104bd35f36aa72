/// Text of a model or a file on its way to standard output.
enum Plain {
  /// One line without a control byte: what would move a cursor is shown as a visible symbol.
  static func line(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar
        }))
  }
}
