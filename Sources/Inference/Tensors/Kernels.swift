import CTernary

/// The kernels of one path through the machine, as the transformer calls them. This is the only
/// file that imports CTernary. All paths give the same bits; see `ternary.h` for how.
///
/// Pointers are not checked here: every buffer comes from `Workspace`, `KeyValueCache` or
/// `ModelWeights`, whose sizes follow from checked hyperparameters.
final class Kernels {
  /// A path, by its index in `ck_kernels_at`; safe to hand between threads.
  struct Path: Sendable, Equatable {
    let index: Int
    let name: String

    /// The likeliest tokens, as many as fit: likeliest first, the lower id first among equals;
    /// what is not a number counts as impossible.
    ///
    /// - Returns: how many there are.
    func top(
      _ logits: UnsafeBufferPointer<Float>, tokens: UnsafeMutableBufferPointer<TokenID>,
      values: UnsafeMutableBufferPointer<Float>
    ) -> Int {
      guard let table = ck_kernels_at(index), let start = logits.baseAddress,
        let tokens = tokens.baseAddress, let first = values.baseAddress
      else { return 0 }
      return table.pointee.top(start, logits.count, values.count, tokens, first)
    }

    /// Whether the path finds the highest row of a matrix by a sketch.
    var makesSketches: Bool {
      guard let table = ck_kernels_at(index) else { return false }
      return table.pointee.sketch != nil && table.pointee.bounds != nil
    }

    /// How weights lie that are read from memory, not from a cache.
    var layout: TernaryLayout { ck_layout_at(index) == CK_FIVE_TRITS ? .fiveTrits : .twoBits }
  }

  /// How many threads share work, and when.
  struct Threads: Sendable {
    /// At least 1.
    let count: Int
    /// Multiplications that are worth sharing out: what takes less time than another thread
    /// takes to notice it is not. 0 shares whatever there is.
    var leastWork = 1 << 19
  }

  private let table: UnsafePointer<ck_kernels>
  private let workers: OpaquePointer
  let path: Path

  /// Opens a path that `Path.available` listed; any other falls to the reference, which every
  /// machine has and which gives the same bits.
  ///
  /// - Parameter threads: threads that share the work of a step; the results do not depend on it.
  init(_ path: Path, threads: Threads) {
    // A few hundred bytes: without them nothing else would work either.
    guard let workers = ck_workers_create(max(1, threads.count), threads.leastWork) else {
      preconditionFailure("no memory")
    }
    self.workers = workers
    if let table = ck_kernels_at(path.index) {
      self.table = table
      self.path = path
    } else {
      // Index 0 exists on every machine: `dispatch.c` returns a static table for it.
      guard let table = ck_kernels_at(0) else { preconditionFailure("no reference kernels") }
      self.table = table
      self.path = Path(index: 0, name: String(cString: table.pointee.name))
    }
  }

  deinit { ck_workers_destroy(workers) }

  // MARK: Linear layers

  /// out (count, stride) = `matrix` times each row's int8 activations.
  func multiply(
    _ matrix: TernaryMatrix, in arena: UnsafeRawPointer, _ activations: QuantisedRows,
    count: Int, into out: UnsafeMutablePointer<Float>, stride: Int
  ) {
    var weights = ck_ternary_matrix(
      codes: (arena + matrix.codesOffset).assumingMemoryBound(to: UInt8.self),
      scales: (arena + matrix.scalesOffset).assumingMemoryBound(to: Float.self),
      rows: matrix.paddedRows, columns: matrix.columns, scale_columns: matrix.scaleColumns,
      layout: matrix.layout.packed)
    var rows = ck_activations(
      codes: activations.codes, scales: activations.scales, sums: activations.sums,
      block_sums: activations.blockSums, stride: activations.stride, count: count)
    ck_workers_ternary_matmul(workers, table, &weights, &rows, out, stride)
  }

  /// out (count, stride) = `matrix` times each row of x (count, xStride).
  func multiply(
    _ matrix: Matrix, in arena: UnsafeRawPointer, floats x: UnsafePointer<Float>, xStride: Int,
    count: Int, into out: UnsafeMutablePointer<Float>, stride: Int
  ) {
    var weights = matrix.view(in: arena)
    ck_workers_float_matmul(workers, table, &weights, x, xStride, count, out, stride)
  }

  /// Fills the sketch of a matrix.
  func sketch(_ matrix: Matrix, in arena: UnsafeRawPointer, into sketch: HeadSketch) {
    var weights = matrix.view(in: arena)
    var view = sketch.view(weights)
    ck_workers_sketch(workers, table, &weights, &view)
  }

