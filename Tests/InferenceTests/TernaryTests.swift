import CTernary
import Testing

@testable import Inference

/// The product of ternary matrices: integer sums by every path, and the same numbers as floats.
@Suite struct TernaryTests {
  /// A random product with one scale a row or more.
  struct Product {
    let (rows, columns, tokens, scaleColumns): (Int, Int, Int, Int)
    let layout: ck_ternary_layout
    let weights: [UInt8]  // (rows, columns): weight + 1
    let codes: [UInt8]
    let scales: [Float]
    let values: [Int8]  // (tokens, stride)
    let sums: [Int32]
    let blockSums: [Int32]
    let tokenScales: [Float]
    var stride: Int { roundedUp(columns, to: 64) }

    /// With `extreme` all codes and activations are the largest.
    init(
      rows: Int, columns: Int, tokens: Int, scaleColumns: Int, extreme: Bool = false,
      layout: ck_ternary_layout = CK_TWO_BITS
    ) {
      (self.rows, self.columns, self.layout) = (rows, columns, layout)
      (self.tokens, self.scaleColumns) = (tokens, scaleColumns)
      let stride = roundedUp(columns, to: 64)
      var random = SeededGenerator(seed: UInt64(columns + tokens))
      let codeCount: UInt64 = layout == CK_FIVE_TRITS ? 3 : 4
      let weights = (0..<rows * columns).map { _ in
        UInt8(extreme ? codeCount - 1 : (random.next() >> 20) % codeCount)
      }
      self.weights = weights
      codes = packed(weights, columns: columns, layout)
      scales = KernelTests.floats(rows * columns / scaleColumns, seed: 1)
      var values = [Int8](repeating: 0, count: tokens * stride)
      for token in 0..<tokens {
        for column in 0..<columns {
          values[token * stride + column] =
            extreme
            ? (token % 2 == 0 ? 127 : -127) : Int8(clamping: Int(random.next() % 255) - 127)
        }
      }
      self.values = values
      sums = (0..<tokens).map { t in
        values[t * stride..<(t + 1) * stride].reduce(Int32(0)) { $0 + Int32($1) }
      }
      var blockSums = [Int32](repeating: 0, count: tokens * stride / 64)
      for token in 0..<tokens {
        for block in 0..<stride / 64 {
          let start = token * stride + block * 64
          let sum = values[start..<start + 64].reduce(Int32(0)) { $0 + Int32($1) }
          blockSums[token * stride / 64 + block] = sum
        }
      }
      self.blockSums = blockSums
      tokenScales = KernelTests.floats(tokens, seed: 2)
    }

    /// A weight as a whole number: its code less 1.
    func weight(_ row: Int, _ column: Int) -> Int { Int(weights[row * columns + column]) - 1 }

    func scale(_ row: Int, _ column: Int) -> Float {
      scales[(row / 16 * (columns / scaleColumns) + column / scaleColumns) * 16 + row % 16]
    }

    func run(
      _ body: (inout ck_ternary_matrix, inout ck_activations, inout ck_dense_matrix) -> Void
    ) throws {
      try codes.withUnsafeBufferPointer { codes in
        try scales.withUnsafeBufferPointer { scales in
          try values.withUnsafeBufferPointer { values in
            try sums.withUnsafeBufferPointer { sums in
              try blockSums.withUnsafeBufferPointer { blockSums in
                try tokenScales.withUnsafeBufferPointer { tokenScales in
                  var matrix = ck_ternary_matrix(
                    codes: try #require(codes.baseAddress),
                    scales: try #require(scales.baseAddress), rows: rows, columns: columns,
                    scale_columns: scaleColumns, layout: layout)
                  var activations = ck_activations(
                    codes: try #require(values.baseAddress),
                    scales: try #require(tokenScales.baseAddress),
                    sums: try #require(sums.baseAddress), block_sums: blockSums.baseAddress,
                    stride: stride, count: tokens)
                  var dense = ck_dense_matrix(
                    format: CK_DENSE_TERNARY, data: matrix.codes, scales: matrix.scales,
                    scale_columns: scaleColumns, rows: rows, columns: columns)
                  body(&matrix, &activations, &dense)
                }
              }
            }
          }
        }
      }
    }
  }

  static let shapes: [(rows: Int, tokens: Int, extreme: Bool)] = [
    (16, 1, true), (32, 1, false), (48, 1, false), (48, 2, true), (48, 3, false), (64, 8, true),
    (48, 19, true),
  ]

  /// Each number of tokens has a tile of its own.
  @Test(arguments: KernelTests.paths, 1...26)
  func anyNumberOfTokensEqualsTheReference(path: Int, tokens: Int) throws {
    for columns in [272, 1024] {
      try check(path, columns: columns, scaleColumns: columns, shapes: [(48, tokens, true)])
    }
  }

  @Test(
    arguments: KernelTests.paths,
    [(16, 16), (48, 48), (256, 256), (768, 768), (1040, 1040), (4096, 4096)])
  func rowsWithOneScaleEqualTheReference(path: Int, columns: (Int, Int)) throws {
    try check(path, columns: columns.0, scaleColumns: columns.1)
  }

  @Test(arguments: KernelTests.paths, [(256, 64), (1536, 64), (512, 128), (768, 256)])
  func rowsWithSeveralScalesEqualTheReference(path: Int, columns: (Int, Int)) throws {
    try check(path, columns: columns.0, scaleColumns: columns.1)
  }

  @Test(arguments: KernelTests.paths, 1...26)
  func fiveTritsAByteEqualTheReference(path: Int, tokens: Int) throws {
    for columns in [16, 272, 1024] {
      try check(
        path, columns: columns, scaleColumns: columns,
        shapes: [(48, tokens, true), (48, tokens, false), (16, tokens, false)],
        layout: CK_FIVE_TRITS)
    }
  }

