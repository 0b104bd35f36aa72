import SessionCore

/// What `/set` asks for: settings with their new values.
public struct SettingRequest: Equatable, Sendable {
  enum Item: Equatable, Sendable {
    case to(Setting)
    /// As it is where nobody chose anything.
    case usual(Setting.Name)
  }
  /// None: the list of all is wanted.
  var items: [Item] = []

  /// What takes a setting back.
  static let usualWord = "default"

  /// What it changes of `settings`.
  /// - Parameter seed: what the session began with.
  func change(of settings: Settings, beganWith seed: UInt64) -> SettingsChange {
    let usual = Settings(seed: seed)
    var change = SettingsChange()
    for item in items {
      switch item {
      case .to(let setting): setting.add(to: &change, of: settings)
      case .usual(let name): name.setting(in: usual).add(to: &change, of: settings)
      }
    }
    return change
  }
}

extension SettingRequest {
  /// Reads `NAME VALUE`, `NAME=VALUE NAME=VALUE …`, or nothing. A value that is running text goes on
  /// to the end.
  /// - Throws: ``InputError/unknownSetting(_:)``, ``InputError/badSetting(_:_:)``.
  init(reading text: String) throws(InputError) {
    self.init()
    var rest = text.trimmingSpace()[...]
    while !rest.isEmpty {
      let word = rest.prefix { !$0.isWhitespace && $0 != "=" }
      guard let name = Setting.Name(spelt: String(word)) else {
        throw .unknownSetting(String(word))
      }
      rest = rest.dropFirst(word.count).drop(while: \.isWhitespace)
      let isPair = rest.first == "="
      rest = rest.dropFirst(isPair ? 1 : 0).drop(while: \.isWhitespace)
      let value = name.isText || !isPair ? rest : rest.prefix { !$0.isWhitespace }
      rest = rest.dropFirst(value.count).drop(while: \.isWhitespace)
      items.append(try Self.item(name, String(value).trimmingSpace()))
    }
  }

  private static func item(_ name: Setting.Name, _ value: String) throws(InputError) -> Item {
    if value == usualWord { return .usual(name) }
    guard let setting = Setting(name, value) else { throw .badSetting(name, value) }
    return .to(setting)
  }
}
