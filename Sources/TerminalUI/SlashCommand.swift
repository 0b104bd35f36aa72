import SessionCore

/// A command as a person types it on a line: `/try`, `/edit OLD => NEW`.
public enum SlashCommand: Equatable, Sendable {
  case tryAgain
  case critique(String)
  case edit(old: String, new: String)
  /// `/edit` alone or with a turn's number: an editor, the last reply in it or that turn.
  case editHere(TurnID?)
  /// Another version of any turn.
  case rewrite(TurnID, String)
  /// The reply goes on from its end, after what is typed.
  case continueReply(String)
  /// So many more replies to the same prompt.
  case regenerate(Int)
  case undo, redo, diff, tree, prompt
  /// Nil is the last reply.
  case inspect(TurnID?)
  /// Goes on from a token (from 1) with one of its alternatives (from 1).
  case branch(token: Int, alternative: Int)
  case fork(path: String?)
  case go(TurnID)
  /// To a turn directly below another one, the oldest of which is 1.
  case goBelow(TurnID, Int)
  /// Nil takes the rating back. Why, in the person's words, may stand behind it.
  case rate(Rating?, reason: String)
  case note(String)
  case tag(String)
  case bookmark
  /// Looks for a text in the conversation.
  case find(String)
  case copy
  /// Nil is what the program chooses.
  case export(format: String?, path: String?)
  /// What was done so far, as a script.
  case macro(path: String)
  /// What the model is told before the first question.
  case system(String)
  /// Two more replies side by side, and which is better.
  case duel(DuelRequest)
  case vote(Vote.Choice)
  /// How the model takes feedback, in this session and in its folder.
  case friction
  /// What the next replies are drawn with; a request for nothing lists it.
  case set(SettingRequest)
  /// Who answers from here on; nil lists the models at hand.
  case model(String?)
  /// What one of the person's presets says; nil lists them.
  case preset(String?)
  /// Takes the terminal's mouse, or frees it.
  case mouse
  case help, quit

  /// Most replies that one `/regen` draws.
  public static let regenerationsMax = 100

  /// What a line is.
  public enum Line: Equatable, Sendable {
    case blank
    case message(String)
    case command(SlashCommand)
  }

  /// Reads a line. A leading `//` stands for a message that begins with one slash.
  /// - Throws: ``InputError`` for an unknown command or an argument that does not fit.
  public static func parse(_ line: String) throws(InputError) -> Line {
    let trimmed = line.trimmingSpace()
    guard !trimmed.isEmpty else { return .blank }
    guard trimmed.hasPrefix("/") else { return .message(line.trimmingSpace(.end)) }
    if trimmed.hasPrefix("//") { return .message(String(trimmed.dropFirst())) }
    let name = String(trimmed.dropFirst().prefix { !$0.isWhitespace })
    let rest = String(trimmed.dropFirst(1 + name.count)).trimmingSpace()
    guard let entry = Entry.all.first(where: { $0.name == name }) else {
      throw .unknownCommand(name, nearest: Entry.nearest(to: name)?.name)
    }
    if entry.arguments.isEmpty, !rest.isEmpty { throw .unexpectedArgument(entry, rest) }
    return .command(try entry.read(rest, entry))
  }
}

/// The registry of slash commands: names, arguments, help. The help, completion and the
/// documents are made from it.
extension SlashCommand {
  /// One row of the registry.
  public struct Entry: Sendable {
    public var name: String
    /// As shown to a person, such as `OLD => NEW`; empty when there are none.
    public var arguments: String
    public var help: String
    /// Whether the command also stands alone.
    var isOptional = false
    /// What completes its arguments, in order.
    var slots: [Slot] { Self.slots[name] ?? [] }
    let read: @Sendable (String, Entry) throws(InputError) -> SlashCommand

    /// Name and arguments as they are typed.
    public var usage: String { arguments.isEmpty ? "/\(name)" : "/\(name) \(arguments)" }

