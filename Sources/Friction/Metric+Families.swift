extension Metric {
  /// Metrics that stand under `estimates`, `shares` and `curves` of a row, or beside the rows.
  static let families = answers + parts + certainty + costs

  private static let answers = [
    Metric(
      fields: ["success_slope", "success_slope_r2"],
      meaning: "points of success that one more attempt brings, and how straight the line is",
      formula: "least squares of SR_k = 100 · accuracy_at (k) on k = 1 … 5",
      source: "MINT (SR_k, slope)"),
    Metric(
      fields: ["budgets"],
      meaning: "the same over arms `NAME-1`, `NAME-2`, … that are told their budget",
      formula: "SR_k of each arm; least squares on k", source: "MINT (SR_k, slope)"),
    Metric(
      fields: ["reward_exponential", "reward_at"],
      meaning: "what the paper's training pays for a line; the same for each budget of attempts",
      formula: "mean of γ^t, t the turn of the first right answer from 0, γ = 0.5; 0 if never",
      source: "\"Try Again\" eq. 9 (exponent from 0 as in its code)"),
    Metric(
      fields: ["reward_linear"], meaning: "the same with a straight decay",
      formula: "mean of max(0, 1 − 0.2 t)", source: "\"Try Again\" §4.2.3"),
    Metric(
      fields: ["reward_penalised"], meaning: "the same less a penalty for repeated answers",
      formula: "mean of γ^t − λ (1 − distinct answers / attempts), λ = 0.5",
      source: "\"Try Again\" eq. 10, 11"),
    Metric(
      fields: ["answer_entropy"], meaning: "how varied the answers of a line are",
      formula: "mean over lines of −Σ p ln p, p the share of each answer",
      source: "stands in for the diversity of The Lock-in Hypothesis (its definition unverified)"),
    Metric(
      fields: ["effective_answers_at"], meaning: "new answers among the first k",
      formula: "mean over lines with k answers of distinct / k",
      source: "\"Try Again\" §1, prefix by prefix"),
    Metric(
      fields: ["locked_in"], meaning: "lines that end in one answer, not known to be right",
      formula: "lines whose last 3 answers are one / lines with 3 answers or more", source: nil),
    Metric(
      fields: ["diversity_loss"], meaning: "how much less varied the second half of a line is",
      formula:
        "mean of distinct share (first half) − distinct share (second half), 4 answers or more",
      source: nil),
    Metric(
      fields: ["flips"], meaning: "changes between right and wrong along a line",
      formula: "mean over lines of changes", source: "Helpful Agent (oscillation; count our own)"),
    Metric(
      fields: ["flipping_lines"], meaning: "lines that change at least once",
      formula: "lines with a change / lines with two judged attempts or more", source: nil),
    Metric(
      fields: ["regained"], meaning: "a lost right answer came again",
      formula: "lines right again after a loss / lines that lost a right answer",
      source: "Helpful Agent (recovery; count our own)"),
    Metric(
      fields: ["modification"], meaning: "accuracy lost by challenging what was right",
      formula: "TF / judged lines", source: "Ask Again, Then Fail, §3.1.3 (M.)"),
  ]

  private static let parts = [
    Metric(
      fields: ["correctness_preserving"], meaning: "right parts of an answer that stay right",
      formula: "parts right at t and t+1 / parts right at t",
      source: "In-Place Feedback (CPR; name and formula unverified)"),
    Metric(
      fields: ["feedback_acceptance"],
      meaning: "parts that feedback pointed at and that are mended",
      formula: "parts wrong at t, pointed at, right at t+1 / parts wrong and pointed at",
      source: "In-Place Feedback (FAR; formula unverified)"),
    Metric(
      fields: ["correction_beyond_feedback"], meaning: "wrong parts mended that nobody pointed at",
      formula: "parts wrong at t, not pointed at, right at t+1 / parts wrong, not pointed at",
      source: "In-Place Feedback (CTRR; formula unverified)"),
    Metric(
      fields: ["selectivity"], meaning: "following sound feedback and resisting what misleads",
      formula:
        "uptake − flips: wrong→right steps after sound feedback / such steps that begin wrong, "
        + "minus right→wrong steps after misleading feedback / such steps that begin right",
      source: "after the axes of Helpful Agent; formula our own"),
  ]

  private static let certainty = [
    Metric(
      fields: ["semantic_entropy"],
      meaning: "how varied the answers to one and the same prompt are",
      formula:
        "mean over prompts with 5 draws or more of −Σ p ln p; buckets of 0.2: right in the end / "
        + "lines that began wrong; `reliable` from 10 lines",
      source: "Feedback Friction §4.3, appendix I (shares of draws for probabilities)"),
    Metric(
      fields: ["initial_confidence", "confidence_buckets"],
      meaning: "how probable the model held its own first reply",
      formula: "mean of exp((1/T) Σ ln p(token)); buckets of 0.01 with more than 10 items",
      source: "Feedback Friction, appendix D"),
    Metric(
      fields: ["user_turns"], meaning: "what user turns after the first say of the reply before",
      formula: "shares of six labels",
      source: "User Feedback in Human-LLM Dialogues §2 (labelled by kind and words, our own)"),
  ]

  private static let costs = [
    Metric(
      fields: ["words_per_reply"], meaning: "length of a reply", formula: "mean words", source: nil),
    Metric(
      fields: ["length_growth"], meaning: "last attempt against first",
      formula: "Σ words of last attempts / Σ words of first ones", source: nil),
    Metric(
      fields: ["wrong_minus_right_words"], meaning: "whether wrong replies are longer",
      formula: "mean words of wrong replies − of right ones",
      source: "what Verbosity Bias in Preference Labeling warns of"),
    Metric(
      fields: ["edit_distance"], meaning: "how much of a reply changes from attempt to attempt",
      formula:
        "mean over steps of (words removed + added) / (words before + after), fewest changes",
      source: "Myers 1986"),
    Metric(
      fields: [
        "prompt_tokens_per_attempt", "evaluated_tokens_per_attempt",
        "generated_tokens_per_attempt",
      ], meaning: "tokens of an attempt", formula: "means over attempts", source: nil),
    Metric(
      fields: ["savings"], meaning: "tokens that edits in place save against critiques",
      formula:
        "1 − Σ (prompt + generated) in place / Σ the same in words; `evaluated` with evaluated "
        + "for prompt; sessions paired by problem and seed",
      source: "In-Place Feedback, abstract (79.1 %; cached prefixes unverified)"),
  ]
}
