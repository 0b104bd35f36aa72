import Foundation
import SessionRuntime

/// Lines that were typed in earlier sessions: `history` in the state folder, one a line, newest
/// last. A convenience: what cannot be read or written is passed over.
struct LineHistory {
  private let path: String?
  /// Oldest first.
  let lines: [String]

  /// Most lines that are read.
  static let linesMax = 1000
  /// A file longer than this is cut to the newest ``linesMax`` lines.
  private static let bytesMax = 1 << 20

  init(_ environment: [String: String] = ProcessInfo.processInfo.environment) {
    // Without a state folder there is no history, and sessions say so themselves.
    let sessions = try? SessionFolder(environment: environment)
    let folder = sessions.map { URL(filePath: $0.path).deletingLastPathComponent() }
    path = folder?.appending(path: "history").path
    // None was written yet, or it is not ours to read.
    let data = path.flatMap { try? Data(contentsOf: URL(filePath: $0)) } ?? Data()
    let all = String(decoding: data, as: UTF8.self).split(separator: "\n")
    lines = all.suffix(Self.linesMax).map { Self.unescaped($0) }
    if data.count > Self.bytesMax { rewrite() }
  }

  /// Adds a line, readable by its owner only.
  func add(_ line: String) {
    guard let path else { return }
    let folder = URL(filePath: path).deletingLastPathComponent().path
    // A chat goes on without its history.
    try? SessionFolder(path: folder).create()
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    let bytes = Array((Self.escaped(line) + "\n").utf8)
    _ = write(descriptor, bytes, bytes.count)
    close(descriptor)
  }

  private func rewrite() {
    guard let path else { return }
    let text = lines.map { Self.escaped($0) + "\n" }.joined()
    // The old file stays when the new one cannot be written.
    try? ResultFile.replace(path, with: text)
  }

  private static func escaped(_ line: String) -> String {
    line.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
  }

  private static func unescaped(_ line: Substring) -> String {
    var text = ""
    var isEscaped = false
    for character in line {
      if isEscaped {
        text.append(character == "n" ? "\n" : character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else {
        text.append(character)
      }
    }
    return text
  }
}
