import SessionCore
import SessionRuntime

/// Draws an attempt several times and gives the one a mitigation prefers, drawn from a seed of its
/// own that goes into the record: the record can be played again exactly, the other draws leave no
/// trace but their cost.
///
/// *Feedback Friction* (arXiv 2506.11930v2, §4.2) draws 25 answers and takes one that was not given
/// before. In its released code all draws carry the same seed; here each has its own.
actor ChoosingResponder: Responder {
  private let responder: any Responder
  private let draws: Int
  private let choice: Mitigation.Choice
  private var earlier: [String] = []
  private var expectation: Expectation?

  init(_ responder: any Responder, draws: Int, choice: Mitigation.Choice) {
    self.responder = responder
    self.draws = draws
    self.choice = choice
  }

  /// What was said before on the question that the next reply answers.
  func prepare(earlier: [String], _ expectation: Expectation?) {
    self.earlier = earlier
    self.expectation = expectation
  }

  func begin(_ request: ReplyRequest) async throws(ResponderFailure) -> StartedReply {
    guard !earlier.isEmpty else { return try await responder.begin(request) }
    var chance = SplitMix64(seed: request.seed)
    let seeds = (0..<draws).map { _ in chance.next() }
    let responder = responder
    let texts = await concurrently(draws, jobs: draws) { index in
      var drawn = request
      drawn.seed = seeds[index]
      // A draw that fails is one that is not chosen; the reply itself tells the failure.
      return try? await responder.begin(drawn).text()
    }
    let tried = Set(earlier.map(answer))
    let preferred = texts.indices.filter { index in
      guard let text = texts[index] else { return false }
      return switch choice {
      case .newAnswer: !tried.contains(answer(text))
      case .noWrongStep: WrongStep(arithmeticIn: request.plan.openReply ?? "" + text) == nil
      }
    }
    let pool = preferred.isEmpty ? Array(texts.indices) : preferred
    var chosen = request
    chosen.seed = seeds[chance.pick(pool)]
    return try await responder.begin(chosen)
  }

  /// As the checker reads it; the whole text where nothing is expected.
  private func answer(_ text: String) -> String {
    guard let expectation else { return text }
    return Checker.judge(text, by: expectation)?.answer ?? ""
  }
}
