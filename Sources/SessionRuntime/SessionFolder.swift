import Foundation
import Journaling
import SessionCore

/// The folder where sessions are kept unless somebody names a file.
///
/// Follows the XDG Base Directory Specification 0.8: `$XDG_STATE_HOME/terntable/sessions`, or
/// `~/.local/state/terntable/sessions`. Where `TERNTABLE_HOME` is set, everything of the program's
/// lies below it: `$TERNTABLE_HOME/sessions`.
public struct SessionFolder: Equatable, Sendable {
  /// Ending of every journal's name.
  public static let suffix = ".tern.jsonl"

  public let path: String

  public init(path: String) { self.path = path }

  /// - Throws: ``SessionError/noStateFolder``.
  public init(environment: [String: String]) throws(SessionError) {
    // The specification says that a relative path is to be ignored.
    let absolute = { (name: String) in environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    if let own = absolute("TERNTABLE_HOME") {
      path = own + "/sessions"
    } else if let state = absolute("XDG_STATE_HOME") {
      path = state + "/terntable/sessions"
    } else if let home = absolute("HOME") {
      path = home + "/.local/state/terntable/sessions"
    } else {
      throw .noStateFolder
    }
  }

  /// Makes the folder, readable by its owner only, unless it is there.
  /// - Throws: ``SessionError/folder(path:code:)``.
  public func create() throws(SessionError) { try Self.create(path, mode: 0o700) }

  /// Makes a folder and those above it, as far as they are missing.
  /// - Throws: ``SessionError/folder(path:code:)``.
  public static func create(_ path: String, mode: mode_t) throws(SessionError) {
    var prefix = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      prefix += part
      if mkdir(prefix, mode) != 0 {
        let code = errno
        // Also a folder that may not be written says that it exists, or something else first.
        guard isFolder(prefix) else { throw .folder(path: prefix, code: code) }
      }
      prefix += "/"
    }
  }

  /// Path for a new session's journal: `YYYYMMDDTHHMMSSZ-<6 hex>.tern.jsonl`, so that names sort
  /// by time and two sessions of one second do not meet.
  public func newJournalPath(sessionID: String, at time: Timestamp) -> String {
    let moment = TimestampText.compact(time) ?? "00000000T000000Z"
    return "\(path)/\(moment)-\(sessionID.prefix(6))\(Self.suffix)"
  }

  /// A name no other session has: 128 random bits as 32 lowercase hexadecimal digits.
  public static func newSessionID(using generator: inout some RandomNumberGenerator) -> String {
    (0..<2).map { _ in
      let digits = String(UInt64.random(in: 0 ... .max, using: &generator), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
