/// The forward pass: rows of (token, slot, position) in, logits out. Reads top to bottom.
///
/// Every row is computed the same way whatever stands beside it: a prefill chunk, one token of
/// each of many conversations, or both at once. Nothing is summed across rows, so a token's
/// logits do not depend on how its batch was put together.
///
/// Letters in shapes: R rows of the step, d width, q query width, k key width, f feed-forward
/// width, h head size.
final class Transformer {
  /// One row of a step.
  struct Row {
    let token: TokenID
    let slot: Int
    let position: Int
    let wantsLogits: Bool
    /// How many of the likeliest tokens count; nil: all. The logits of tokens that cannot be among
    /// them may be -infinity.
    var highestWanted: Int?
  }

  let sizes: Hyperparameters
  let weights: ModelWeights
  let kernels: Kernels
  let workspace: Workspace
  let cache: KeyValueCache
  /// Made when a row first wants the likeliest token only.
  let sketch: Lazy<HeadSketch>
  /// What is being done row by row.
  private var rowStep = RowStep.turnAndStore(layer: 0)

  init(_ model: LanguageModel, rowCapacity: Int, slotCount: Int, threads: Kernels.Threads) {
    sizes = model.sizes
    weights = model.weights
    kernels = Kernels(model.kernelPath, threads: threads)
    workspace = Workspace(model.sizes, rowCapacity: rowCapacity, threads: threads.count)
    cache = KeyValueCache(model.sizes, slotCount: slotCount)
    let (weights, kernels) = (weights, kernels)
    sketch = Lazy { HeadSketch(of: weights.head, in: weights.base, kernels: kernels) }
  }

  /// Evaluates the rows; rows of one slot come in the order of their positions, each position
  /// following on what the slot holds. Logits of the n-th row that wants them are then at
  /// `logits(n)`.
  func evaluate(_ rows: [Row]) {
    for (r, row) in rows.enumerated() {
      workspace.prepareRotation(of: row.position)
      workspace.places[r] = RowPlace(row.position, in: cache.start(slot: row.slot))
    }
    embed(rows)
    for layer in weights.layers.indices {
      attention(rows, layer: layer)
      feedForward(rows, weights.layers[layer])
    }
    head(rows)
  }

