import ArgumentParser

/// What a model file is, how fast it runs, and what it makes of a text.
struct ModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Look into a model: info, bench, score, tokenize."
  )
}
