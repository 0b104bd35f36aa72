import Foundation
import MappedFiles

/// Measures how fast a model runs here: prompt reading, decoding, and what share of the
/// memory's reading speed decoding reaches.
public enum Benchmark {
  /// What to measure.
  public struct Parameters: Sendable, Equatable {
    /// Threads that share a step's work.
    public var threads: Int
    /// Tokens of the prompt.
    public var promptTokens: Int
    /// Tokens decoded by each sequence.
    public var generatedTokens: Int
    /// Sequences decoded at once.
    public var batch: Int

    public init(
      threads: Int = 1, promptTokens: Int = 512, generatedTokens: Int = 128, batch: Int = 1
    ) {
      self.threads = threads
      self.promptTokens = promptTokens
      self.generatedTokens = generatedTokens
      self.batch = batch
    }
  }

  /// What was measured.
  public struct Result: Sendable, Equatable {
    /// The kernel path: `reference`, `avx2`, `avx512` or `neon`.
    public let kernel: String
    /// Prompt tokens evaluated a second, one sequence.
    public let prefillTokensPerSecond: Double
    /// Tokens decoded a second, all sequences together, greedy sampling included.
    public let decodeTokensPerSecond: Double
    /// Bytes of weights one step reads; of a large head that is its sketch (see `HeadSketch`).
    public let weightBytesPerToken: Int
    /// Bytes of keys and values one step reads on average, all sequences together.
    public let cacheBytesPerToken: Int
    /// Bytes a second at which one thread reads the weights when it does nothing else.
    public let readBytesPerSecond: Double
    /// Bytes decoding reads a second, as a share of `readBytesPerSecond`.
    public let readBandwidthFraction: Double
    /// Products of int8 numbers that one thread adds up a second at most; 0 where unknown.
    public let multiplyPeakPerSecond: Double
  }

  /// Runs the measurement on a thread of its own; takes as long as the work does, plus about
  /// 20 ms for the reading speed.
  ///
  /// - Throws: `promptTooLong` when prompt and reply do not fit the context,
  ///   `invalidParameter`, `outOfMemory`.
  public static func run(
    _ model: LanguageModel, _ parameters: Parameters = Parameters()
  ) async throws(InferenceError) -> Result {
    let counts = [
      ("threads", parameters.threads), ("promptTokens", parameters.promptTokens),
      ("generatedTokens", parameters.generatedTokens), ("batch", parameters.batch),
    ]
    for (name, value) in counts where value < 1 || value > 1 << 20 {
      throw .invalidParameter(name: name, value: Double(value))
    }
    let total = parameters.promptTokens + parameters.generatedTokens
    guard total <= model.info.contextLength else {
      throw .promptTooLong(tokens: total, limit: model.info.contextLength)
    }
    let result = await withCheckedContinuation { continuation in
      let thread = Thread {
        continuation.resume(
          returning: Swift.Result { () throws(InferenceError) in
            try measure(model, parameters)
          })
      }
      thread.start()
    }
    return try result.get()
  }

  private static func measure(
    _ model: LanguageModel, _ parameters: Parameters
  ) throws(InferenceError) -> Result {
    let transformer = Transformer(
      model, rowCapacity: max(DecodeLoop.chunkRows, parameters.batch),
      slotCount: parameters.batch, threads: Kernels.Threads(count: parameters.threads))
    // No page is touched for the first time inside the measurement: peers clear theirs at the start.
    let positions = parameters.promptTokens + parameters.generatedTokens
    for slot in 0..<parameters.batch {
      try transformer.cache.prepare(slot: slot)
      transformer.cache.touch(slot: slot, count: positions)
    }
    prefill(transformer, count: min(parameters.promptTokens, DecodeLoop.chunkRows))
    let prefillSeconds = seconds { prefill(transformer, count: parameters.promptTokens) }
    for slot in 1..<max(1, parameters.batch) {
      transformer.cache.copyPrefix(from: 0, to: slot, count: parameters.promptTokens)
    }
    // The same for a token: a large head's sketch is made with the first.
    decode(transformer, parameters, count: 1)
    let decodeSeconds = seconds {
      decode(transformer, parameters, count: parameters.generatedTokens)
    }
    let stepsPerSecond = Double(parameters.generatedTokens) / decodeSeconds
    let bandwidth = readBytesPerSecond(model.weights)
    let bytes = bytesRead(by: transformer, parameters)
    let behind = parameters.promptTokens + (parameters.generatedTokens + 1) / 2
    let cacheBytes = transformer.cache.positionBytes * behind * parameters.batch
    return Result(
      kernel: model.kernelPath.name,
      prefillTokensPerSecond: Double(parameters.promptTokens) / prefillSeconds,
      decodeTokensPerSecond: stepsPerSecond * Double(parameters.batch),
      weightBytesPerToken: bytes, cacheBytesPerToken: cacheBytes, readBytesPerSecond: bandwidth,
      readBandwidthFraction: Double(bytes + cacheBytes) * stepsPerSecond / bandwidth,
      multiplyPeakPerSecond: multiplyPeakPerSecond(transformer.kernels))
  }

