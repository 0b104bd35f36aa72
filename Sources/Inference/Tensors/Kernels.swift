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

  /// out (count, stride) = a float table times each row of x (count, xStride).
  func multiply(
    _ matrix: FloatMatrix, in arena: UnsafeRawPointer, _ x: UnsafePointer<Float>, xStride: Int,
    count: Int, into out: UnsafeMutablePointer<Float>, stride: Int
  ) {
    ck_workers_float_matmul(
      workers, table, (arena + matrix.offset).assumingMemoryBound(to: Float.self),
      matrix.paddedRows, matrix.columns, x, xStride, count, out, stride)
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

  /// out (columns) = row `row` of a float table.
  func gather(
    _ matrix: FloatMatrix, in arena: UnsafeRawPointer, row: Int,
    into out: UnsafeMutablePointer<Float>
  ) {
    ck_gather_row(
      (arena + matrix.offset).assumingMemoryBound(to: Float.self), matrix.columns, row, out)
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

  /// Spreads a row of a float table to its lane; false when an element is not finite.
  static func interleave(
    _ source: UnsafeRawPointer, type: TensorType, columns: Int, row: Int,
    weights: UnsafeMutablePointer<Float>
  ) -> Bool {
    let format: ck_float_format =
      switch type {
      case .f16: CK_FLOAT_F16
      case .q8_0: CK_FLOAT_Q8_0
      default: CK_FLOAT_F32
      }
    let bytes = source.assumingMemoryBound(to: UInt8.self)
    return ck_interleave_row(bytes, format, columns, row, weights) < 0
  }
}
