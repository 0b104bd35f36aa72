/// The metrics of a report in words, kept beside the code: the table of `docs/method/friction.md`
/// is made of them.
public struct Metric: Equatable, Sendable {
  /// Field names in the JSON form of a report.
  public var fields: [String]
  public var meaning: String
  /// As plain text.
  public var formula: String
  /// Paper and section; nil for what is this program's own.
  public var source: String?

  /// All metrics, in the order of the report's fields.
  public static let all = [
    Metric(
      fields: ["accuracy_at"], meaning: "right at attempt k or before; equal to Succ@k",
      formula: "lines with a right attempt j ≤ k / judged lines",
      source: "Feedback Friction §2.1 (Acc_k); \"Try Again\" eq. 12 (Succ@k)"),
    Metric(
      fields: ["accuracy_of_attempt"], meaning: "right at attempt k itself",
      formula: "lines right at k / lines whose attempt k was judged", source: nil),
    Metric(
      fields: ["recovered", "recovery"], meaning: "wrong, then right",
      formula: "steps wrong→right / steps that begin wrong",
      source: "Ask Again, Then Fail, table 5 (E→R rate, there for the first round)"),
    Metric(
      fields: ["regressed", "regression"], meaning: "right, then wrong",
      formula: "steps right→wrong / steps that begin right",
      source: "Ask Again, Then Fail, §3.1.3 (M. Rate, there for the first round)"),
    Metric(
      fields: ["held"], meaning: "right, then right", formula: "count of steps", source: nil),
    Metric(
      fields: ["other_wrong"], meaning: "wrong, then another wrong answer",
      formula: "count of steps", source: nil),
    Metric(
      fields: ["stuck"], meaning: "wrong, then the same wrong answer",
      formula: "count of steps", source: nil),
    Metric(
      fields: ["unanswered"], meaning: "judged attempts that gave no answer",
      formula: "count of attempts", source: nil),
    Metric(
      fields: ["repeated_answer_share"], meaning: "answers that were given before",
      formula: "mean over lines of 1 − distinct answers / answers",
      source: "\"Try Again\" §1, eq. 10 (1 − E(τ)/T)"),
    Metric(
      fields: ["identical_replies", "longest_identical_run"],
      meaning: "replies equal byte for byte to the attempt before",
      formula: "count of steps; most replies in a row", source: nil),
    Metric(
      fields: ["prompt_tokens"], meaning: "what the model was given to read",
      formula: "sum over attempts",
      source: "In-Place Feedback, abstract (input tokens; details unverified)"),
    Metric(
      fields: ["evaluated_tokens"], meaning: "what it had to read anew",
      formula: "sum of prompt − cached tokens", source: nil),
    Metric(
      fields: ["generated_tokens"], meaning: "what it wrote",
      formula: "sum over attempts",
      source: "In-Place Feedback, abstract (output tokens; details unverified)"),
    Metric(
      fields: ["low", "high"], meaning: "95 % interval of a share",
      formula: "(p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), z = 1.95996…",
      source: "Wilson 1927"),
  ]

  /// The table of `docs/method/friction.md`.
  public static var markdownTable: String {
    let rows = all.map { metric in
      let fields = metric.fields.map { "`\($0)`" }.joined(separator: ", ")
      return "| \(fields) | \(metric.meaning) | \(metric.formula) | \(metric.source ?? "our own") |"
    }
    let head = ["| Field | Meaning | Formula | Source |", "|---|---|---|---|"]
    return (head + rows).joined(separator: "\n") + "\n"
  }
}
