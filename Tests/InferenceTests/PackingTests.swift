import CTernary
import Testing

@testable import Inference

/// Ternary blocks of a file to the packed layout.
@Suite struct PackingTests {
  /// The weights + 1 of a row of the packed layout.
  static func codes(_ packed: [UInt8], columns: Int, row: Int) -> [UInt8] {
    (0..<columns).map { column in
      let line = (row / 16) * (columns / 16) + column / 16
      let byte = packed[line * 64 + row % 16 * 4 + column % 4]
      return (byte >> UInt8(2 * (column % 16 / 4))) & 3
    }
  }

  /// The bytes of 32 rows, all but one of them 0xff.
  static func lines(
    _ bytes: [UInt8], _ type: TensorType, columns: Int, row: Int, _ layout: ck_ternary_layout
  ) -> [UInt8] {
    var packed = [UInt8](repeating: 0xff, count: 2 * ck_lines(layout, columns) * 64)
    var scales = [Float](repeating: 7, count: columns / Int(type.blockElements))
    var block = 0
    _ = ck_pack_ternary_row(
      TernaryBlocks.format(type), bytes, columns, row, layout, &packed, &scales, &block)
    return packed
  }

  static func pack(
    _ bytes: [UInt8], _ type: TensorType, columns: Int, row: Int
  ) -> (codes: [UInt8], scales: [Float], status: ck_pack_status, block: Int) {
    var packed = [UInt8](repeating: 0xff, count: 2 * columns / 16 * 64)
    var scales = [Float](repeating: 7, count: columns / Int(type.blockElements))
    var block = 0
    let status = ck_pack_ternary_row(
      TernaryBlocks.format(type), bytes, columns, row, CK_TWO_BITS, &packed, &scales,
      &block)
    return (codes(packed, columns: columns, row: row), scales, status, block)
  }

  static func randomCodes(_ count: Int, below limit: UInt64 = 3, seed: UInt64) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in UInt8(random.next() % limit) }
  }

  @Test(arguments: TernaryBlocks.types)
  func everyCodeAndScaleArrivesInItsPlace(type: TensorType) {
    for row in [0, 7, 15, 16, 31] {
      let limit = TernaryBlocks.codeCount(type)
      let codes = Self.randomCodes(512, below: limit, seed: UInt64(row))
      // 0.5, 1, 2, …
      let blocks = 512 / Int(type.blockElements)
      let halves = (0..<blocks).map { UInt16(0x3800 + 0x400 * $0) }
      let bytes = TernaryBlocks.row(type, codes, scales: halves)
      #expect(bytes.count == blocks * Int(type.blockBytes))
      let result = Self.pack(bytes, type, columns: 512, row: row)
      #expect(result.status == CK_PACKED)
      #expect(result.codes == codes)
      let expected = type == .i2_s ? [7, 7, 7, 7] : halves.map { ck_half_to_float($0) }
      #expect(result.scales == expected)
    }
  }

  @Test(arguments: TernaryBlocks.types.filter(\.hasThreeCodes), [256, 512, 1280])
  func fiveTritsAByteAreTheSameRow(type: TensorType, columns: Int) {
    for row in [0, 15, 16, 31] {
      let codes = Self.randomCodes(columns, seed: UInt64(row))
      let scales = [UInt16](repeating: 0x3c00, count: columns / Int(type.blockElements))
      let bytes = TernaryBlocks.row(type, codes, scales: scales)
      // One row of `lines`, in the place it belongs.
      var expected = [UInt8](repeating: 0xff, count: 2 * ck_lines(CK_FIVE_TRITS, columns) * 64)
      let alone = packed(codes, columns: columns, CK_FIVE_TRITS)
      let lines = ck_lines(CK_FIVE_TRITS, columns)
      for line in 0..<lines {
        let place = (row / 16 * lines + line) * 64 + row % 16 * 4
        expected.replaceSubrange(place..<place + 4, with: alone[line * 64..<line * 64 + 4])
      }
      #expect(Self.lines(bytes, type, columns: columns, row: row, CK_FIVE_TRITS) == expected)
    }
  }

  @Test func everyByteOfABase3BlockHoldsItsFiveTrits() {
    for type in [TensorType.tq1_0, .ptq1_0] {
      let run = type == .tq1_0 ? 32 : 16
      for number in 0..<243 {
        let digits = [81, 27, 9, 3, 1].map { UInt8(number / $0 % 3) }
        var codes = [UInt8](repeating: 1, count: Int(type.blockElements))
        for (n, digit) in digits.enumerated() { codes[run * n + 3] = digit }
        let bytes = TernaryBlocks.block(type, codes, scale: 0x3c00)
        #expect(Self.pack(bytes, type, columns: codes.count, row: 2).codes == codes)
      }
    }
  }

  @Test func aCodeOfThreeIsFoundInAnyPlaceWhereATypeHasNone() {
    for type in [TensorType.tq2_0, .i2_s] {
      let size = Int(type.blockElements)
      for place in [0, 31, 100, size - 1] {
        var codes = [UInt8](repeating: 2, count: 512)
        codes[size + place] = 3
        let scales = [UInt16](repeating: 0x3c00, count: 512 / size)
        let result = Self.pack(
          TernaryBlocks.row(type, codes, scales: scales), type, columns: 512, row: 0)
        #expect(result.status == CK_PACK_BAD_CODE)
        #expect(result.block == 1)
      }
    }
  }

  @Test func aBlockWithScaleZeroIsAllZerosWhateverItsCodes() {
    let codes = Self.randomCodes(512, seed: 1)
    let bytes = TernaryBlocks.row(.tq2_0, codes, scales: [0, 0x3c00])
    let result = Self.pack(bytes, .tq2_0, columns: 512, row: 0)
    #expect(result.status == CK_PACKED)
    #expect(result.scales == [0, 1])
    #expect(result.codes == [UInt8](repeating: 1, count: 256) + codes.suffix(256))
    var scale: Float = 0
    #expect(ck_ternary_row_scale(CK_TERNARY_TQ2_0, bytes, 512, &scale) == 1)
    #expect(scale == 1)
  }

  @Test(arguments: TernaryBlocks.types.filter { $0 != .i2_s })
  func scalesThatDifferAreSeenAndThoseThatAreNotFiniteRefused(type: TensorType) {
    let blocks = 512 / Int(type.blockElements)
    let codes = Self.randomCodes(512, seed: 1)
    var scales = [UInt16](repeating: 0x3c00, count: blocks)
    var scale: Float = 0
    var bytes = TernaryBlocks.row(type, codes, scales: scales)
    #expect(ck_ternary_row_scale(TernaryBlocks.format(type), bytes, 512, &scale) == 1)
    scales[blocks - 1] = 0x4000
    bytes = TernaryBlocks.row(type, codes, scales: scales)
    #expect(ck_ternary_row_scale(TernaryBlocks.format(type), bytes, 512, &scale) == 0)
    for bad in [UInt16(0x7c00), 0xfc00, 0x7e01] {
      scales[blocks - 1] = bad
      bytes = TernaryBlocks.row(type, codes, scales: scales)
      let result = Self.pack(bytes, type, columns: 512, row: 0)
      #expect(result.status == CK_PACK_BAD_SCALE)
      #expect(result.block == blocks - 1)
    }
  }
}
