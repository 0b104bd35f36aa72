import Foundation
import Testing

/// `measure` as people and machines use it: planned, played, cut short, gone on with, shared.
@Suite struct MeasureTests {
  let terntable: Program

  init() throws { terntable = try Program() }

  private func experiment(count: Int, arms: [String] = ["unary", "critique"]) throws -> String {
    let text = """
      terntable: 1
      name: small
      sampling: { temperature: 0, max_tokens: 200 }
      tasks: [{ family: multiplication, difficulty: 2x1, count: \(count), side: any }]
      stop: { max_attempts: 2 }
      feedback:
      \(arms.map { "  \($0):" }.joined(separator: "\n"))
      """
    return try Scratch.file(containing: text, named: "small.yaml").path
  }

  private func object(_ run: Program.Result) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
  }

  private func journals(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".tern.jsonl") }.sorted()
  }

  @Test func aDryRunPrintsThePlanAndPlaysNothing() throws {
    let out = try Scratch.folder().appendingPathComponent("out").path
    let file = try experiment(count: 3)
    let run = try terntable("measure", file, "--dry-run", "--json", "--out", out)
    #expect(run.status == 0, "\(run.errors)")
    let plan = try object(run)
    #expect(plan["sessions"] as? Int == 6)
    #expect(plan["arms"] as? [String] == ["unary", "critique"])
    let problems = try #require(plan["problems"] as? [[String: Any]])
    #expect(problems.count == 3)
    #expect(problems.allSatisfy { $0["family"] as? String == "multiplication" })
    #expect(problems.allSatisfy { $0["answer"] is String && $0["prompt"] is String })
    #expect(plan["estimated_seconds_max"] is Double)
    #expect(!FileManager.default.fileExists(atPath: out))
    let words = try terntable("measure", file, "--dry-run", "--out", out)
    #expect(words.output.contains("6 sessions"), "\(words.output)")
  }

  @Test func addedArmsAreAllThatIsPlayedAnewAndTheReportNeedsNoExperiment() throws {
    let out = try Scratch.folder().path
    let first = try object(
      try terntable("measure", try experiment(count: 3), "--out", out, "--json"))
    #expect(first["played"] as? Int == 6)
    let more = try experiment(count: 4, arms: ["unary", "critique", "none"])
    let second = try object(try terntable("measure", more, "--out", out, "--json"))
    #expect(second["sessions"] as? Int == 12)
    #expect(second["played"] as? Int == 6)
    let report = try object(try terntable("report", out, "--json"))
    #expect(report["sessions"] as? Int == 12)
    let families = try #require(report["families"] as? [[String: Any]])
    #expect(families.map { $0["family"] as? String } == ["multiplication"])
    #expect((families[0]["first"] as? [String: Any])?["n"] as? Int == 4)
    let exact = try terntable.run(
      ["replay", "--exact"] + journals(out).prefix(3).map { "\(out)/\($0)" })
    #expect(exact.status == 0, "\(exact.output)\(exact.errors)")
  }

  @Test func shardsAddUpToTheWhole() throws {
    let out = try Scratch.folder().path
    let file = try experiment(count: 3)
    for part in ["1/2", "2/2"] {
      let run = try terntable("measure", file, "--out", out, "--shard", part)
      #expect(run.status == 0, "\(run.errors)")
    }
    let whole = try object(try terntable("measure", file, "--out", out, "--json"))
    #expect(whole["sessions"] as? Int == 6)
    #expect(whole["played"] as? Int == 0)
    #expect(try terntable("measure", file, "--shard", "3/2").status == 64)
  }

  @Test func anInterruptedExperimentEndsWith75AndGoesOn() throws {
    let out = try Scratch.folder().appendingPathComponent("out").path
    let file = try experiment(count: 200)
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.environment = terntable.environment
    // Waits for the first session to be finished, however slow the machine is.
    shell.arguments = [
      "-c",
      """
      "$0" measure "$1" --out "$2" --jobs 2 >/dev/null 2>&1 &
      until ls "$2"/*.tern.jsonl >/dev/null 2>&1; do sleep 0.02; done
      kill -INT $!; wait $!
      """,
      Program.path, file, out,
    ]
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 75)
    let kept = try journals(out).count
    #expect(kept > 0 && kept < 400)
    let again = try terntable("measure", try experiment(count: 2), "--out", out, "--json")
    #expect(again.status == 0, "\(again.errors)")
    #expect(try object(again)["finished"] as? Int == 4)
  }

  @Test func aMistakeIsOneLineWithItsPlace() throws {
    let file = try Scratch.file(
      containing: """
        terntable: 1
        name: x
        tasks: [{ family: multiplicatoin, count: 1 }]
        feedback: { unary: }
        """, named: "x.yaml")
    let run = try terntable("measure", file.path)
    #expect(run.status == 65)
    #expect(run.errors.contains("x.yaml:3:19: tasks[0].family:"), "\(run.errors)")
    #expect(run.errors.contains("did you mean \"multiplication\"?"), "\(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  /// Records as the known data sets have them, with questions the bundled model can read.
  static let shapes = [
    "gsm8k": #"{"question": "What is 40 × 7?", "answer": "40 × 7 = 280\n#### 280"}"#,
    "math":
      #"{"problem": "What is 40 × 7?", "level": "Level 1", "solution": "It is $\\boxed{280}$."}"#,
    "triviaqa":
      #"{"question": "What is 40 × 7?", "question_id": "t1", "answer": {"value": "280", "aliases": ["280", "two hundred and eighty"]}}"#,
    "mmlu": #"{"question": "What is 40 × 7?", "choices": ["280", "28"], "answer": 0}"#,
    "gpqa":
      #"{"Question": "What is 40 × 7?", "Correct Answer": "280", "Incorrect Answer 1": "1", "Incorrect Answer 2": "2", "Incorrect Answer 3": "3"}"#,
  ]

  @Test(arguments: shapes.keys.sorted())
  func dataSetsOfSomebodysOwnArePlayedAndJudged(shape: String) throws {
    let folder = try Scratch.folder()
    let record = try #require(Self.shapes[shape])
    try Data("\(record)\n".utf8).write(to: folder.appendingPathComponent("own.jsonl"))
    let file = folder.appendingPathComponent("own.yaml")
    try Data(
      """
      terntable: 1
      name: own
      sampling: { temperature: 0, max_tokens: 100 }
      tasks: [{ data: own.jsonl, shape: \(shape) }]
      stop: { max_attempts: 2 }
      feedback: { unary: , template: }
      """.utf8
    ).write(to: file)
    let out = folder.appendingPathComponent("out").path
    let run = try terntable("measure", file.path, "--out", out, "--json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try object(run)["finished"] as? Int == 2)
    for journal in try journals(out) {
      let text = try String(contentsOfFile: "\(out)/\(journal)", encoding: .utf8)
      #expect(text.contains("\"judged\"") || text.contains("verdict"), "\(text.prefix(2000))")
    }
  }

  @Test func commandsOfAnExperimentAreRunWithLeaveOnly() throws {
    let folder = try Scratch.folder()
    try Data(#"{"question": "What is 40 × 7?", "answer": 280}"#.utf8)
      .write(to: folder.appendingPathComponent("own.jsonl"))
    let file = folder.appendingPathComponent("own.yaml")
    try Data(
      """
      terntable: 1
      name: own
      allow_commands: true
      tasks: [{ data: own.jsonl, command: 'cat >/dev/null; echo "$ANSWER"' }]
      feedback: { once: { source: unary, rounds: 0 } }
      """.utf8
    ).write(to: file)
    let out = folder.appendingPathComponent("out").path
    let refused = try terntable("measure", file.path, "--out", out)
    #expect(refused.status == 64)
    #expect(refused.errors.contains("--allow-commands"), "\(refused.errors)")
    let run = try terntable("measure", file.path, "--out", out, "--allow-commands", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let journal = try String(
      contentsOfFile: "\(out)/\(try #require(try journals(out).first))", encoding: .utf8)
    #expect(journal.contains("\"command\""))
    #expect(journal.contains("\"right\""))
  }
}
