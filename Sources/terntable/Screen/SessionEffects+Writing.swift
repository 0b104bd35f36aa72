import Experiments
import Foundation
import Journaling
import SessionCore
import SessionRuntime
import TerminalUI
import Transcripts

// Files that a chat writes: transcripts, data sets, scripts.
extension SessionEffects {
  func export(_ request: ExportRequest) async {
    do {
      let format = try TranscriptFormat(named: request.format ?? "markdown")
      let session = try branch(upTo: request.branch, of: await driver.session)
      let path = path(for: request, format)
      try write(session, as: format, to: path)
      send(.exported("written: \(path)"))
    } catch {
      send(.failed(commandFailure(for: error).text, entries: 0))
    }
  }

  /// The session without what is on other branches; all of it where no turn is named.
  private func branch(upTo turn: TurnID?, of session: Session) throws -> Session {
    guard let turn else { return session }
    let contents = try JournalReader.read(journal)
    return try Session(
      replaying: try Session.fork(contents.entries, after: turn, as: session.header))
  }

  /// Where nobody named a file it is named after the session, in the current folder; a folder
  /// gets such a file too.
  private func path(for request: ExportRequest, _ format: TranscriptFormat) -> String {
    let details = format.details
    let isPlain = details.purpose == .reading || format.rawValue == details.fileExtension
    let kind = isPlain ? "" : ".\(format.rawValue)"
    let name = "\(SessionFolder.name(of: journal))\(kind).\(details.fileExtension)"
    guard let path = request.path.map({ HomePath.expanded($0) }) else { return name }
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    return isFolder.boolValue ? path + (path.hasSuffix("/") ? "" : "/") + name : path
  }

  private func write(_ session: Session, as format: TranscriptFormat, to path: String) throws {
    let options = ExportOptions(screen: ScreenOptions(draw: ScreenDrawing.svg))
    guard format.details.needsFile else {
      return try ResultFile.replace(path, with: format.render([session], options: options).text)
    }
    let outlet = try ExportOutlet(path, for: format.details)
    var exporter = try Exporter(format, options: options, paths: [outlet.partial ?? ""])
    try exporter.add(session)
    try exporter.end()
    try outlet.commit()
  }

  /// What was done in the session, as a script.
  func macro(to wanted: String) async {
    do {
      let path = HomePath.expanded(wanted)
      let session = await driver.session
      let script = try SessionScript(
        try JournalReader.read(journal).entries, name: Self.name(of: path),
        comment: [
          "What was done in session \(session.header.id), as a script: the same turns again.",
          "  terntable replay \(path)",
        ], wording: text(for:))
      try ResultFile.replace(path, with: script.text)
      let count = script.remarks.count
      let told =
        count == 0
        ? ""
        : "; \(count == 1 ? "1 thing" : "\(count) things") will be otherwise: see its first lines"
      send(.exported("written: \(path); terntable replay \(path) plays it\(told)"))
    } catch {
      send(.failed(commandFailure(for: error).text, entries: 0))
    }
  }

  /// A file's name without its ending.
  private static func name(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return [".yaml", ".yml"].reduce(file) { $0.hasSuffix($1) ? String($0.dropLast($1.count)) : $0 }
  }
}

extension SessionFolder {
  /// A journal's name without folders and ending.
  fileprivate static func name(of journal: String) -> String {
    let file = journal.split(separator: "/").last.map(String.init) ?? journal
    return file.hasSuffix(suffix) ? String(file.dropLast(suffix.count)) : file
  }
}
