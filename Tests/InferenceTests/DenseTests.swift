import CTernary
import Testing

@testable import Inference

/// Matrices of every dense type: what is read from a file, and the product with float rows.
@Suite struct DenseTests {
  /// A packed matrix of random rows, and those rows.
  struct Packed {
    let data: [UInt8]
    let values: [[Double]]  // (rows, columns)
    let columns: Int

    init(_ type: TensorType, rows: Int, columns: Int, seed: UInt64 = 1) {
      var random = SeededGenerator(seed: seed)
      let format = DenseBlocks.format(type)
      let padded = roundedUp(rows, to: 16)
      var data = [UInt8](repeating: 0, count: ck_dense_bytes(format, padded, columns))
      var values: [[Double]] = []
      for row in 0..<rows {
        let bytes = DenseBlocks.row(type, columns: columns, &random)
        #expect(ck_pack_dense_row(bytes, format, columns, row, &data) == -1)
        values.append(DenseBlocks.values(type, bytes))
      }
      (self.data, self.values, self.columns) = (data, values, columns)
    }

    func withMatrix(_ type: TensorType, _ body: (inout ck_dense_matrix) -> Void) throws {
      try data.withUnsafeBufferPointer { data in
        var matrix = ck_dense_matrix(
          format: DenseBlocks.format(type), data: try #require(data.baseAddress), scales: nil,
          scale_columns: 0, rows: roundedUp(values.count, to: 16), columns: columns)
        body(&matrix)
      }
    }
  }

  @Test(arguments: DenseBlocks.types)
  func everyNumberOfARowIsWhatItsTypeSays(type: TensorType) throws {
    let packed = Packed(type, rows: 18, columns: 512)
    try packed.withMatrix(type) { matrix in
      for row in [0, 7, 15, 16, 17] {
        var ours = [Float](repeating: .nan, count: 512)
        ck_dense_row(&matrix, row, &ours)
        for (index, (value, expected)) in zip(ours, packed.values[row]).enumerated() {
          // One rounding to f32 of a product or a difference.
          #expect(
            abs(Double(value) - expected) <= abs(expected) * 1e-7 + 1e-9, "column \(index)")
        }
      }
    }
  }

  @Test(arguments: KernelTests.paths, DenseBlocks.types)
  func productsEqualTheReference(path: Int, type: TensorType) throws {
    let kernels = try KernelTests.kernels(path)
    let block = Int(type.blockElements)
    let lengths =
      block == 256 ? [256, 768] : block == 32 ? [32, 96, 288, 512] : [16, 48, 272, 528]
    for columns in lengths {
      let packed = Packed(type, rows: 48, columns: columns, seed: UInt64(columns))
      for tokens in [1, 3, 4, 9, 66] where tokens < 10 || columns == lengths[1] {
        let x = KernelTests.floats(tokens * columns, seed: 2)
        var ours = [Float](repeating: 0, count: tokens * 48)
        var theirs = ours
        try packed.withMatrix(type) { matrix in
          kernels.float_matmul(&matrix, x, columns, tokens, &ours, 48, 0, 1)
          kernels.float_matmul(&matrix, x, columns, tokens, &ours, 48, 1, 3)
          ck_float_matmul_reference(&matrix, x, columns, tokens, &theirs, 48, 0, 3)
        }
        #expect(KernelTests.bits(ours) == KernelTests.bits(theirs), "\(columns), \(tokens)")
      }
    }
  }

  @Test(arguments: DenseBlocks.types)
  func productsAreThoseOfDoublePrecision(type: TensorType) throws {
    let (columns, tokens) = (512, 2)
    let packed = Packed(type, rows: 16, columns: columns)
    let x = KernelTests.floats(tokens * columns, seed: 2)
    var ours = [Float](repeating: 0, count: tokens * 16)
    try packed.withMatrix(type) { matrix in
      ck_float_matmul_reference(&matrix, x, columns, tokens, &ours, 16, 0, 1)
    }
    for token in 0..<tokens {
      for row in 0..<16 {
        var (sum, size) = (0.0, 0.0)
        for column in 0..<columns {
          let product = packed.values[row][column] * Double(x[token * columns + column])
          sum += product
          size += abs(product)
        }
        #expect(abs(Double(ours[token * 16 + row]) - sum) < size * 1e-6)
      }
    }
  }

  @Test func whatIsNotFiniteIsFoundInEveryType() {
    for type in DenseBlocks.types {
      var random = SeededGenerator(seed: 5)
      let columns = 512
      let bytes = DenseBlocks.row(type, columns: columns, &random)
      let format = DenseBlocks.format(type)
      var data = [UInt8](repeating: 0, count: ck_dense_bytes(format, 16, columns))
      let last = bytes.count - Int(type.blockBytes)
      let at = last + (type == .q6_k ? 208 : type == .f32 ? 2 : 0)
      for bad in [[0x00, 0x7c], [0x01, 0xfe]] as [[UInt8]] {
        var damaged = bytes
        // The exponent of f32 and bf16 is longer than that of f16.
        let isLong = type == .f32 || type == .bf16
        damaged.replaceSubrange(at..<at + 2, with: isLong ? [0x80, bad[1] | 0x7f] : bad)
        let found = ck_pack_dense_row(damaged, format, columns, 3, &data)
        #expect(found == columns - Int(type.blockElements), "\(type.name)")
      }
    }
  }
}
