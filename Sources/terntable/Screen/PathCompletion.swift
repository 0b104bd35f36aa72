import Foundation

/// What the beginning of a path can become, for the Tab key.
enum PathCompletion {
  /// Most names that are looked at in one folder.
  static let namesMax = 10_000

  /// Files and folders whose path begins so, in order; folders end with a slash. Hidden ones only
  /// when asked for.
  static func paths(beginningWith beginning: String) -> [String] {
    let cut = beginning.lastIndex(of: "/").map { beginning.index(after: $0) }
    let folder = cut.map { String(beginning[..<$0]) } ?? ""
    let name = cut.map { String(beginning[$0...]) } ?? beginning
    // A folder that cannot be read offers nothing.
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: folder.isEmpty ? "." : HomePath.expanded(folder))
    let matches = (names ?? []).prefix(namesMax).filter {
      $0.hasPrefix(name) && (name.hasPrefix(".") || !$0.hasPrefix("."))
    }
    return matches.sorted().map { match in
      var isFolder: ObjCBool = false
      let path = folder + match
      _ = FileManager.default.fileExists(
        atPath: HomePath.expanded(path), isDirectory: &isFolder)
      return isFolder.boolValue ? path + "/" : path
    }
  }
}

/// Paths that begin in somebody's own folder, as shells read them.
enum HomePath {
  /// `~` and `~/…` with the home folder in the place of `~`; anything else as it is.
  static func expanded(
    _ path: String, _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = environment["HOME"], !home.isEmpty
    else { return path }
    return home + path.dropFirst()
  }
}
