import SessionCore

/// The one table of keys: what each does where, and what the help says of it.
struct Keymap: Equatable, Sendable {
  /// Where a key is bound.
  enum Context: String, Sendable, CaseIterable {
    /// Everywhere, unless a narrower context binds the same key.
    case everywhere
    /// On the conversation, when nothing is being typed.
    case normal
    /// On a page over the conversation: the tree, a diff, the help.
    case page
    /// While a line is being typed.
    case insert
    /// While a reply is being edited in place.
    case editor
    /// While a text is being typed: the prompt line and the editor.
    case text
  }

  /// What a key does.
  enum Deed: Equatable, Sendable {
    case tryAgain, critique, editInPlace, editOutside, regenerate, undo
    case diff, tree, help, previousSibling, nextSibling
    case rate(Rating)
    case note, type, commandLine, leave, quit
    case up, down, pageUp, pageDown, halfUp, halfDown, top, bottom, choose
    case interrupt, redraw, suspend
    case send, newline, complete, endOfInput
    case edit(EditorKey)
  }

  /// What a key does to a text.
  enum EditorKey: Equatable, Sendable {
    case left, right, up, down, wordLeft, wordRight, lineStart, lineEnd
    case deleteBackward, deleteForward
    case killToLineEnd, killToLineStart, killBigWordBackward, killWordBackward, killWordForward
    case yank, undo, older, newer
  }

  /// One row of the table.
  struct Binding: Equatable, Sendable {
    var context: Context
    var keys: [Key]
    var deed: Deed
    var help: String

    init(_ context: Context, _ keys: [Key], _ deed: Deed, _ help: String) {
      self.context = context
      self.keys = keys
      self.deed = deed
      self.help = help
    }
  }

  var bindings: [Binding]

  /// The deed of `key`, the first of `contexts` that binds it winning.
  func deed(for key: Key, in contexts: [Context]) -> Deed? {
    for context in contexts + [.everywhere] {
      if let row = bindings.first(where: { $0.context == context && $0.keys.contains(key) }) {
        return row.deed
      }
    }
    return nil
  }
}

extension Keymap {
  /// The keys as they ship.
  static let standard = Keymap(
    bindings: feedback + looking + typing + editing + everywhere)

  private static let feedback: [Binding] = [
    Binding(.normal, [.character("t")], .tryAgain, "try again, without saying why"),
    Binding(.normal, [.character("c")], .critique, "critique: say what is wrong"),
    Binding(.normal, [.character("e")], .editInPlace, "edit the reply in place"),
    Binding(.normal, [.character("E")], .editOutside, "edit the reply in $EDITOR"),
    Binding(.normal, [.character("r")], .regenerate, "regenerate: draw the reply again"),
    Binding(.normal, [.character("u")], .undo, "undo: take back the last step"),
    Binding(.normal, [.character("+")], .rate(.up), "rate the reply good"),
    Binding(.normal, [.character("-")], .rate(.down), "rate the reply bad"),
    Binding(.normal, [.character("1")], .rate(.stars(1)), "rate 1 (worst)"),
    Binding(.normal, [.character("2")], .rate(.stars(2)), "rate 2"),
    Binding(.normal, [.character("3")], .rate(.stars(3)), "rate 3"),
    Binding(.normal, [.character("4")], .rate(.stars(4)), "rate 4"),
    Binding(.normal, [.character("5")], .rate(.stars(5)), "rate 5 (best)"),
    Binding(.normal, [.character("a")], .note, "note down something about the reply"),
  ]

