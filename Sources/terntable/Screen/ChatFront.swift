import ArgumentParser
import Foundation
import TerminalUI

/// Chooses between the screen and the plain front, and says afterwards what there is to say.
struct ChatFront {
  let options: ChatOptions
  let keymap: Keymap
  let look: ScreenLook

  /// Time that a session and its model have before the screen is shown without them: most are
  /// there by then, and what is wrong is told without a screen. With the program's own start it
  /// stays below a tenth of a second.
  private static let grace = DispatchTimeInterval.milliseconds(40)

  /// - Returns: the exit code.
  /// - Throws: what is wrong with the session or its model.
  @MainActor func run() async throws -> Int32 {
    let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
    let isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    if let reason = look.plain {
      if reason != "--plain", isTerminal { say("terntable: the plain front, by \(reason)") }
    } else if isTerminal {
      if !["", "dumb"].contains(kind), let status = try await screen() { return status }
      say("terntable: no screen on TERM=\"\(kind)\"; this is the plain front")
    }
    let chat = try ChatSession.open(options) { _ in }
    for remark in chat.remarks { say(remark) }
    let status = await PlainShell(chat).run()
    tellWhere(chat)
    return status
  }

  /// Nil where the terminal is unknown to terminfo: the plain front works everywhere.
  @MainActor private func screen() async throws -> Int32? {
    let opening = ChatOpening(options)
    // A long record is never there by then, and reading it takes all processors.
    if !options.hasLongRecord {
      opening.begin()
      if case .failed(let failure) = opening.last(within: Self.grace) { throw failure }
    }
    // A terminal that is unknown is no failure: there is another front.
    guard let loop = try? EventLoop(options, opening, keymap: keymap, look: look) else {
      return nil
    }
    let end = await TextLook.$current.withValue(look.text) { await loop.run() }
    var printer = PlainPrinter()
    // A terminal that hangs up takes nothing any more, and nothing is lost.
    if end.exit == 0, !end.isPrinted { try? printer.showEnd(of: end.session) }
    for remark in end.chat?.remarks ?? [] { say(remark) }
    if let failure = end.failure { say("terntable: \(failure.text)") }
    if let chat = end.chat { tellWhere(chat) }
    return end.exit
  }

  private func tellWhere(_ chat: ChatSession) {
    if FileManager.default.fileExists(atPath: chat.path) { say("session: \(chat.path)") }
  }
}
