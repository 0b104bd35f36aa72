import ArgumentParser
import Inference

extension ModelCommand {
  /// The raw numbers, for comparing engines.
  struct Logits: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the raw scores (logits) of every next token, for comparing engines.",
      discussion: """
        Tokens are given by number, so no tokenizer takes part. One line for each token of the \
        text: the scores of the whole vocabulary after it. With --json an array of arrays.

        Example:
          terntable model logits tutor --ids 1,42,7
        """)

    @OptionGroup var options: Options
    @Option(help: "Token numbers, separated by commas.") var ids: String

    func run() throws {
      let tokens = try tokenNumbers(ids)
      let opened = try options.open()
      let logits = try naming(opened) { () throws(InferenceError) in
        try opened.model.logits(of: tokens)
      }
      if options.json { return try printJSON(logits) }
      try ResultFile.print(
        logits.map { row in row.map { "\($0)" }.joined(separator: " ") + "\n" }.joined())
    }
  }
}

/// Token numbers as a person writes them: `1,42,7`, blanks and line ends allowed.
func tokenNumbers(_ text: String) throws -> [TokenID] {
  try text.split { $0 == "," || $0.isWhitespace }.map { word in
    guard let number = TokenID(word) else {
      throw ValidationError("\"\(word)\" is not a token number")
    }
    return number
  }
}