    /// Every command, in the order the help shows them.
    public static let all: [Entry] = [
      Entry("try", "", "try again, without saying why") { _, _ in .tryAgain },
      Entry("critique", "TEXT", "say what is wrong; the model tries again", readCritique),
      Entry(
        "edit", "OLD => NEW",
        "change the reply and go on; alone or an ID: an editor", isOptional: true,
        readEdit),
      Entry(
        "rewrite", "ID TEXT", "another version of any turn; a question is asked on a new branch",
        readRewrite),
      Entry(
        "continue", "[TEXT]", "the model goes on from the end of its reply, or of TEXT behind it",
        isOptional: true
      ) { text, _ in .continueReply(text) },
      Entry(
        "regen", "[N]", "draw the reply again, saying nothing; N times", isOptional: true,
        readRegenerate),
      Entry("undo", "", "take back the last step") { _, _ in .undo },
      Entry("redo", "", "take back the undo") { _, _ in .redo },
      Entry("diff", "", "what changed since the attempt before") { _, _ in .diff },
      Entry("tree", "", "all turns, also those left behind") { _, _ in .tree },
      Entry("prompt", "", "what the model read for its last reply, to the token") { _, _ in .prompt
      },
      Entry(
        "inspect", "[ID]", "the tokens of a reply, their odds and alternatives",
        isOptional: true, readInspect),
      Entry(
        "branch", "TOKEN ALTERNATIVE", "go on from a token with another one; /inspect has both",
        readBranch),
      Entry(
        "fork", "[FILE]", "a new session that begins like this; chat --session goes on with it",
        isOptional: true, readFork),
      Entry(
        "go", "ID", "go on from another turn; /tree shows the IDs; 3.2: the second below 3", readGo),
      Entry(
        "rate", "+|-|1..5|0", "rate the reply; 0 takes it back; a reason may follow", readRate),
      Entry("note", "TEXT", "note down something about the reply", readNote),
      Entry("tag", "WORD", "put a word on the reply, or take it off", readTag),
      Entry("bookmark", "", "bookmark the reply, or not") { _, _ in .bookmark },
      Entry("find", "TEXT", "show the next place that holds the text", readFind),
      Entry("copy", "", "copy the reply to the clipboard (screen only)") { _, _ in .copy },
      Entry(
        "export", "FORMAT FILE", "write the session to a file: markdown, html, dpo …",
        isOptional: true, readExport),
      Entry("macro", "FILE", "write what you did as a script; terntable replay plays it") {
        text, entry throws(InputError) in .macro(path: try needed(text, entry))
      },
      Entry("system", "TEXT", "tell the model something before the first question", readSystem),
      Entry(
        "duel", "A | B => ASK",
        "blind duel: MODEL, temperature=0.9, try-again, critique", isOptional: true,
        readDuel),
      Entry("vote", "a|b|tie|bad", "which reply of the duel is better", readVote),
      Entry("friction", "", "how the model takes feedback, here and in the folder") { _, _ in
        .friction
      },
      Entry(
        "model", "[NAME]", "let another model answer from here on; alone: which there are",
        isOptional: true
      ) { text, _ in .model(text.isEmpty ? nil : text) },
      Entry(
        "set", "[NAME VALUE]", "seed 7, temperature 0.2, …; default takes back; alone: all",
        isOptional: true
      ) { (text, _) throws(InputError) in .set(try SettingRequest(reading: text)) },
      Entry(
        "preset", "[NAME]", "what presets/NAME.yaml says; alone: which there are",
        isOptional: true
      ) { text, _ in .preset(text.isEmpty ? nil : text) },
      Entry("mouse", "", "take the mouse's wheel and clicks, or free them (screen only)") { _, _ in
        .mouse
      },
      Entry("help", "", "this help") { _, _ in .help },
      Entry("quit", "", "leave; everything is on disk") { _, _ in .quit },
    ]

    init(
      _ name: String, _ arguments: String, _ help: String, isOptional: Bool = false,
      _ read: @escaping @Sendable (String, Entry) throws(InputError) -> SlashCommand
    ) {
      self.name = name
      self.arguments = arguments
      self.help = help
      self.isOptional = isOptional
      self.read = read
    }

