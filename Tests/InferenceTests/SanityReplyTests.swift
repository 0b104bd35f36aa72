import Testing

@testable import Inference

/// A broken model is known by what it says.
struct SanityReplyTests {
  @Test func theBundledModelIsHealthyAndItsKernelsAreEqual() async throws {
    let model = try LanguageModel(contentsOf: LanguageModel.bundledPath())
    let reply = try await SanityReply.ask(Engine(model: model), "What is 12 × 7?")
    #expect(reply.findings == [])
    #expect(reply.text.hasSuffix("Answer: 84"))
    #expect(reply.comparedTokens > 2 || model.info.kernel == "reference")
  }

  @Test func randomWeightsAreNotTakenForAModel() async throws {
    let model = try TinyModel.standard.get()
    let reply = try await SanityReply.ask(Engine(model: model), "What is 12 × 7?")
    #expect(reply.findings != [])
  }

  @Test func everyMarkOfABrokenModelIsFound() {
    func find(_ text: String, _ tokens: [TokenID] = [1, 2, 3], mean: Double = 0.1)
      -> [SanityReply.Finding]
    {
      SanityReply.findings(text: text, tokens: tokens, mean: mean, vocabulary: 1000)
    }
    #expect(find("Answer: 84\n") == [])
    #expect(find(" \n") == [.empty])
    #expect(find("a\u{FFFD}b\u{1B}") == [.notText(characters: 2)])
    #expect(find("the the", Array(repeating: 7, count: 30)) == [.loop(tokens: 1)])
    #expect(find("and so and so", (0..<40).map { $0 % 3 }) == [.loop(tokens: 3)])
    let limit = SanityReply.unsureShare * ExactMath.log(1000)
    #expect(find("well", mean: 5) == [.unsure(meanNegativeLogLikelihood: 5, limit: limit)])
    #expect(find("well", mean: .nan).count == 1, "a figure that is none is no good figure")
  }
}
