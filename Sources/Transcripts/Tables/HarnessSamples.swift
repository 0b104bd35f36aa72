import Crypto
import Friction
import SessionCore
import StrictJSON

/// Judged replies as samples of EleutherAI's evaluation harness (`lm-eval --log_samples`), a line
/// each: the messages before it are the argument, the reply the response.
///
/// Source of the fields: lm-evaluation-harness, `lm_eval/evaluator.py` and
/// `lm_eval/loggers/evaluation_tracker.py`. The hashes are made as there: SHA-256 of the document
/// as indented JSON, of the first argument, and of the target.
struct HarnessSamples: SessionExport {
  static let details = FormatDetails(
    .analysis, "judged replies as samples of lm-evaluation-harness", fileExtension: "jsonl",
    source: "lm-evaluation-harness, lm_eval/evaluator.py, loggers/evaluation_tracker.py",
    readers: "lm-eval's tools, datasets, pandas",
    noPlaceFor: [
      .ratings, .votes, .notes, .feedbackDetails, .authorship, .recipes, .times, .provenance,
    ],
    check: .jsonLines(
      .open(
        JSONField("doc_id", .count), JSONField("doc", .open()), JSONField("target", .text),
        JSONField("arguments", .open()), JSONField("resps", .array(.array(.text), atLeast: 1)),
        JSONField("filtered_resps", .array(.text, atLeast: 1)), JSONField("filter", .text),
        JSONField("metrics", .array(.text)), JSONField("doc_hash", .text),
        JSONField("prompt_hash", .text), JSONField("target_hash", .text),
        JSONField("exact_match", .number))),
    make: { _ in HarnessSamples() })

  /// Running number of the samples.
  private var documents = 0

  mutating func add(_ session: Session, to output: inout ExportOutput) {
    let facts = SessionFacts(session)
    for reply in session.turns where reply.role == .assistant {
      guard let verdict = session.verdicts[reply.id] else {
        output.leaveOut(.unlabelled)
        continue
      }
      let path = session.path(to: reply.id)
      output.line(sample(reply, verdict, path, facts), using: path.map(\.id))
      documents += 1
    }
  }

  private func sample(
    _ reply: Turn, _ verdict: Verdict, _ path: [Turn], _ facts: SessionFacts
  ) -> JSONValue {
    let document = Self.document(reply, facts)
    let target = facts.expectation(for: reply.id).map { TableWords.expectation($0).text } ?? ""
    var prompt: [UInt8] = []
    ChatShape.messages(path.dropLast()).write(to: &prompt)
    let sampling = (reply.recipe?.sampling ?? facts.session.header.sampling)
    let settings = JSONValue.object([
      .init("temperature", .number(sampling.temperature.description)),
      .init("max_gen_toks", .integer(sampling.maxTokens)),
    ])
    let argument = JSONValue.object([
      .init("arg_0", .string(String(decoding: prompt, as: UTF8.self))), .init("arg_1", settings),
    ])
    return .object([
      .init("doc_id", .integer(documents)),
      .init("doc", .object(document)), .init("target", .string(target)),
      .init("arguments", .object([.init("gen_args_0", argument)])),
      .init("resps", .array([.array([.string(reply.text)])])),
      .init("filtered_resps", .array([.string(verdict.answer ?? reply.text)])),
      .init("filter", .string(verdict.checker)), .init("metrics", .array([.string("exact_match")])),
      .init("doc_hash", .string(Self.hash(Array(IndentedJSON.text(document).utf8)))),
      .init("prompt_hash", .string(Self.hash(prompt))),
      .init("target_hash", .string(Self.hash(Array(target.utf8)))),
      .init("exact_match", .number(verdict.outcome == .right ? "1.0" : "0.0")),
    ])
  }

  private static func document(_ reply: Turn, _ facts: SessionFacts) -> [JSONMember] {
    let session = facts.session
    let question = facts.questions[reply.id].flatMap { session[$0] }
    let provenance = session.header.provenance
    let texts: [(String, String?)] = [
      ("question", question?.text), ("session", session.header.id),
      ("model", session.header.model), ("script", provenance?.script), ("arm", provenance?.arm),
      ("problem", provenance?.problem),
      ("moved_by", FeedbackKind(ledTo: reply, in: session)?.rawValue),
    ]
    return [
      .init("turn", .integer(reply.id.position + 1)),
      .init("attempt", .integer(facts.attemptNumbers[reply.id] ?? 1)),
    ] + texts.map { JSONMember($0, $1.map { .string($0) } ?? .null) }
  }

  private static func hash(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count < 2 ? "0\(digits)" : digits
    }.joined()
  }
}

/// A flat object as Python's `json.dumps(…, indent=2, ensure_ascii=False)` writes it.
enum IndentedJSON {
  static func text(_ members: [JSONMember]) -> String {
    let lines = members.map { "  \(quoted($0.key)): \(text($0.value))" }
    return lines.isEmpty ? "{}" : "{\n\(lines.joined(separator: ",\n"))\n}"
  }

  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let truth): truth ? "true" : "false"
    case .number(let spelling): spelling
    case .string(let text): quoted(text)
    case .array, .object: preconditionFailure("the object is flat")
    }
  }

  /// Python escapes what RFC 8259 requires and nothing else, some of it by a letter.
  private static func quoted(_ text: String) -> String {
    var quoted = "\"".unicodeScalars
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted.append(contentsOf: "\\\"".unicodeScalars)
      case "\\": quoted.append(contentsOf: "\\\\".unicodeScalars)
      case "\n": quoted.append(contentsOf: "\\n".unicodeScalars)
      case "\r": quoted.append(contentsOf: "\\r".unicodeScalars)
      case "\t": quoted.append(contentsOf: "\\t".unicodeScalars)
      case "\u{8}": quoted.append(contentsOf: "\\b".unicodeScalars)
      case "\u{C}": quoted.append(contentsOf: "\\f".unicodeScalars)
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        let fill = String(repeating: "0", count: 4 - digits.count)
        quoted.append(contentsOf: "\\u\(fill)\(digits)".unicodeScalars)
      default: quoted.append(scalar)
      }
    }
    quoted.append("\"")
    return String(quoted)
  }
}
