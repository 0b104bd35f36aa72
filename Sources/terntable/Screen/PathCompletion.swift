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
      atPath: folder.isEmpty ? "." : folder)
    let matches = (names ?? []).prefix(namesMax).filter {
      $0.hasPrefix(name) && (name.hasPrefix(".") || !$0.hasPrefix("."))
    }
    return matches.sorted().map { match in
      var isFolder: ObjCBool = false
      let path = folder + match
      _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      return isFolder.boolValue ? path + "/" : path
    }
  }
}
