/// Linear maps that read the same activations and write side by side.
struct Projection: Sendable, Equatable {
  let linears: [Linear]
  /// Whether a linear map reads int8 activations.
  let readsCodes: Bool
  /// Whether a linear map reads float activations.
  let readsFloats: Bool

  init(_ linears: [Linear]) {
    self.linears = linears
    readsCodes = linears.contains { !$0.readsFloats }
    readsFloats = linears.contains { $0.readsFloats }
  }

  var byteCount: Int { linears.reduce(0) { $0 + $1.matrix.byteCount } }
}

/// One matrix product.
struct Linear: Sendable, Equatable {
  let matrix: Matrix
  /// Where its outputs begin among those of its projection.
  let firstOutput: Int

  /// Whether it reads float activations, not int8 ones: dense matrices were trained without
  /// quantised activations.
  var readsFloats: Bool {
    switch matrix {
    case .ternary: false
    case .dense: true
    }
  }
}