  /// Logits (vocabulary) of the n-th row that wanted them, until the next step.
  func logits(_ n: Int) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(
      start: workspace.logits + n * workspace.logitStride, count: sizes.vocabularySize)
  }

  // residual = embedding of the token
  private func embed(_ rows: [Row]) {
    for (r, row) in rows.enumerated() {
      kernels.readRow(
        Int(row.token), of: weights.embedding, in: weights.base,
        into: workspace.residual + r * sizes.width)
    }
  }

  // residual += output(subNorm(softmax(q.k).v)), q, k, v from norm(residual)
  private func attention(_ rows: [Row], layer index: Int) {
    let layer = weights.layers[index]
    let (d, q, k) = (sizes.width, sizes.queryWidth, sizes.keyWidth)
    let stride = q + 2 * k
    project(
      Input(start: workspace.residual, width: d, stride: d), norm: layer.attentionNorm,
      layer.queryKeyValue, count: rows.count, into: workspace.queryKeyValue, stride: stride)
    forEachRow(rows.count, elements: stride, .turnAndStore(layer: index))
    kernels.attend(
      workspace.places, count: rows.count, in: cache, layer: index, sizes: sizes,
      queries: workspace.queryKeyValue, queryStride: stride, scores: workspace.scores,
      into: workspace.attended, outStride: q)
    project(
      Input(start: workspace.attended, width: q, stride: q), norm: layer.attentionSubNorm,
      layer.attentionOutput, count: rows.count, into: workspace.projected, stride: d)
    kernels.add(workspace.projected, to: workspace.residual, count: rows.count * d)
  }

  // residual += down(subNorm(gate function(gate) * up)), gate and up from norm(residual)
  private func feedForward(_ rows: [Row], _ layer: ModelWeights.Layer) {
    let (d, f) = (sizes.width, sizes.feedForwardWidth)
    project(
      Input(start: workspace.residual, width: d, stride: d), norm: layer.feedForwardNorm,
      layer.gateUp, count: rows.count, into: workspace.gateUp, stride: 2 * f)
    forEachRow(rows.count, elements: f, .multiplyGated)
    project(
      Input(start: workspace.gateUp, width: f, stride: 2 * f), norm: layer.feedForwardSubNorm,
      layer.down, count: rows.count, into: workspace.projected, stride: d)
    kernels.add(workspace.projected, to: workspace.residual, count: rows.count * d)
  }

  // logits = head . norm(residual), for the rows that want them
  private func head(_ rows: [Row]) {
    let d = sizes.width
    var wanted = 0
    // The most that a row asks for; nil where one asks for all.
    var keep: Int? = 1
    for (r, row) in rows.enumerated() where row.wantsLogits {
      keep = row.highestWanted.flatMap { wanted in keep.map { max($0, wanted) } }
      kernels.normalise(
        workspace.residual + r * d, weight: weights.pointer(weights.outputNorm),
        epsilon: sizes.normEpsilon, count: d, into: workspace.headInput + wanted * d)
      wanted += 1
    }
    if let keep, wanted > 0, let sketch = sketch.value {
      kernels.highest(
        keep, of: weights.head, in: weights.base, by: sketch, floats: workspace.headInput,
        count: wanted,
        into: workspace.logits, stride: workspace.logitStride)
      return
    }
    // The head reads float activations whatever its type: small differences decide a token.
    kernels.multiply(
      weights.head, in: weights.base, floats: workspace.headInput, xStride: d, count: wanted,
      into: workspace.logits, stride: workspace.logitStride)
  }

  /// Rows of activations: (R, width), `stride` floats from one to the next.
  private struct Input {
    let start: UnsafeMutablePointer<Float>
    let width: Int
    let stride: Int
  }

  // out (R, stride) = projection . norm(x); without a norm, of x itself
  private func project(
    _ x: Input, norm: FloatVector?, _ projection: Projection, count: Int,
    into out: UnsafeMutablePointer<Float>, stride: Int
  ) {
    let input =
      norm == nil ? x : Input(start: workspace.normed, width: x.width, stride: x.width)
    forEachRow(
      count, elements: x.width,
      .prepare(
        x, norm: norm,
        Preparation(
          readsCodes: projection.readsCodes, readsFloats: projection.readsFloats,
          readsBlockSums: projection.readsBlockSums)))
    for linear in projection.linears {
      multiply(linear, input, count: count, into: out + linear.firstOutput, stride: stride)
    }
  }

  /// What a projection needs of the activations it reads.
  private struct Preparation {
    let readsCodes: Bool
    let readsFloats: Bool
    let readsBlockSums: Bool
  }

  /// Work that is done row by row, and takes no memory from the heap.
  private enum RowStep {
    /// Query and key heads are normalised and turned; keys and values go to the cache.
    case turnAndStore(layer: Int)
    /// gate = function(gate) * up.
    case multiplyGated
    /// Normalises, if there is a norm, and rounds to codes, if they are read.
    case prepare(Input, norm: FloatVector?, Preparation)
  }

  /// Does a step for every row, on several threads where that is worth it: rows do not depend on
  /// each other. `elements` are those of a row that it goes through.
  private func forEachRow(_ count: Int, elements: Int, _ step: RowStep) {
    rowStep = step
    guard count > 1 else { return take(row: 0, thread: 0) }
    kernels.forEachRow(
      count, elements: elements, of: Unmanaged.passUnretained(self).toOpaque()
    ) { transformer, row, thread in
      Unmanaged<Transformer>.fromOpaque(transformer)._withUnsafeGuaranteedRef {
        $0.take(row: row, thread: thread)
      }
    }
  }

  private func take(row r: Int, thread: Int) {
    switch rowStep {
    case .turnAndStore(let layer): turnAndStore(r, layer: layer)
    case .multiplyGated:
      let f = sizes.feedForwardWidth
      let gate = workspace.gateUp + r * 2 * f  // (f), then up (f)
      kernels.multiplyGated(
        sizes.architecture.gate, gate: gate, up: gate + f, count: f, into: gate)
    case .prepare(let x, let norm, let preparation):
      var row = x.start + r * x.stride
      if let norm {
        // What is quantised at once is needed no longer: a thread's row stays in its nearest cache.
        let place = preparation.readsFloats ? r : thread
        let normed = workspace.normed + place * x.width
        normalise(row, norm, into: normed)
        row = normed
      }
      if preparation.readsCodes {
        quantise(row, count: x.width, row: r, blockSums: preparation.readsBlockSums)
      }
    }
  }

  private func turnAndStore(_ r: Int, layer index: Int) {
    let (q, k) = (sizes.queryWidth, sizes.keyWidth)
    let (position, slot) = workspace.places[r].place
    // (q), then keys (k), values (k)
    let query = workspace.queryKeyValue + r * (q + 2 * k)
    if let norms = weights.layers[index].headNorms {
      normaliseHeads(query, norms.query, count: sizes.headCount)
      normaliseHeads(query + q, norms.key, count: sizes.keyHeadCount)
    }
    rotate(query, heads: sizes.headCount + sizes.keyHeadCount, position: position)
    let h = sizes.headSize
    for head in 0..<sizes.keyHeadCount {
      kernels.store(
        key: query + q + head * h, value: query + q + k + head * h, headSize: h,
        position: position,
        in: cache.history(from: slot, layer: index, head: head))
    }
  }

  // out (R, stride) = linear . x; the codes of x are there unless `linear` has a norm of its own
  private func multiply(
    _ linear: Linear, _ x: Input, count: Int, into out: UnsafeMutablePointer<Float>, stride: Int
  ) {
    var input = x
    if let norm = linear.norm {
      input = Input(start: workspace.normedAgain, width: x.width, stride: x.width)
      for r in 0..<count {
        let row = input.start + r * input.stride
        normalise(x.start + r * x.stride, norm, into: row)
        quantise(row, count: x.width, row: r, blockSums: linear.readsBlockSums)
      }
    }
    if case .ternary(let matrix) = linear.matrix, !linear.readsFloats {
      kernels.multiply(
        matrix, in: weights.base, workspace.quantised, count: count, into: out, stride: stride)
    } else {
      kernels.multiply(
        linear.matrix, in: weights.base, floats: input.start, xStride: input.stride,
        count: count, into: out, stride: stride)
    }
    guard linear.bias != nil || linear.shift != nil else { return }
    for r in 0..<count {
      let row = out + r * stride
      if let shift = linear.shift {
        let sum =
          linear.readsFloats
          ? ExactMath.sum(input.start + r * input.stride, count: x.width)
          : workspace.quantised.total(r)
        kernels.add(weights.pointer(shift), times: sum, to: row, count: shift.count)
      }
      if let bias = linear.bias {
        kernels.add(weights.pointer(bias), to: row, count: bias.count)
      }
    }
  }

  private func normalise(
    _ x: UnsafePointer<Float>, _ norm: FloatVector, into out: UnsafeMutablePointer<Float>
  ) {
    kernels.normalise(
      x, weight: weights.pointer(norm), epsilon: sizes.normEpsilon, count: norm.count, into: out)
  }

  private func normaliseHeads(
    _ heads: UnsafeMutablePointer<Float>, _ norm: FloatVector, count: Int
  ) {
    for head in 0..<count {
      normalise(heads + head * norm.count, norm, into: heads + head * norm.count)
    }
  }

  private func quantise(
    _ x: UnsafePointer<Float>, count: Int, row: Int, blockSums: Bool
  ) {
    kernels.quantise(x, count: count, into: workspace.quantised, row: row)
    if blockSums { kernels.sumBlocks(of: workspace.quantised, row: row, count: count) }
  }

  private func rotate(_ x: UnsafeMutablePointer<Float>, heads: Int, position: Int) {
    let angle = position * sizes.rotary.half
    kernels.rotate(
      x, heads: heads, headSize: sizes.headSize, cosines: workspace.cosines + angle,
      sines: workspace.sines + angle, half: sizes.rotary.half,
      neighbours: sizes.architecture.turnsNeighbours)
  }
}

/// A value that is made when it is first asked for, by the one thread that asks.
final class Lazy<Value> {
  private enum State {
    case due(() -> Value?)
    case done(Value?)
  }

  private var state: State

  init(_ make: @escaping () -> Value?) { state = .due(make) }

  var value: Value? {
    switch state {
    case .done(let value): return value
    case .due(let make):
      let made = make()
      state = .done(made)
      return made
    }
  }

  /// What was made so far, if anything was.
  var valueIfMade: Value? { if case .done(let value) = state { value } else { nil } }
}
