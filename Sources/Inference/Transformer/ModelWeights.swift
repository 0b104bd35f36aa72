/// All weights of a model in the layouts the kernels read, in one sealed arena. Nothing points
/// into the model file any more once this exists.
struct ModelWeights: Sendable {
  /// One block of the transformer. Matrices that read the same activations are one projection.
  struct Layer: Sendable {
    let attentionNorm: FloatVector  // (d)
    let queryKeyValue: Projection  // (q + 2k, d): queries, keys, values
    let attentionSubNorm: FloatVector  // (q)
    let attentionOutput: Projection  // (d, q)
    let feedForwardNorm: FloatVector  // (d)
    let gateUp: Projection  // (2f, d): gates, then ups
    let feedForwardSubNorm: FloatVector  // (f)
    let down: Projection  // (d, f)
  }

  let arena: MappedFile
  let embedding: DenseMatrix  // (vocabulary, d)
  let layers: [Layer]
  let outputNorm: FloatVector  // (d)
  /// The embedding itself where the file has no `output.weight`.
  let head: DenseMatrix  // (vocabulary, d)

  /// Bytes of weights one decoded token reads: all layers, the norms and the head.
  var bytesPerToken: Int {
    let vectors = layers.reduce(outputNorm.count * 4) { sum, layer in
      sum
        + 4
        * (layer.attentionNorm.count + layer.attentionSubNorm.count
          + layer.feedForwardNorm.count + layer.feedForwardSubNorm.count)
    }
    return layers.reduce(vectors + head.byteCount) { sum, layer in
      sum + layer.queryKeyValue.byteCount + layer.attentionOutput.byteCount
        + layer.gateUp.byteCount + layer.down.byteCount
    }
  }

  /// Checks every tensor's name, type and shape, then packs.
  ///
  /// - Parameter progress: called with the fraction of tensors done, 0 to 1.
  init(
    _ file: GGUFFile, _ sizes: Hyperparameters, progress: (@Sendable (Double) -> Void)?
  ) throws(InferenceError) {
    var plan = LoadPlan(file)
    let vocabulary = sizes.vocabularySize
    embedding = try plan.table("token_embd.weight", rows: vocabulary, columns: sizes.width)
    var layers: [Layer] = []
    for index in 0..<sizes.layerCount {
      layers.append(try plan.layer(index, sizes))
    }
    self.layers = layers
    outputNorm = try plan.vector("output_norm.weight", count: sizes.width)
    head =
      file.tensors["output.weight"] == nil
      ? embedding
      : try plan.table("output.weight", rows: vocabulary, columns: sizes.width)
    try plan.refuseLeftovers()
    let jobs = plan.jobs
    arena = try MappedFile(byteCount: plan.arena.byteCount) {
      (bytes: UnsafeMutableRawBufferPointer) throws(InferenceError) in
      guard let base = bytes.baseAddress else { return }
      for (done, job) in jobs.enumerated() {
        progress?(Double(done) / Double(jobs.count))
        try job.run(file, base)
      }
      progress?(1)
    }
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
    let (q, k) = (sizes.queryWidth, sizes.keyWidth)
    func name(_ part: String) -> String { "blk.\(index).\(part)" }
    return ModelWeights.Layer(
      attentionNorm: try vector(name("attn_norm.weight"), count: d),
      queryKeyValue: try projection(
        [
          Part(name: name("attn_q"), rows: q), Part(name: name("attn_k"), rows: k),
          Part(name: name("attn_v"), rows: k),
        ], columns: d),
      attentionSubNorm: try vector(name("attn_sub_norm.weight"), count: q),
      attentionOutput: try projection(
        [Part(name: name("attn_output"), rows: d)], columns: q),
      feedForwardNorm: try vector(name("ffn_norm.weight"), count: d),
      gateUp: try projection(
        [Part(name: name("ffn_gate"), rows: f), Part(name: name("ffn_up"), rows: f)],
        columns: d),
      feedForwardSubNorm: try vector(name("ffn_sub_norm.weight"), count: f),
      down: try projection([Part(name: name("ffn_down"), rows: d)], columns: f))
  }
}