  /// Tokens that share a scan of a sketch.
  static let questionsAtOnce = Int(CK_QUESTIONS_AT_ONCE)
  /// The most rows that ``highest`` keeps.
  static let highestAtMost = Int(CK_HIGHEST_AT_MOST)
  /// Bytes that ``highest`` needs besides, for a head of `rows` and a sketch of it of `columns`.
  static func highestScratch(_ rows: Int, _ columns: Int) -> Int {
    ck_highest_scratch(rows, columns)
  }

  /// out (count, stride) = `matrix` times each row of x (count, columns) for every row of the matrix
  /// that can be among the `keep` highest, else -infinity.
  ///
  /// - Returns: how many groups of 16 rows were worked out.
  @discardableResult
  func highest(
    _ keep: Int, of matrix: Matrix, in arena: UnsafeRawPointer, by sketch: HeadSketch,
    floats x: UnsafePointer<Float>, count: Int, into out: UnsafeMutablePointer<Float>,
    stride: Int
  ) -> Int {
    var weights = matrix.view(in: arena)
    var view = sketch.view(weights)
    return ck_workers_highest(
      workers, table, &weights, &view, x, count, matrix.rows, keep, sketch.scratch, out,
      stride)
  }

  /// Adds up some tens of millions of products of int8 numbers as fast as the machine can.
  ///
  /// - Returns: how many; 0 where the path has no instruction for it.
  func multiplyAtPeak() -> Int { table.pointee.multiply_at_peak.map { $0(100_000) } ?? 0 }

  // MARK: Rows

  /// Does `step` for each of `count` rows, on several threads where that is worth it: rows do not
  /// depend on each other. `step` is told `context`, the row and the thread.
  ///
  /// - Parameter elements: numbers of a row that the step goes through.
  func forEachRow(
    _ count: Int, elements: Int, of context: UnsafeMutableRawPointer,
    _ step: @convention(c) (UnsafeMutableRawPointer, _ row: Int, _ thread: Int) -> Void
  ) {
    ck_workers_rows(
      workers, step, context, count, count * elements * Kernels.workOfElement)
  }

  /// How many multiplications of a product take as long as an element of a norm or the like.
  private static let workOfElement = 100

  /// out (count) = x * 1/sqrt(mean square + epsilon) * weight.
  func normalise(
    _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, epsilon: Float, count: Int,
    into out: UnsafeMutablePointer<Float>
  ) {
    table.pointee.rms_norm(x, weight, epsilon, count, out)
  }

  /// Row `row` of `rows` = x (count) as int8 with its scale and sum.
  func quantise(_ x: UnsafePointer<Float>, count: Int, into rows: QuantisedRows, row: Int) {
    table.pointee.quantise(
      x, count, rows.codes + row * rows.stride, rows.scales + row, rows.sums + row)
  }

  /// Blocks of 64 codes of row `row`, which holds `count`, are summed.
  func sumBlocks(of rows: QuantisedRows, row: Int, count: Int) {
    ck_block_sums(
      rows.codes + row * rows.stride, count, rows.blockSums + row * (rows.stride / 64))
  }

  /// out (count) = function(gate) * up.
  func multiplyGated(
    _ function: Architecture.Gate, gate: UnsafePointer<Float>, up: UnsafePointer<Float>,
    count: Int, into out: UnsafeMutablePointer<Float>
  ) {
    switch function {
    case .silu: table.pointee.silu_multiply(gate, up, count, out)
    case .squaredReLU: table.pointee.squared_relu_multiply(gate, up, count, out)
    }
  }

  /// x (count) += y (count).
  func add(_ y: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>, count: Int) {
    table.pointee.add(x, y, count)
  }

  /// x (count) += factor * y (count).
  func add(
    _ y: UnsafePointer<Float>, times factor: Float, to x: UnsafeMutablePointer<Float>, count: Int
  ) {
    ck_add_scaled(x, y, factor, count)
  }

  /// Turns x (heads, headSize) by the angles of one position (half); pairs are halves of a head
  /// or neighbours.
  func rotate(
    _ x: UnsafeMutablePointer<Float>, heads: Int, headSize: Int,
    cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>, half: Int, neighbours: Bool
  ) {
    table.pointee.rope(x, heads, headSize, cosines, sines, half, neighbours ? 1 : 0)
  }

  /// Writes one key and one value (headSize) to a position of a slot, as f16.
  func store(
    key: UnsafePointer<Float>, value: UnsafePointer<Float>, headSize: Int, position: Int,
    in history: HeadHistory
  ) {
    table.pointee.store(
      key, value, headSize, position % 16, history.keys + position / 16 * 16 * headSize,
      history.values + position * headSize)
  }

