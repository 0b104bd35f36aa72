import SessionCore
import SessionRuntime
import TestSupport

/// A stand-in for a model: every token follows from the prompt, the sampling, the seed and the
/// tokens before it, as a real model's do.
struct SeededResponder: Responder {
  var digest = "model"
  var name = "seeded"
  /// Gives another token at one place of the replies of one seed: the planted difference.
  var planted: (seed: UInt64, index: Int)?

  func begin(_ request: ReplyRequest) async throws(ResponderFailure) -> StartedReply {
    let prompt =
      request.plan.messages.map { "\($0.role)|\($0.text)" }.joined(separator: "|")
      + "|\(request.plan.openReply ?? "")"
    var state = Self.hash("\(prompt)|\(request.sampling.temperature)|\(digest)") ^ request.seed
    let (parts, writer) = AsyncStream<ReplyPart>.makeStream()
    let length = 3 + Int(state % 9)
    let count = min(length, request.sampling.maxTokens)
    for index in 0..<count {
      state = Self.hash("\(state)")
      var token = Int32(state % 90)
      if let planted, planted.seed == request.seed, planted.index == index { token += 1000 }
      writer.yield(.text("w\(token)" + (token % 5 == 0 ? "\n" : " "), tokens: [token]))
    }
    let statistics = ReplyStatistics(promptTokens: 1, cachedTokens: 0, generatedTokens: count)
    writer.yield(.finished(count < length ? .length : .endOfTurn, statistics))
    writer.finish()
    return StartedReply(
      recipe: Recipe(
        model: ModelIdentity(name: name, digest: digest, templateDigest: "template"),
        sampling: request.sampling, seed: request.seed, history: request.history,
        promptDigest: "\(Self.hash(prompt))", promptTokens: 1, kernel: "none",
        application: "test"),
      parts: parts)
  }

  private static func hash(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}

/// Gives a folder of its own, gone afterwards.
func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
  let folder = try TemporaryFolder()
  defer { withExtendedLifetime(folder) {} }
  return try await body(folder.path)
}

/// A header with the fields that a test does not care about.
func header(_ id: String = "recorded", seed: UInt64 = 7) -> SessionHeader {
  SessionHeader(
    id: id, title: "A session", seed: seed, sampling: Sampling(maxTokens: 9), model: "seeded",
    application: "test")
}
