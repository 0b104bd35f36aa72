import SessionCore
import TestSupport
import Testing

@testable import Friction

/// Digests are the folds of a report, small enough to be kept for every session of a folder.
@Suite("Digests of friction")
struct DigestTests {
  @Test("A digest has the figures of the report's folds")
  func figures() {
    let session = SessionBuilder().ask("?", expecting: .number("84"))
      .reply("82").judge(.wrong, "82").feedback(.unary).reply("82 again").judge(.wrong, "82")
      .edit(.replace(old: "82", new: "84")).reply("").judge(.right, "84")
      .ask("And?").reply("1 2").edit(.replace(old: "2", new: "3")).reply(" 4")
      .edit(.replace(old: "4", new: "5")).reply("").session
    let digest = FrictionDigest(session)
    #expect(digest.questions == 2 && digest.attempts == 6 && digest.attemptsMax == 3)
    #expect(digest.right == [Proportion(0, of: 1), Proportion(0, of: 1), Proportion(1, of: 1)])
    #expect(digest.repeated[1] == Proportion(1, of: 2))
    #expect(digest.allStandingEdits == Proportion(2, of: 3))
    #expect(digest.tokens[0]?.attempts == 2)
    #expect(FrictionDigest(SessionBuilder().session).attempts == 0)
  }

  @Test("Digests added up are the digest of all lines together")
  func sums() {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 11))
    var (sum, lines) = (FrictionDigest(), [AttemptLine]())
    for order in 0..<60 {
      let session = RandomWalk.session(steps: 25, using: &generator).session
      sum = sum + FrictionDigest(session)
      lines += AttemptLine.lines(of: session, order: order)
    }
    #expect(sum.sessions == 60)
    #expect(sum.right == Outcomes(lines).atAttempt.map(\.cumulative))
    #expect(sum.repeated == Repetition(lines).atAttempt)
    #expect(sum.tokens == Cost(lines).atAttempt)
    #expect(sum.attempts == lines.distinctAttempts.count)
    #expect(sum.allTokens == Cost(lines).total)
    #expect(sum.allRepeated.total > 20 && sum.allStandingEdits.total > 20)
  }

  @Test("A curve keeps its width whatever its size, and leaves out what nobody knows")
  func chart() {
    let points: [CurveChart.Point?] = [
      CurveChart.Point(Proportion(1, of: 4)), nil, CurveChart.Point(1),
      CurveChart.Point(Proportion(0, of: 0)),
    ]
    for style in [CurveChart.Style.ascii, .braille] {
      for (columns, rows) in [(2, 2), (14, 4), (19, 6), (60, 9)] {
        let size = CurveChart.Size(columns: columns, rows: rows)
        let lines = CurveChart.lines("name", points, attempts: 4, style, size: size)
        #expect(lines.count == rows + 2)
        #expect(lines.dropLast().allSatisfy { $0.count < size.width })
      }
    }
    let empty = CurveChart.lines(
      "name", [], attempts: 1, .ascii, size: .init(columns: 5, rows: 3))
    #expect(empty == ["name", "100      ", "         ", "  0      ", "    1"])
  }
}
