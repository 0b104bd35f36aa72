import Foundation
import SessionCore
import StrictYAML
import TerminalUI

/// What a person keeps under a name, in `presets/NAME.yaml` of the configuration folder: who
/// answers, how replies are drawn, what the model is told first and how feedback is worded. All of
/// it may be left out; docs/terminal.md describes the file.
struct Preset: Equatable, Sendable {
  var name: String
  var system: String?
  var model: String?
  /// In the order of the file.
  var settings: [Setting] = []

  static let suffix = ".yaml"
  static let systemLeftOut =
    "the preset's system prompt is left out: the conversation has begun without it"

  /// What it changes of the settings in force, its name with it.
  func change(of settings: Settings) -> SettingsChange {
    var change = SettingsChange(model: model, preset: name)
    for setting in self.settings { setting.add(to: &change, of: settings) }
    return change
  }

  /// In a few words, for a list.
  var words: String {
    let told = system.map { "system: " + ($0.split(whereSeparator: \.isNewline).first ?? "") }
    return ([model, told].compactMap(\.self) + settings.map(\.words)).joined(separator: ", ")
  }
}

// MARK: - The folder

extension Preset {
  /// - Parameter name: of the folder's file without `.yaml`, or a path.
  /// - Throws: a ``CommandFailure`` with the file and the line of what is wrong.
  static func named(_ name: String) throws -> Preset {
    if name.contains("/") || name.hasSuffix(suffix) { return try Preset(contentsOf: name) }
    let path = try folder() + "/" + name + suffix
    guard FileManager.default.fileExists(atPath: path) else {
      let names = try names()
      throw CommandFailure(
        "there is no preset \"\(Plain.line(name))\" in \(try folder()); "
          + (names.isEmpty ? "none is there yet" : "there are \(list(names))"), .noInput)
    }
    return try Preset(contentsOf: path)
  }

  /// The names in the folder, in order.
  static func names() throws -> [String] {
    let folder = try folder()
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }
      .map { String($0.dropLast(suffix.count)) }.sorted()
  }

  static func listing() throws -> Listing {
    let rows = try names().map { name in
      do {
        return Listing.Row(name, try named(name).words)
      } catch {
        return Listing.Row(name, "cannot be used: " + commandFailure(for: error).text)
      }
    }
    let isEmpty = rows.isEmpty
    return Listing(
      title: isEmpty ? "No presets yet" : "Presets", rows: rows,
      foot: isEmpty
        ? "\(try folder())/NAME\(suffix) makes one; docs/settings.md says what is in it."
        : "/preset NAME takes one up; what it does not say stays as it is.")
  }

  private static func folder() throws -> String {
    guard let path = KeyFile.path(ProcessInfo.processInfo.environment, "presets") else {
      throw CommandFailure("no place for presets: set HOME or XDG_CONFIG_HOME", .badConfiguration)
    }
    return path
  }
}

// MARK: - The file

extension Preset {
  private static let keys = ["system", "model", "seed", "history", "sampling", "feedback"]
  private static let drawing: [Setting.Name] = [
    .temperature, .topK, .topP, .minP, .repetitionPenalty, .repetitionWindow, .maxTokens,
  ]
  private static let wordings: [Setting.Name] = [.tryAgain, .critique]

  init(contentsOf path: String) throws {
    let file = try PersonalFile(path)
    let last = path.split(separator: "/").last.map(String.init) ?? path
    name = last.hasSuffix(Self.suffix) ? String(last.dropLast(Self.suffix.count)) : last
    for (key, value) in try file.pairs(of: file.root) {
      let word = try file.text(of: key)
      switch word {
      case "system": system = try Self.running(value, file)
      case "model": model = try Self.running(value, file)
      case "seed": settings.append(try Self.setting(.seed, value, file))
      case "history": settings.append(try Self.setting(.history, value, file))
      case "sampling": settings += try Self.settings(Self.drawing, value, file)
      case "feedback": settings += try Self.settings(Self.wordings, value, file)
      default:
        throw file.fault(key, "unknown is \"\(word)\"; there are \(list(Self.keys))")
      }
    }
  }

  private static func settings(
    _ names: [Setting.Name], _ node: YAMLNode, _ file: PersonalFile
  ) throws -> [Setting] {
    try file.pairs(of: node).map { key, value in
      let word = try file.text(of: key)
      guard let name = names.first(where: { spelling(of: $0) == word }) else {
        throw file.fault(key, "unknown is \"\(word)\"; there are \(list(names.map(spelling)))")
      }
      return try setting(name, value, file)
    }
  }

  private static func setting(
    _ name: Setting.Name, _ node: YAMLNode, _ file: PersonalFile
  ) throws -> Setting {
    let value = try file.text(of: node)
    // Files spell words with `_`, as scripts and journals do.
    let word = name == .history ? value.replacing("_", with: "-") : value
    guard let setting = Setting(name, word) else {
      let error = InputError.badSetting(name, value)
      throw file.fault(node, terntable.text(for: error))
    }
    return setting
  }

  private static func running(_ node: YAMLNode, _ file: PersonalFile) throws -> String {
    let text = try file.text(of: node)
    guard text.contains(where: { !$0.isWhitespace }) else {
      throw file.fault(node, "a text is wanted here")
    }
    return text
  }

  private static func spelling(of name: Setting.Name) -> String {
    name.rawValue.replacing("-", with: "_")
  }
}
