/// The types that ternary weights are written in.
package enum TernaryType: String, Sendable, CaseIterable {
  /// 1.69 bits a weight; ggml's.
  case tq1_0 = "TQ1_0"
  /// 2.06 bits a weight; ggml's.
  case tq2_0 = "TQ2_0"
  /// 2 bits a weight and one f32 scale a tensor; bitnet.cpp's.
  case i2_s = "I2_S"

  /// ggml's number of the type.
  var code: UInt32 {
    switch self {
    case .tq1_0: 34
    case .tq2_0: 35
    case .i2_s: 36
    }
  }

  /// llama.cpp's number for files made of it (bitnet.cpp's for I2_S).
  var fileCode: UInt32 {
    switch self {
    case .tq1_0: 36
    case .tq2_0: 37
    case .i2_s: 40
    }
  }

  /// Weights of one block; rows are whole blocks.
  var blockWeights: Int { self == .i2_s ? 128 : 256 }

  /// Bytes of one block.
  var blockBytes: Int {
    switch self {
    case .tq1_0: 54
    case .tq2_0: 66
    case .i2_s: 32
    }
  }

  /// Whether a tensor has one scale, behind its blocks, and not one a block.
  var hasOneScale: Bool { self == .i2_s }

  /// Bytes of a matrix: I2_S has its scale and padding to 32 bytes behind the blocks.
  func byteCount(rows: Int, columns: Int) -> Int {
    rows * (columns / blockWeights * blockBytes) + (hasOneScale ? 32 : 0)
  }

  /// Writes a row of codes (weight + 1) to blocks. Layouts: ggml's `ggml-common.h` and
  /// `quantize_row_tq1_0_ref`, `quantize_row_tq2_0_ref`; bitnet.cpp's `quantize_i2_s`.
  ///
  /// - Parameters:
  ///   - codes: (columns), whole blocks.
  ///   - scale: f16 bits, which I2_S does not write.
  ///   - blocks: (columns / blockWeights, blockBytes)
  func pack(
    _ codes: UnsafeBufferPointer<UInt8>, scale: UInt16, into blocks: UnsafeMutablePointer<UInt8>
  ) {
    guard let start = codes.baseAddress else { return }
    for index in 0..<codes.count / blockWeights {
      let (source, block) = (start + index * blockWeights, blocks + index * blockBytes)
      switch self {
      case .tq1_0:
        Self.packBase3(source, bytes: 32, trits: 5, into: block)
        Self.packBase3(source + 160, bytes: 16, trits: 5, into: block + 32)
        Self.packBase3(source + 240, bytes: 4, trits: 4, into: block + 48)
      case .tq2_0:
        // Two runs of 128: byte m holds weights m, 32 + m, 64 + m, 96 + m from the low bits up.
        for run in 0..<2 {
          Self.packTwoBits(source + 128 * run, shifts: (0, 2, 4, 6), into: block + 32 * run)
        }
      case .i2_s:
        // The same from the high bits down.
        Self.packTwoBits(source, shifts: (6, 4, 2, 0), into: block)
      }
      guard !hasOneScale else { continue }
      block[blockBytes - 2] = UInt8(truncatingIfNeeded: scale)
      block[blockBytes - 1] = UInt8(truncatingIfNeeded: scale >> 8)
    }
  }

  private static func packTwoBits(
    _ codes: UnsafePointer<UInt8>, shifts: (UInt8, UInt8, UInt8, UInt8),
    into bytes: UnsafeMutablePointer<UInt8>
  ) {
    for m in 0..<32 {
      bytes[m] =
        codes[m] << shifts.0 | codes[32 + m] << shifts.1 | codes[64 + m] << shifts.2
        | codes[96 + m] << shifts.3
    }
  }

  /// Byte m holds weights m, bytes + m, …, the first as the highest digit of a five-digit number
  /// v of base 3, as ceil(v * 256 / 243), so that digits come out by multiplying with 3.
  private static func packBase3(
    _ codes: UnsafePointer<UInt8>, bytes: Int, trits: Int, into packed: UnsafeMutablePointer<UInt8>
  ) {
    for m in 0..<bytes {
      var number: UInt32 = 0
      for trit in 0..<trits { number = number * 3 + UInt32(codes[trit * bytes + m]) }
      if trits == 4 { number *= 3 }
      packed[m] = UInt8((number * 256 + 242) / 243)
    }
  }
}
