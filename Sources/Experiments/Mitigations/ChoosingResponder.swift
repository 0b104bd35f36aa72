import SessionCore
import SessionRuntime

/// Draws an attempt several times and gives the one a mitigation prefers, drawn from a seed of its
/// own that goes into the record: the record can be played again exactly; of the other draws it has
/// how many there were and what they cost.
///
/// *Feedback Friction* (arXiv 2506.11930v2, §4.2) draws 25 answers and takes one that was not given
/// before. In its released code all draws carry the same seed; here each has its own.
actor ChoosingResponder: Responder {
  /// What came of the draws for one reply.
  struct Account: Equatable, Sendable {
    var choice: Mitigation.Choice
    var preferred = 0
    var cost = DrawCost()

    /// `new-answer: 11 of 25 draws, beside the one taken 25 requests, …`
    var words: String {
      "\(choice.rawValue): \(preferred) of \(cost.requests) draws; before the one taken \(cost.words)"
    }
  }

  private let responder: any Responder
  private let draws: Int
  private let choice: Mitigation.Choice
  private var earlier: [String] = []
  private var expectation: Expectation?
  private var account: Account?

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

  /// What the last reply took, told once; nil when it was drawn once.
  func takeAccount() -> Account? {
    defer { account = nil }
    return account
  }

  func begin(_ request: ReplyRequest) async throws(ResponderFailure) -> StartedReply {
    guard !earlier.isEmpty else { return try await responder.begin(request) }
    var chance = SplitMix64(seed: request.seed)
    let seeds = (0..<draws).map { _ in chance.next() }
    let responder = responder
    let drawn = await concurrently(draws, jobs: draws) { index in
      var drawn = request
      drawn.seed = seeds[index]
      // A draw that fails is one that is not chosen; the reply itself tells the failure.
      return try? await responder.begin(drawn).whole()
    }
    let tried = Set(earlier.map(answer))
    let preferred = drawn.indices.filter { index in
      guard let text = drawn[index]?.text else { return false }
      let whole = (request.plan.openReply ?? "") + text
      return switch choice {
      case .newAnswer: !tried.contains(answer(whole))
      case .noWrongStep: gives(whole) && WrongStep(arithmeticIn: whole) == nil
      }
    }
    var account = Account(choice: choice, preferred: preferred.count)
    for reply in drawn { account.cost.add(reply?.statistics) }
    self.account = account
    let pool = preferred.isEmpty ? Array(drawn.indices) : preferred
    var chosen = request
    chosen.seed = seeds[chance.pick(pool)]
    return try await responder.begin(chosen)
  }

  /// As the checker reads it; the whole text where nothing is expected.
  private func answer(_ text: String) -> String {
    guard let expectation else { return text }
    return Checker.judge(text, by: expectation)?.answer ?? ""
  }

  /// Whether there is an answer in it, as far as a checker without a model can tell.
  private func gives(_ text: String) -> Bool {
    guard let expectation, let verdict = Checker.judge(text, by: expectation) else { return true }
    return verdict.outcome != .noAnswer
  }
}
