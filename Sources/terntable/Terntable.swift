import ArgumentParser
import Foundation

/// The program: finds the command, runs it, and turns whatever went wrong into one line on
/// standard error and an exit code.
@main struct Terntable: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "terntable",
    abstract: "Chat with a local ternary language model, correct it, and measure how it takes it.",
    discussion: """
      Every turn is recorded. A record can be played again, exactly or with another model, seed \
      or kind of feedback, and exported.

      Examples:
        terntable                                  chat with the bundled model
        printf 'What is 12 × 7?\\n/try\\n' | terntable chat --plain
        terntable ask "What is 12 × 7?"            one question, the reply alone
        terntable replay sessions/three-ways.yaml  play a script, print the friction table
        terntable export SESSION --format html -o session.html

      Exit codes: 0 ok, 1 a check failed, 64 usage, 65 bad data, 66 no input, 69 unavailable, \
      70 bug, 74 I/O, 75 unfinished (run again), 78 configuration, 130 and 143 stopped by a signal.
      """,
    version: ProgramVersion.text,
    subcommands: subcommandTypes,
    defaultSubcommand: ChatCommand.self
  )

  /// One line a command.
  private static var subcommandTypes: [any ParsableCommand.Type] {
    [
      ChatCommand.self, AskCommand.self, ReplayCommand.self, MeasureCommand.self,
      ExportCommand.self,
      ImportCommand.self, ValidateCommand.self, ReportCommand.self, ScoreCommand.self,
      ModelCommand.self, DoctorCommand.self,
    ]
  }

  static func main() async {
    StandardStreams.openMissing()
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      // Help, the version and silent exit codes are errors to the argument parser, and its own.
      let code = exitCode(for: error)
      if code.isSuccess || error is ExitCode { exit(withError: error) }
      let failure =
        isUsage(error)
        ? CommandFailure(message(for: error) + "; see terntable --help", .usage)
        : commandFailure(for: error)
      say("terntable: \(failure.text)")
      Foundation.exit(failure.exitCode.rawValue)
    }
  }

  private static func isUsage(_ error: any Error) -> Bool {
    error is ValidationError || String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
  }
}

/// The program's name and version, as recorded in journals.
enum ProgramVersion {
  static let text = "0.1.0"
  static let application = "terntable \(text)"
}
