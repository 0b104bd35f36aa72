/// What changed from one text to another, word by word.
///
/// Words are runs of letters and digits (a decimal number is one word), ideographs stand alone,
/// and so does every other character. The unchanged and removed pieces together are the old text
/// byte for byte, the unchanged and added ones the new text.
public struct WordDiff: Equatable, Sendable {
  /// What happened to a piece of text.
  public enum Change: String, Sendable { case same, removed, added }

  /// A run of words with one fate.
  public struct Piece: Equatable, Sendable {
    public var change: Change
    public var text: String

    public init(_ change: Change, _ text: String) {
      self.change = change
      self.text = text
    }
  }

  /// In reading order; at a place that changed, what went stands before what came.
  public let pieces: [Piece]
  /// False when the texts were too different to be compared word by word: then all that lies
  /// between their common beginning and end is shown as one change.
  public let isWordByWord: Bool

  /// Most words that may be removed or added before the comparison gives up. The memory it takes
  /// grows with the square of this: 16 MB at 2048.
  public static let editsMax = 2048

  /// Compares two texts, with at most `editsMax` words removed or added.
  public init(from old: String, to new: String, editsMax: Int = Self.editsMax) {
    var vocabulary = Vocabulary()
    let (before, after) = (vocabulary.words(of: old), vocabulary.words(of: new))
    let steps = EditScript.shortest(
      from: before.map(\.name), to: after.map(\.name), editsMax: editsMax)
    isWordByWord = steps.isShortest
    var builder = PieceBuilder()
    for step in steps.steps {
      switch step {
      case .same(let index): builder.add(.same, before[index].text)
      case .removed(let index): builder.add(.removed, before[index].text)
      case .added(let index): builder.add(.added, after[index].text)
      }
    }
    pieces = builder.finished()
  }

  /// Whether nothing changed.
  public var isUnchanged: Bool { pieces.allSatisfy { $0.change == .same } }

  /// The text form of `git diff --word-diff`: `It is [-74-]{+84+}.`
  public var plain: String {
    pieces.map { piece in
      switch piece.change {
      case .same: piece.text
      case .removed: "[-\(piece.text)-]"
      case .added: "{+\(piece.text)+}"
      }
    }.joined()
  }
}

/// Gives equal words equal numbers. Bytes decide, not `String`'s equality, which holds different
/// spellings of the same character for equal.
private struct Vocabulary {
  struct Word {
    var text: Substring
    var name: Int
  }

  private var names: [[UInt8]: Int] = [:]

  mutating func words(of text: String) -> [Word] {
    var words: [Word] = []
    var index = text.startIndex
    while index < text.endIndex {
      let start = index
      let first = text[index]
      index = text.index(after: index)
      if isPartOfWord(first) {
        while index < text.endIndex, goesOn(text, at: index, after: start) {
          index = text.index(after: index)
        }
      } else if first == " " {
        while index < text.endIndex, text[index] == " " { index = text.index(after: index) }
      }
      let word = text[start..<index]
      let name = names[Array(word.utf8)] ?? names.count
      names[Array(word.utf8)] = name
      words.append(Word(text: word, name: name))
    }
    return words
  }

  private func goesOn(_ text: String, at index: String.Index, after start: String.Index) -> Bool {
    if isPartOfWord(text[index]) { return true }
    // A point or comma between digits is part of a number.
    guard text[index] == "." || text[index] == "," else { return false }
    let next = text.index(after: index)
    return text[text.index(before: index)].isNumber && next < text.endIndex && text[next].isNumber
  }

  private func isPartOfWord(_ character: Character) -> Bool {
    guard character.isLetter || character.isNumber || character == "_" else { return false }
    return !(character.unicodeScalars.first?.properties.isIdeographic ?? false)
  }
}

/// Joins words of one fate, and tidies changes up for reading.
private struct PieceBuilder {
  /// What goes and what comes at one place; unchanged text when both are equal.
  private struct Block {
    var removed = ""
    var added = ""
    var isSame: Bool

    var isReplacement: Bool { !isSame && !removed.isEmpty && !added.isEmpty }
  }

  private var blocks: [Block] = []

  mutating func add(_ change: WordDiff.Change, _ text: Substring) {
    let isSame = change == .same
    if blocks.last?.isSame != isSame { blocks.append(Block(isSame: isSame)) }
    let last = blocks.count - 1
    if change != .added { blocks[last].removed += text }
    if change != .removed { blocks[last].added += text }
  }

  func finished() -> [WordDiff.Piece] {
    joinedAcrossBlanks().flatMap { block -> [WordDiff.Piece] in
      if block.isSame { return [.init(.same, block.removed)] }
      return [.init(.removed, block.removed), .init(.added, block.added)].filter {
        !$0.text.isEmpty
      }
    }
  }

  /// Two replaced words with only blanks between them read better as one change.
  private func joinedAcrossBlanks() -> [Block] {
    var joined: [Block] = []
    for (index, block) in blocks.enumerated() {
      let next = index + 1 < blocks.count ? blocks[index + 1] : nil
      if let last = joined.last, last.isReplacement, block.isSame, block.removed.isBlank,
        let next, next.isReplacement
      {
        joined[joined.count - 1].removed += block.removed
        joined[joined.count - 1].added += block.added
      } else if let last = joined.last, !last.isSame, !block.isSame {
        joined[joined.count - 1].removed += block.removed
        joined[joined.count - 1].added += block.added
      } else {
        joined.append(block)
      }
    }
    return joined
  }
}

extension String {
  fileprivate var isBlank: Bool { utf8.allSatisfy { $0 == 32 || $0 == 9 } }
}
