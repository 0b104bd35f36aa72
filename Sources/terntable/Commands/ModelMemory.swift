import Foundation
import Inference

/// `model info --memory`: what a model keeps in memory, and what the system says of this process.
struct MemoryFacts: Encodable {
  var fileBytes: Int
  var weightBytes: Int
  var keyValueBytesPerToken: Int
  var keyValueBytes: Int
  var workspaceBytes: Int
  /// From the beginning of the load to the first token that could be asked for.
  var loadSeconds: Double
  /// Absent where the system does not tell.
  var residentBytes: Int?
  var peakResidentBytes: Int?

  init(_ memory: ModelMemory, loadSeconds: Double) {
    fileBytes = memory.fileBytes
    weightBytes = memory.weightBytes
    keyValueBytesPerToken = memory.keyValueBytesPerToken
    keyValueBytes = memory.keyValueBytes
    workspaceBytes = memory.workspaceBytes
    self.loadSeconds = loadSeconds
    residentBytes = Self.status("VmRSS:")
    peakResidentBytes = Self.status("VmHWM:")
  }

  /// For people.
  var rows: [(String, String)] {
    var rows = [
      ("file", "\(fileBytes) bytes, mapped while it is read"),
      ("weights", "\(weightBytes) bytes, packed"),
      ("keys, values", "\(keyValueBytes) bytes a full context, \(keyValueBytesPerToken) a token"),
      ("workspace", "\(workspaceBytes) bytes"),
      ("load", String(format: "%.2f s", loadSeconds)),
    ]
    if let residentBytes, let peakResidentBytes {
      rows.append(("resident", "\(residentBytes) bytes now, \(peakResidentBytes) at most"))
    }
    return rows
  }

  /// A line of Linux's account of this process, in bytes.
  private static func status(_ name: String) -> Int? {
    // Other systems have no such file; then there is nothing to say.
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
      let kibibytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({
        Int($0)
      })
    else { return nil }
    return kibibytes * 1024
  }
}
