import SessionCore
import Testing

@testable import TerminalUI

@Suite struct SlashCommandTests {
  private func entry(_ name: String) throws -> SlashCommand.Entry {
    try #require(SlashCommand.Entry.all.first { $0.name == name })
  }

  @Test(arguments: [
    ("", SlashCommand.Line.blank),
    ("  \t ", .blank),
    ("What is 12 × 7?  ", .message("What is 12 × 7?")),
    ("  indented", .message("  indented")),
    ("//try is a command", .message("/try is a command")),
    ("//", .message("/")),
    ("/try", .command(.tryAgain)),
    ("  /try  ", .command(.tryAgain)),
    ("/critique 2 × 7 is 14", .command(.critique("2 × 7 is 14"))),
    ("/edit 83 => 84", .command(.edit(old: "83", new: "84"))),
    ("/edit a => b => c", .command(.edit(old: "a", new: "b => c"))),
    ("/edit x=>y => z", .command(.edit(old: "x=>y", new: "z"))),
    ("/edit gone =>", .command(.edit(old: "gone", new: ""))),
    ("/edit", .command(.editHere(nil))),
    ("/edit 3", .command(.editHere(TurnID(2)))),
    ("/rewrite 3 two  words", .command(.rewrite(TurnID(2), "two  words"))),
    ("/continue", .command(.continueReply(""))),
    ("/continue and so", .command(.continueReply("and so"))),
    ("/go 2.1", .command(.goBelow(TurnID(1), 1))),
    ("/regen", .command(.regenerate(1))),
    ("/regen 5", .command(.regenerate(5))),
    ("/redo", .command(.redo)),
    ("/tag #hard", .command(.tag("#hard"))),
    ("/find two words", .command(.find("two words"))),
    ("/undo", .command(.undo)),
    ("/diff", .command(.diff)),
    ("/tree", .command(.tree)),
    ("/prompt", .command(.prompt)),
    ("/go 3", .command(.go(TurnID(2)))),
    ("/rate +", .command(.rate(.up, reason: ""))),
    ("/rate -", .command(.rate(.down, reason: ""))),
    ("/rate 5", .command(.rate(.stars(5), reason: ""))),
    ("/rate 0", .command(.rate(nil, reason: ""))),
    ("/rate 2 the sum is wrong", .command(.rate(.stars(2), reason: "the sum is wrong"))),
    ("/inspect", .command(.inspect(nil))),
    ("/inspect 4", .command(.inspect(TurnID(3)))),
    ("/branch 7 2", .command(.branch(token: 7, alternative: 2))),
    ("/fork", .command(.fork(path: nil))),
    ("/fork my talk.tern.jsonl", .command(.fork(path: "my talk.tern.jsonl"))),
    ("/note two  blanks", .command(.note("two  blanks"))),
    ("/export", .command(.export(format: nil, path: nil))),
    ("/export dpo", .command(.export(format: "dpo", path: nil))),
    ("/macro my talk.yaml", .command(.macro(path: "my talk.yaml"))),
    ("/export html my file.html", .command(.export(format: "html", path: "my file.html"))),
    ("/help", .command(.help)),
    ("/quit", .command(.quit)),
  ])
  func line(text: String, means: SlashCommand.Line) throws {
    #expect(try SlashCommand.parse(text) == means)
  }

  @Test(arguments: [
    ("/tyr", "try"), ("/Try", "try"), ("/crit", "critique"), ("/regenerate", "regen"),
    ("/exprot", "export"), ("/q", "quit"), ("/exit", "edit"), ("/zzzzzz", nil), ("/", nil),
    ("/\u{1B}[2J", nil),
  ])
  func anUnknownCommandNamesTheNearest(line: String, nearest: String?) {
    #expect(throws: InputError.unknownCommand(String(line.dropFirst()), nearest: nearest)) {
      try SlashCommand.parse(line)
    }
  }

  @Test(arguments: ["critique", "go", "rate", "note", "macro"])
  func aMissingArgumentIsSaid(name: String) throws {
    #expect(throws: InputError.missingArgument(try entry(name))) {
      try SlashCommand.parse("/\(name)  ")
    }
  }

  @Test(arguments: [
    ("rate", "6"), ("inspect", "0"), ("branch", "1"), ("branch", "1 x"), ("branch", "0 1"),
    ("rate", "good"), ("go", "0"), ("go", "-1"), ("go", "2."),
    ("go", "2.0"), ("go", "1.2.3"), ("rewrite", "x y"), ("rewrite", "0 y"),
    ("go", "99999999999999999999"), ("edit", "no arrow"), ("regen", "0"), ("regen", "x"),
    ("edit", "=> new"),
  ])
  func anArgumentOfTheWrongFormIsSaid(name: String, argument: String) throws {
    #expect(throws: InputError.badArgument(try entry(name), argument)) {
      try SlashCommand.parse("/\(name) \(argument)")
    }
  }

  @Test func aCommandWithoutArgumentsTakesNone() throws {
    #expect(throws: InputError.unexpectedArgument(try entry("try"), "harder")) {
      try SlashCommand.parse("/try harder")
    }
  }

  @Test(arguments: [
    ("t", nil), ("tre", "tree"), ("cr", "critique"), ("e", nil), ("zz", nil), ("try", "try"),
  ])
  func completion(beginning: String, whole: String?) {
    #expect(SlashCommand.Entry.completion(of: beginning) == whole)
  }

  @Test func everyNameIsThereOnce() {
    let names = SlashCommand.Entry.all.map(\.name)
    #expect(Set(names).count == names.count)
  }
}

@Suite struct KeymapTests {
  @Test func noKeyIsBoundTwiceInOneContext() {
    for context in Keymap.Context.allCases {
      let keys = Keymap.standard.bindings.filter { $0.context == context }.flatMap(\.keys)
      #expect(Set(keys).count == keys.count, "\(context)")
    }
  }

  @Test func insertAndTextShareNoKey() {
    let keys = Keymap.standard.bindings
      .filter { $0.context == .insert || $0.context == .text || $0.context == .everywhere }
      .flatMap(\.keys)
    #expect(Set(keys).count == keys.count)
  }

  @Test func theHelpShowsEveryKeyAndEveryCommand() {
    for columns in [40, 80, 200] {
      let help = HelpPane.lines(.standard, columns: columns).map(\.text).joined(separator: "\n")
      for binding in Keymap.standard.bindings {
        #expect(help.contains(binding.help))
        for key in binding.keys { #expect(help.contains(key.description)) }
      }
      for entry in SlashCommand.Entry.all {
        #expect(help.contains(entry.usage) && help.contains(entry.help))
      }
    }
  }

  @Test func everyContextHasATitleInTheHelp() {
    #expect(Set(HelpPane.titles.map(\.0)) == Set(Keymap.Context.allCases))
  }
}
