import SessionCore

/// What llama-cli of llama.cpp shows in a terminal, as `script` or a copied window keeps it:
///
///     > What is 12 × 7?
///
///     84
///
///     [ Prompt: 61.2 t/s | Generation: 12.8 t/s ]
///
///     > /exit
///
/// Source: ggml-org/llama.cpp, `tools/cli/cli.cpp` and `cli-view.cpp`; its predecessor (now
/// llama-completion, `main.cpp`) shows the same without the line of speeds. A prompt is a line
/// that begins with `> ` behind an empty line. Where speeds are shown a reply ends with them, and
/// quoted lines inside a reply cannot be taken for a prompt; without them they can, which no
/// reader of such a text could tell. The system prompt is not shown and so not read.
struct LlamaCLIImport: ConversationSource {
  private var conversations: ArraySlice<ImportedConversation>

  /// - Parameter bytes: the whole text.
  init(_ bytes: [UInt8], file: String) throws(ImportError) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let whole = bytes.prefix { $0 < 0x80 }.count { $0 == 0x0A }
      throw .invalid(ImportFault(file: file, line: whole + 1, .notUTF8))
    }
    var reader = Reader(TerminalText.plain(text))
    do throws(FieldFault) {
      conversations = try reader.conversations()[...]
    } catch {
      throw .invalid(ImportFault(file: file, line: reader.line, field: error.field, error.reason))
    }
    guard reader.sawPrompt else { throw .invalid(ImportFault(file: file, line: 1, .noPrompt)) }
  }

  mutating func next() throws(ImportError) -> ImportedConversation? { conversations.popFirst() }

  /// Goes through the lines.
  private struct Reader {
    private let lines: [Substring]
    /// Whether the program showed its speed behind each reply.
    private let showsSpeed: Bool
    private var index = 0
    private var model: String?
    private var done: [ImportedConversation] = []
    private var conversation: ImportedConversation
    /// The prompt that was answered last, and the message that stands for the end.
    private var prompt: Int?
    private var last: Int?
    private(set) var sawPrompt = false

    init(_ text: String) {
      lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      showsSpeed = lines.contains(where: Self.isSpeed)
      conversation = ImportedConversation(line: 1)
    }

    /// From 1.
    var line: Int { index + 1 }

    mutating func conversations() throws(FieldFault) -> [ImportedConversation] {
      readBanner()
      while index < lines.count {
        guard let typed = takePrompt() else { break }
        sawPrompt = true
        if conversation.messages.isEmpty { conversation.line = line }
        if try !carryOut(typed) { break }
      }
      finish()
      return done
    }

    private mutating func finish() {
      if !conversation.messages.isEmpty || !conversation.dropped.isEmpty {
        conversation.model = model
        done.append(conversation)
      }
      conversation = ImportedConversation(line: line)
      (prompt, last) = (nil, nil)
    }

    private mutating func readBanner() {
      while index < lines.count, !isPrompt(index) {
        if lines[index].hasPrefix("model      : ") {
          model = String(lines[index].dropFirst(13))
        }
        index += 1
      }
    }

    /// What was typed at the prompt at ``index``; a line that ends in a backslash goes on.
    private mutating func takePrompt() -> String? {
      guard index < lines.count, isPrompt(index) else { return nil }
      var typed = String(lines[index].dropFirst(2))
      index += 1
      while typed.hasSuffix("\\"), index < lines.count {
        typed.removeLast()
        typed += "\n" + lines[index]
        index += 1
      }
      return typed
    }

    /// Whether the conversation goes on.
    private mutating func carryOut(_ typed: String) throws(FieldFault) -> Bool {
      switch typed.prefix(while: { $0 != " " }) {
      case "/exit", "EOF": return false
      case "/clear":
        _ = takeReply(isOver: true)
        finish()
      case "/regen": try addReply(under: prompt)
      case "/read", "/glob", "/image", "/audio", "/video":
        conversation.drop(.part)
        _ = takeReply(isOver: true)
      default:
        last = try conversation.add(.user, typed, under: last)
        prompt = last
        try addReply(under: last)
      }
      return true
    }

    private mutating func addReply(under parent: Int?) throws(FieldFault) {
      let text = takeReply()
      guard !text.isEmpty else { return }
      last = try conversation.add(.assistant, text, under: parent)
    }

    /// The lines up to the next prompt, without thoughts and speeds, trimmed of empty lines.
    /// - Parameter isOver: what comes is no reply; the program only says what it did.
    private mutating func takeReply(isOver: Bool = false) -> String {
      var reply: [Substring] = []
      var isThinking = false
      var isOver = isOver
      while index < lines.count, !isPrompt(index, replyIsOver: isOver) {
        let line = lines[index]
        index += 1
        if Self.isEnd(line) {
          index = lines.count
        } else if Self.isSpeed(line) {
          isOver = true
        } else if line == "[Start thinking]" {
          conversation.drop(.part)
          isThinking = true
        } else if line == "[End thinking]" {
          isThinking = false
        } else if !isThinking, !isOver {
          reply.append(line)
        }
      }
      let isEmpty = { (line: Substring) in line.allSatisfy(\.isWhitespace) }
      let text = reply.drop(while: isEmpty).reversed().drop(while: isEmpty).reversed()
      return text.joined(separator: "\n")
    }

    /// - Parameter replyIsOver: whether the speed behind the reply was seen.
    private func isPrompt(_ index: Int, replyIsOver: Bool = true) -> Bool {
      guard lines[index].hasPrefix("> ") || lines[index] == ">" else { return false }
      guard index == 0 || lines[index - 1].allSatisfy(\.isWhitespace) else { return false }
      return replyIsOver || !showsSpeed
    }

    private static func isSpeed(_ line: Substring) -> Bool {
      line.hasPrefix("[ Prompt: ") && line.hasSuffix(" t/s ]") && line.contains(" | Generation: ")
    }

    /// What the program says when it ends.
    private static func isEnd(_ line: Substring) -> Bool {
      ["Exiting...", "llama_perf_", "common_perf_print:", "llama_memory_breakdown_print:"]
        .contains { line.hasPrefix($0) }
    }
  }
}

/// Text that went to a terminal, without what only moved the cursor or changed colours.
enum TerminalText {
  /// Drops escape sequences and carriage returns, and carries out backspaces.
  static func plain(_ text: String) -> String {
    var plain = String.UnicodeScalarView()
    var scalars = text.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      switch scalar {
      case "\u{1B}": skipSequence(&scalars)
      case "\r": break
      case "\u{8}": if let last = plain.last, last != "\n" { plain.removeLast() }
      default: plain.append(scalar)
      }
    }
    return String(plain)
  }

  /// ECMA-48: `ESC [ … final`, `ESC ] … BEL`, or one scalar after the escape.
  private static func skipSequence(_ scalars: inout Substring.UnicodeScalarView) {
    switch scalars.popFirst() {
    case "[":
      while let next = scalars.popFirst(), !(0x40...0x7E).contains(next.value) {}
    case "]":
      while let next = scalars.popFirst(), next != "\u{7}" {
        if next == "\u{1B}" {
          _ = scalars.popFirst()
          return
        }
      }
    default: break
    }
  }
}
