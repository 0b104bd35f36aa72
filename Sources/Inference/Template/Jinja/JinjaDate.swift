/// The day that templates are told. A prompt is a function of the chat and the model, or a record
/// could not be played again; so the clock is not asked, and `strftime_now` says 26 July 2024,
/// the day Llama 3's templates take when they cannot ask either.
enum JinjaDate {
  /// The day in a `strftime` format.
  static func text(
    _ format: String, _ failure: (TemplateFault) -> InferenceError
  ) throws(InferenceError) -> String {
    var output = ""
    var characters = format[...]
    while let character = characters.popFirst() {
      guard character == "%" else {
        output.append(character)
        continue
      }
      var code = characters.popFirst().map(String.init) ?? ""
      if code == "-" { code += characters.popFirst().map(String.init) ?? "" }
      guard let text = JinjaDate.fields[code] else {
        throw failure(.unsupported(construct: "strftime_now with %\(code)"))
      }
      output += text
    }
    return output
  }

  private static let fields = [
    "Y": "2024", "y": "24", "m": "07", "-m": "7", "d": "26", "-d": "26", "B": "July", "b": "Jul",
    "A": "Friday", "a": "Fri", "H": "00", "M": "00", "S": "00", "j": "208", "F": "2024-07-26",
    "T": "00:00:00", "%": "%",
  ]
}
