import Foundation

/// The checkout these tests stand in, as text.
struct Repository {
  /// A text file and where it is, relative to the root.
  struct File {
    var path: String
    var text: String
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var name: String { String(path.split(separator: "/").last ?? "") }
  }

  let root: URL

  init(filePath: String = #filePath) {
    root = URL(fileURLWithPath: filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  }

  /// Every file of these kinds below `folder`, hidden folders left out.
  func files(under folder: String, extensions: Set<String>) throws -> [File] {
    let base = root.appendingPathComponent(folder)
    guard
      let walker = FileManager.default.enumerator(
        at: base, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
    else { return [] }
    return try walker.compactMap { $0 as? URL }
      .filter { extensions.contains($0.pathExtension) && !$0.pathComponents.contains("runs") }
      .map { url in
        File(
          path: String(url.path.dropFirst(root.path.count + 1)),
          text: try String(contentsOf: url, encoding: .utf8))
      }
      .sorted { $0.path < $1.path }
  }

  func file(_ path: String) throws -> File {
    File(
      path: path,
      text: try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8))
  }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
  }
}
