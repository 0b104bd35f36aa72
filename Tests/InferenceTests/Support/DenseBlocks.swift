import CTernary

@testable import Inference

/// Random rows of dense tensors, and what ggml says they are: written from the formats'
/// definitions, in double precision, without the packing under test.
enum DenseBlocks {
  static let types = TensorType.dense

  static func format(_ type: TensorType) -> ck_dense_format {
    switch type {
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
    default: CK_DENSE_Q6_K
    }
  }

  /// A row of `columns` in a file's bytes; scales are small f16 numbers, codes are all bits.
  static func row(
    _ type: TensorType, columns: Int, _ random: inout SeededGenerator
  ) -> [UInt8] {
    func half() -> [UInt8] {
      // 2^-9 … 2^-6, either sign.
      little(UInt16(truncatingIfNeeded: random.next()) & 0x8fff | 0x1800)
    }
    var bytes: [UInt8] = []
    for _ in 0..<columns / Int(type.blockElements) {
      switch type {
      case .f32: bytes += little(Float(random.nextUnit() - 0.5).bitPattern)
      case .f16: bytes += half()
      case .bf16: bytes += little(UInt16(truncatingIfNeeded: random.next()) & 0x81ff | 0x3c00)
      default:
        var block = (0..<Int(type.blockBytes)).map { _ in
          UInt8(truncatingIfNeeded: random.next() >> 24)
        }
        let at = type == .q6_k ? 208 : 0
        block.replaceSubrange(at..<at + 2, with: half())
        if [.q4_1, .q5_1, .q4_k, .q5_k].contains(type) {
          block.replaceSubrange(2..<4, with: half())
        }
        bytes += block
      }
    }
    return bytes
  }

  /// The numbers of a row.
  static func values(_ type: TensorType, _ row: [UInt8]) -> [Double] {
    let size = Int(type.blockBytes)
    return stride(from: 0, to: row.count, by: size).flatMap {
      block(type, Array(row[$0..<$0 + size]))
    }
  }

  private static func half(_ bytes: [UInt8], _ at: Int) -> Double {
    Double(ck_half_to_float(UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8))
  }

  private static func block(_ type: TensorType, _ b: [UInt8]) -> [Double] {
    let indices = 0..<Int(type.blockElements)
    func nibble(_ at: Int, _ i: Int) -> Double {
      Double(i < 16 ? b[at + i] & 15 : b[at + i - 16] >> 4)
    }
    func fifth(_ at: Int, _ i: Int) -> Double { Double((b[at + i / 8] >> UInt8(i % 8)) & 1) * 16 }
    switch type {
    case .f32:
      let bits = b.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      return [Double(Float(bitPattern: bits))]
    case .f16: return [half(b, 0)]
    case .bf16:
      return [Double(Float(bitPattern: UInt32(b[1]) << 24 | UInt32(b[0]) << 16))]
    case .q8_0: return indices.map { Double(Int8(bitPattern: b[2 + $0])) * half(b, 0) }
    case .q4_0: return indices.map { (nibble(2, $0) - 8) * half(b, 0) }
    case .q4_1: return indices.map { nibble(4, $0) * half(b, 0) + half(b, 2) }
    case .q5_0: return indices.map { (nibble(6, $0) + fifth(2, $0) - 16) * half(b, 0) }
    case .q5_1: return indices.map { (nibble(8, $0) + fifth(4, $0)) * half(b, 0) + half(b, 2) }
    case .q4_k, .q5_k: return indices.map { kQuant(type, b, $0) }
    default:
      return indices.map { i in
        let (run, l) = (i / 128, i % 128)
        let low = b[64 * run + l % 64]
        let high = (b[128 + 32 * run + l % 32] >> UInt8(l / 32 * 2)) & 3
        let code = Int(l < 64 ? low & 15 : low >> 4) + Int(high) * 16 - 32
        return half(b, 208) * Double(Int8(bitPattern: b[192 + i / 16])) * Double(code)
      }
    }
  }

  private static func kQuant(_ type: TensorType, _ b: [UInt8], _ i: Int) -> Double {
    let part = i / 32
    let s = Array(b[4..<16])
    let scale = part < 4 ? s[part] & 63 : s[part + 4] & 15 | (s[part - 4] >> 6) << 4
    let shift = part < 4 ? s[part + 4] & 63 : s[part + 4] >> 4 | (s[part] >> 6) << 4
    let low = b[(type == .q4_k ? 16 : 48) + i / 64 * 32 + i % 32]
    var code = Double(i % 64 < 32 ? low & 15 : low >> 4)
    if type == .q5_k { code += Double((b[16 + i % 32] >> UInt8(part)) & 1) * 16 }
    return half(b, 0) * Double(scale) * code - half(b, 2) * Double(shift)
  }
}
