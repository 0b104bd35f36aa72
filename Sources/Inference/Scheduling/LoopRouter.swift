import Synchronization

/// Decides which of an engine's loops a prompt goes to: the one that was given the most of its
/// beginning before, unless another has clearly less to do.
///
/// A model whose steps are too small to be shared by threads has a loop for each thread instead.
final class LoopRouter: Sendable {
  /// One request, until it is over.
  struct Ticket: Sendable {
    let mailbox: Mailbox
    fileprivate let loop: Int
  }

  private struct Load {
    /// Requests that are not over.
    var requests = 0
    /// The prompts of the last requests, the newest last.
    var prompts: [[TokenID]] = []
  }

  /// Requests that a loop may have more than another and still get what it knows the beginning of.
  private static let leeway = 1

  let mailboxes: [Mailbox]
  private let remembered: Int
  private let loads: Mutex<[Load]>

  /// - Parameters:
  ///   - loops: at least 1.
  ///   - sequences: of one loop, which holds about as many prompts.
  init(loops: Int, sequences: Int) {
    mailboxes = (0..<loops).map { _ in Mailbox() }
    remembered = sequences
    loads = Mutex(Array(repeating: Load(), count: loops))
  }

  /// Has to be ended.
  func begin(_ prompt: [TokenID]) -> Ticket {
    guard mailboxes.count > 1 else { return Ticket(mailbox: mailboxes[0], loop: 0) }
    return loads.withLock { loads in
      let least = loads.map(\.requests).min() ?? 0
      let known = loads.map { load in
        load.requests > least + Self.leeway
          ? -1 : load.prompts.map { $0.commonBeginning(with: prompt) }.max() ?? 0
      }
      let loop =
        loads.indices.max {
          (known[$0], -loads[$0].requests, -$0) < (known[$1], -loads[$1].requests, -$1)
        } ?? 0
      loads[loop].requests += 1
      if loads[loop].prompts.count == remembered { loads[loop].prompts.removeFirst() }
      loads[loop].prompts.append(prompt)
      return Ticket(mailbox: mailboxes[loop], loop: loop)
    }
  }

  func end(_ ticket: Ticket) {
    guard mailboxes.count > 1 else { return }
    loads.withLock { $0[ticket.loop].requests -= 1 }
  }
}
