import Foundation
import Testing

/// `/model`, `/set` and `/preset` through the real program: on the screen, in the plain front, by
/// flag, over a resume and in an exact replay.
@Suite struct SettingsJourneys {
  let program: Program

  init() throws { program = try Program() }

  private func journal() throws -> URL { try #require(try program.journals().first) }

  private func record() throws -> String { try String(contentsOf: try journal(), encoding: .utf8) }

  private func preset(_ name: String, _ text: String) throws -> String {
    let folder = program.home.appending(path: ".config/terntable/presets")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: name + ".yaml")
    try Data(text.utf8).write(to: path)
    return path.path
  }

  /// The value of a field of every reply's recipe, in order.
  private func recipes(_ field: String) throws -> [String] {
    try record().split(separator: "\n").filter { $0.contains("reply_started") }.map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      let recipe = object?["recipe"] as? [String: Any]
      let inner = (recipe?["model"] as? [String: Any])?[field]
      let value = inner ?? (recipe?["sampling"] as? [String: Any])?[field] ?? recipe?[field]
      return value.map { "\($0)" } ?? ""
    }
  }

  private static let careful = """
    system: You are careful.
    model: tutor-f16
    seed: 5
    sampling: {temperature: 0.2, top_k: 20}
    feedback:
      try_again: That is not right. Once more.
    """

  // MARK: - The screen

  @Test func onTheScreenAnotherModelAnswersFromHereOn() throws {
    let screen = try program.chat()
    try screen.type("What is 12 × 7?")
    try screen.press("Enter")
    try screen.wait(for: "tokens/s")
    try screen.wait(for: "tutor · ready")
    try screen.type("/model tutor-f")
    try screen.press("Tab")
    try screen.wait(for: "> /model tutor-f16")
    try screen.press("Enter")
    try screen.wait(for: "── tutor-f16 · ready")
    #expect(try screen.text().contains("What is 12 × 7?"))
    try screen.type("/try")
    try screen.press("Enter")
    try screen.wait(for: "tutor-f16 · attempt 2 of 2")
    try screen.wait(for: "ready")
    // Going back leaves the chosen model in force.
    try screen.type("/go 2")
    try screen.press("Enter")
    try screen.wait(for: "2 turns elsewhere")
    try screen.type("/regen")
    try screen.press("Enter")
    try screen.wait(for: "tutor-f16 · attempt 2 of 2 · regenerated")
    try screen.wait(for: "ready")
    #expect(try recipes("name") == ["tutor", "tutor-f16", "tutor-f16"])
    let exact = try program("replay", "--exact", try journal().path)
    #expect(exact.status == 0 && exact.output.contains("3 of 3"), "\(exact.output)\(exact.errors)")
  }

  @Test func onTheScreenSettingsAreShownAndTakenBack() throws {
    let screen = try program.chat()
    try screen.type("/set temperature 0.3")
    try screen.press("Enter")
    try screen.wait(for: "temperature 0.3 · context")
    try screen.type("/set seed 11")
    try screen.press("Enter")
    try screen.wait(for: "seed 11")
    try screen.type("What is 12 × 7?")
    try screen.press("Enter")
    try screen.wait(for: "tokens/s")
    try screen.wait(for: "ready")
    try screen.type("/set")
    try screen.press("Enter")
    try screen.wait(for: "* temperature         0.3  (default 0.6)")
    try screen.press("Escape")
    try screen.type("/set temperature default")
    try screen.press("Enter")
    try screen.waitUntilGone("temperature 0.3")
    try screen.type("/regen")
    try screen.press("Enter")
    try screen.wait(for: "attempt 2 of 2")
    try screen.wait(for: "ready")
    #expect(try recipes("temperature") == ["0.3", "0.6"])
    let exact = try program("replay", "--exact", try journal().path)
    #expect(exact.status == 0, "\(exact.output)\(exact.errors)")
  }

  @Test func onTheScreenAPresetIsTakenUpAndAFaultyOneIsOneLine() throws {
    _ = try preset("careful", Self.careful)
    _ = try preset("faulty", "seed: 1\nsampling:\n  size: 3\n")
    let screen = try program.chat(width: 200, height: 30)
    try screen.type("/preset faulty")
    try screen.press("Enter")
    try screen.wait(for: "faulty.yaml:3: unknown is \"size\"")
    try screen.wait(for: "tutor · ready")
    try screen.press("C-u")
    try screen.type("/preset ca")
    try screen.press("Tab")
    try screen.wait(for: "/preset careful")
    try screen.press("Enter")
    try screen.wait(for: "── tutor-f16 · ready")
    try screen.wait(for: "You are careful.")
    try screen.type("What is 12 × 7?")
    try screen.press("Enter")
    try screen.wait(for: "tokens/s")
    try screen.wait(for: "ready")
    try screen.type("/try")
    try screen.press("Enter")
    try screen.wait(for: "That is not right. Once more.")
    try screen.wait(for: "attempt 2 of 2")
    try screen.wait(for: "ready")
    #expect(try recipes("temperature") == ["0.2", "0.2"])
    #expect(try record().contains("\"type\":\"settings_changed\",\"preset\":\"careful\""))
  }

  // MARK: - The plain front

  @Test func thePlainFrontSaysWhatIsSetAndEveryReplyIsProvedByItsOwnModel() throws {
    let input =
      "What is 12 × 7?\n/model tutor-f16\n/try\n/set seed 9\n/set temperature=1 top-k=5\n/regen\n"
      + "/model nobody\n/set size 3\n/set temperature hot\n/go 2\n/regen\n/set\n/model\n/quit\n"
    let run = try program.run(PlainFrontTests.greedy, input: input)
    #expect(run.status == 0, "\(run.errors)")
    var rest = run.output[...]
    for part in [
      "tutor:", "[model tutor-f16]", "tutor-f16 · attempt 2 · try again:", "[seed 9]",
      "[temperature 1.0]", "[top-k 5]", "tutor-f16 · attempt 3", "Settings from here on",
      "* temperature         1.0  (default 0.6)", "Models at hand", "* tutor-f16",
    ] {
      let found = try #require(rest.range(of: part), "\(part) in \(run.output)")
      rest = rest[found.upperBound...]
    }
    #expect(!run.output.contains("\u{1B}"))
    for part in ["nobody", "no setting \"size\"", "temperature cannot be \"hot\""] {
      #expect(run.errors.split(separator: "\n").count { $0.contains(part) } == 1, "\(run.errors)")
    }
    #expect(try recipes("name") == ["tutor", "tutor-f16", "tutor-f16", "tutor-f16"])
    #expect(try recipes("top_k") == ["40", "40", "5", "5"])
    let path = try journal().path
    let exact = try program("replay", "--exact", path)
    #expect(exact.status == 0 && exact.output.contains("4 of 4"), "\(exact.output)\(exact.errors)")
    // Somebody who names a model asks whether that one wrote it all.
    #expect(try program("replay", "--exact", "--model", "tutor", path).status == 1)
    let played = program.home.appending(path: "played").path
    let replay = try program("replay", path, "--model", "tutor", "--out", played)
    #expect(replay.status == 0, "\(replay.errors)")
    let text = try String(
      contentsOf: try #require(
        try program.journals().first { $0.path.hasPrefix(played) }), encoding: .utf8)
    #expect(!text.contains("\"name\":\"tutor-f16\"") && text.contains("\"top_k\":5"))
  }

  @Test func aSessionGoesOnWithTheModelAndTheSettingsChosenLast() throws {
    let path = program.home.appending(path: "own.tern.jsonl").path
    let arguments = ["chat", "--plain", "--session", path]
    _ = try program.run(
      arguments + ["--seed", "3"],
      input: "What is 12 × 7?\n/model tutor-f16\n/set top-k 5\n/set try-again Not so.\n")
    let before = try Data(contentsOf: URL(filePath: path))
    // Looking at it leaves the file alone, whatever the flags say.
    _ = try program.run(arguments + ["--temperature", "0"], input: "/set\n")
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
    let run = try program.run(arguments + ["--temperature", "0"], input: "/try\n")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try record().contains("\"text\":\"Not so.\""))
    #expect(try recipes("name") == ["tutor", "tutor-f16"])
    #expect(try recipes("top_k") == ["40", "5"] && recipes("temperature") == ["0.6", "0.0"])
    let back = try program.run(arguments + ["--model", "tutor"], input: "/regen\n/quit\n")
    #expect(back.status == 0, "\(back.errors)")
    #expect(try recipes("name") == ["tutor", "tutor-f16", "tutor"])
    let exact = try program("replay", "--exact", path)
    #expect(exact.status == 0, "\(exact.output)\(exact.errors)")
  }

  // MARK: - Presets by flag

  @Test func aFlagBeatsThePresetAndThePresetTheDefault() throws {
    _ = try preset("careful", Self.careful)
    let run = try program.run(
      ["chat", "--plain", "--preset", "careful", "--temperature", "0", "--model", "tutor"],
      input: "What is 12 × 7?\n/try\n/preset\n")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("system: You are careful."))
    #expect(run.output.contains("careful  tutor-f16, system: You are careful."))
    #expect(try recipes("temperature") == ["0.0", "0.0"] && recipes("top_k") == ["20", "20"])
    #expect(try recipes("name") == ["tutor", "tutor"])
    let record = try record()
    #expect(record.contains("\"seed\":\"5\"") && record.contains("That is not right. Once more."))
    let exact = try program("replay", "--exact", try journal().path)
    #expect(exact.status == 0, "\(exact.output)\(exact.errors)")
  }

  @Test func askTakesAPresetToo() throws {
    _ = try preset("careful", Self.careful)
    let run = try program(
      "ask", "What is 12 × 7?", "--preset", "careful", "--max-tokens", "8", "--json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      run.output.contains("\"tutor-f16\""))
    #expect(try recipes("top_k") == ["20"] && recipes("max_tokens") == ["8"])
    #expect(try record().contains("You are careful."))
    #expect(try record().contains("\"preset\":\"careful\""))
  }

  @Test func whatIsWrongWithAPresetIsOneLineWithItsPlace() throws {
    let path = try preset("faulty", "seed: 1\ncolour: red\n")
    let run = try program("chat", "--plain", "--preset", "faulty", input: "")
    #expect(run.status == 78)
    #expect(run.errors.hasPrefix("terntable: \(path):2: unknown is \"colour\"; there are system"))
    #expect(run.errors.split(separator: "\n").count == 1)
    _ = try preset("faulty", "sampling:\n  temperature: hot\n")
    let value = try program("ask", "x", "--preset", "faulty")
    #expect(value.status == 78 && value.errors.contains("\(path):2: temperature cannot be \"hot\""))
    let none = try program("chat", "--plain", "--preset", "nothing", input: "")
    #expect(none.status == 66 && none.errors.contains("there are faulty"))
    #expect(try program.journals().isEmpty)
  }

  @Test func aPresetThatComesTooLateForItsSystemPromptSaysSo() throws {
    _ = try preset("careful", Self.careful)
    let run = try program.run(
      PlainFrontTests.greedy, input: "What is 12 × 7?\n/preset careful\n/try\n/preset nothing\n")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("system prompt is left out"))
    #expect(run.errors.contains("there is no preset \"nothing\""))
    #expect(run.output.contains("[preset careful]") && run.output.contains("[model tutor-f16]"))
    #expect(run.output.contains("That is not right. Once more."))
    #expect(!(try record()).contains("You are careful."))
  }
}
