import SessionCore

/// The one table of keys: what each does where, and what the help says of it.
public struct Keymap: Equatable, Sendable {
  /// Where a key is bound.
  public enum Context: String, Sendable, CaseIterable {
    /// Everywhere, unless a narrower context binds the same key.
    case everywhere
    /// On the conversation, when nothing is being typed.
    case normal
    /// On a page over the conversation: the tree, a diff, the help.
    case page
    /// On the tree; what it does not bind is the page's.
    case tree
    /// On the tokens of a reply; what it does not bind is the page's.
    case inspect
    /// On a duel; what it does not bind is the page's.
    case duel
    /// On the figures of friction; what it does not bind is the page's.
    case friction
    /// While a line is being typed.
    case insert
    /// While a reply is being edited in place.
    case editor
    /// While the list of all commands and keys is open.
    case palette
    /// While a text is being typed: the prompt line and the editor.
    case text
    /// vi's command mode on a text, when `editing_mode` is `vi`.
    case vi
  }

  /// What a key does.
  enum Deed: Equatable, Sendable {
    case tryAgain, critique, critiqueOutside, editInPlace, editOutside, editPrompt
    case regenerate, regenerateFive
    case undo, redo
    case diff, tree, help, palette, search, searchNext, searchPrevious
    case previousSibling, nextSibling, parent, child, firstSibling, lastSibling
    case fold, foldAll, filter
    case inspect, otherView, tokenBefore, tokenAfter, fork, exportLine
    /// Nil takes the rating back.
    case rate(Rating?)
    case duel, friction, glyphs
    case vote(Vote.Choice)
    case note, tag, bookmark, copyTurn, copyBranch, dumpScreen
    case type, commandLine, leave, quit
    case up, down, pageUp, pageDown, halfUp, halfDown, top, bottom, choose
    case interrupt, redraw, suspend, mouse
    case send, newline, complete, endOfInput, promptOutside, searchHistory, prefix
    case edit(EditorKey)
    case vi(ViKey)
  }

  /// What a key does to a text.
  enum EditorKey: Equatable, Sendable {
    case left, right, up, down, wordLeft, wordRight, wordEnd, lineStart, lineEnd
    case textStart, textEnd
    case deleteBackward, deleteForward
    case killToLineEnd, killToLineStart, killBigWordBackward, killWordBackward, killWordForward
    case yank, yankPop, undo, redo, older, newer
    case mark, selectLeft, selectRight, selectUp, selectDown, selectAll, copy
  }

  /// What only vi's command mode has.
  enum ViKey: Equatable, Sendable {
    case insert, insertAtStart, append, appendAtEnd, openBelow
    case delete, change, copy
    case deleteToEnd, changeToEnd, putAfter
  }

  /// One row of the table.
  struct Binding: Equatable, Sendable {
    var context: Context
    var keys: [Key]
    var deed: Deed
    /// What `keys.yaml` calls it; unique within its context.
    var name: String
    var help: String

    init(_ context: Context, _ keys: [Key], _ deed: Deed, _ name: String, _ help: String) {
      self.context = context
      self.keys = keys
      self.deed = deed
      self.name = name
      self.help = help
    }
  }

  /// How texts are edited.
  public enum EditingMode: String, Sendable, CaseIterable { case emacs, vi }

  var bindings: [Binding]
  public internal(set) var editingMode = EditingMode.emacs

  init(bindings: [Binding]) { self.bindings = bindings }

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

// Other keys than the ones that ship.
extension Keymap {
  /// Why a key cannot be bound. Facts only.
  public enum Problem: Error, Equatable, Sendable {
    case unknownContext(String)
    /// No deed of that name there; the names there are.
    case unknownDeed(String, context: Context, known: [String])
    case unknownKey(String)
    /// The key means something else in the same context already.
    case taken(Key, by: String)
    case unknownEditingMode(String)
  }

  /// Sets how texts are edited.
  public mutating func setEditingMode(_ name: String) throws(Problem) {
    guard let mode = EditingMode(rawValue: name) else { throw .unknownEditingMode(name) }
    editingMode = mode
  }

  /// Binds a deed to these keys alone; none take it off the keyboard.
  /// - Parameters:
  ///   - context: a ``Context`` by name.
  ///   - deed: ``Binding/name``.
  ///   - keys: as the help calls them, such as `Ctrl-T`.
  public mutating func bind(
    _ deed: String, in context: String, to keys: [String]
  ) throws(Problem) {
    guard let place = Context(rawValue: context) else { throw .unknownContext(context) }
    guard let row = bindings.firstIndex(where: { $0.context == place && $0.name == deed }) else {
      throw .unknownDeed(
        deed, context: place, known: bindings.filter { $0.context == place }.map(\.name))
    }
    var read: [Key] = []
    for name in keys {
      guard let key = Key(name) else { throw .unknownKey(name) }
      read.append(key)
    }
    bindings[row].keys = read
  }

  /// Checks that no key means two things in one context; to be called after the last ``bind``.
  public func checkNothingIsTakenTwice() throws(Problem) {
    var taken: [Context: [Key: String]] = [:]
    for row in bindings {
      for key in row.keys {
        if let other = taken[row.context]?[key] { throw .taken(key, by: "\(other), \(row.name)") }
        taken[row.context, default: [:]][key] = row.name
      }
    }
  }
}
