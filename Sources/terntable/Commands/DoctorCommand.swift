import ArgumentParser
import Foundation
import Inference
import SessionRuntime

/// Says whether the program can do its work here: the machine, the terminal, the folder of
/// sessions, and a short reply of the model.
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check this machine, the place for sessions and a model's sanity.",
    discussion: """
      The model answers one plain question, greedily. What looks broken is named: an empty reply, \
      bytes that are no text, a loop, words the model itself finds unlikely, and fast kernels \
      that do not equal the reference kernels. The bundled model must also answer rightly. \
      Nothing is written but an empty file, at once removed, in the folder of sessions.

      Exit codes: 0 all is well, 1 a check failed, and those of terntable --help.

      Examples:
        terntable doctor
        terntable doctor --model path/to/model.gguf
        terntable doctor --json | jq '.checks[] | select(.ok | not)'
      """)

  @Option(help: "A GGUF file, or tutor (bundled).", completion: .models)
  var model = bundledModelName

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    var report = DoctorReport()
    report.add(Self.machine())
    report.add(Self.terminal(environment))
    report.add(Self.sessionFolder(environment))
    report.add(Self.files(environment))
    for check in try await Self.sanity(of: model) { report.add(check) }
    if json {
      try printJSON(report)
    } else {
      try ResultFile.print(report.text)
    }
    if !report.ok { throw ExitCode.checkFailed }
  }

  private static func machine() -> DoctorReport.Check {
    let process = ProcessInfo.processInfo
    let memory = Double(process.physicalMemory) / Double(1 << 30)
    return .init(
      name: "machine", ok: true,
      detail: "\(process.activeProcessorCount) cores, \(String(format: "%.1f", memory)) GiB, "
        + process.operatingSystemVersionString)
  }

  private static func terminal(_ environment: [String: String]) -> DoctorReport.Check {
    let kind = environment["TERM"] ?? ""
    let locale =
      ["LC_ALL", "LC_CTYPE", "LANG"].lazy
      .compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let unicode = locale.uppercased().replacing("-", with: "").contains("UTF8")
    let screen =
      ["", "dumb"].contains(kind) ? "no screen, so chat uses the plain front" : "TERM=\(kind)"
    let words =
      unicode ? "UTF-8" : "the locale \"\(locale)\" is not UTF-8: set LC_ALL=C.UTF-8"
    return .init(name: "terminal", ok: unicode, detail: "\(screen); \(words)")
  }

  private static func sessionFolder(_ environment: [String: String]) -> DoctorReport.Check {
    do {
      let folder = try SessionFolder(environment: environment)
      try folder.create()
      let probe = "\(folder.path)/.doctor-\(getpid())"
      let file = open(probe, O_CREAT | O_EXCL | O_WRONLY, 0o600)
      guard file >= 0 else {
        let reason = String(cString: strerror(errno))
        return .init(name: "sessions", ok: false, detail: "\(folder.path): \(reason)")
      }
      close(file)
      unlink(probe)
      return .init(name: "sessions", ok: true, detail: folder.path)
    } catch {
      return .init(name: "sessions", ok: false, detail: commandFailure(for: error).text)
    }
  }

  /// Where a person's own files are looked for.
  private static func files(_ environment: [String: String]) -> DoctorReport.Check {
    let paths = ["keys.yaml", "screen.yaml"].compactMap { KeyFile.path(environment, $0) }
    let told = paths.map { path in
      FileManager.default.fileExists(atPath: path) ? path : "\(path) (none)"
    }
    return .init(name: "files", ok: true, detail: list(told))
  }

  /// Opens the model and lets it speak.
  private static func sanity(of name: String) async throws -> [DoctorReport.Check] {
    let clock = ContinuousClock()
    let start = clock.now
    let opened = try openChatModel(name)
    let info = opened.model.info
    let loaded = DoctorReport.Check(
      name: "model", ok: true,
      detail: "\(name): \(info.architecture), \(info.parameters) parameters, kernel "
        + "\(info.kernel), loaded in \(milliseconds(clock.now - start)) ms")
    let reply = try await naming(opened) { () async throws(InferenceError) in
      try await SanityReply.ask(opened.engine, "What is 12 × 7?")
    }
    var faults = reply.findings.map(text)
    // Any model may be bad at sums; of this one we know what it says.
    if name == bundledModelName, !reply.text.hasSuffix("Answer: 84") {
      faults.append("the answer is wrong")
    }
    let said = Plain.line(reply.text.replacing("\n", with: " / "))
    let answer = DoctorReport.Check(
      name: "reply", ok: faults.isEmpty,
      detail: "\(reply.question) \(said)" + faults.map { "; \($0)" }.joined())
    let same = !reply.findings.contains { if case .kernelsDiffer = $0 { true } else { false } }
    let compared =
      reply.comparedTokens == 0
      ? "only the reference kernels are in use"
      : "\(info.kernel) and reference \(same ? "agree" : "differ") on \(reply.comparedTokens) tokens"
    return [loaded, answer, .init(name: "kernels", ok: same, detail: compared)]
  }

  private static func milliseconds(_ time: Duration) -> Int { Int(time / .milliseconds(1)) }

  private static func text(for finding: SanityReply.Finding) -> String {
    switch finding {
    case .empty: "nothing was said"
    case .notText(let count): "\(count) characters are no text: is this the right tokenizer?"
    case .loop(let tokens): "it repeats \(tokens == 1 ? "one token" : "\(tokens) tokens") for ever"
    case .unsure(let mean, let limit):
      String(format: "its own words surprise it (%.2f nats a token, limit %.2f)", mean, limit)
        + ": damaged weights, or the wrong template?"
    case .kernelsDiffer(let kernel):
      "the \(kernel) kernels are wrong here: set TERNTABLE_KERNEL=reference and report it"
    }
  }
}

/// What the doctor found; `doctor --json`.
struct DoctorReport: Encodable {
  struct Check: Encodable {
    var name: String
    var ok: Bool
    var detail: String
  }

  private(set) var ok = true
  private(set) var version = ProgramVersion.text
  private(set) var checks: [Check] = []

  mutating func add(_ check: Check) {
    checks.append(check)
    ok = ok && check.ok
  }

  /// One line a check.
  var text: String {
    checks.map { check in
      let name = check.name.padding(toLength: 10, withPad: " ", startingAt: 0)
      return "\(check.ok ? "ok    " : "WRONG ")  \(name)\(Plain.line(check.detail))\n"
    }.joined()
  }
}
