import ArgumentParser
import Foundation
import Inference
import SessionCore

/// The models at hand; what a model file is, how fast it runs, and what it makes of a text.
struct ModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "The models at hand: list, add; look into one: info, bench, score, tokenize, logits.",
    discussion: """
      MODEL is a GGUF file, "tutor", the bundled model, "tutor-f16", its full-precision twin, or a \
      name that `model list` shows.

      Examples:
        terntable model list
        terntable model add falcon ~/Downloads/ggml-model-i2_s.gguf
        terntable model info tutor
        terntable model bench tutor --threads 1 --prompt 512 --generate 128
        terntable model score tutor --text notes.txt --json
        terntable model tokenize tutor --text 'What is 12 × 7?'
      """,
    subcommands: [
      List.self, Add.self, Info.self, Bench.self, Score.self, Tokenize.self, Logits.self,
      Prompt.self, Convert.self,
    ]
  )

  /// The model and the output form every subcommand takes.
  struct Options: ParsableArguments {
    @Argument(
      help: "A GGUF file, \"tutor\", or a name of `model list`.", completion: .models)
    var model: String

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(help: .activations("what the list of models says, or int8"))
    var activations: ActivationChoice?

    func open() throws -> OpenedModel {
      if case .both = activations {
        throw ValidationError("--activations both is for model score")
      }
      return try openModel(model, activations: activations?.precision)
    }
  }
}

/// What ternary layers shall read, or both to compare.
enum ActivationChoice: String, ExpressibleByArgument, CaseIterable {
  case int8, exact, both

  /// Nil for both.
  var precision: ActivationPrecision? { ActivationPrecision(rawValue: rawValue) }
}

extension ActivationPrecision: ExpressibleByArgument {}

extension ArgumentHelp {
  /// The option is the same wherever a model is run.
  static func activations(_ standard: String) -> ArgumentHelp {
    ArgumentHelp(
      "What ternary layers read: int8, or exact (not rounded). Default: \(standard).",
      valueName: "int8|exact")
  }
}