  /// out (count, outStride) = attention of each row of a step in one layer: softmax(query . keys *
  /// scale) . values over its own position and those before it.
  func attend(
    _ places: UnsafePointer<RowPlace>, count: Int, in cache: KeyValueCache, layer: Int,
    sizes: Hyperparameters, queries: UnsafePointer<Float>, queryStride: Int, scores: ScoreBuffer,
    into out: UnsafeMutablePointer<Float>, outStride: Int
  ) {
    var step = ck_attention_step(
      places: places, count: count, layer: layer * cache.layerElements,
      stream: cache.streamElements, key_heads: sizes.keyHeadCount,
      queries_per_key: sizes.headCount / sizes.keyHeadCount, head_size: sizes.headSize,
      scale: 1 / Float(sizes.headSize).squareRoot(), queries: queries, query_stride: queryStride,
      out: out, out_stride: outStride, scores: scores.start, scores_stride: scores.stride)
    ck_workers_attention(workers, table, &step)
  }

  /// out (columns) = a row of a matrix as floats.
  func readRow(
    _ row: Int, of matrix: Matrix, in arena: UnsafeRawPointer,
    into out: UnsafeMutablePointer<Float>
  ) {
    var weights = matrix.view(in: arena)
    ck_dense_row(&weights, row, out)
  }
}

extension Matrix {
  /// The matrix as numbers; a ternary one's are its scales times -1, 0 and 1.
  fileprivate func view(in arena: UnsafeRawPointer) -> ck_dense_matrix {
    switch self {
    case .dense(let matrix):
      ck_dense_matrix(
        format: matrix.type.denseFormat,
        data: (arena + matrix.offset).assumingMemoryBound(to: UInt8.self), scales: nil,
        scale_columns: 0, rows: matrix.paddedRows, columns: matrix.columns)
    case .ternary(let matrix):
      ck_dense_matrix(
        format: CK_DENSE_TERNARY,
        data: (arena + matrix.codesOffset).assumingMemoryBound(to: UInt8.self),
        scales: (arena + matrix.scalesOffset).assumingMemoryBound(to: Float.self),
        scale_columns: matrix.scaleColumns, rows: matrix.paddedRows, columns: matrix.columns)
    }
  }
}

extension HeadSketch {
  /// - Parameter head: what it is a sketch of.
  fileprivate func view(_ head: ck_dense_matrix) -> ck_sketch {
    guard let codes else {
      return ck_sketch(matrix: head, own: nil, norms: norms, residuals: residuals)
    }
    let own = ck_dense_matrix(
      format: CK_DENSE_Q6_K, data: codes, scales: nil, scale_columns: 0, rows: head.rows,
      columns: columns)
    return ck_sketch(matrix: own, own: codes, norms: norms, residuals: residuals)
  }
}

extension QuantisedRows {
  /// The sum of a row's activations.
  func total(_ row: Int) -> Float { Float(sums[row]) * scales[row] }
}

extension TernaryLayout {
  fileprivate var packed: ck_ternary_layout {
    switch self {
    case .twoBits: CK_TWO_BITS
    case .fiveTrits: CK_FIVE_TRITS
    }
  }

  /// Bytes of a row's codes.
  func rowBytes(columns: Int) -> Int { ck_lines(packed, columns) * 64 / Int(CK_GROUP_ROWS) }
}

extension TensorType {
  fileprivate var denseFormat: ck_dense_format {
    switch self {
    case .f32: CK_DENSE_F32
    case .f16: CK_DENSE_F16
    case .bf16: CK_DENSE_BF16
    case .q8_0: CK_DENSE_Q8_0
    case .q4_0: CK_DENSE_Q4_0
    case .q4_1: CK_DENSE_Q4_1
    case .q5_0: CK_DENSE_Q5_0
    case .q5_1: CK_DENSE_Q5_1
    case .q4_k: CK_DENSE_Q4_K
    case .q5_k: CK_DENSE_Q5_K
    case .q6_k: CK_DENSE_Q6_K
    case .tq1_0, .tq2_0, .i2_s, .q2_0, .pq2_0, .ptq1_0: CK_DENSE_TERNARY
    }
  }

  fileprivate var ternaryFormat: ck_ternary_format {
    switch self {
    case .tq1_0: CK_TERNARY_TQ1_0
    case .i2_s: CK_TERNARY_I2_S
    case .q2_0: CK_TERNARY_Q2_0_64
    case .pq2_0: CK_TERNARY_Q2_0_128
    case .ptq1_0: CK_TERNARY_PTQ1_0
    default: CK_TERNARY_TQ2_0
    }
  }
}

extension Kernels.Path {
  /// The paths this machine can run, slowest first; the first is the scalar reference.
  static var available: [Kernels.Path] {
    (0..<Int(CK_PATHS)).compactMap { index in
      ck_kernels_at(index).map {
        Kernels.Path(index: index, name: String(cString: $0.pointee.name))
      }
    }
  }