    /// What can stand at a place of a command.
    enum Slot: Equatable, Sendable {
      case word, file, model, preset
      /// Words of a duel, each by itself.
      case side
    }

    private static let slots: [String: [Slot]] = [
      "export": [.word, .file], "fork": [.file], "macro": [.file], "tag": [.word], "rate": [.word],
      "model": [.model], "preset": [.preset], "set": [.word, .word], "duel": [.side],
    ]

    /// What fills the place of an argument (from 0): the last one takes all that is left.
    func slot(_ place: Int) -> (Slot, place: Int)? {
      slots.isEmpty ? nil : (slots[min(place, slots.count - 1)], min(place, slots.count - 1))
    }

    /// The one command that `beginning` can mean, or the longest beginning all of them share.
    public static func completion(of beginning: String) -> String? {
      let names = all.map(\.name).filter { $0.hasPrefix(beginning) }
      guard let first = names.first else { return nil }
      guard names.count > 1 else { return first }
      let shared = names.dropFirst().reduce(first) { common, name in
        String(zip(common, name).prefix { $0 == $1 }.map(\.0))
      }
      return shared == beginning ? nil : shared
    }

    static func nearest(to name: String) -> Self? {
      let lowered = name.lowercased()
      let ranked = all.map { ($0, distance(lowered, $0.name)) }
      if let begun = all.first(where: { !lowered.isEmpty && $0.name.hasPrefix(lowered) }) {
        return begun
      }
      guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= 2, best.1 < name.count else {
        return all.first { lowered.hasPrefix($0.name) }
      }
      return best.0
    }
  }
}

extension SlashCommand.Entry: Equatable {
  public static func == (left: Self, right: Self) -> Bool { left.name == right.name }
}

private typealias Entry = SlashCommand.Entry

private func needed(_ text: String, _ entry: Entry) throws(InputError) -> String {
  guard !text.isEmpty else { throw .missingArgument(entry) }
  return text
}

@Sendable private func readCritique(
  _ text: String, _ entry: Entry
) throws(InputError) -> SlashCommand {
  .critique(try needed(text, entry))
}

@Sendable private func readNote(_ text: String, _ entry: Entry) throws(InputError) -> SlashCommand {
  .note(try needed(text, entry))
}

@Sendable private func readTag(_ text: String, _ entry: Entry) throws(InputError) -> SlashCommand {
  .tag(try needed(text, entry))
}

@Sendable private func readFind(_ text: String, _ entry: Entry) throws(InputError) -> SlashCommand {
  .find(try needed(text, entry))
}

/// Once, or as often as it says: up to ``SlashCommand/regenerationsMax``.
@Sendable private func readRegenerate(
  _ text: String, _ entry: Entry
) throws(InputError) -> SlashCommand {
  if text.isEmpty { return .regenerate(1) }
  guard let count = Int(text), (1...SlashCommand.regenerationsMax).contains(count) else {
    throw .badArgument(entry, text)
  }
  return .regenerate(count)
}

/// OLD ends before the first `=>` that has blanks around it; an empty NEW takes OLD away.
@Sendable private func readEdit(_ text: String, _ entry: Entry) throws(InputError) -> SlashCommand {
  guard !text.isEmpty else { return .editHere(nil) }
  if let number = Int(text), number > 0 { return .editHere(TurnID(number - 1)) }
  let padded = Array(text + " ")
  let arrow = Array(" => ")
  let start = padded.indices.first { padded[$0...].starts(with: arrow) }
  guard let start, start > 0 else { throw .badArgument(entry, text) }
  let new = String(padded[(start + arrow.count)...].dropLast())
  return .edit(old: String(padded[..<start]).trimmingSpace(), new: new.trimmingSpace())
}

