/// A matrix in the layout the kernels read.
enum Matrix: Sendable, Equatable {
  /// Multiplied with int8 activations by exact integer sums, or with float activations.
  case ternary(TernaryMatrix)
  /// Multiplied with float activations.
  case dense(DenseMatrix)

  var rows: Int {
    switch self {
    case .ternary(let matrix): matrix.rows
    case .dense(let matrix): matrix.rows
    }
  }

  var columns: Int {
    switch self {
    case .ternary(let matrix): matrix.columns
    case .dense(let matrix): matrix.columns
    }
  }

  /// Bytes a full product reads.
  var byteCount: Int {
    switch self {
    case .ternary(let matrix): matrix.byteCount
    case .dense(let matrix): matrix.byteCount
    }
  }
}

/// A ternary matrix in the packed layout: where it lies in the weights' arena.
///
/// Codes are (paddedRows/16, lines, 64 bytes): a 64-byte line holds 16 or 20 columns of 16 rows,
/// so that one register is 16 rows and no sum runs across lanes. Scales are (paddedRows/16,
/// columns/scaleColumns, 16).
struct TernaryMatrix: Sendable, Equatable {
  let rows: Int
  let columns: Int
  let layout: TernaryLayout
  /// Columns that share a scale: all, or a file's block.
  let scaleColumns: Int
  /// Bytes from the arena's start, a multiple of 64.
  let codesOffset: Int
  /// Bytes from the arena's start, a multiple of 64.
  let scalesOffset: Int

  /// Rows rounded up to whole groups; the padding holds weight 0 with scale 0.
  var paddedRows: Int { roundedUp(rows, to: 16) }
  /// Scales of a row.
  var scaleCount: Int { columns / scaleColumns }
  /// Bytes a full product reads: the codes and the scales.
  var byteCount: Int {
    paddedRows * layout.rowBytes(columns: columns) + paddedRows * scaleCount * 4
  }

  /// Where a row's scale for a block lies among the scales.
  func scaleIndex(row: Int, block: Int) -> Int {
    (row / 16 * scaleCount + block) * 16 + row % 16
  }
}

/// How ternary weights are packed; `ck_ternary_layout` has the details.
enum TernaryLayout: Sendable {
  /// Four weights a byte.
  case twoBits
  /// Five weights a byte: what a large model's decoding needs least time for where the path has
  /// the instructions, since memory sets its pace.
  case fiveTrits
}

/// A dense matrix: the numbers of its file, 16 rows to a register.
struct DenseMatrix: Sendable, Equatable {
  let rows: Int
  let columns: Int
  let type: TensorType
  /// Bytes from the arena's start, a multiple of 64.
  let offset: Int

  /// Rows rounded up to whole groups; the padding holds zeros.
  var paddedRows: Int { roundedUp(rows, to: 16) }
  var byteCount: Int { DenseMatrix.byteCount(rows: rows, columns: columns, type: type) }

  static func byteCount(rows: Int, columns: Int, type: TensorType) -> Int {
    RowPacking.denseBytes(type, rows: roundedUp(rows, to: 16), columns: columns)
  }
}

/// A float vector in the arena.
struct FloatVector: Sendable, Equatable {
  let count: Int
  /// Bytes from the arena's start, a multiple of 64.
  let offset: Int
}

/// Rows of int8 activations with one scale and one sum each; borrowed from a `Workspace`.
struct QuantisedRows {
  let codes: UnsafeMutablePointer<Int8>  // (rows, stride)
  let scales: UnsafeMutablePointer<Float>  // (rows)
  let sums: UnsafeMutablePointer<Int32>  // (rows)
  let blockSums: UnsafeMutablePointer<Int32>  // (rows, stride/64): of each 64 codes
  let stride: Int  // a multiple of 64
}

/// `value` rounded up to a multiple of `step`.
func roundedUp(_ value: Int, to step: Int) -> Int { (value + step - 1) / step * step }

/// Hands out 64-byte-aligned offsets of an arena whose size is known only at the end.
struct ArenaPlan {
  private(set) var byteCount = 0

  /// Reserves `bytes` and returns where they begin.
  mutating func reserve(_ bytes: Int) -> Int {
    let offset = byteCount
    byteCount = roundedUp(byteCount + bytes, to: 64)
    return offset
  }

  mutating func ternary(
    rows: Int, columns: Int, layout: TernaryLayout, scaleColumns: Int
  ) -> TernaryMatrix {
    let padded = roundedUp(rows, to: 16)
    return TernaryMatrix(
      rows: rows, columns: columns, layout: layout, scaleColumns: scaleColumns,
      codesOffset: reserve(padded * layout.rowBytes(columns: columns)),
      scalesOffset: reserve(padded * columns / scaleColumns * 4))
  }

  mutating func dense(rows: Int, columns: Int, type: TensorType) -> DenseMatrix {
    let bytes = DenseMatrix.byteCount(rows: rows, columns: columns, type: type)
    return DenseMatrix(rows: rows, columns: columns, type: type, offset: reserve(bytes))
  }

  mutating func vector(_ count: Int) -> FloatVector {
    FloatVector(count: count, offset: reserve(count * 4))
  }
}
