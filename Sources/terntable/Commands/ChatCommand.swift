import ArgumentParser
import Foundation
import SessionCore
import TerminalUI

/// A conversation: on the whole screen, or line by line.
struct ChatCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chat",
    abstract: "Chat with a model and correct it. This is what terntable does by default.",
    discussion: """
      On the screen, type a question and press Enter; ? or /help shows every key and command. \
      When standard input or output is not a terminal, or TERM is dumb, the plain front is \
      used: each line is a message or a command.

      Commands: \(list(SlashCommand.Entry.all.map(\.usage))). A line that begins with // is a \
      message that begins with one slash.

      Examples:
        terntable chat
        terntable chat --session homework.tern.jsonl   begin it, or go on with it
        printf 'What is 12 × 7?\\n/try\\n' | terntable chat --seed 7
        terntable chat --model path/to/model.gguf --temperature 0
        terntable chat --preset careful                what presets/careful.yaml says
        terntable chat --inline                        leaves the conversation in the scrollback
        terntable chat --session homework.tern.jsonl --press "Esc Tab" --dump-svg tree.svg

      Keys can be changed in ~/.config/terntable/keys.yaml; see docs/keys.md. Whoever always wants \
      the plain front, the last rows only, a theme, ASCII or the mouse says so in screen.yaml \
      beside it: plain: true, look: inline, theme: light, ascii: true, mouse: true, and for \
      characters ambiguous_width: 2, emoji: name. NO_COLOR takes the colours away.

      Every turn is on disk before it is shown; the file's name is told at the end. The plain \
      front ends with 0 also when its reader goes away early, with 65 when a prompt was longer \
      than the model's context, with 74 when a turn could not be recorded.
      """)

  @OptionGroup(title: "Look") var look: ScreenLook.Options

  @Option(
    help:
      "A GGUF file, tutor (bundled), or a name of `model list`. Default: tutor, or who answered last.",
    completion: .models
  )
  var model: String?

  @Option(
    help: "A preset: presets/NAME.yaml beside keys.yaml, or a path. Flags win over what it says.",
    completion: .presets)
  var preset: String?

  @Option(help: .activations("what the session began with, or the model asks for"))
  var activations: ActivationPrecision?

  @Option(help: "Where all draws start: the same seed gives the same words. Default: random.")
  var seed: UInt64?

  @Option(help: "0 always takes the likeliest token. Default: 0.6.")
  var temperature: Double?

  @Option(help: "Most tokens of one reply. Default: 512.")
  var maxTokens: Int?

  @Option(
    help: "The session's file: a new one is begun, an old one goes on.", completion: .sessions)
  var session: String?

  @Option(
    help: ArgumentHelp(
      "Write the screen as text to FILE and leave: no terminal, no model.", valueName: "file"))
  var dumpScreen: String?

  @Option(
    help: ArgumentHelp("The same as a picture; needs no --dump-screen.", valueName: "file"))
  var dumpSvg: String?

  @Option(help: "Columns and rows of what is dumped.")
  var size = TerminalSize(columns: 80, rows: 24)

  @Option(help: "Keys to press before, such as \"Esc Tab\".")
  var press = ""

  func validate() throws {
    if let temperature, !temperature.isFinite || temperature < 0 {
      throw ValidationError("--temperature is 0 or more, not \(temperature)")
    }
    if session == "" { throw ValidationError("--session needs the name of a file") }
    if let maxTokens, maxTokens < 1 {
      throw ValidationError("--max-tokens is 1 or more, not \(maxTokens)")
    }
  }

  func run() async throws {
    if dumpScreen != nil || dumpSvg != nil {
      return try ScreenDump(
        session: session, model: model, size: size, keys: press, look: try ScreenLook(look),
        isASCII: look.ascii == true
      )
      .write(text: dumpScreen, picture: dumpSvg)
    }
    let keymap = try KeyFile.keymap()
    let look = try ScreenLook(self.look)
    let options = ChatOptions(
      session: session, preset: preset, model: model, activations: activations, seed: seed,
      temperature: temperature, maxTokens: maxTokens)
    let front = ChatFront(options: options, keymap: keymap, look: look)
    let status = try await front.run()
    if status != 0 { throw ExitCode(status) }
  }
}
