import Foundation
import SessionCore
import StrictYAML
import TerminalUI

/// The person's own choices: `screen.yaml` in the configuration folder, a name and a word a line.
struct ScreenFile {
  var path = ""
  var plain: Bool?
  var theme: Theme?
  var ascii: Bool?
  var extent: ScreenLook.Extent?
  var mouse: Bool?
  var ambiguousWidth: ScreenLook.AmbiguousWidth?
  var emoji: ScreenLook.Emoji?
  var tags: [String] = []

  static let names = [
    "plain", "theme", "ascii", "look", "mouse", "ambiguous_width", "emoji", "tags",
  ]

  init(_ environment: [String: String]) throws {
    guard let path = KeyFile.path(environment, "screen.yaml"),
      FileManager.default.fileExists(atPath: path)
    else { return }
    self.path = path
    let data = try Data(contentsOf: URL(filePath: path))
    let root: YAMLNode
    do throws(YAMLFault) {
      root = try YAMLNode(parsing: data)
    } catch {
      throw CommandFailure("\(path):\(error.line): \(text(for: error.reason))", .badConfiguration)
    }
    guard case .mapping(let pairs) = root.content else {
      throw fault(root, "names and values are wanted here")
    }
    for (key, value) in pairs {
      if case .scalar("tags", _) = key.content {
        tags = try words(value)
        continue
      }
      guard case .scalar(let name, _) = key.content, case .scalar(let word, _) = value.content
      else { throw fault(key, "one word is wanted here") }
      try set(name, to: word, key, value)
    }
  }

  private mutating func set(
    _ name: String, to word: String, _ key: YAMLNode, _ value: YAMLNode
  ) throws {
    switch name {
    case "plain": plain = try bool(word, value)
    case "ascii": ascii = try bool(word, value)
    case "mouse": mouse = try bool(word, value)
    case "theme": theme = try choice(word, "theme", value)
    case "look": extent = try choice(word, "look", value)
    case "ambiguous_width": ambiguousWidth = try choice(word, "width", value)
    case "emoji": emoji = try choice(word, "way of emoji", value)
    default: throw fault(key, "unknown is \"\(name)\"; there are \(list(Self.names))")
    }
  }

  private func words(_ node: YAMLNode) throws -> [String] {
    guard case .list(let items) = node.content else {
      throw fault(node, "a list of tags is wanted here, such as [wrong-step, off-topic]")
    }
    return try items.map { item in
      guard case .scalar(let word, _) = item.content, let tag = Tag.named(word) else {
        throw fault(item, "a tag is one word of at most \(Tag.charactersMax) characters")
      }
      return tag
    }
  }

  private func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ word: String, _ what: String, _ node: YAMLNode
  ) throws -> Choice {
    guard let choice = Choice(rawValue: word) else {
      throw fault(node, Self.unknown(word, what, among: Choice.self))
    }
    return choice
  }

  static func unknown<Choice: CaseIterable & RawRepresentable<String>>(
    _ word: String, _ what: String, among: Choice.Type
  ) -> String {
    "there is no \(what) \"\(word)\"; there are \(list(Choice.allCases.map(\.rawValue)))"
  }

  private func bool(_ word: String, _ node: YAMLNode) throws -> Bool {
    switch word {
    case "true": return true
    case "false": return false
    default: throw fault(node, "true or false is wanted here, not \"\(word)\"")
    }
  }

  private func fault(_ node: YAMLNode, _ words: String) -> CommandFailure {
    CommandFailure("\(path):\(node.line): \(words)", .badConfiguration)
  }
}
