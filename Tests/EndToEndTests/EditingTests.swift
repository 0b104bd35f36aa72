import Foundation
import Testing

/// Other versions of turns, from the line that asks for one to the record that is played again.
@Suite struct EditingTests {
  let terntable: Program

  init() throws { terntable = try Program() }

  /// Role, parent and text of each turn, and its tokens.
  private func turns(_ journal: URL) throws -> [String] {
    let run = try terntable("export", journal.path, "--format", "jsonl", "--table", "turns")
    return try run.output.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return ["role", "parent", "origin", "text"].map { "\(object?[$0] ?? "")" }
        .joined(separator: " ")
    }
  }

  @Test func aQuestionAskedOtherwiseIsABranchThatIsProvedAndPlayedAgain() throws {
    let talk = try terntable(
      "chat", "--plain", "--seed", "5",
      input: """
        What is 347 × 28?
        /try
        /rewrite 1 What is 347 × 29?
        /rewrite 3 Count the tens again.
        /rewrite 2 347 = 300 + 40 + 7
        /continue
        /go 1.1
        /tree
        """)
    #expect(talk.status == 0, "\(talk.errors)")
    #expect(talk.output.contains("[turn 5 instead of 1; 4 turns stay on the old branch]"))
    #expect(talk.output.contains("347 × 29"))
    #expect(talk.output.contains("continued"))
    let journal = try #require(try terntable.journals().first)
    let proof = try terntable("replay", "--exact", journal.path)
    #expect(proof.status == 0, "\(proof.output)\(proof.errors)")
    let out = try Scratch.folder()
    let again = try terntable("replay", journal.path, "--out", out.path)
    #expect(again.status == 0, "\(again.errors)")
    let played = try #require(
      try FileManager.default.contentsOfDirectory(at: out, includingPropertiesForKeys: nil)
        .first { $0.lastPathComponent.hasSuffix(".tern.jsonl") })
    #expect(try turns(played) == turns(journal))
  }

  /// A question was asked, and goes to the editor from the tree.
  private func askedAndEdited(in editor: URL) throws -> TmuxScreen {
    let screen = try terntable.chat(environment: "env -u VISUAL EDITOR='sh \(editor.path)'")
    try screen.type("What is 47 × 36?")
    try screen.press("Enter")
    try screen.wait(for: "Answer:", seconds: 60)
    try screen.wait(for: "ready")
    try screen.press("Escape")
    try screen.wait(for: "e edit")
    try screen.press("Tab")
    try screen.wait(for: "1  you")
    try screen.press("g", "E")
    return screen
  }

  @Test func aQuestionGoesToTheEditorWithAHeadAndComesBackAsABranch() throws {
    // Run by a shell: a file that was just written may be busy for a moment.
    let editor = try Scratch.file(
      containing: "cp \"$1\" '\(terntable.home.path)/seen'; sed -i 's/36?/37?/' \"$1\"\n",
      named: "editor")
    let screen = try askedAndEdited(in: editor)
    try screen.wait(for: "turn 3 instead of 1; 2 turns stay on the old branch")
    try screen.wait(for: "What is 47 × 37?")
    try screen.wait(for: "2 turns elsewhere")
    let seen = try String(
      contentsOf: terntable.home.appendingPathComponent("seen"), encoding: .utf8)
    #expect(seen.hasPrefix("---\nsession: "))
    #expect(seen.contains("\nturn: 1\nkind: question\nthen: a new branch with your text"))
    #expect(seen.hasSuffix("\n---\nWhat is 47 × 36?\n"))
  }

  @Test func aSpoiltHeadIsToldInOneLineAndTheTextStays() throws {
    let editor = try Scratch.file(
      containing: "sed -i 's/^turn: .*/turn: 9/; s/36?/37?/' \"$1\"\n", named: "editor")
    let screen = try askedAndEdited(in: editor)
    try screen.wait(for: "line 3 of the head cannot say \"turn: 9\"")
    try screen.wait(for: "What is 47 × 37?")
    try screen.press("Enter")
    try screen.wait(for: "2 turns elsewhere")
  }

  @Test func aMacroPlayedAgainGivesTheSameTokens() throws {
    let folder = try Scratch.folder()
    let macro = folder.appendingPathComponent("talk.yaml")
    let talk = try terntable(
      "chat", "--plain", "--seed", "11", "--temperature", "0.8", "--max-tokens", "200",
      input: """
        /system You are a careful tutor.
        What is 347 × 28?
        /try
        /critique The sum is "wrong": count again.
        /edit Answer => So the answer
        /regen 2
        /undo
        /rate 4
        /note a note
        /rewrite 2 What is 347 × 29?
        /continue And
        /go 3.1
        /macro \(macro.path)
        """)
    #expect(talk.status == 0, "\(talk.errors)")
    #expect(talk.errors.contains("written: \(macro.path); terntable replay"))
    let out = try Scratch.folder()
    let run = try terntable("replay", macro.path, "--out", out.path)
    #expect(run.status == 0, "\(run.errors)")
    let played = out.appendingPathComponent("talk.s11.tern.jsonl")
    let journal = try #require(try terntable.journals().first)
    #expect(try turns(played) == turns(journal))
    #expect(try tokens(played) == tokens(journal))
    #expect(try tokens(played).count > 5)
  }

  /// Of each reply, in order.
  private func tokens(_ journal: URL) throws -> [[Int]] {
    var replies: [[Int]] = []
    for line in try String(contentsOf: journal, encoding: .utf8).split(separator: "\n") {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      if object?["type"] as? String == "reply_started" { replies.append([]) }
      if let tokens = object?["tokens"] as? [Int], !replies.isEmpty {
        replies[replies.count - 1] += tokens
      }
    }
    return replies
  }

  @Test func exportsNeedNoFileAndKnowHomeAndTheNamesOfTrainings() throws {
    let home = terntable.home.path
    let talk = try terntable(
      "chat", "--plain", "--seed", "5", "--session", "\(home)/talk.tern.jsonl",
      input: """
        What is 347 × 28?
        /rate -
        /edit Answer => So the answer
        /rate +
        /export markdown ~/a.md
        /export dpo \(home)
        /export sqlite ~/all.sqlite
        /export nonsense
        /fork ~/fork.tern.jsonl
        """)
    #expect(talk.errors.contains("written: \(home)/a.md"))
    #expect(talk.errors.contains("written: \(home)/talk.preference.jsonl"), "\(talk.errors)")
    #expect(talk.errors.contains("forked: \(home)/fork.tern.jsonl"))
    #expect(talk.errors.contains("nonsense"))
    let pairs = try String(contentsOfFile: "\(home)/talk.preference.jsonl", encoding: .utf8)
    #expect(pairs.hasPrefix("{"))
    let check = try terntable("validate", "\(home)/all.sqlite", "--as", "sqlite")
    #expect(check.status == 0, "\(check.errors)")
  }

  @Test func aBranchIsExportedByAKeyUnderTheSessionsName() throws {
    let home = terntable.home.path
    let screen = try TmuxScreen(
      "cd '\(home)'; '\(Program.path)' chat --seed 7 --session \(home)/talk.tern.jsonl",
      width: 80, height: 24, program: terntable)
    try screen.wait(for: "ready")
    try screen.type("What is 47 × 36?")
    try screen.press("Enter")
    try screen.wait(for: "Answer:", seconds: 60)
    try screen.wait(for: "ready")
    try screen.press("Escape")
    try screen.wait(for: "e edit")
    try screen.press("t")
    try screen.wait(for: "attempt 2 of 2")
    try screen.wait(for: "ready")
    try screen.press("Tab")
    try screen.wait(for: "3  you")
    try screen.press("g", "j", "x")
    try screen.wait(for: "export up to turn 2 as: markdown")
    try screen.press("Enter")
    try screen.wait(for: "written: talk.md")
    let text = try String(contentsOfFile: "\(home)/talk.md", encoding: .utf8)
    #expect(text.contains("47 × 36"))
    #expect(!text.contains("Try again"))
  }

  @Test func withoutAScreenAnyTurnGoesToTheEditorToo() throws {
    let editor = try Scratch.file(
      containing: "sed -i 's/36?/37?/; s/^turn: 2/turn: 9/' \"$1\"\n", named: "editor")
    let screen = try TmuxScreen(
      "env -u VISUAL EDITOR='sh \(editor.path)' '\(Program.path)' chat --plain --seed 7",
      width: 160, height: 50, program: terntable)
    // The line that waits, and nothing on it.
    let waits = { (text: String, line: String) in text.split(separator: "\n").last == line[...] }
    try screen.wait(for: ">", until: waits)
    try screen.type("What is 47 × 36?")
    try screen.press("Enter")
    try screen.wait(for: "Answer:", seconds: 60)
    try screen.wait(for: ">", until: waits)
    try screen.type("/edit 1")
    try screen.press("Enter")
    try screen.wait(for: "[turn 3 instead of 1; 2 turns stay on the old branch]")
    try screen.wait(for: "37 = 30 + 7")
    try screen.wait(for: ">", until: waits)
    try screen.type("/edit 2")
    try screen.press("Enter")
    let shown = try screen.wait(for: "what you wrote is in ")
    #expect(shown.contains("cannot say \"turn: 9\"; nothing was sent"))
    let path = try #require(
      shown.components(separatedBy: "what you wrote is in ").last?.split(separator: "\n").first)
    let kept = String(path).trimmingCharacters(in: .whitespaces)
    #expect(try String(contentsOfFile: kept, encoding: .utf8).contains("Answer:"))
    try FileManager.default.removeItem(at: URL(filePath: kept).deletingLastPathComponent())
    try screen.type("/quit")
    try screen.press("Enter")
    try screen.wait(for: "session: ")
  }

  @Test func whatWasWrittenInAnEditorThatFailsStaysInItsFile() throws {
    let editor = try Scratch.file(
      containing: "echo my own words > \"$1\"; exit 3\n", named: "editor")
    let screen = try terntable.chat(
      environment: "env -u VISUAL EDITOR='sh \(editor.path)'", width: 200)
    try screen.type("begun")
    try screen.press("C-g")
    let shown = try screen.wait(for: "what you wrote is in ")
    let path = try #require(
      shown.components(separatedBy: "what you wrote is in ").last?.split(separator: "\n").first)
    #expect(shown.contains("ended with 3; nothing changed"))
    #expect(shown.contains("> begun"))
    let kept = String(path).trimmingCharacters(in: .whitespaces)
    #expect(try String(contentsOfFile: kept, encoding: .utf8) == "my own words\n")
    try FileManager.default.removeItem(
      at: URL(filePath: kept).deletingLastPathComponent())
  }
}
