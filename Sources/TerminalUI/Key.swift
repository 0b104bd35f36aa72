/// A key as the terminal reports it.
public enum Key: Hashable, Sendable {
  case character(Character)
  /// Control and a letter, such as `c`; the letter is lower case.
  case control(Character)
  /// Alt (or Escape just before) and a character.
  case alt(Character)
  case enter, altEnter, tab, backTab, escape, backspace, altBackspace, delete
  case up, down, left, right, wordLeft, wordRight
  case home, end, pageUp, pageDown
}

extension Key: CustomStringConvertible {
  /// What the key is called in the help.
  public var description: String {
    switch self {
    case .character(" "): "Space"
    case .character(let character): String(character)
    case .control(let character): "Ctrl-" + character.uppercased()
    case .alt(let character): "Alt-" + String(character)
    case .enter: "Enter"
    case .altEnter: "Alt-Enter"
    case .tab: "Tab"
    case .backTab: "Shift-Tab"
    case .escape: "Esc"
    case .backspace: "Backspace"
    case .altBackspace: "Alt-Backspace"
    case .delete: "Del"
    case .up: "Up"
    case .down: "Down"
    case .left: "Left"
    case .right: "Right"
    case .wordLeft: "Ctrl-Left"
    case .wordRight: "Ctrl-Right"
    case .home: "Home"
    case .end: "End"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    }
  }
}
