/// Serves all requests of an engine on one thread: every step evaluates one token of each
/// sequence that is decoding, and fills up with prompt tokens of those that are not yet.
///
/// Lives on the engine's thread only; there is no `await` in it.
final class DecodeLoop {
  /// Rows of a step at least: prompts are read in chunks of about this many tokens, which share
  /// one pass over the weights.
  static let chunkRows = 64
  /// Tokens that a record foretold are handed over so many at a time, and at once where one comes out
  /// otherwise: waking their reader takes as long as verifying some of them.
  static let heldTokens = 128

  private let mailbox: Mailbox
  private let transformer: Transformer
  private let rowCapacity: Int
  /// Rows of a step up to which tokens are looked up; 0 where none are.
  private let lookupRows: Int
  private let clock = ContinuousClock()
  private var slots: SlotTable
  private var queue: [Mailbox.Submission] = []
  private var active: [ActiveSequence] = []
  private var sequenceInSlot: [ActiveSequence?]
  private var rows: [Transformer.Row] = []

  init(
    model: LanguageModel, mailbox: Mailbox, maxSequences: Int, threads: Kernels.Threads,
    lookupRows: Int
  ) {
    self.mailbox = mailbox
    self.lookupRows = lookupRows
    rowCapacity = max(DecodeLoop.chunkRows, maxSequences)
    slots = SlotTable(count: maxSequences)
    sequenceInSlot = Array(repeating: nil, count: maxSequences)
    transformer = Transformer(
      model, rowCapacity: rowCapacity, slotCount: maxSequences, threads: threads)
  }

  /// Runs until the mailbox is closed and everything before is done.
  func run() {
    while let arrived = mailbox.collect(wait: active.isEmpty && queue.isEmpty) {
      queue.append(contentsOf: arrived)
      for sequence in active where sequence.cancel.isSet { finish(sequence, .cancelled) }
      retire()
      admit()
      step()
      retire()
    }
  }

  // MARK: Admission

  /// Starts queued requests, oldest first, while there are idle slots.
  private func admit() {
    var started = 0
    defer { queue.removeFirst(started) }
    for submission in queue {
      let isServed =
        switch submission {
        case .generate(let request, let continuation, let cancel):
          start(
            .generate(request, continuation), request.prompt, cancel, refusal(request))
        case .score(let tokens, let finish, let cancel):
          start(.score(finish), tokens, cancel, refusal(tokens))
        case .odds(let request, let continuation, let cancel):
          start(.odds(request, continuation), request.tokens, cancel, refusal(request))
        }
      guard isServed else { return }
      started += 1
    }
  }

  /// False when the request has to wait for a slot.
  private func start(
    _ purpose: ActiveSequence.Purpose, _ tokens: [TokenID], _ cancel: CancelFlag,
    _ refusal: InferenceError?
  ) -> Bool {
    if let refusal {
      end(purpose, with: refusal)
      return true
    }
    // What logits are needed of cannot be reused: all of a scored text, the places looked at.
    let reusable =
      switch purpose {
      case .generate: tokens
      case .score: Array(tokens.prefix(1))
      case .odds(let request, _): Array(tokens.prefix(request.from))
      }
    guard let choice = slots.take(for: reusable) else { return false }
    do throws(InferenceError) {
      try transformer.cache.prepare(slot: choice.slot)
    } catch {
      slots.release(choice.slot)
      end(purpose, with: error)
      return true
    }
    if let source = choice.source {
      transformer.cache.copyPrefix(from: source, to: choice.slot, count: choice.reused)
    }
    let sequence = ActiveSequence(
      purpose, tokens, cancel, slot: choice.slot, cachedTokens: choice.reused,
      sizes: transformer.sizes, on: transformer.kernels.path, started: clock.now)
    sequenceInSlot[choice.slot] = sequence
    active.append(sequence)
    if cancel.isSet {
      finish(sequence, .cancelled)
    } else if isNothingToDo(sequence) {
      finish(sequence, .length)
    }
    retire()
    return true
  }

  private func isNothingToDo(_ sequence: ActiveSequence) -> Bool {
    switch sequence.purpose {
    case .generate(let request, _): request.maxTokens <= 0
    case .score: sequence.tokens.count == 1
    case .odds: false
    }
  }

  private func refusal(_ request: GenerationRequest) -> InferenceError? {
    do throws(InferenceError) {
      try request.sampling.validate()
    } catch {
      return error
    }
    return refusal(request.prompt)
  }

  private func refusal(_ request: OddsRequest) -> InferenceError? {
    if let refusal = refusal(request.tokens) { return refusal }
    do throws(InferenceError) {
      try request.validate()
    } catch {
      return error
    }
    return nil
  }

  private func refusal(_ tokens: [TokenID]) -> InferenceError? {
    let sizes = transformer.sizes
    guard !tokens.isEmpty else { return .emptyPrompt }
    guard tokens.count <= sizes.contextLength else {
      return .promptTooLong(tokens: tokens.count, limit: sizes.contextLength)
    }
    for token in tokens where token < 0 || Int(token) >= sizes.vocabularySize {
      return .tokenOutOfRange(token, vocabularySize: sizes.vocabularySize)
    }
    return nil
  }

  // MARK: A step

