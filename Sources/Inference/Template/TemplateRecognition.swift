/// Recognises the chat templates that this engine knows as data. A text that is not one of the
/// spellings below, freedom of blanks inside tags aside, is not recognised: laying a chat out
/// in a way its model was not trained on would only look as if it worked.
enum TemplateRecognition {
  /// The layout a template's text stands for.
  static func format(_ source: String) -> ChatTemplate.Format? {
    let text = normalised(source)
    return spellings.first { Array(normalised($0.text).utf8) == Array(text.utf8) }?.format
  }

  private static let spellings: [(text: String, format: ChatTemplate.Format)] = [
    (loop + generation, .chatML),
    (
      "{% if not add_generation_prompt is defined %}"
        + "{% set add_generation_prompt = false %}{% endif %}" + loop + generation, .chatML
    ),
  ]

  private static let loop =
    "{% for message in messages %}"
    + "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    + "{% endfor %}"
  private static let generation =
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"

  /// The text with blanks inside tags reduced to those that separate words, quotes made single,
  /// and line ends inside quotes written `\n`; text outside tags is kept as it is.
  static func normalised(_ source: String) -> String {
    var output = String.UnicodeScalarView()
    var scalars = Array(source.unicodeScalars)[...]
    var insideTag = false
    var quote: Unicode.Scalar?
    var blankPending = false
    while let scalar = scalars.popFirst() {
      let next = scalars.first
      if let open = quote {
        if scalar == open {
          quote = nil
          output.append("'")
        } else if scalar == "\n" {
          output.append("\\")
          output.append("n")
        } else {
          output.append(scalar)
        }
        continue
      }
      if !insideTag {
        output.append(scalar)
        insideTag = scalar == "{" && (next == "{" || next == "%")
        if insideTag, let next {
          output.append(next)
          scalars.removeFirst()
        }
        continue
      }
      if scalar.properties.isWhitespace {
        blankPending = true
        continue
      }
      if blankPending, let last = output.last, isWord(last), isWord(scalar) {
        output.append(" ")
      }
      blankPending = false
      if scalar == "'" || scalar == "\"" {
        quote = scalar
        output.append("'")
        continue
      }
      output.append(scalar)
      if (scalar == "}" || scalar == "%"), next == "}" {
        output.append("}")
        scalars.removeFirst()
        insideTag = false
      }
    }
    return String(output)
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }
}
