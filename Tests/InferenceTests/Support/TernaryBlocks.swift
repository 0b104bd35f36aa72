import CTernary

@testable import Inference

/// Rows of ternary tensors as a file holds them, written from the formats' definitions.
enum TernaryBlocks {
  static let types = TensorType.ternary

  static func format(_ type: TensorType) -> ck_ternary_format {
    switch type {
    case .tq1_0: CK_TERNARY_TQ1_0
    case .i2_s: CK_TERNARY_I2_S
    case .q2_0: CK_TERNARY_Q2_0_64
    case .pq2_0: CK_TERNARY_Q2_0_128
    case .ptq1_0: CK_TERNARY_PTQ1_0
    default: CK_TERNARY_TQ2_0
    }
  }

  /// Codes that a type has: three, or four.
  static func codeCount(_ type: TensorType) -> UInt64 { type == .q2_0 || type == .pq2_0 ? 4 : 3 }

  /// One block of codes with its scale (f16 bits), where the type has one in a block.
  static func block(_ type: TensorType, _ codes: [UInt8], scale: UInt16) -> [UInt8] {
    switch type {
    case .tq1_0: TinyModel.tq1Block(codes) + little(scale)
    case .tq2_0: TinyModel.tq2Block(codes) + little(scale)
    case .i2_s:
      (0..<32).map { m in
        codes[m] << 6 | codes[32 + m] << 4 | codes[64 + m] << 2 | codes[96 + m]
      }
    case .q2_0, .pq2_0:
      little(scale)
        + (0..<codes.count / 4).map { j in
          codes[4 * j] | codes[4 * j + 1] << 2 | codes[4 * j + 2] << 4 | codes[4 * j + 3] << 6
        }
    default:
      (0..<16).map { m in base3((0..<5).map { codes[16 * $0 + m] }) }
        + (0..<8).map { m in base3((0..<5).map { codes[80 + 8 * $0 + m] }) }
        + (0..<2).map { m in base3((0..<4).map { codes[120 + 2 * $0 + m] }) } + little(scale)
    }
  }

  static func base3(_ trits: [UInt8]) -> UInt8 {
    let number = (trits + [0, 0, 0, 0, 0]).prefix(5).reduce(0) { $0 * 3 + UInt16($1) }
    return UInt8((number * 256 + 242) / 243)
  }

  static func row(_ type: TensorType, _ codes: [UInt8], scales: [UInt16]) -> [UInt8] {
    let size = Int(type.blockElements)
    return (0..<codes.count / size).flatMap { index in
      block(type, Array(codes[index * size..<(index + 1) * size]), scale: scales[index])
    }
  }
}