  /// Weights that one decoding step reads: of a large head the sketch alone, where it is used.
  private static func bytesRead(by transformer: Transformer, _ parameters: Parameters) -> Int {
    let weights = transformer.weights
    guard let sketch = transformer.sketch.valueIfMade else { return weights.bytesPerToken }
    return weights.bytesPerToken - weights.head.byteCount
      + sketch.scannedBytes(for: parameters.batch)
  }

  /// How many products of int8 numbers one thread adds up a second at most; 0 where the path has no
  /// instruction for it.
  private static func multiplyPeakPerSecond(_ kernels: Kernels) -> Double {
    var best = 0.0
    for _ in 0..<5 {
      var products = 0
      let spent = seconds { products = kernels.multiplyAtPeak() }
      best = max(best, Double(products) / spent)
    }
    return best
  }

  private static func prefill(_ transformer: Transformer, count: Int) {
    var generator = SeededGenerator(seed: 1)
    for start in stride(from: 0, to: count, by: DecodeLoop.chunkRows) {
      let end = min(start + DecodeLoop.chunkRows, count)
      transformer.evaluate(
        (start..<end).map { position in
          Transformer.Row(
            token: randomToken(&generator, transformer), slot: 0, position: position,
            wantsLogits: position == count - 1)
        })
    }
  }

  private static func decode(
    _ transformer: Transformer, _ parameters: Parameters, count: Int
  ) {
    var generator = SeededGenerator(seed: 2)
    var sampler = Sampler(.greedy, seed: 0, on: transformer.kernels.path)
    var tokens = (0..<parameters.batch).map { _ in randomToken(&generator, transformer) }
    var rows: [Transformer.Row] = []
    for step in 0..<count {
      rows.removeAll(keepingCapacity: true)
      for slot in tokens.indices {
        rows.append(
          Transformer.Row(
            token: tokens[slot], slot: slot, position: parameters.promptTokens + step,
            wantsLogits: true, highestWanted: 1))
      }
      transformer.evaluate(rows)
      for slot in tokens.indices {
        tokens[slot] = sampler.next(transformer.logits(slot), history: [])
      }
    }
  }

  private static func randomToken(
    _ generator: inout SeededGenerator, _ transformer: Transformer
  ) -> TokenID {
    TokenID(generator.next() % UInt64(transformer.sizes.vocabularySize))
  }

  private static func readBytesPerSecond(_ weights: ModelWeights) -> Double {
    let count = min(weights.bytesPerToken, weights.arena.bytes.count)
    let bytes = UnsafeRawBufferPointer(rebasing: weights.arena.bytes.prefix(count))
    var best = Double.infinity
    var spent = 0.0
    var sum = ExactMath.sumOfWords(bytes)
    while spent < 0.02 {
      let pass = seconds { sum &+= ExactMath.sumOfWords(bytes) }
      best = min(best, pass)
      spent += pass
    }
    // The sum is used, or the reads would not have to happen.
    return sum == 0 ? 0 : Double(count) / best
  }

  private static func seconds(_ work: () -> Void) -> Double {
    let clock = ContinuousClock()
    return clock.measure(work).seconds
  }
}
