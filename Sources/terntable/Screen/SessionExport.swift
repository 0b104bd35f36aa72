import SessionCore
import Transcripts

/// Writes a session to a file in one of the export formats.
enum SessionExport {
  static func write(_ session: Session, format: String, to path: String) throws {
    let transcript = try TranscriptFormat(named: format).render([session])
    try ResultFile.replace(path, with: transcript.text)
  }
}
