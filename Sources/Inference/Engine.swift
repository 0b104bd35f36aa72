import Foundation

/// Runs a model. The waist is narrow: the full prompt as tokens in, a stream of generations
/// out. The engine finds the longest prefix it already holds, also of other conversations and
/// branches, and evaluates the rest; a retry, an edit or a branch is just another prompt.
///
/// Requests are served by a loop on a thread of its own: concurrent requests decode together and
/// share each pass over the weights. For a given model, prompt, parameters and seed the tokens are
/// the same whatever the kernels, the threads, the other requests and what the engine already held.
public final class Engine: Sendable {
  /// The model it runs.
  public let model: LanguageModel
  /// Requests that run at once; more wait their turn.
  let maxSequences: Int
  let router: LoopRouter

  /// A model that reads fewer bytes of weights for a token gains more from a loop a thread than
  /// from threads that share a step.
  static let sharedWeightBytes = 16 << 20

  /// Starts an engine.
  ///
  /// - Parameters:
  ///   - model: the model to run.
  ///   - threads: threads that may work, at least 1. Those of a loop share the work of a step,
  ///     but for what is done in a few microseconds; a small model has a loop for each instead.
  ///   - maxSequences: requests that run at once, at least 1. A slot's keys and values take
  ///     4 * layers * key width * context bytes of address space (6 MiB for the bundled
  ///     model); memory follows the positions used.
  public convenience init(model: LanguageModel, threads: Int = 1, maxSequences: Int = 16) {
    let isSmall = model.info.weightBytesPerToken < Engine.sharedWeightBytes
    let loops = isSmall ? max(1, min(threads, maxSequences)) : 1
    self.init(
      model: model, sharing: Kernels.Threads(count: max(1, threads / loops)), loops: loops,
      maxSequences: maxSequences,
      lookupRows: PromptLookup.rows(weightBytesPerToken: model.info.weightBytesPerToken))
  }

  /// Starts an engine with this many threads a loop, which share whatever there is.
  convenience init(
    model: LanguageModel, exactThreads: Int, loops: Int = 1, maxSequences: Int = 16,
    lookupRows: Int = 0
  ) {
    self.init(
      model: model, sharing: Kernels.Threads(count: exactThreads, leastWork: 0), loops: loops,
      maxSequences: maxSequences, lookupRows: lookupRows)
  }

  private init(
    model: LanguageModel, sharing threads: Kernels.Threads, loops: Int, maxSequences: Int,
    lookupRows: Int
  ) {
    self.model = model
    let sequences = max(1, (maxSequences + loops - 1) / loops)
    self.maxSequences = loops * sequences
    router = LoopRouter(loops: loops, sequences: sequences)
    for mailbox in router.mailboxes {
      let thread = Thread {
        DecodeLoop(
          model: model, mailbox: mailbox, maxSequences: sequences, threads: threads,
          lookupRows: lookupRows
        ).run()
      }
      thread.name = "terntable.decode"
      thread.start()
    }
  }

  deinit { for mailbox in router.mailboxes { mailbox.close() } }

  /// The kernel path in use: `reference`, `avx2`, `avx512` or `neon`.
  public var kernelName: String { model.kernelPath.name }

  /// Generates a reply.
  ///
  /// The stream gives tokens as they are drawn and ends with exactly one `finished` or
  /// `failed`. Leaving the stream early, or cancelling the task that reads it, stops the
  /// generation within one token; what was evaluated stays for the next request. A cancelled
  /// reader sees the stream end without a last element, as `AsyncStream` has it.
  ///
  /// Failures: `emptyPrompt`, `promptTooLong`, `tokenOutOfRange`, `invalidParameter`,
  /// `outOfMemory`.
  public func generate(_ request: GenerationRequest) -> AsyncStream<Generation> {
    let (stream, continuation) = AsyncStream.makeStream(of: Generation.self)
    let cancel = CancelFlag()
    let ticket = router.begin(request.prompt)
    continuation.onTermination = { [router] _ in
      cancel.set()
      router.end(ticket)
    }
    ticket.mailbox.post(.generate(request, continuation, cancel))
    return stream
  }

  /// The model's own probabilities of a text.
  ///
  /// - Parameter tokens: at most the context.
  /// - Returns: one natural logarithm for each token but the first: element i is the log
  ///   probability of `tokens[i + 1]` after `tokens[0...i]`. Empty for a single token.
  /// - Throws: `emptyPrompt`, `promptTooLong`, `tokenOutOfRange`, `outOfMemory`; `cancelled`
  ///   when the task is cancelled.
  func logProbabilities(of tokens: [TokenID]) async throws(InferenceError) -> [Double] {
    let cancel = CancelFlag()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let ticket = router.begin(tokens)
        ticket.mailbox.post(
          .score(
            tokens,
            { [router] in
              router.end(ticket)
              continuation.resume(returning: $0)
            }, cancel))
      }
    } onCancel: {
      cancel.set()
    }
    return try result.get()
  }
}