  private static let looking: [Binding] = [
    Binding(.normal, [.character("i"), .enter], .type, "type a message"),
    Binding(.normal, [.character("/")], .commandLine, "type a command"),
    Binding(.normal, [.character("d")], .diff, "what changed since the attempt before"),
    Binding(.normal, [.tab], .tree, "all turns as a tree"),
    Binding(.normal, [.character("<"), .left], .previousSibling, "the version before this one"),
    Binding(.normal, [.character(">"), .right], .nextSibling, "the version after this one"),
    Binding(.normal, [.character("k"), .up], .up, "scroll up"),
    Binding(.normal, [.character("j"), .down], .down, "scroll down"),
    Binding(.normal, [.control("u")], .halfUp, "half a page up"),
    Binding(.normal, [.control("d")], .halfDown, "half a page down"),
    Binding(.normal, [.character("g"), .home], .top, "to the beginning"),
    Binding(.normal, [.character("G"), .end], .bottom, "to the end"),
    Binding(.normal, [.character("?")], .help, "this help"),
    Binding(.normal, [.character("q")], .quit, "quit"),
    Binding(.page, [.character("k"), .up], .up, "up"),
    Binding(.page, [.character("j"), .down], .down, "down"),
    Binding(.page, [.control("u")], .halfUp, "half a page up"),
    Binding(.page, [.control("d"), .character(" ")], .halfDown, "half a page down"),
    Binding(.page, [.character("g"), .home], .top, "to the beginning"),
    Binding(.page, [.character("G"), .end], .bottom, "to the end"),
    Binding(.page, [.enter], .choose, "go on from the chosen turn (tree)"),
    Binding(
      .page, [.escape, .character("q"), .tab, .character("i")], .leave,
      "back to the conversation"),
    Binding(.page, [.character("?")], .help, "this help"),
  ]

  private static let typing: [Binding] = [
    Binding(.insert, [.enter], .send, "send the line"),
    Binding(.insert, [.tab], .complete, "complete a command's name"),
    Binding(.insert, [.up, .control("p")], .edit(.older), "row up, then older lines"),
    Binding(.insert, [.down, .control("n")], .edit(.newer), "row down, then newer lines"),
    Binding(.insert, [.escape], .leave, "leave the line: single keys work now"),
    Binding(.insert, [.control("d")], .endOfInput, "quit, when the line is empty"),
    Binding(.editor, [.enter, .control("s")], .send, "the model goes on from here"),
    Binding(.editor, [.up, .control("p")], .edit(.up), "row up"),
    Binding(.editor, [.down, .control("n")], .edit(.down), "row down"),
    Binding(.editor, [.escape], .leave, "give up the edit"),
  ]

  private static let editing: [Binding] = [
    Binding(.text, [.altEnter, .control("j")], .newline, "a new row"),
    Binding(.text, [.left, .control("b")], .edit(.left), "left"),
    Binding(.text, [.right, .control("f")], .edit(.right), "right"),
    Binding(.text, [.wordLeft, .alt("b")], .edit(.wordLeft), "a word left"),
    Binding(.text, [.wordRight, .alt("f")], .edit(.wordRight), "a word right"),
    Binding(.text, [.home, .control("a")], .edit(.lineStart), "to the line's beginning"),
    Binding(.text, [.end, .control("e")], .edit(.lineEnd), "to the line's end"),
    Binding(.text, [.backspace, .control("h")], .edit(.deleteBackward), "erase to the left"),
    Binding(.text, [.delete], .edit(.deleteForward), "erase to the right"),
    Binding(.text, [.control("k")], .edit(.killToLineEnd), "cut to the line's end"),
    Binding(.text, [.control("u")], .edit(.killToLineStart), "cut to the line's beginning"),
    Binding(.text, [.control("w")], .edit(.killBigWordBackward), "cut back to a blank"),
    Binding(.text, [.altBackspace], .edit(.killWordBackward), "cut the word before"),
    Binding(.text, [.alt("d")], .edit(.killWordForward), "cut the word after"),
    Binding(.text, [.control("y")], .edit(.yank), "put back what was cut"),
    Binding(.text, [.control("_")], .edit(.undo), "undo typing"),
  ]

  private static let everywhere: [Binding] = [
    Binding(.everywhere, [.control("c")], .interrupt, "stop the reply; twice, or idle: quit"),
    Binding(.everywhere, [.pageUp], .pageUp, "a page up"),
    Binding(.everywhere, [.pageDown], .pageDown, "a page down"),
    Binding(.everywhere, [.control("l")], .redraw, "draw the screen again"),
    Binding(.everywhere, [.control("z")], .suspend, "suspend (`fg` comes back)"),
  ]
}