  func check(
    _ path: Int, columns: Int, scaleColumns: Int,
    shapes: [(rows: Int, tokens: Int, extreme: Bool)] = shapes,
    layout: ck_ternary_layout = CK_TWO_BITS
  ) throws {
    let kernels = try KernelTests.kernels(path)
    for shape in shapes {
      let product = Product(
        rows: shape.rows, columns: columns, tokens: shape.tokens, scaleColumns: scaleColumns,
        extreme: shape.extreme, layout: layout)
      var ours = [Float](repeating: 0, count: shape.tokens * shape.rows)
      var theirs = ours
      try product.run { matrix, activations, _ in
        kernels.ternary_matmul(&matrix, &activations, &ours, shape.rows, 0, shape.rows / 16)
        ck_ternary_matmul_reference(
          &matrix, &activations, &theirs, shape.rows, 0, shape.rows / 16)
      }
      #expect(KernelTests.bits(ours) == KernelTests.bits(theirs), "\(shape)")
    }
  }

  @Test(arguments: [(48, 48), (256, 256), (256, 64), (512, 128)])
  func integerSumsAreExact(columns: (Int, Int)) throws {
    try checkSums(columns, CK_TWO_BITS)
    if columns.0 == columns.1 { try checkSums(columns, CK_FIVE_TRITS) }
  }

  func checkSums(_ columns: (Int, Int), _ layout: ck_ternary_layout) throws {
    let product = Product(
      rows: 16, columns: columns.0, tokens: 2, scaleColumns: columns.1, layout: layout)
    var ours = [Float](repeating: 0, count: 32)
    try product.run { matrix, activations, _ in
      ck_ternary_matmul_reference(&matrix, &activations, &ours, 16, 0, 1)
    }
    for token in 0..<2 {
      for row in 0..<16 {
        var blocks: [Float] = []
        for start in stride(from: 0, to: columns.0, by: columns.1) {
          let sum = (start..<start + columns.1).reduce(0) {
            $0 + product.weight(row, $1) * Int(product.values[token * product.stride + $1])
          }
          blocks.append(Float(sum))
        }
        let scale = product.tokenScales[token]
        let expected =
          blocks.count == 1
          ? (blocks[0] * scale) * product.scale(row, 0)
          : blocks.indices.reduce(Float(0)) {
            $0 + blocks[$1] * product.scale(row, $1 * columns.1)
          } * scale
        #expect(ours[token * 16 + row] == expected)
      }
    }
  }

  @Test(arguments: KernelTests.paths, [(48, 48), (272, 272), (256, 64), (512, 128)])
  func exactActivationsReadTheSameNumbersAsFloats(path: Int, columns: (Int, Int)) throws {
    let kernels = try KernelTests.kernels(path)
    let product = Product(rows: 32, columns: columns.0, tokens: 5, scaleColumns: columns.1)
    let x = KernelTests.floats(5 * columns.0, seed: 9)
    var ours = [Float](repeating: 0, count: 5 * 32)
    var (theirs, spread) = (ours, ours)
    // The same matrix spread out as f32.
    var floats = [Float](repeating: 0, count: 32 * columns.0)
    for row in 0..<32 {
      for column in 0..<columns.0 {
        floats[(row / 16 * columns.0 + column) * 16 + row % 16] =
          Float(product.weight(row, column)) * product.scale(row, column)
      }
    }
    try product.run { _, _, dense in
      kernels.float_matmul(&dense, x, columns.0, 5, &ours, 32, 0, 2)
      ck_float_matmul_reference(&dense, x, columns.0, 5, &theirs, 32, 0, 2)
    }
    try floats.withUnsafeBytes { bytes in
      let start = try #require(bytes.baseAddress).assumingMemoryBound(to: UInt8.self)
      var matrix = ck_dense_matrix(
        format: CK_DENSE_F32, data: start, scales: nil, scale_columns: 0, rows: 32,
        columns: columns.0)
      ck_float_matmul_reference(&matrix, x, columns.0, 5, &spread, 32, 0, 2)
    }
    #expect(KernelTests.bits(ours) == KernelTests.bits(theirs))
    #expect(KernelTests.bits(ours) == KernelTests.bits(spread))
  }
}

/// Weights + 1 (rows, columns) in a packed layout, by its description.
func packed(_ weights: [UInt8], columns: Int, _ layout: ck_ternary_layout) -> [UInt8] {
  let rows = weights.count / columns
  let (width, lines) = (layout == CK_FIVE_TRITS ? 20 : 16, ck_lines(layout, columns))
  var bytes = [UInt8](repeating: 0, count: roundedUp(rows, to: 16) / 16 * lines * 64)
  for row in 0..<rows {
    for line in 0..<lines {
      for byte in 0..<4 {
        let codes = (0..<width / 4).map { field in
          let column = width * line + 4 * field + byte
          return column < columns ? Int(weights[row * columns + column]) : 0
        }
        bytes[(row / 16 * lines + line) * 64 + row % 16 * 4 + byte] = packedByte(codes)
      }
    }
  }
  return bytes
}

/// A byte of four codes of two bits or of five trits.
private func packedByte(_ codes: [Int]) -> UInt8 {
  if codes.count == 4 { return UInt8(codes.reversed().reduce(0) { $0 * 4 + $1 }) }
  let low = codes[..<4].reversed().reduce(0) { $0 * 3 + $1 }
  return UInt8(low < 63 ? 64 * codes[4] + low : 192 + low - 63 + 18 * codes[4])
}