/// A turn by its number, or `3.2`: the second one directly below turn 3.
@Sendable private func readGo(_ text: String, _ entry: Entry) throws(InputError) -> SlashCommand {
  let parts = try needed(text, entry).split(separator: ".", omittingEmptySubsequences: false)
  let numbers = parts.compactMap { Int($0) }.filter { $0 > 0 }
  guard numbers.count == parts.count, (1...2).contains(parts.count) else {
    throw .badArgument(entry, text)
  }
  let turn = TurnID(numbers[0] - 1)
  return numbers.count == 1 ? .go(turn) : .goBelow(turn, numbers[1])
}

@Sendable private func readRewrite(
  _ text: String, _ entry: Entry
) throws(InputError) -> SlashCommand {
  let id = String(try needed(text, entry).prefix { !$0.isWhitespace })
  let rest = String(text.dropFirst(id.count)).trimmingSpace()
  guard let number = Int(id), number > 0 else { throw .badArgument(entry, text) }
  guard !rest.isEmpty else { throw .missingArgument(entry) }
  return .rewrite(TurnID(number - 1), rest)
}

@Sendable private func readSystem(
  _ text: String, _ entry: Entry
) throws(InputError) -> SlashCommand {
  .system(try needed(text, entry))
}

@Sendable private func readInspect(
  _ text: String, _ entry: Entry
) throws(InputError) -> SlashCommand {
  guard !text.isEmpty else { return .inspect(nil) }
  guard let number = Int(text), number > 0 else { throw .badArgument(entry, text) }
  return .inspect(TurnID(number - 1))
}

@Sendable private func readBranch(
  _ text: String, _ entry: Entry
) throws(InputError) -> SlashCommand {
  let numbers = try needed(text, entry).split(whereSeparator: \.isWhitespace).map { Int($0) }
  guard numbers.count == 2, let token = numbers[0], let alternative = numbers[1], token > 0,
    alternative > 0
  else { throw .badArgument(entry, text) }
  return .branch(token: token, alternative: alternative)
}

@Sendable private func readFork(_ text: String, _ entry: Entry) throws(InputError) -> SlashCommand {
  .fork(path: text.isEmpty ? nil : text)
}

@Sendable private func readRate(_ text: String, _ entry: Entry) throws(InputError) -> SlashCommand {
  let word = String(try needed(text, entry).prefix { !$0.isWhitespace })
  let reason = String(text.dropFirst(word.count)).trimmingSpace()
  switch word {
  case "+": return .rate(.up, reason: reason)
  case "-": return .rate(.down, reason: reason)
  case "0": return .rate(nil, reason: reason)
  default:
    guard let stars = Int(word), (1...5).contains(stars) else { throw .badArgument(entry, text) }
    return .rate(.stars(stars), reason: reason)
  }
}

@Sendable private func readDuel(_ text: String, _ entry: Entry) throws(InputError) -> SlashCommand {
  .duel(try DuelRequest(reading: text, entry))
}

@Sendable private func readVote(_ text: String, _ entry: Entry) throws(InputError) -> SlashCommand {
  switch try needed(text, entry).lowercased() {
  case "a": .vote(.a)
  case "b": .vote(.b)
  case "tie": .vote(.tie)
  case "bad", "both bad": .vote(.bothBad)
  default: throw .badArgument(entry, text)
  }
}

@Sendable private func readExport(_ text: String, _ entry: Entry) throws(InputError) -> SlashCommand
{
  let format = String(text.prefix { !$0.isWhitespace })
  let path = String(text.dropFirst(format.count)).trimmingSpace()
  return .export(format: format.isEmpty ? nil : format, path: path.isEmpty ? nil : path)
}

/// Levenshtein's distance: how many letters must be changed, added or left out.
private func distance(_ left: String, _ right: String) -> Int {
  var row = Array(0...right.count)
  for (i, a) in left.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, b) in right.enumerated() {
      let cost = a == b ? diagonal : diagonal + 1
      diagonal = row[j + 1]
      row[j + 1] = min(cost, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[right.count]
}

extension String {
  enum Ends { case both, end }

  /// Without white space at its ends.
  func trimmingSpace(_ ends: Ends = .both) -> String {
    var rest = self[...]
    if ends == .both { rest = rest.drop(while: \.isWhitespace) }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}
