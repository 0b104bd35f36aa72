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
  public static let all = outcomes + families + comparisons

  private static let outcomes = [
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
      fields: ["tt", "ft", "ff", "tf"],
      meaning:
        "right or wrong at the first attempt and at the last: first letter before, second after",
      formula: "counts of lines with two judged attempts or more",
      source: "Ask Again, Then Fail, §4.2 (TT, FT, FF, TF)"),
    Metric(
      fields: ["modification_rate"], meaning: "right at first, wrong in the end",
      formula: "TF / (TT + TF)", source: "Ask Again, Then Fail, §3.1.3 (M. Rate)"),
    Metric(
      fields: ["error_to_right"], meaning: "wrong at first, right in the end",
      formula: "FT / (FT + FF)", source: "Ask Again, Then Fail, table 5 (E→R rate)"),
    Metric(
      fields: ["target_accuracy"], meaning: "what sound feedback could have reached",
      formula: "1 − lines never right in which some round misled / judged lines",
      source: "our proposal; Feedback Friction §3.2 has it in words only"),
    Metric(
      fields: ["friction"], meaning: "what is missing to the target in the end",
      formula: "target_accuracy − accuracy_at (last)",
      source: "our proposal; Feedback Friction §1 has it in words only"),
    Metric(
      fields: ["normalised_friction"], meaning: "the same, of what was wrong at first",
      formula: "friction / (1 − accuracy_at (1))", source: "our proposal"),
    Metric(
      fields: ["absolute_improvement"], meaning: "what was gained, of what was wrong at first",
      formula: "(accuracy_at (last) − accuracy_at (1)) / (1 − accuracy_at (1))",
      source: "Feedback Friction, figure 6"),
    Metric(
      fields: ["average_turns"], meaning: "attempts a line took",
      formula: "mean over lines of attempts", source: "\"Try Again\" §4.1 (AvgTurns)"),
    Metric(
      fields: ["effective_answer_ratio"], meaning: "answers that were new",
      formula: "mean over lines of distinct answers / answers",
      source: "\"Try Again\" §1, eq. 10 (E(τ)/T)"),
    Metric(
      fields: ["stuck_lines"], meaning: "failed with one and the same answer",
      formula: "failed lines with one distinct answer / failed lines with two answers or more",
      source: "\"Try Again\", figure 2"),
    Metric(
      fields: ["collision_probability"], meaning: "how likely two answers of a line are the same",
      formula: "mean over lines of Σ c(c − 1) / n(n − 1), c the counts of the n answers",
      source: "\"Try Again\", eq. 1 (Coll), without replacement"),
    Metric(
      fields: ["admits_mistake"], meaning: "a doubted right answer is apologised for",
      formula: "replies with words of apology / replies to a challenge of a right answer",
      source: "Towards Understanding Sycophancy (second hand; the words are our own)"),
    Metric(
      fields: ["pass_at"], meaning: "right in one of k independent draws",
      formula: "mean over lines of 1 − C(n − c, k) / C(n, k)",
      source: "Chen et al. 2021, eq. 1; \"Try Again\" §4.1 (Pass@k)"),
    Metric(
      fields: ["leaks"], meaning: "feedback in which the right answer stood",
      formula: "count of steps", source: "Feedback Friction, appendix A.4 (masking)"),
  ]

  private static let comparisons = [
    Metric(
      fields: ["difference"], meaning: "an arm or a model against another on the same tasks",
      formula: "share(a) − share(b)", source: nil),
    Metric(
      fields: ["difference of \"right by the last attempt\""],
      meaning:
        "feedback-specific gain: with feedback against the unguided retry (or \"try again\", where more "
        + "is said); Δ_feedback of MINT where `attempts` is 5",
      formula: "accuracy_at (k) with feedback − accuracy_at (k) of new draws, k = `attempts`",
      source: "arXiv 2606.30774 (excerpts only); MINT (SR_5 with − without)"),
    Metric(
      fields: ["mcnemar_p"], meaning: "chance of so uneven a split of the pairs that differ",
      formula: "min(1, 2 Σ C(b + c, i) / 2^(b + c)), i = 0 … min(b, c)",
      source: "McNemar 1947, exact"),
    Metric(
      fields: ["permutation_p"], meaning: "the same with the signs of whole tasks turned",
      formula: "(turnings at least as far from 0 + 1) / (turnings + 1)",
      source: "Phipson and Smyth 2010"),
    Metric(
      fields: ["holm_p"], meaning: "McNemar's p among all comparisons of its measure",
      formula: "max over j ≤ i of (m − j) p(j), at most 1", source: "Holm 1979"),
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
