/// Draws one sequence's tokens. One draw is spent on each token unless the temperature is 0.
struct Sampler: Sendable {
  private struct Candidate {
    let token: TokenID
    var logit: Double
    /// Relative to the likeliest candidate's, which is 1.
    var weight = 0.0

    /// Likelier first, the lower id among equals: a total order, so sorting is deterministic.
    func precedes(_ other: Candidate) -> Bool {
      logit != other.logit ? logit > other.logit : token < other.token
    }
  }

  private let parameters: SamplingParameters
  private let path: Kernels.Path
  private var generator: SeededGenerator
  // All of these keep their memory from one token to the next.
  private var candidates: [Candidate] = []
  private var top: [Candidate] = []
  private var topTokens: [TokenID] = []
  private var topLogits: [Float] = []

  /// - Parameter path: finds the likeliest.
  init(_ parameters: SamplingParameters, seed: UInt64, on path: Kernels.Path) {
    self.parameters = parameters
    self.path = path
    generator = SeededGenerator(seed: seed)
  }

  /// How many of the likeliest tokens each draw looks at, and what equals the last of them; nil where
  /// that is all, or more than is found sooner than all.
  var highestWanted: Int? {
    let wanted = parameters.temperature <= 0 ? 1 : parameters.topK
    return penalises || wanted == 0 || wanted > Kernels.highestAtMost ? nil : wanted
  }

  private var penalises: Bool {
    parameters.repetitionPenalty != 1 && parameters.repetitionWindow > 0
  }

  /// The likeliest tokens, likeliest first.
  func likeliest(_ count: Int, _ logits: UnsafeBufferPointer<Float>) -> [TokenID] {
    var tokens = [TokenID](repeating: 0, count: count)
    var values = [Float](repeating: 0, count: count)
    let found = tokens.withUnsafeMutableBufferPointer { tokens in
      values.withUnsafeMutableBufferPointer { values in
        path.top(logits, tokens: tokens, values: values)
      }
    }
    return Array(tokens.prefix(found))
  }

  /// The next token.
  ///
  /// - Parameters:
  ///   - logits: one a token; what is not a number counts as impossible.
  ///   - history: the tokens so far, prompt included.
  mutating func next(_ logits: UnsafeBufferPointer<Float>, history: [TokenID]) -> TokenID {
    narrow(logits, history)
    return parameters.temperature > 0 ? draw() : candidates[0].token
  }

  /// The share of the draws that each token has which may be drawn at all; together 1. Spends
  /// no draw.
  mutating func chances(
    _ logits: UnsafeBufferPointer<Float>, history: [TokenID]
  ) -> [TokenID: Double] {
    narrow(logits, history)
    guard parameters.temperature > 0 else { return [candidates[0].token: 1] }
    let total = candidates.reduce(0) { $0 + $1.weight }
    return Dictionary(
      candidates.map { ($0.token, $0.weight / total) }, uniquingKeysWith: { first, _ in first })
  }

  /// Leaves the tokens that may be drawn, weighed; at temperature 0 the likeliest comes first.
  private mutating func narrow(_ logits: UnsafeBufferPointer<Float>, _ history: [TokenID]) {
    let isGreedy = parameters.temperature <= 0
    let wanted = isGreedy ? 1 : parameters.topK
    if penalises || wanted == 0 || wanted >= logits.count {
      gather(logits)
      penalise(history)
      if isGreedy {
        let likeliest = candidates.reduce(candidates[0]) { $1.precedes($0) ? $1 : $0 }
        candidates[0] = likeliest
        return
      }
      keepTop()
    } else {
      takeTop(wanted, of: logits)
      if isGreedy { return }
    }
    weigh()
    keepNucleus()
    keepMinimum()
  }

  /// Gathers the `count` likeliest alone, in order.
  private mutating func takeTop(_ count: Int, of logits: UnsafeBufferPointer<Float>) {
    if topTokens.count != count {
      topTokens = Array(repeating: 0, count: count)
      topLogits = Array(repeating: 0, count: count)
    }
    let found = topTokens.withUnsafeMutableBufferPointer { tokens in
      topLogits.withUnsafeMutableBufferPointer { values in
        path.top(logits, tokens: tokens, values: values)
      }
    }
    candidates.removeAll(keepingCapacity: true)
    for index in 0..<found {
      candidates.append(Candidate(token: topTokens[index], logit: Double(topLogits[index])))
    }
  }

  private mutating func gather(_ logits: UnsafeBufferPointer<Float>) {
    candidates.removeAll(keepingCapacity: true)
    for (index, logit) in logits.enumerated() {
      let value = logit.isNaN ? -.infinity : Double(logit)
      candidates.append(Candidate(token: TokenID(index), logit: value))
    }
  }

  private mutating func penalise(_ history: [TokenID]) {
    guard penalises else { return }
    let recent = max(0, history.count - parameters.repetitionWindow)..<history.count
    // Each token once, however often it was said.
    for index in recent where !history[recent.lowerBound..<index].contains(history[index]) {
      let token = Int(history[index])
      let logit = candidates[token].logit
      candidates[token].logit =
        logit > 0
        ? logit / parameters.repetitionPenalty : logit * parameters.repetitionPenalty
    }
  }

  /// Keeps the `topK` likeliest in order, by insertion into a short sorted list; candidates
  /// stay in the order of their ids where no later step needs another.
  private mutating func keepTop() {
    let count = parameters.topK
    guard count > 0, count < candidates.count else {
      if parameters.topP < 1 { candidates.sort { $0.precedes($1) } }
      return
    }
    top.removeAll(keepingCapacity: true)
    top.reserveCapacity(count + 1)
    for candidate in candidates {
      if top.count == count, !candidate.precedes(top[count - 1]) { continue }
      var place = top.count
      top.append(candidate)
      while place > 0, candidate.precedes(top[place - 1]) {
        top[place] = top[place - 1]
        place -= 1
      }
      top[place] = candidate
      if top.count > count { top.removeLast() }
    }
    swap(&candidates, &top)
  }

  private mutating func weigh() {
    let highest = candidates.reduce(-Double.infinity) { max($0, $1.logit) }
    for index in candidates.indices {
      let difference = candidates[index].logit - highest
      // Infinite logits differ by "not a number": equals of the highest have weight 1.
      candidates[index].weight =
        candidates[index].logit == highest
        ? 1 : ExactMath.exp(difference / parameters.temperature)
    }
  }

  private mutating func keepNucleus() {
    guard parameters.topP < 1 else { return }
    let enough = parameters.topP * candidates.reduce(0) { $0 + $1.weight }
    var sum = 0.0
    for (index, candidate) in candidates.enumerated() {
      sum += candidate.weight
      if sum >= enough {
        candidates.removeLast(candidates.count - index - 1)
        return
      }
    }
  }

  private mutating func keepMinimum() {
    guard parameters.minP > 0 else { return }
    candidates.removeAll { $0.weight < parameters.minP }
  }

  private mutating func draw() -> TokenID {
    let total = candidates.reduce(0) { $0 + $1.weight }
    let target = generator.nextUnit() * total
    var sum = 0.0
    for candidate in candidates {
      sum += candidate.weight
      if sum > target { return candidate.token }
    }
    return candidates[candidates.count - 1].token
  }
}
