import Inference
import StrictYAML

extension ModelList {
  /// The text of a list with one entry more. What people wrote, comments among it, stays as it
  /// stands; the result is read again before it is given back.
  ///
  /// - Parameters:
  ///   - old: the list's bytes; empty for a new one.
  ///   - replacing: whether an entry of the same name makes way.
  /// - Throws: ``LibraryError/nameTaken(_:path:line:)``, ``LibraryError/badName(_:_:)``,
  ///   ``LibraryError/cannotAdd(path:lines:)``, and what reading the old list throws.
  static func text(
    of old: [UInt8], adding entry: Entry, replacing: Bool, place: LibraryPlace
  ) throws(LibraryError) -> String {
    for name in [entry.name] + entry.aliases {
      if let fault = fault(inName: name) { throw .badName(name, fault) }
    }
    let list = try ModelList(parsing: old, place: place)
    var lines = String(decoding: old, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    if lines.last == "" { lines.removeLast() }
    var rest = list.entries
    if let taken = list.entries.firstIndex(where: { $0.name == entry.name }) {
      guard replacing else { throw nameTaken(entry.name, list.entries[taken], place) }
      lines = removing(list.entries, taken, from: lines)
      rest.remove(at: taken)
    }
    for name in [entry.name] + entry.aliases {
      if let other = rest.first(where: { $0.name == name || $0.aliases.contains(name) }) {
        throw nameTaken(name, other, place)
      }
    }
    if lines.isEmpty { lines = heading }
    let added = block(entry, place)
    let text = (lines + added).map { $0 + "\n" }.joined()
    // Flow style, tabs, a document's end: whatever is not read back as meant is not written.
    let byHand = LibraryError.cannotAdd(
      path: place.listPath, lines: added.joined(separator: "\n"))
    let read: ModelList
    do throws(LibraryError) {
      read = try ModelList(parsing: Array(text.utf8), place: place)
    } catch {
      throw byHand
    }
    guard read.entries.map(\.withoutLine) == (rest + [entry]).map(\.withoutLine) else {
      throw byHand
    }
    return text
  }

  private static func nameTaken(
    _ name: String, _ entry: Entry, _ place: LibraryPlace
  ) -> LibraryError {
    .nameTaken(name, path: place.listPath, line: entry.line)
  }

  private static let heading = [
    "# Models that terntable knows by name; `terntable model add NAME PATH|URL` adds to this file.",
    "# A path that does not begin with / or ~/ is one of the models folder. docs/models.md has the keys.",
  ]

  /// Without the lines of an entry; comments right above the next one stay.
  private static func removing(
    _ entries: [Entry], _ index: Int, from lines: [String]
  ) -> [String] {
    let start = entries[index].line - 1
    var end =
      index + 1 < entries.count ? entries[index + 1].line - 1 : lines.count
    while end > start + 1, lines[end - 1].isEmpty || lines[end - 1].hasPrefix("#") { end -= 1 }
    return Array(lines[..<start] + lines[end...])
  }

  private static func block(_ entry: Entry, _ place: LibraryPlace) -> [String] {
    let inFolder = place.folder + "/"
    let path =
      entry.path.hasPrefix(inFolder) ? String(entry.path.dropFirst(inFolder.count)) : entry.path
    var lines = ["\(entry.name):", "  path: \(quoted(path))"]
    if let digest = entry.sha256 { lines.append("  sha256: \(quoted(digest))") }
    if let source = entry.source { lines.append("  source: \(quoted(source))") }
    if !entry.aliases.isEmpty {
      lines.append("  aliases: [\(entry.aliases.map(quoted).joined(separator: ", "))]")
    }
    if let activations = entry.activations {
      lines.append("  activations: \(activations.rawValue)")
    }
    return lines
  }

  /// In double quotes: no text in them is anything but a text (YAML 1.2, 7.3.1).
  private static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\u{20}"..."\u{7E}", "\u{A1}"..."\u{D7FF}": String(scalar)
      default:
        "\\U" + String(repeating: "0", count: 8 - String(scalar.value, radix: 16).count)
          + String(scalar.value, radix: 16)
      }
    }
    return "\"\(escaped.joined())\""
  }
}

extension ModelList.Entry {
  fileprivate var withoutLine: Self {
    var copy = self
    copy.line = 0
    return copy
  }
}
