/// Linear maps that read the same activations and write side by side.
struct Projection: Sendable, Equatable {
  /// In the order they are worked out in.
  let linears: [Linear]
  /// Whether a linear map reads the activations as int8.
  let readsCodes: Bool
  /// Whether a linear map reads the activations as floats, or normalises them once more.
  let readsFloats: Bool
  /// Whether a linear map needs the sums of blocks of codes.
  let readsBlockSums: Bool

  init(_ linears: [Linear]) {
    // Codes of activations with a norm of their own replace those that the others share.
    self.linears = linears.filter { $0.norm == nil } + linears.filter { $0.norm != nil }
    readsCodes = linears.contains { $0.norm == nil && !$0.readsFloats }
    readsFloats = linears.contains { $0.norm != nil || $0.readsFloats }
    readsBlockSums = linears.contains { $0.readsBlockSums }
  }

  /// Bytes a full product reads.
  var byteCount: Int { linears.reduce(0) { $0 + $1.byteCount } }
}

/// One matrix product and what belongs to it.
struct Linear: Sendable, Equatable {
  let matrix: Matrix
  /// Where its outputs begin among those of its projection.
  let firstOutput: Int
  /// Whether it reads float activations, not int8 ones. Dense matrices do: they were trained
  /// without quantised activations. Ternary ones do where exact activations are asked for.
  let readsFloats: Bool
  /// A norm of its own on the activations it reads ("An Extra RMSNorm is All You Need").
  let norm: FloatVector?  // (columns)
  /// Added to the outputs, once a token (Tequila's biases among others).
  let bias: FloatVector?  // (rows)
  /// Added to every weight of a row: outputs get the activations' sum times it (TernaryLLM's
  /// asymmetric ternary weights).
  let shift: FloatVector?  // (rows)

  var readsBlockSums: Bool {
    if case .ternary(let matrix) = matrix { return !readsFloats && matrix.scaleCount > 1 }
    return false
  }

  var byteCount: Int {
    matrix.byteCount + [norm, bias, shift].reduce(0) { $0 + ($1?.count ?? 0) * 4 }
  }
}

/// What the activations of ternary layers are rounded to.
public enum Activations: String, Sendable, CaseIterable {
  /// int8, one scale a token: what BitNet models are trained with.
  case int8
  /// Not rounded: for models trained without quantised activations.
  case exact
}