extension ModelCommand {
  /// What the file says and is.
  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print what a model file is.",
      discussion: """
        Fields with --json: name, architecture, parameters, tensor_types, context_length, \
        vocabulary_size, embedding_length, block_count, head_count, feed_forward_length, \
        chat_template, sample_prompt, special_tokens, warnings, template_sha256, sha256, file_bytes, weight_bytes_per_token, kernel, and with --memory memory.
        """)

    @OptionGroup var options: Options
    @Flag(help: "Also what it keeps in memory: --json adds the object memory.") var memory = false

    func run() throws {
      let start = ContinuousClock.now
      let model = try options.open().model
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let info = model.info
      let held = memory ? MemoryFacts(model.memory, loadSeconds: seconds) : nil
      if options.json { return try printJSON(ModelFacts(info, memory: held)) }
      let types = info.tensorTypes.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
      let rows =
        [
          ("name", info.name), ("architecture", info.architecture),
          ("parameters", "\(info.parameters)"), ("tensors", list(types)),
          ("context", "\(info.contextLength) tokens"),
          ("vocabulary", "\(info.vocabularySize) tokens"),
          ("blocks", "\(info.blockCount) of width \(info.embeddingLength)"),
          ("file", "\(info.fileBytes) bytes"), ("sha256", info.sha256), ("kernel", info.kernel),
          ("chat template", info.chatTemplate ?? "none"),
          ("sample chat", info.samplePrompt?.text ?? "none"),
          (
            "special tokens",
            list(info.specialTokens.map { "\($0.purpose) \($0.id) \($0.text)" })
          ),
        ] + (held?.rows ?? []) + info.warnings.map { ("warning", text(for: $0)) }
      try printLines(
        rows.map { name, value in
          name.padding(toLength: 15, withPad: " ", startingAt: 0) + Plain.line(value)
        })
    }
  }

  /// How fast it runs here.
  struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Measure prefill and decode on this machine.",
      discussion: """
        Decode reads the weights, and the keys and values of what came before, once a token; \
        read_bandwidth_fraction is that traffic as a share of what one thread reads when it does \
        nothing else; multiply_peak_per_second is how many products of int8 numbers a thread can \
        add up. Machines are noisy: compare runs made side by side, such as `make bench`.
        """)

    @OptionGroup var options: Options
    @Option(help: "Threads that share the work.") var threads = 1
    @Option(help: "Prompt tokens.") var prompt = 512
    @Option(help: "Tokens to generate.") var generate = 128
    @Option(help: "Sequences decoded at once.") var batch = 1

    func validate() throws {
      for (name, value, most) in [
        ("threads", threads, 1024), ("prompt", prompt, Int.max), ("generate", generate, Int.max),
        ("batch", batch, 1024),
      ] where value < 1 || value > most {
        let range = most == Int.max ? "1 or more" : "1 to \(most)"
        throw ValidationError("--\(name) is \(range), not \(value)")
      }
    }

    func run() async throws {
      let opened = try options.open()
      let (context, room) = (
        opened.model.info.contextLength, prompt.addingReportingOverflow(generate)
      )
      if room.overflow || room.partialValue > context {
        throw ValidationError(
          "--prompt and --generate together are at most \(context), the model's context")
      }
      let parameters = Benchmark.Parameters(
        threads: threads, promptTokens: prompt, generatedTokens: generate, batch: batch)
      let result = try await naming(opened) { () async throws(InferenceError) in
        try await Benchmark.run(opened.model, parameters)
      }
      if options.json { return try printJSON(BenchFacts(parameters, result)) }
      let percent = Int((result.readBandwidthFraction * 100).rounded())
      try printLines([
        "prefill    \(Int(result.prefillTokensPerSecond)) tokens/s (\(prompt) tokens)",
        "decode     \(Int(result.decodeTokensPerSecond)) tokens/s (\(generate) × \(batch))",
        "kernel     \(result.kernel), \(threads) thread\(threads == 1 ? "" : "s")",
        "weights    \(result.weightBytesPerToken) bytes a token",
        "cache      \(result.cacheBytesPerToken) bytes a token",
        "bandwidth  \(percent) % of what one thread reads",
      ])
    }
  }

  /// How well it predicts a text.
  struct Score: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print how well a model predicts a text: mean negative log-likelihood, perplexity.",
      discussion: """
        The text is taken as it is, without a chat template; --ids gives a file of token numbers \
        instead, for which no tokenizer is needed. Longer texts than the context are \
        scored in windows of a whole context without overlap; the first token of a window has no \
        probability. Likelihoods are natural logarithms (nats). With --activations both the text \
        is scored twice: what does it cost to round activations to int8?
        """)

    @OptionGroup var options: Options
    @Option(help: "The text file, or - for standard input.") var text: String?
    @Option(help: "A file of token numbers, or - for standard input.") var ids: String?
    @Flag(help: "Also print every token's log-probability.") var tokenLogprobs = false

    func validate() throws {
      guard (text == nil) != (ids == nil) else {
        throw ValidationError("give either --text or --ids")
      }
    }

    func run() async throws {
      let content = try InputFile.text(text ?? ids ?? "-")
      if case .both = options.activations { return try await compare(content) }
      let opened = try options.open()
      let (tokens, score) = try await scored(content, opened)
      if options.json {
        return try printJSON(ScoreFacts(score, tokenLogprobs: tokenLogprobs))
      }
      try printLines([
        "tokens                        \(score.tokens) (\(score.scoredTokens) scored)",
        "mean negative log-likelihood  \(decimals(score.meanNegativeLogLikelihood)) nats",
        "perplexity                    \(decimals(score.perplexity))",
      ])
      guard tokenLogprobs else { return }
      try printLines(
        zip(tokens, score.tokenLogProbabilities).map { token, logProbability in
          let piece = Plain.line(opened.model.tokenizer.piece(of: token))
          return "\(token)\t\(logProbability.map(decimals) ?? "-")\t\(piece)"
        })
    }

    private func scored(
      _ content: String, _ opened: OpenedModel
    ) async throws -> ([TokenID], TextScore) {
      let tokens =
        ids == nil ? opened.model.tokenizer.encode(content) : try tokenNumbers(content)
      guard tokens.count > 1 else {
        let source = text ?? ids ?? "-"
        throw CommandFailure(
          "\(source == "-" ? "standard input" : source): a text of \(tokens.count) tokens cannot be "
            + "scored: the first token has no probability; two or more are needed", .badData)
      }
      let score = try await naming(opened) { () async throws(InferenceError) in
        try await opened.engine.score(tokens)
      }
      return (tokens, score)
    }

    /// One after the other, so that one model is in memory at a time.
    private func compare(_ content: String) async throws {
      let rounded = try await scored(content, openModel(options.model, activations: .int8)).1
      let exact = try await scored(content, openModel(options.model, activations: .exact)).1
      let facts = ActivationCostFacts(int8: rounded, exact: exact, tokenLogprobs: tokenLogprobs)
      if options.json { return try printJSON(facts) }
      let percent = String(format: "%+.3f", (facts.perplexityRatio - 1) * 100)
      try printLines([
        "tokens                        \(rounded.tokens) (\(rounded.scoredTokens) scored)",
        "                              int8      exact",
        "mean negative log-likelihood  \(decimals(rounded.meanNegativeLogLikelihood))  "
          + "\(decimals(exact.meanNegativeLogLikelihood)) nats",
        "perplexity                    \(decimals(rounded.perplexity))  \(decimals(exact.perplexity))",
        "int8 costs                    \(String(format: "%+.6f", facts.difference)) nats a token, "
          + "\(percent) % of perplexity",
      ])
    }
  }

  /// What tokens a text becomes.
  struct Tokenize: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print the tokens of a text.",
      discussion: """
        Control tokens written in the text are plain text. With --special the token that begins \
        every text of the model comes first, where the model has one. With --lines the file holds \
        a JSON string a line, and one JSON object is printed for each. --count tells only how many \
        tokens there are and how long one thread took to find them: tokens, bytes, seconds.
        """)

    @OptionGroup var options: Options
    @Option(help: "The text itself.") var text: String?
    @Option(help: "A file with the text, or - for standard input.") var file: String?
    @Flag(help: "Put the beginning-of-text token first, if the model has one.") var special = false
    @Flag(help: "Read the file as JSON Lines, a text a line; needs --file and --json.")
    var lines = false
    @Flag(help: "Print only how many tokens there are, and how long it took.") var count = false

    func validate() throws {
      guard (text == nil) != (file == nil) else {
        throw ValidationError("give either --text or --file")
      }
      guard !lines || !count else {
        throw ValidationError("--lines and --count do not go together")
      }
      guard !lines || (file != nil && options.json) else {
        throw ValidationError("--lines goes with --file and --json")
      }
    }

    func run() throws {
      let tokenizer = try options.open().model.tokenizer
      let content = try text ?? InputFile.text(file ?? "-")
      let beginning = special ? [tokenizer.beginning].compactMap(\.self) : []
      func facts(_ text: String) -> TokenFacts {
        let ids = beginning + tokenizer.encode(text)
        return TokenFacts(ids: ids, pieces: ids.map(tokenizer.piece))
      }
      if count {
        let start = ContinuousClock.now
        let tokens = tokenizer.encode(content).count + beginning.count
        let counted = TokenCount(
          tokens: tokens, bytes: content.utf8.count,
          seconds: (ContinuousClock.now - start) / .seconds(1))
        if options.json { return try printJSON(counted) }
        return try printLines(["\(tokens) tokens, \(counted.bytes) bytes"])
      }
      if lines {
        for (index, line) in content.utf8.split(separator: 10).enumerated() {
          let text: String
          do { text = try JSONDecoder().decode(String.self, from: Data(line)) } catch {
            throw CommandFailure("\(file ?? "-"):\(index + 1): not a JSON string", .badData)
          }
          try printJSON(facts(text), onOneLine: true)
        }
        return
      }
      let found = facts(content)
      if options.json { return try printJSON(found) }
      try printLines(zip(found.ids, found.pieces).map { "\($0)\t\(Plain.line($1))" })
    }
  }
}

private func printLines(_ lines: [String]) throws {
  try ResultFile.print(lines.map { $0 + "\n" }.joined())
}

private func decimals(_ value: Double) -> String { String(format: "%.6f", value) }
