import SessionCore
import Testing

@testable import Friction

@Suite("Agreement of judges") struct AgreementTests {
  /// The case worked by hand in docs/method/checkers.md.
  @Test("Kappa is agreement beyond chance")
  func kappa() throws {
    let pairs: [(Verdict.Outcome, Verdict.Outcome)] =
      Array(repeating: (.right, .right), count: 4) + Array(repeating: (.wrong, .wrong), count: 3)
      + Array(repeating: (.right, .wrong), count: 2) + [(.wrong, .right)]
    let agreement = Agreement(pairs)
    #expect(agreement.share == 0.7)
    let kappa = try #require(agreement.kappa)
    #expect(abs(kappa - 0.4) < 1e-12)
  }

  @Test("Where chance explains all, there is no kappa")
  func nothing() {
    #expect(Agreement([]).share == nil)
    #expect(Agreement([]).kappa == nil)
    #expect(Agreement([(.right, .right), (.right, .right)]).kappa == nil)
    #expect(Agreement([(.right, .wrong), (.right, .wrong)]).kappa == 0)
  }
}
