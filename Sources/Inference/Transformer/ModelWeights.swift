import MappedFiles

/// All weights of a model in the layouts the kernels read, in one sealed arena. Nothing points
/// into the model file any more once this exists.
struct ModelWeights: Sendable {
  /// One block of the transformer. Matrices that read the same activations are one projection.
  struct Layer: Sendable {
    let attentionNorm: FloatVector  // (d)
    let queryKeyValue: Projection  // (q + 2k, d): queries, keys, values
    let headNorms: HeadNorms?
    let attentionSubNorm: FloatVector?  // (q)
    let attentionOutput: Projection  // (d, q)
    let feedForwardNorm: FloatVector  // (d)
    let gateUp: Projection  // (2f, d): gates, then ups
    let feedForwardSubNorm: FloatVector?  // (f)
    let down: Projection  // (d, f)

    /// Bytes one token reads.
    var byteCount: Int {
      let vectors = [
        attentionNorm, headNorms?.query, headNorms?.key, attentionSubNorm, feedForwardNorm,
        feedForwardSubNorm,
      ]
      return vectors.reduce(0) { $0 + ($1?.count ?? 0) * 4 } + queryKeyValue.byteCount
        + attentionOutput.byteCount + gateUp.byteCount + down.byteCount
    }
  }

  /// Norms of every query head and every key head.
  struct HeadNorms: Sendable {
    let query: FloatVector  // (h)
    let key: FloatVector  // (h)
  }

  let arena: MappedFile
  let embedding: Matrix  // (vocabulary, d)
  let layers: [Layer]
  let outputNorm: FloatVector  // (d)
  /// The embedding itself where the file has no `output.weight`.
  let head: Matrix  // (vocabulary, d)

  /// Bytes of weights one decoded token reads: all layers, the norms and the head.
  var bytesPerToken: Int {
    layers.reduce(outputNorm.count * 4 + head.byteCount) { $0 + $1.byteCount }
  }

  /// Checks every tensor's name, type and shape, then packs on several threads.
  ///
  /// - Parameters:
  ///   - layout: how ternary weights lie that allow any layout; the results do not depend on it.
  ///   - threads: threads that share the packing; the result does not depend on it.
  ///   - beside: work that is done meanwhile, and whose errors come first.
  ///   - progress: called with the fraction of the work done, 0 to 1, by one thread at a time.
  init(
    _ file: GGUFFile, _ sizes: Hyperparameters, activations: Activations = .int8,
    layout: TernaryLayout = .twoBits, threads: Int = 1, beside: LoadedBeside? = nil,
    progress: (@Sendable (Double) -> Void)?
  ) throws(InferenceError) {
    var plan = LoadPlan(
      file, activations, layout: layout, used: [Rotary.divisorTensor])
    let vocabulary = sizes.vocabularySize
    embedding = try plan.table("token_embd", rows: vocabulary, columns: sizes.width)
    var layers: [Layer] = []
    for index in 0..<sizes.layerCount {
      layers.append(try plan.layer(index, sizes))
    }
    self.layers = layers
    outputNorm = try plan.vector("output_norm.weight", count: sizes.width)
    head =
      file.tensors["output.weight"] == nil
      ? embedding
      : try plan.table("output", rows: vocabulary, columns: sizes.width)
    try plan.refuseLeftovers()
    let parts = plan.jobs.flatMap { job in job.parts.map { (job, $0) } }
    let arena = try MappedFile(byteCount: plan.arena.byteCount) {
      (bytes: UnsafeMutableRawBufferPointer) throws(InferenceError) in
      guard let start = bytes.baseAddress else { return }
      // Parts write to rows of their own: no two threads ever touch the same bytes.
      nonisolated(unsafe) let base = start
      let others = beside == nil ? 0 : LoadedBeside.count
      try ParallelWork.run(others + parts.count, threads: threads, progress: progress) {
        (index: Int) throws(InferenceError) in
        if index < others, let beside { return try beside.run(index) }
        let (job, part) = parts[index - others]
        try job.run(part, file, base)
      }
    }
    guard let arena else { throw .outOfMemory(bytes: plan.arena.byteCount) }
    self.arena = arena
  }

  /// The start of the arena; valid as long as the weights are held.
  var base: UnsafeRawPointer {
    // The arena holds at least the embedding: it is never empty.
    guard let base = arena.bytes.baseAddress else { preconditionFailure("empty arena") }
    return base
  }

  /// The elements of a vector.
  func pointer(_ vector: FloatVector) -> UnsafePointer<Float> {
    (base + vector.offset).assumingMemoryBound(to: Float.self)
  }
}

extension LoadPlan {
  fileprivate mutating func layer(
    _ index: Int, _ sizes: Hyperparameters
  ) throws(InferenceError) -> ModelWeights.Layer {
    let (d, f) = (sizes.width, sizes.feedForwardWidth)
    let (q, k, h) = (sizes.queryWidth, sizes.keyWidth, sizes.headSize)
    let architecture = sizes.architecture
    func part(_ name: String, _ rows: Int) -> Part {
      Part(name: "blk.\(index).\(name)", rows: rows)
    }
    func norm(_ name: String) -> String { "blk.\(index).\(name).weight" }
    return ModelWeights.Layer(
      attentionNorm: try vector(norm("attn_norm"), count: d),
      queryKeyValue: try projection(
        [part("attn_q", q), part("attn_k", k), part("attn_v", k)], columns: d),
      headNorms: architecture.hasHeadNorms
        ? ModelWeights.HeadNorms(
          query: try vector(norm("attn_q_norm"), count: h),
          key: try vector(norm("attn_k_norm"), count: h)) : nil,
      attentionSubNorm: architecture.hasSubNorms
        ? try vector(norm("attn_sub_norm"), count: q) : nil,
      attentionOutput: try projection([part("attn_output", d)], columns: q),
      feedForwardNorm: try vector(norm("ffn_norm"), count: d),
      gateUp: try projection([part("ffn_gate", f), part("ffn_up", f)], columns: d),
      feedForwardSubNorm: architecture.hasSubNorms
        ? try vector(norm("ffn_sub_norm"), count: f) : nil,
      down: try projection([part("ffn_down", d)], columns: f))
  }
}
