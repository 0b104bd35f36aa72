import CTernary
import Testing

@testable import Inference

/// File blocks to the packed layout.
@Suite struct PackingTests {
  /// The weights + 1 of a row of the packed layout.
  static func codes(_ packed: [UInt8], columns: Int, row: Int) -> [UInt8] {
    (0..<columns).map { column in
      let line = (row / 16) * (columns / 16) + column / 16
      let byte = packed[line * 64 + row % 16 * 4 + column % 4]
      return (byte >> UInt8(2 * (column % 16 / 4))) & 3
    }
  }

  static func pack(
    _ bytes: [UInt8], _ type: TensorType, columns: Int, row: Int
  ) -> (codes: [UInt8], scale: Float, status: ck_pack_status, block: Int) {
    var packed = [UInt8](repeating: 0xff, count: 2 * columns / 16 * 64)
    var scale: Float = 0
    var block = 0
    let status =
      type == .tq1_0
      ? ck_pack_row_tq1_0(bytes, columns, row, &packed, &scale, &block)
      : ck_pack_row_tq2_0(bytes, columns, row, &packed, &scale, &block)
    return (codes(packed, columns: columns, row: row), scale, status, block)
  }

  static func randomCodes(_ count: Int, seed: UInt64) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in UInt8(random.next() % 3) }
  }

  @Test(arguments: [TensorType.tq1_0, .tq2_0])
  func everyTritArrivesInItsPlace(type: TensorType) {
    for row in [0, 7, 15, 16, 31] {
      let codes = Self.randomCodes(512, seed: UInt64(row))
      let half: [UInt8] = [0x00, 0x38]  // 0.5
      var bytes: [UInt8] = []
      for block in [Array(codes.prefix(256)), Array(codes.suffix(256))] {
        bytes += type == .tq1_0 ? TinyModel.tq1Block(block) : TinyModel.tq2Block(block)
        bytes += half
      }
      let result = Self.pack(bytes, type, columns: 512, row: row)
      #expect(result.status == CK_PACKED)
      #expect(result.scale == 0.5)
      #expect(result.codes == codes)
    }
  }

  @Test func everyByteOfABase3BlockHoldsItsFiveTrits() {
    for number in 0..<243 {
      let digits = [81, 27, 9, 3, 1].map { UInt8(number / $0 % 3) }
      var codes = [UInt8](repeating: 1, count: 256)
      for (n, digit) in digits.enumerated() { codes[32 * n + 3] = digit }
      let bytes = TinyModel.tq1Block(codes) + [0x00, 0x3c]
      #expect(Self.pack(bytes, .tq1_0, columns: 256, row: 2).codes == codes)
    }
  }

  @Test func aCodeOfThreeIsFoundInAnyPlace() {
    for place in [0, 31, 100, 255] {
      var codes = [UInt8](repeating: 2, count: 512)
      codes[256 + place] = 3
      var bytes = TinyModel.tq2Block(Array(codes.prefix(256))) + [0x00, 0x3c]
      bytes += TinyModel.tq2Block(Array(codes.suffix(256))) + [0x00, 0x3c]
      let result = Self.pack(bytes, .tq2_0, columns: 512, row: 0)
      #expect(result.status == CK_PACK_BAD_CODE)
      #expect(result.block == 1)
    }
  }

  @Test func aBlockWithScaleZeroIsAllZerosWhateverItsCodes() {
    let codes = Self.randomCodes(512, seed: 1)
    let bytes =
      TinyModel.tq2Block(Array(codes.prefix(256))) + [0x00, 0x00]
      + TinyModel.tq2Block(Array(codes.suffix(256))) + [0x00, 0x3c]
    let result = Self.pack(bytes, .tq2_0, columns: 512, row: 0)
    #expect(result.status == CK_PACKED)
    #expect(result.scale == 1)
    #expect(result.codes == [UInt8](repeating: 1, count: 256) + codes.suffix(256))
  }

  @Test func scalesThatDifferWithinARowOrAreNotFiniteAreRefused() {
    let block = TinyModel.tq2Block([UInt8](repeating: 0, count: 256))
    let unequal = block + [0x00, 0x3c] + block + [0x00, 0x40]
    #expect(Self.pack(unequal, .tq2_0, columns: 512, row: 0).status == CK_PACK_UNEQUAL_SCALES)
    let infinite = block + [0x00, 0x7c]
    #expect(Self.pack(infinite, .tq2_0, columns: 256, row: 0).status == CK_PACK_BAD_SCALE)
  }
}
