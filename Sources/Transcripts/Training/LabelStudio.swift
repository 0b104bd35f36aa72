import SessionCore
import StrictJSON

/// Replies as tasks of Label Studio, one JSON array: what people said are annotations, what a
/// checker said is a prediction.
///
/// Source of the field names: HumanSignal/label-studio, `docs/source/guide/tasks.md`. The labeling
/// configuration needs a `Text` named `reply`, a `Rating` named `rating`, `Choices` named
/// `verdict` and a `TextArea` named `comment`, all about `reply`.
struct LabelStudio: SessionExport {
  static let details = FormatDetails(
    .training, "one JSON array of tasks with annotations and predictions (Label Studio)",
    fileExtension: "json", source: "HumanSignal/label-studio, docs/source/guide/tasks.md",
    readers: "Label Studio (import)", noPlaceFor: [.votes, .feedbackDetails, .authorship, .times],
    check: .jsonArray(
      .open(
        JSONField("data", .ruled(.open(), isNotEmpty)),
        JSONField("annotations", .array(annotation), optional: true),
        JSONField("predictions", .array(annotation), optional: true))),
    make: { _ in LabelStudio() })

  mutating func begin(_ output: inout ExportOutput) { output.write("[") }

  mutating func add(_ session: Session, to output: inout ExportOutput) {
    for reply in session.turns where reply.role == .assistant && !reply.text.isEmpty {
      let prompt = session.path(to: reply.parent)
      let comments = FeedbackTurns.on(reply, in: session)
      output.write(output.records == 0 ? "\n" : ",\n")
      output.value(
        task(reply, prompt, comments, in: session),
        using: prompt.map(\.id) + [reply.id] + comments.map(\.id))
    }
  }

  mutating func end(_ output: inout ExportOutput) { output.write("\n]\n") }

  private func task(
    _ reply: Turn, _ prompt: [Turn], _ comments: [Turn], in session: Session
  ) -> JSONValue {
    var data = [
      JSONMember("reply", .string(reply.text)),
      JSONMember("prompt", .string(PlainPrompt.text(prompt))),
      JSONMember("session", .string(session.header.id)),
      JSONMember("turn", .integer(reply.id.position + 1)),
    ]
    if let model = reply.recipe?.model {
      data += [
        JSONMember("model", .string(model.name)), JSONMember("model_sha256", .string(model.digest)),
      ]
    }
    if let problem = session.header.provenance?.problem {
      data.append(JSONMember("problem", .string(problem)))
    }
    var result: [JSONValue] = []
    if let stars = FeedbackTurns.stars(session.ratings[reply.id]) {
      result.append(finding("rating", "rating", "rating", .integer(stars)))
    }
    let said = comments.map(\.text) + (session.notes[reply.id] ?? [])
    if !said.isEmpty {
      result.append(finding("comment", "textarea", "text", .array(said.map { .string($0) })))
    }
    var predictions: [JSONValue] = []
    if let verdict = session.verdicts[reply.id] {
      let word = FeedbackTurns.word(for: verdict.outcome)
      predictions = [
        .object([
          JSONMember("model_version", .string(verdict.checker)),
          JSONMember(
            "result", .array([finding("verdict", "choices", "choices", .array([.string(word)]))])),
        ])
      ]
    }
    return .object([
      JSONMember("data", .object(data)),
      JSONMember(
        "annotations",
        .array(result.isEmpty ? [] : [.object([JSONMember("result", .array(result))])])),
      JSONMember("predictions", .array(predictions)),
    ])
  }

  private func finding(
    _ name: String, _ type: String, _ key: String, _ value: JSONValue
  ) -> JSONValue {
    .object([
      JSONMember("from_name", .string(name)), JSONMember("to_name", .string("reply")),
      JSONMember("type", .string(type)),
      JSONMember("value", .object([JSONMember(key, value)])),
    ])
  }

  private static let annotation = JSONShape.open(
    JSONField(
      "result",
      .array(
        .open(
          JSONField("from_name", .nonEmptyText), JSONField("to_name", .nonEmptyText),
          JSONField("type", .nonEmptyText), JSONField("value", .open())))))

  private static let isNotEmpty: JSONRule = { data throws(FormatFault) in
    guard case .object(let members) = data, members.isEmpty else { return }
    throw FormatFault(.tooFew(count: 0, atLeast: 1))
  }
}