  /// The path with this name, or the fastest for nil.
  ///
  /// - Throws: `kernelUnavailable` when this machine has no path of that name.
  static func named(_ name: String?) throws(InferenceError) -> Kernels.Path {
    let paths = available
    guard let name else { return paths[paths.count - 1] }
    guard let path = paths.first(where: { $0.name == name }) else {
      throw .kernelUnavailable(name, available: paths.map(\.name))
    }
    return path
  }
}

/// Where a row of a step stands: its slot's keys and values, and its position.
typealias RowPlace = ck_place

extension RowPlace {
  /// - Parameter cache: where the slot's first layer begins.
  init(_ position: Int, in cache: UnsafeMutablePointer<UInt16>) {
    self.init(cache: cache, position: position)
  }

  var place: (position: Int, cache: UnsafeMutablePointer<UInt16>) { (position, cache) }
}

/// Scratch for the scores of the queries that a thread works on at once.
struct ScoreBuffer {
  /// Queries that a path may work on at once.
  static let queries = Int(CK_QUERIES_AT_ONCE)

  let start: UnsafeMutablePointer<Float>  // (threads, stride)
  let stride: Int
}

/// Mathematics that gives the same bits on every machine, unlike the system's.
enum ExactMath {
  static func exp(_ x: Double) -> Double { ck_exp(x) }
  static func log(_ x: Double) -> Double { ck_log(x) }

  /// The sum of x (count) in order.
  static func sum(_ x: UnsafePointer<Float>, count: Int) -> Float { ck_sum(x, count) }

  /// Fills rows of cosines and sines (positions, half) of a rotary embedding.
  static func fillRotations(
    _ rotary: Rotary, positions: Range<Int>, cosines: UnsafeMutablePointer<Float>,
    sines: UnsafeMutablePointer<Float>
  ) {
    ck_rope_table(
      rotary.frequencies, rotary.factor, positions.lowerBound, positions.upperBound, rotary.half,
      cosines, sines)
  }

  /// Reads all of `bytes` once; the sum keeps the compiler from leaving the reads out.
  static func sumOfWords(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    guard let base = bytes.baseAddress else { return 0 }
    return ck_sum_words(base.assumingMemoryBound(to: UInt8.self), bytes.count)
  }
}

/// Turns rows of file blocks into rows of the packed layouts.
enum RowPacking {
  /// Packs a ternary row; `scales` (blocks) get the row's, where the type has any.
  ///
  /// - Returns: nil, or what is wrong with block `block` of the row.
  static func pack(
    _ source: UnsafeRawPointer, type: TensorType, columns: Int, row: Int, layout: TernaryLayout,
    codes: UnsafeMutableRawPointer, scales: UnsafeMutablePointer<Float>
  ) -> (problem: Problem, block: Int)? {
    var block = 0
    let status = ck_pack_ternary_row(
      type.ternaryFormat, source.assumingMemoryBound(to: UInt8.self), columns, row, layout.packed,
      codes.assumingMemoryBound(to: UInt8.self), scales, &block)
    switch status {
    case CK_PACKED: return nil
    case CK_PACK_BAD_CODE: return (.badCode, block)
    default: return (.badScale, block)
    }
  }

  enum Problem { case badCode, badScale }

  /// Whether each row of a ternary tensor has one scale, apart from blocks of zeros.
  static func hasOneScaleARow(
    _ source: UnsafeRawBufferPointer, _ type: TensorType, _ columns: Int, _ rows: Int
  ) -> Bool {
    guard let start = source.baseAddress else { return true }
    let rowBytes = columns / Int(type.blockElements) * Int(type.blockBytes)
    let bytes = start.assumingMemoryBound(to: UInt8.self)
    return (0..<rows).allSatisfy { row in
      var scale: Float = 0
      return ck_ternary_row_scale(type.ternaryFormat, bytes + row * rowBytes, columns, &scale) != 0
    }
  }

  /// Writes rows of a dense tensor to rows of a matrix from `firstRow` on.
  ///
  /// - Returns: the index among them of a row with an element, or the scale of a block, that is
  ///   not finite; nil where there is none.
  static func packDense(
    _ source: UnsafeRawPointer, type: TensorType, columns: Int, firstRow: Int, rows: Int,
    data: UnsafeMutableRawPointer
  ) -> Int? {
    let row = ck_pack_dense_rows(
      source.assumingMemoryBound(to: UInt8.self), type.denseFormat, columns, firstRow, rows,
      data.assumingMemoryBound(to: UInt8.self))
    return row < 0 ? nil : row
  }

  /// Bytes that a dense matrix of `rows` (a multiple of 16) takes.
  static func denseBytes(_ type: TensorType, rows: Int, columns: Int) -> Int {
    ck_dense_bytes(type.denseFormat, rows, columns)
  }
}
