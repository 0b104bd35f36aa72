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
  }

  private let table: UnsafePointer<ck_kernels>
  private let workers: OpaquePointer
  let path: Path

  /// Opens a path that `Path.available` listed; any other falls to the reference, which every
  /// machine has and which gives the same bits.
  ///
  /// - Parameter threads: threads that share the rows of a product, at least 1; the results do
  ///   not depend on it.
  init(_ path: Path, threads: Int) {
    // A few hundred bytes: without them nothing else would work either.
    guard let workers = ck_workers_create(threads) else { preconditionFailure("no memory") }
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
      rows: matrix.paddedRows, columns: matrix.columns)
    var rows = ck_activations(
      codes: activations.codes, scales: activations.scales, sums: activations.sums,
      stride: activations.stride, count: count)
    ck_workers_ternary_matmul(workers, table, &weights, &rows, out, stride)
  }

  /// out (count, stride) = `matrix` times each row of x (count, xStride).
  func multiply(
    _ matrix: DenseMatrix, in arena: UnsafeRawPointer, _ x: UnsafePointer<Float>, xStride: Int,
    count: Int, into out: UnsafeMutablePointer<Float>, stride: Int
  ) {
    var weights = matrix.view(in: arena)
    ck_workers_float_matmul(workers, table, &weights, x, xStride, count, out, stride)
  }

  // MARK: Rows

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

  /// out (count) = silu(gate) * up.
  func siluMultiply(
    gate: UnsafePointer<Float>, up: UnsafePointer<Float>, count: Int,
    into out: UnsafeMutablePointer<Float>
  ) {
    table.pointee.silu_multiply(gate, up, count, out)
  }

  /// x (count) += y (count).
  func add(_ y: UnsafePointer<Float>, to x: UnsafeMutablePointer<Float>, count: Int) {
    table.pointee.add(x, y, count)
  }

  /// Turns x (heads, headSize) by the angles of one position (half).
  func rotate(
    _ x: UnsafeMutablePointer<Float>, heads: Int, headSize: Int,
    cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>, half: Int
  ) {
    ck_rope(x, heads, headSize, cosines, sines, half)
  }

  /// Writes one key and one value (headSize) to a position of a slot, as f16.
  func store(
    key: UnsafePointer<Float>, value: UnsafePointer<Float>, headSize: Int, position: Int,
    in history: HeadHistory
  ) {
    let block = position / 16 * history.blockStride
    table.pointee.store(
      key, value, headSize, position % 16, history.keys + block, history.values + block)
  }

  /// out (headSize) = softmax(query . keys * scale) . values over `count` positions.
  func attend(
    query: UnsafePointer<Float>, history: HeadHistory, count: Int, headSize: Int, scale: Float,
    scores: UnsafeMutablePointer<Float>, into out: UnsafeMutablePointer<Float>
  ) {
    var history = ck_history(
      keys: history.keys, values: history.values, block_stride: history.blockStride,
      count: count, head_size: headSize)
    table.pointee.attention(query, &history, scale, scores, out)
  }

  /// out (columns) = row `row` of a dense matrix.
  func gather(
    _ matrix: DenseMatrix, in arena: UnsafeRawPointer, row: Int,
    into out: UnsafeMutablePointer<Float>
  ) {
    var weights = matrix.view(in: arena)
    ck_dense_row(&weights, row, out)
  }
}

extension DenseMatrix {
  fileprivate func view(in arena: UnsafeRawPointer) -> ck_dense_matrix {
    ck_dense_matrix(
      format: type.denseFormat, data: (arena + offset).assumingMemoryBound(to: UInt8.self),
      scales: nil, scale_columns: 0, rows: paddedRows, columns: columns)
  }
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
    case .tq1_0, .tq2_0: CK_DENSE_TERNARY
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

/// Mathematics that gives the same bits on every machine, unlike the system's.
enum ExactMath {
  static func exp(_ x: Double) -> Double { ck_exp(x) }
  static func log(_ x: Double) -> Double { ck_log(x) }

  /// Fills rows of cosines and sines (positions, half) for angles position * base^(-i/half).
  static func fillRotations(
    base: Double, positions: Range<Int>, half: Int, cosines: UnsafeMutablePointer<Float>,
    sines: UnsafeMutablePointer<Float>
  ) {
    ck_rope_table(base, positions.lowerBound, positions.upperBound, half, cosines, sines)
  }

  /// Reads all of `bytes` once; the sum keeps the compiler from leaving the reads out.
  static func sumOfWords(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    guard let base = bytes.baseAddress else { return 0 }
    return ck_sum_words(base.assumingMemoryBound(to: UInt8.self), bytes.count)
  }
}

/// Turns rows of file blocks into rows of the packed layouts.
enum RowPacking {
  /// Packs a ternary row.
  ///
  /// - Returns: nil, or what is wrong with block `block` of the row.
  static func pack(
    _ source: UnsafeRawPointer, type: TensorType, columns: Int, row: Int,
    codes: UnsafeMutableRawPointer, scale: UnsafeMutablePointer<Float>
  ) -> (problem: Problem, block: Int)? {
    var block = 0
    let bytes = source.assumingMemoryBound(to: UInt8.self)
    let packed = codes.assumingMemoryBound(to: UInt8.self)
    let status =
      type == .tq1_0
      ? ck_pack_row_tq1_0(bytes, columns, row, packed, scale, &block)
      : ck_pack_row_tq2_0(bytes, columns, row, packed, scale, &block)
    switch status {
    case CK_PACKED: return nil
    case CK_PACK_BAD_CODE: return (.badCode, block)
    case CK_PACK_BAD_SCALE: return (.badScale, block)
    default: return (.unequalScales, block)
    }
  }

  enum Problem { case badCode, badScale, unequalScales }

  /// Writes a row of a dense tensor to row `row` of a matrix; false when an element or the scale
  /// of a block is not finite.
  static func packDense(
    _ source: UnsafeRawPointer, type: TensorType, columns: Int, row: Int,
    data: UnsafeMutableRawPointer
  ) -> Bool {
    ck_pack_dense_row(
      source.assumingMemoryBound(to: UInt8.self), type.denseFormat, columns, row,
      data.assumingMemoryBound(to: UInt8.self)) < 0
  }

  /// Bytes that a dense matrix of `rows` (a multiple of 16) takes.
  static func denseBytes(_ type: TensorType, rows: Int, columns: Int) -> Int {
    ck_dense_bytes(type.denseFormat, rows, columns)
  }
}
