/// A key as the terminal reports it.
public enum Key: Hashable, Sendable {
  case character(Character)
  /// Control and a letter, such as `c`; the letter is lower case.
  case control(Character)
  /// Alt (or Escape just before) and a character.
  case alt(Character)
  /// Ctrl-X, and then control and a letter.
  case afterControlX(Character)
  case enter, altEnter, tab, backTab, escape, backspace, altBackspace, delete
  case up, down, left, right, wordLeft, wordRight
  case shiftUp, shiftDown, shiftLeft, shiftRight
  case home, end, pageUp, pageDown
  /// F1 to F12.
  case function(Int)
}

extension Key: CustomStringConvertible {
  /// Keys with a name of their own.
  private static let names: [(key: Key, name: String)] =
    [
      (.character(" "), "Space"), (.control("@"), "Ctrl-Space"), (.enter, "Enter"),
      (.altEnter, "Alt-Enter"), (.tab, "Tab"), (.backTab, "Shift-Tab"), (.escape, "Esc"),
      (.backspace, "Backspace"), (.altBackspace, "Alt-Backspace"), (.delete, "Del"), (.up, "Up"),
      (.down, "Down"), (.left, "Left"), (.right, "Right"), (.wordLeft, "Ctrl-Left"),
      (.wordRight, "Ctrl-Right"), (.shiftUp, "Shift-Up"), (.shiftDown, "Shift-Down"),
      (.shiftLeft, "Shift-Left"), (.shiftRight, "Shift-Right"), (.home, "Home"), (.end, "End"),
      (.pageUp, "PgUp"), (.pageDown, "PgDn"),
    ] + (1...12).map { (.function($0), "F\($0)") }

  /// What the key is called in the help and in `keys.yaml`.
  public var description: String {
    if let named = Self.names.first(where: { $0.key == self }) { return named.name }
    return switch self {
    case .character(let character): String(character)
    case .control(let character): "Ctrl-" + character.uppercased()
    case .alt(let character): "Alt-" + String(character)
    case .afterControlX(let character): "Ctrl-X Ctrl-" + character.uppercased()
    default: "?"
    }
  }

  /// The key of that name; letters after `Ctrl-` in either case.
  public init?(_ name: String) {
    if let named = Self.names.first(where: { $0.name.lowercased() == name.lowercased() }) {
      self = named.key
    } else if name.count == 1, let character = name.first, !character.isWhitespace {
      self = .character(character)
    } else if let letter = Self.last(of: name, after: "ctrl-x ctrl-") {
      self = .afterControlX(Character(letter.lowercased()))
    } else if let letter = Self.last(of: name, after: "ctrl-"), letter.isASCII {
      self = .control(Character(letter.lowercased()))
    } else if let letter = Self.last(of: name, after: "alt-") {
      self = .alt(letter)
    } else {
      return nil
    }
  }

  private static func last(of name: String, after lead: String) -> Character? {
    guard name.count == lead.count + 1, name.lowercased().hasPrefix(lead) else { return nil }
    return name.last
  }
}
