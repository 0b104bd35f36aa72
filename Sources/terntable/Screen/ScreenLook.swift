import ArgumentParser
import Foundation
import StrictYAML
import TerminalUI

/// Which front is shown and how it looks, by flag, environment and `screen.yaml`, in that order.
/// Nothing is asked of the terminal: there is no answer to wait for.
struct ScreenLook: Equatable, Sendable {
  /// Why the plain front is shown; nil for the screen.
  var plain: String?
  var theme = Theme.terminal
  /// Only ASCII is drawn.
  var isASCII = false

  /// The flags.
  struct Options: ParsableArguments {
    @Flag(
      inversion: .prefixedNo,
      help: "Lines in, lines out: no screen, no escape sequences. Also TERNTABLE_PLAIN=1.")
    var plain: Bool?

    @Option(
      help: """
        Colours of the screen: terminal (its own, the default), dark, light, none. Also \
        TERNTABLE_THEME.
        """)
    var theme: Theme?

    @Flag(
      inversion: .prefixedNo,
      help: "Draw in ASCII only. Default: where the locale has nothing else (LANG=C).")
    var ascii: Bool?
  }

  /// - Throws: a ``CommandFailure`` about `screen.yaml` or a variable.
  init(
    _ options: Options, _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    let file = try ScreenFile(environment)
    if let asked = options.plain {
      plain = asked ? "--plain" : nil
    } else if let value = environment["TERNTABLE_PLAIN"], !value.isEmpty {
      plain = value == "0" ? nil : "TERNTABLE_PLAIN=\(value)"
    } else if file.plain == true {
      plain = "\(file.path): plain"
    }
    theme = try options.theme ?? Self.theme(environment) ?? file.theme ?? .terminal
    isASCII = options.ascii ?? file.ascii ?? !Self.hasMoreThanASCII(environment)
  }

  /// NO_COLOR (no-color.org) takes all colours away, whatever it says, unless a flag gives some.
  private static func theme(_ environment: [String: String]) throws -> Theme? {
    if !(environment["NO_COLOR"] ?? "").isEmpty { return Theme.none }
    guard let name = environment["TERNTABLE_THEME"], !name.isEmpty else { return nil }
    guard let theme = Theme(rawValue: name) else {
      throw CommandFailure("TERNTABLE_THEME: \(ScreenFile.unknown(name))", .badConfiguration)
    }
    return theme
  }

  /// By the variables of POSIX in their order. Where none is set the terminal of today is meant,
  /// which shows UTF-8.
  static func hasMoreThanASCII(_ environment: [String: String]) -> Bool {
    guard
      let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap({ environment[$0] })
        .first(where: { !$0.isEmpty })
    else { return true }
    return locale.uppercased().contains("UTF")
  }
}

extension Theme: ExpressibleByArgument {}

/// The person's own choices: `screen.yaml` in the configuration folder, with `plain`, `theme` and
/// `ascii`.
struct ScreenFile {
  var path = ""
  var plain: Bool?
  var theme: Theme?
  var ascii: Bool?

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
      guard case .scalar(let name, _) = key.content, case .scalar(let word, _) = value.content
      else { throw fault(key, "one word is wanted here") }
      switch name {
      case "plain": plain = try bool(word, value)
      case "ascii": ascii = try bool(word, value)
      case "theme":
        guard let found = Theme(rawValue: word) else { throw fault(value, Self.unknown(word)) }
        theme = found
      default: throw fault(key, "unknown is \"\(name)\"; there are plain, theme and ascii")
      }
    }
  }

  static func unknown(_ theme: String) -> String {
    "there is no theme \"\(theme)\"; there are \(list(Theme.allCases.map(\.rawValue)))"
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
