/// All weights of a model in the layouts the kernels read, in one sealed arena. Nothing points
/// into the model file any more once this exists.
struct ModelWeights: Sendable {
  /// One block of the transformer. Matrices that read the same activations are one matrix.
  struct Layer: Sendable {
    let attentionNorm: FloatVector  // (d)
    let queryKeyValue: TernaryMatrix  // (q + 2k, d): queries, keys, values
    let attentionSubNorm: FloatVector  // (q)
    let attentionOutput: TernaryMatrix  // (d, q)
    let feedForwardNorm: FloatVector  // (d)
    let gateUp: TernaryMatrix  // (2f, d): gates, then ups
    let feedForwardSubNorm: FloatVector  // (f)
    let down: TernaryMatrix  // (d, f)
  }

  let arena: MappedFile
  let embedding: FloatMatrix  // (vocabulary, d)
  let layers: [Layer]
  let outputNorm: FloatVector  // (d)
  /// The embedding itself where the file has no `output.weight`.
  let head: FloatMatrix  // (vocabulary, d)

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
    var plan = LoadPlan(file: file)
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

/// What has to be read from the file and where it goes, gathered before memory is allocated.
private struct LoadPlan {
  let file: GGUFFile
  var arena = ArenaPlan()
  var jobs: [LoadJob] = []
  var used: Set<String> = []

  mutating func layer(
    _ index: Int, _ sizes: Hyperparameters
  ) throws(InferenceError) -> ModelWeights.Layer {
    let (d, f) = (sizes.width, sizes.feedForwardWidth)
    let (q, k) = (sizes.queryWidth, sizes.keyWidth)
    func name(_ part: String) -> String { "blk.\(index).\(part).weight" }
    return ModelWeights.Layer(
      attentionNorm: try vector(name("attn_norm"), count: d),
      queryKeyValue: try ternary(
        [(name("attn_q"), q), (name("attn_k"), k), (name("attn_v"), k)], columns: d),
      attentionSubNorm: try vector(name("attn_sub_norm"), count: q),
      attentionOutput: try ternary([(name("attn_output"), d)], columns: q),
      feedForwardNorm: try vector(name("ffn_norm"), count: d),
      gateUp: try ternary([(name("ffn_gate"), f), (name("ffn_up"), f)], columns: d),
      feedForwardSubNorm: try vector(name("ffn_sub_norm"), count: f),
      down: try ternary([(name("ffn_down"), d)], columns: f))
  }

  mutating func vector(_ name: String, count: Int) throws(InferenceError) -> FloatVector {
    let (tensor, _) = try find(name, shape: [UInt64(count)], types: [.f32])
    let vector = arena.vector(count)
    jobs.append(.vector(vector, tensor))
    return vector
  }

  mutating func table(
    _ name: String, rows: Int, columns: Int
  ) throws(InferenceError) -> FloatMatrix {
    let (tensor, type) = try find(
      name, shape: [UInt64(columns), UInt64(rows)], types: TensorType.table)
    let matrix = arena.floats(rows: rows, columns: columns)
    jobs.append(.table(matrix, tensor, type))
    return matrix
  }

  /// Stacks matrices that share their input; each part's rows are whole groups of 16.
  mutating func ternary(
    _ parts: [(name: String, rows: Int)], columns: Int
  ) throws(InferenceError) -> TernaryMatrix {
    let matrix = arena.ternary(rows: parts.reduce(0) { $0 + $1.rows }, columns: columns)
    var firstRow = 0
    for (name, rows) in parts {
      let (tensor, type) = try find(
        name, shape: [UInt64(columns), UInt64(rows)], types: TensorType.ternary)
      jobs.append(.ternary(matrix, firstRow: firstRow, rows: rows, tensor, type))
      firstRow += rows
    }
    return matrix
  }

  private mutating func find(
    _ name: String, shape: [UInt64], types: [TensorType]
  ) throws(InferenceError) -> (GGUFFile.Tensor, TensorType) {
    guard let tensor = file.tensors[name] else { throw .missingTensor(name) }
    guard let type = TensorType(rawValue: tensor.typeCode), types.contains(type) else {
      throw .unsupportedTensorType(
        tensor: name, type: tensor.typeCode, supported: types.map(\.name))
    }
    guard tensor.shape == shape else {
      throw .unexpectedShape(tensor: name, expected: shape, found: tensor.shape)
    }
    used.insert(name)
    return (tensor, type)
  }

  func refuseLeftovers() throws(InferenceError) {
    // The lowest name, so that the same file always gives the same error.
    if let name = file.tensors.keys.filter({ !used.contains($0) }).min() {
      throw .unexpectedTensor(name)
    }
  }
}

/// One tensor to read.
private enum LoadJob {
  case vector(FloatVector, GGUFFile.Tensor)
  case table(FloatMatrix, GGUFFile.Tensor, TensorType)
  case ternary(TernaryMatrix, firstRow: Int, rows: Int, GGUFFile.Tensor, TensorType)

  func run(
    _ file: GGUFFile, _ base: UnsafeMutableRawPointer
  ) throws(InferenceError) {
    switch self {
    case .vector(let vector, let tensor):
      let source = file.bytes(of: tensor)
      (base + vector.offset).copyMemory(from: Self.start(source), byteCount: source.count)
      let values = (base + vector.offset).assumingMemoryBound(to: Float.self)
      for index in 0..<vector.count where !values[index].isFinite {
        throw .nonFiniteWeight(tensor: tensor.name, row: index)
      }
    case .table(let matrix, let tensor, let type):
      let source = file.bytes(of: tensor)
      let rowBytes = source.count / matrix.rows
      let weights = (base + matrix.offset).assumingMemoryBound(to: Float.self)
      for row in 0..<matrix.rows {
        let bytes = Self.start(source) + row * rowBytes
        guard
          RowPacking.interleave(
            bytes, type: type, columns: matrix.columns, row: row, weights: weights)
        else { throw .nonFiniteWeight(tensor: tensor.name, row: row) }
      }
    case .ternary(let matrix, let firstRow, let rows, let tensor, let type):
      let source = file.bytes(of: tensor)
      let rowBytes = source.count / rows
      let scales = (base + matrix.scalesOffset).assumingMemoryBound(to: Float.self)
      for row in 0..<rows {
        let problem = RowPacking.pack(
          Self.start(source) + row * rowBytes, type: type, columns: matrix.columns,
          row: firstRow + row, codes: base + matrix.codesOffset, scale: scales + firstRow + row)
        guard let problem else { continue }
        let offset =
          tensor.offset + UInt64(row * rowBytes) + UInt64(problem.block) * type.blockBytes
        switch problem.problem {
        case .badCode: throw .invalidTernaryCode(tensor: tensor.name, offset: offset)
        case .badScale: throw .nonFiniteWeight(tensor: tensor.name, row: row)
        case .unequalScales:
          throw .unequalScales(tensor: tensor.name, row: row, offset: offset)
        }
      }
    }
  }

  private static func start(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer {
    // Every tensor has at least one element (checked by the reader), so bytes.
    guard let start = bytes.baseAddress else { preconditionFailure("empty tensor") }
    return start
  }
}
