import SessionCore

/// A shell command's opinion of a reply that it reads on standard input: exit code 0 is right, 1
/// wrong, anything else (2 by agreement; also a command that is not found, killed or too slow) no
/// answer. The first line it prints is taken for the answer it found.
enum CommandChecker {
  /// Most characters of the answer.
  static let answerMax = 200

  static func judge(_ reply: String, _ command: ShellCommand) async -> Verdict {
    let result = await command.run(on: reply)
    let line = result.output.split(whereSeparator: \.isNewline).first.map { String($0).trimmed }
    let answer = line.flatMap { $0.isEmpty ? nil : String($0.prefix(answerMax)) }
    return switch result.exitCode {
    case 0: Verdict(.right, answer: answer, checker: "command")
    case 1: Verdict(.wrong, answer: answer, checker: "command")
    default: Verdict(.noAnswer, answer: nil, checker: "command")
    }
  }
}
