import Foundation
import SessionCore
import SessionRuntime

/// What judging a reply may take besides the reply: leave to run commands, and a model to ask.
public struct JudgingTools: Sendable {
  /// Whether a file's commands may be run.
  public var allowsCommands: Bool
  public var judge: JudgeModel?

  public init(allowsCommands: Bool = false, judge: JudgeModel? = nil) {
    (self.allowsCommands, self.judge) = (allowsCommands, judge)
  }

  /// The verdict by any checker; nil when it takes what is not there.
  public func judge(_ reply: String, by expectation: Expectation) async -> Verdict? {
    switch expectation {
    case .command(let command):
      guard allowsCommands else { return nil }
      return await CommandChecker.judge(reply, ShellCommand(command))
    case .judge(let question, let reference):
      return await judge?.judge(reply, question: question, reference: reference)
    default: return Checker.judge(reply, by: expectation)
    }
  }
}