  private func step() {
    guard !active.isEmpty else { return }
    rows.removeAll(keepingCapacity: true)
    lookUp()
    // Sequences that decode one token at a time come first and are never held up.
    for sequence in active where sequence.dueOrDrafted == 1 { addRows(of: sequence) }
    for sequence in active where sequence.dueOrDrafted > 1 { addRows(of: sequence) }
    transformer.evaluate(rows)
    var logits = 0
    for row in rows {
      defer { logits += row.wantsLogits ? 1 : 0 }
      guard let sequence = sequenceInSlot[row.slot], !sequence.isFinished,
        sequence.holds(row.token, at: row.position)
      else { continue }
      slots.append(row.token, to: row.slot)
      sequence.evaluated += 1
      guard row.wantsLogits else { continue }
      receive(transformer.logits(logits), at: row.position, sequence)
    }
    for sequence in active where !sequence.isForetold || sequence.drawn.count >= Self.heldTokens {
      handOver(sequence)
    }
  }

  /// Where a step would be so small that more rows cost hardly more, and all of it decodes, it
  /// takes along what the texts probably say next.
  private func lookUp() {
    let rowsEach = lookupRows / max(1, active.count)
    guard rowsEach > 1, active.allSatisfy({ $0.dueOrDrafted == 1 }) else { return }
    for sequence in active {
      sequence.lookUp(atMost: rowsEach - 1, context: transformer.sizes.contextLength)
    }
  }

  /// Hands over what a step drew at once: whoever reads it is woken once.
  private func handOver(_ sequence: ActiveSequence) {
    guard !sequence.drawn.isEmpty, case .generate(_, let continuation) = sequence.purpose
    else { return }
    continuation.yield(.tokens(sequence.drawn))
    sequence.drawn.removeAll(keepingCapacity: true)
  }

  private func addRows(of sequence: ActiveSequence) {
    let count = min(sequence.dueOrDrafted, rowCapacity - rows.count)
    for position in sequence.evaluated..<sequence.evaluated + count {
      rows.append(
        Transformer.Row(
          token: sequence.token(at: position), slot: sequence.slot, position: position,
          wantsLogits: sequence.wantsLogits(at: position),
          highestWanted: sequence.highestWanted))
    }
  }

  private func receive(
    _ logits: UnsafeBufferPointer<Float>, at position: Int, _ sequence: ActiveSequence
  ) {
    switch sequence.purpose {
    case .score:
      let target = sequence.tokens[position + 1]
      sequence.logProbabilities.append(logProbability(of: target, logits))
      if position + 2 == sequence.tokens.count { finish(sequence, .length) }
    case .odds(let request, let continuation):
      let place = position + 1
      let isInside = place < sequence.tokens.count
      continuation.yield(
        .success(
          TokenOdds(
            place: place, own: isInside ? sequence.tokens[place] : nil,
            alternatives: request.alternatives, logits, sampler: &sequence.sampler,
            history: Array(sequence.tokens[..<place]))))
      if !isInside { finish(sequence, .length) }
    case .generate(let request, _):
      let token = sequence.sampler.next(logits, history: sequence.tokens)
      if sequence.firstToken == nil { sequence.firstToken = clock.now }
      if request.stopTokens.contains(token) { return finish(sequence, .stopToken) }
      if request.measuresConfidence {
        let sum = sequence.statistics.logProbability ?? 0
        sequence.statistics.logProbability = sum + logProbability(of: token, logits)
      }
      sequence.drawn.append(token)
      sequence.statistics.generatedTokens += 1
      if sequence.statistics.generatedTokens >= request.maxTokens {
        finish(sequence, .length)
      } else if sequence.tokens.count >= transformer.sizes.contextLength {
        finish(sequence, .contextFull)
      } else {
        sequence.append(token)
      }
    }
  }

  // MARK: The end of a sequence

  private func finish(_ sequence: ActiveSequence, _ reason: StopReason) {
    guard !sequence.isFinished else { return }
    sequence.isFinished = true
    switch sequence.purpose {
    case .generate(_, let continuation):
      let end = clock.now
      let first = sequence.firstToken ?? end
      sequence.statistics.prefillSeconds = sequence.started.duration(to: first).seconds
      sequence.statistics.decodeSeconds = first.duration(to: end).seconds
      handOver(sequence)
      continuation.yield(.finished(reason, sequence.statistics))
      continuation.finish()
    case .score(let finish):
      finish(reason == .cancelled ? .failure(.cancelled) : .success(sequence.logProbabilities))
    case .odds(_, let continuation): continuation.finish()
    }
  }

  /// Gives back the slots of finished sequences. What they hold stays for later prompts.
  private func retire() {
    for sequence in active where sequence.isFinished {
      sequenceInSlot[sequence.slot] = nil
      slots.release(sequence.slot)
    }
    active.removeAll { $0.isFinished }
  }

  private func end(_ purpose: ActiveSequence.Purpose, with error: InferenceError) {
    switch purpose {
    case .generate(_, let continuation):
      continuation.yield(.failed(error))
      continuation.finish()
    case .score(let finish):
      finish(.failure(error))
    case .odds(_, let continuation):
      continuation.yield(.failure(error))
      continuation.finish()
    }
  }
}

/// log(softmax(logits)[token]), natural, in double precision and in the order of the ids.
func logProbability(of token: TokenID, _ logits: UnsafeBufferPointer<Float>) -> Double {
  LogNormaliser(logits).logProbability(of: token, logits)
}

/// What all log probabilities of one place share.
struct LogNormaliser {
  private let highest: Double
  private let logSum: Double

  init(_ logits: UnsafeBufferPointer<Float>) {
    var highest = -Double.infinity
    for logit in logits { highest = max(highest, Double(logit)) }
    var sum = 0.0
    for logit in logits { sum += ExactMath.exp(Double(logit) - highest) }
    self.highest = highest
    logSum = ExactMath.log(sum)
  }

  func logProbability(of token: TokenID, _ logits: UnsafeBufferPointer<Float>) -> Double {
    Double(logits[Int(token)]) - highest - logSum
  }
}

extension Duration {
  /// This duration in seconds.
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
