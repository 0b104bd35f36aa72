import Inference
import SessionCore

/// Gives canned replies, one token a word: for tests, and for screens without a model.
public struct ScriptedResponder: Responder {
  /// One canned reply.
  public enum Step: Equatable, Sendable {
    case reply(String, end: ReplyEnd = .endOfTurn)
    /// Some text, then a failure with this word for it.
    case fails(after: String, code: String)
    /// Nothing is begun at all.
    case refuses(ResponderFailure)
  }

  private let step: @Sendable (ReplyRequest) async -> Step
  private let pace: @Sendable () async -> Void

  /// - Parameters:
  ///   - script: one step for each reply asked for, in order; after the last one comes
  ///     ``ResponderFailure/scriptExhausted(replies:)``.
  ///   - pace: awaited before each word.
  public init(script: [Step], pace: @escaping @Sendable () async -> Void = {}) {
    let cursor = Cursor(script)
    step = { _ in await cursor.next() }
    self.pace = pace
  }

  /// Replies that all end well.
  public init(replies: [String], pace: @escaping @Sendable () async -> Void = {}) {
    self.init(script: replies.map { .reply($0) }, pace: pace)
  }

  /// Replies made from what was asked, for protocols whose turns depend on each other.
  public init(answering answer: @escaping @Sendable (ReplyRequest) -> String) {
    step = { .reply(answer($0)) }
    pace = {}
  }

  public func begin(_ request: ReplyRequest) async throws(ResponderFailure) -> StartedReply {
    let (words, last): ([String], ReplyPart)
    let promptTokens = request.plan.messages.reduce(0) { $0 + Self.words($1.text).count }
    switch await step(request) {
    case .reply(let text, let end):
      words = Self.words(text)
      last = .finished(
        end,
        ReplyStatistics(
          promptTokens: promptTokens, cachedTokens: 0, generatedTokens: words.count))
    case .fails(let text, let code): (words, last) = (Self.words(text), .failed(.scripted(code)))
    case .refuses(let failure): throw failure
    }
    let (parts, writer) = AsyncStream<ReplyPart>.makeStream()
    let task = Task { [pace] in
      for word in words {
        await pace()
        guard !Task.isCancelled else {
          writer.yield(.cancelled(nil))
          return writer.finish()
        }
        writer.yield(.text(word, tokens: [Self.token(word)]))
      }
      writer.yield(last)
      writer.finish()
    }
    writer.onTermination = { _ in task.cancel() }
    return StartedReply(recipe: recipe(request, promptTokens), parts: parts)
  }

  /// Words with the white space before them, so that they join to the text.
  static func words(_ text: String) -> [String] {
    var words: [String] = []
    for character in text {
      let startsWord = character.isWhitespace && words.last?.last?.isWhitespace != true
      if words.isEmpty || startsWord {
        words.append(String(character))
      } else {
        words[words.count - 1].append(character)
      }
    }
    return words
  }

  /// A number that equal words share: FNV-1a (Fowler, Noll, Vo) folded to 16 bits.
  static func token(_ word: String) -> Int32 {
    let hash = word.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    return Int32(hash >> 16 ^ hash & 0xFFFF)
  }

  private func recipe(_ request: ReplyRequest, _ promptTokens: Int) -> Recipe {
    let prompt =
      request.plan.messages.map { "\($0.role.rawValue): \($0.text)\n" }.joined()
      + (request.plan.openReply ?? "")
    let none = String(repeating: "0", count: 64)
    return Recipe(
      model: ModelIdentity(name: "scripted", digest: none, templateDigest: none),
      sampling: request.sampling, seed: request.seed, history: request.history,
      promptDigest: HexDigest.sha256(prompt), promptTokens: promptTokens, kernel: "none",
      application: "scripted")
  }

  private actor Cursor {
    private let script: [Step]
    private var position = 0

    init(_ script: [Step]) { self.script = script }

    func next() -> Step {
      guard position < script.count else {
        return .refuses(.scriptExhausted(replies: script.count))
      }
      defer { position += 1 }
      return script[position]
    }
  }
}
