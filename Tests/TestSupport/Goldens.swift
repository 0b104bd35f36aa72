import Foundation
import Testing

/// Compares text with the file `Goldens/<name>` beside the calling test.
///
/// With the environment variable `RECORD_GOLDENS=1` the file is written anew, and the test still
/// fails, so that a recording run can never pass for a checking one.
public func expectGolden(
  _ actual: String, _ name: String, file: StaticString = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let folder = URL(filePath: "\(file)").deletingLastPathComponent().appending(path: "Goldens")
  let golden = folder.appending(path: name)
  if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(actual.utf8).write(to: golden)
      Issue.record(
        "recorded \(name); run again without RECORD_GOLDENS", sourceLocation: sourceLocation)
    } catch {
      Issue.record("cannot record \(name): \(error)", sourceLocation: sourceLocation)
    }
    return
  }
  guard let data = try? Data(contentsOf: golden) else {
    Issue.record(
      "no golden \(name): run with RECORD_GOLDENS=1 and read what it wrote",
      sourceLocation: sourceLocation)
    return
  }
  let expected = String(decoding: data, as: UTF8.self)
  guard Array(actual.utf8) != Array(expected.utf8) else { return }
  Issue.record(
    "\(name) differs\n\(firstDifference(expected: expected, actual: actual))",
    sourceLocation: sourceLocation)
}

/// The first line that differs, with its number and what came before it.
private func firstDifference(expected: String, actual: String) -> String {
  let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
  let shorter = min(old.count, new.count)
  let line = (0..<shorter).first { Array(old[$0].utf8) != Array(new[$0].utf8) } ?? shorter
  let text = { (lines: [Substring]) in
    line < lines.count ? lines[line].debugDescription : "(no such line)"
  }
  return "line \(line + 1)\n  expected \(text(old))\n  actual   \(text(new))"
}
