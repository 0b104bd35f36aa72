import Foundation
import Journaling
import SessionCore
import SessionRuntime
import TerminalUI

// Forks: another session that begins as this one did.
extension SessionEffects {
  func fork(after turn: TurnID, to wanted: String?) async {
    do {
      let path = try write(try forked(after: turn, await driver.session), to: wanted)
      send(.exported("forked: \(path)"))
    } catch {
      send(.failed(commandFailure(for: error).text, entries: 0))
    }
  }

  /// The record of the fork. It is made from the journal, which has the authors and the times of
  /// all that was said.
  private func forked(after turn: TurnID, _ session: Session) throws -> [Entry] {
    let contents = try JournalReader.read(journal)
    var random = SystemRandomNumberGenerator()
    var header = session.header
    header.id = SessionFolder.newSessionID(using: &random)
    var provenance = header.provenance ?? Provenance()
    provenance.forkedFrom = ForkOrigin(session: session.header.id, turn: turn)
    header.provenance = provenance
    header.application = ProgramVersion.application
    return try Session.fork(contents.entries, after: turn, as: header)
  }

  private func write(_ entries: [Entry], to wanted: String?) throws -> String {
    guard case .sessionStarted(let header) = entries[0].event else { return "" }
    let path: String
    if let wanted {
      path = HomePath.expanded(wanted)
    } else {
      let folder = try SessionFolder(environment: ProcessInfo.processInfo.environment)
      try folder.create()
      path = folder.newJournalPath(sessionID: header.id, at: SessionDriver.wallClock())
    }
    let journal = try Journal.create(at: path)
    try journal.append(entries, sync: true)
    journal.close()
    return path
  }
}
