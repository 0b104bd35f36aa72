import ArgumentParser
import Foundation
import Journaling
import SessionCore
import SessionRuntime
import TerminalUI

/// One question, one reply, nothing else: for pipes and scripts.
struct AskCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ask",
    abstract: "Ask one question and print the reply alone.",
    discussion: """
      The question is what stands on the command line, or standard input. It is recorded like \
      every other; chat --session FILE goes on with it. With --json one object: session, text, \
      tokens, end, model, seed, and what is known of the cost.

      Examples:
        terntable ask "What is 12 × 7?"
        terntable ask --preset careful "What is 12 × 7?"
        terntable ask --system "Answer with a number." < question.txt
        terntable ask "What is 12 × 7?" --seed 7 --json | jq .text
      """)

  @Argument(help: "The question; none or - is standard input.") var question: [String] = []
  @Option(help: "What the model is told before the question.") var system: String?
  @Option(
    help: "A GGUF file, tutor (bundled, the default), or a name of `model list`.",
    completion: .models)
  var model: String?
  @Option(
    help: "A preset: presets/NAME.yaml of the configuration folder, or a path. Flags win over it.",
    completion: .presets)
  var preset: String?
  @Option(help: "The same seed gives the same words. Default: random.") var seed: UInt64?
  @Option(help: "0 always takes the likeliest token. Default: 0.6.") var temperature: Double?
  @Option(help: "Most tokens of the reply. Default: 512.") var maxTokens: Int?
  @Option(help: "A new file for the record. Default: one in the folder of sessions.")
  var session: String?
  @Flag(help: "Print the reply's record as JSON.") var json = false

  func validate() throws {
    if let temperature, !temperature.isFinite || temperature < 0 {
      throw ValidationError("--temperature is 0 or more, not \(temperature)")
    }
    if let maxTokens, maxTokens < 1 {
      throw ValidationError("--max-tokens is 1 or more, not \(maxTokens)")
    }
  }

  func run() async throws {
    let text = question.isEmpty || question == ["-"] ? try InputFile.text("-") : joined
    let preset = try preset.map(Preset.named)
    let opened = try openChatModel(model ?? preset?.model ?? bundledModelName)
    let header = header(opened, preset)
    let path = try session ?? newPath(header)
    let driver = try SessionDriver(
      starting: header, opening: [.set(SettingsChange(preset: preset?.name))],
      journal: try Journal.create(at: path), responder: opened.responder)
    let printing = json ? nil : Task { try await printPieces(of: driver) }
    do {
      if let system = system ?? preset?.system { try await driver.perform(.instruct(system)) }
      let session = try await driver.perform(.ask(text.trimmingCharacters(in: .newlines)))
      await driver.close()
      try await printing?.value
      guard let reply = session.lastReply else { return }
      if case .stopped(.failed(let code)) = reply.state {
        throw CommandFailure("the reply failed: \(Plain.line(code))", .unavailable)
      }
      if json { return try printJSON(ReplyFacts(reply, path: path)) }
      try ResultFile.print(reply.text.hasSuffix("\n") ? "" : "\n")
    } catch {
      await driver.close()
      throw error
    }
  }

  private var joined: String { question.joined(separator: " ") }

  private func header(_ opened: OpenedModel, _ preset: Preset?) -> SessionHeader {
    var random = SystemRandomNumberGenerator()
    let options = ChatOptions(seed: seed, temperature: temperature, maxTokens: maxTokens)
    let usual = Settings(seed: UInt64.random(in: 1...999_999, using: &random))
    let settings = usual.applying(options.change(of: usual, preset))
    return SessionHeader(
      id: SessionFolder.newSessionID(using: &random), title: "Question",
      seed: settings.seed, sampling: settings.sampling, history: settings.history,
      model: opened.name, activations: opened.activations, application: ProgramVersion.application)
  }

  private func newPath(_ header: SessionHeader) throws -> String {
    let folder = try SessionFolder(environment: ProcessInfo.processInfo.environment)
    try folder.create()
    return folder.newJournalPath(sessionID: header.id, at: SessionDriver.wallClock())
  }

  /// As they are recorded, several times a second.
  private func printPieces(of driver: SessionDriver) async throws {
    for await update in driver.updates {
      guard case .entry(let entry) = update, case .replyExtended(let text, _) = entry.event else {
        continue
      }
      try ResultFile.print(Sanitise.visible(text))
    }
  }
}

/// What `ask --json` prints.
private struct ReplyFacts: Encodable {
  var session: String
  var text: String
  var tokens: [Int32]
  /// `end_of_turn`, `length` or `context_full`.
  var end: String
  var model: String?
  var seed: UInt64?
  var promptTokens: Int?
  var cachedTokens: Int?
  var generatedTokens: Int?
  var prefillMilliseconds: Double?
  var decodeMilliseconds: Double?

  init(_ reply: Turn, path: String) {
    session = path
    text = reply.text
    tokens = reply.tokens
    end =
      switch reply.state {
      case .complete(.length): "length"
      case .complete(.contextFull): "context_full"
      case .complete(.endOfTurn), .open, .stopped: "end_of_turn"
      }
    model = reply.recipe?.model.name
    seed = reply.recipe?.seed
    promptTokens = reply.statistics?.promptTokens
    cachedTokens = reply.statistics?.cachedTokens
    generatedTokens = reply.statistics?.generatedTokens
    prefillMilliseconds = reply.statistics?.prefillMilliseconds
    decodeMilliseconds = reply.statistics?.decodeMilliseconds
  }
}
