import Foundation
import SessionRuntime
import StrictYAML
import TerminalUI

/// The person's own keys: `keys.yaml` in the configuration folder.
///
/// `editing_mode` is `emacs` or `vi`; under `keys` stands, by context and by the deed's name, one
/// key, a list of keys, or an empty list for none. docs/keys.md has all names.
enum KeyFile {
  /// `$XDG_CONFIG_HOME/terntable/keys.yaml`, or `~/.config/terntable/keys.yaml` (XDG Base
  /// Directory Specification 0.8), or below `TERNTABLE_HOME`; nil when neither variable says where.
  static func path(
    _ environment: [String: String], _ name: String = "keys.yaml"
  ) -> String? {
    let absolute = { (name: String) in environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    if let own = absolute("TERNTABLE_HOME") { return "\(own)/\(name)" }
    let folder = absolute("XDG_CONFIG_HOME") ?? absolute("HOME").map { $0 + "/.config" }
    return folder.map { $0 + "/terntable/\(name)" }
  }

  /// The keys that ship, changed as the file says; without a file as they are.
  static func keymap(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> Keymap {
    guard let path = path(environment), FileManager.default.fileExists(atPath: path) else {
      return .standard
    }
    let file = try PersonalFile(path)
    return try Reading(file: file).keymap(file.root)
  }

  /// Turns the document into bindings, and says of every fault on which line it is.
  private struct Reading {
    let file: PersonalFile

    func keymap(_ root: YAMLNode) throws -> Keymap {
      var keymap = Keymap.standard
      for (key, value) in try file.pairs(of: root) {
        switch try file.text(of: key) {
        case "editing_mode":
          let mode = try file.text(of: value)
          try at(value) { () throws(Keymap.Problem) in try keymap.setEditingMode(mode) }
        case "keys": try bind(value, &keymap)
        case let other:
          throw file.fault(key, "unknown is \"\(other)\"; there are editing_mode and keys")
        }
      }
      try at(root) { () throws(Keymap.Problem) in try keymap.checkNothingIsTakenTwice() }
      return keymap
    }

    private func bind(_ contexts: YAMLNode, _ keymap: inout Keymap) throws {
      for (context, deeds) in try file.pairs(of: contexts) {
        let place = try file.text(of: context)
        for (deed, keys) in try file.pairs(of: deeds) {
          let name = try file.text(of: deed)
          let names = try file.list(keys)
          try at(deed) { () throws(Keymap.Problem) in
            try keymap.bind(name, in: place, to: names)
          }
        }
      }
    }

    private func at(
      _ node: YAMLNode, _ work: () throws(Keymap.Problem) -> Void
    ) throws {
      do throws(Keymap.Problem) {
        try work()
      } catch {
        throw file.fault(node, TerntableWords.text(for: error))
      }
    }
  }
}
