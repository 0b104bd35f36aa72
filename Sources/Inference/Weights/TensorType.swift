/// An element type of a tensor, as ggml numbers and blocks it.
///
/// Sources: ggml's `ggml-common.h`; I2_S is bitnet.cpp's, PQ2_0 and PTQ1_0 are PrismML's.
enum TensorType: UInt32, Sendable, CaseIterable {
  case f32 = 0
  case f16 = 1
  case q4_0 = 2
  case q4_1 = 3
  case q5_0 = 6
  case q5_1 = 7
  case q8_0 = 8
  case q4_k = 12
  case q5_k = 13
  case q6_k = 14
  case bf16 = 30
  case tq1_0 = 34
  case tq2_0 = 35
  case i2_s = 36
  /// In groups of 64; a file of PrismML may mean groups of 128 by the same number, which are
  /// `pq2_0` here.
  case q2_0 = 42
  case pq2_0 = 142
  case ptq1_0 = 143

  /// ggml's name.
  var name: String { facts.name }
  /// Elements of one block; rows are whole blocks.
  var blockElements: UInt64 { facts.elements }
  /// Bytes of one block.
  var blockBytes: UInt64 { facts.bytes }
  /// Bytes after all blocks of a tensor: I2_S has its one scale there, and padding.
  var trailingBytes: UInt64 { self == .i2_s ? 32 : 0 }

  /// Bytes of a tensor.
  func byteCount(elements: UInt64) -> UInt64 {
    elements / blockElements * blockBytes + trailingBytes
  }

  private var facts: (name: String, elements: UInt64, bytes: UInt64) {
    switch self {
    case .f32: ("F32", 1, 4)
    case .f16: ("F16", 1, 2)
    case .q4_0: ("Q4_0", 32, 18)
    case .q4_1: ("Q4_1", 32, 20)
    case .q5_0: ("Q5_0", 32, 22)
    case .q5_1: ("Q5_1", 32, 24)
    case .q8_0: ("Q8_0", 32, 34)
    case .q4_k: ("Q4_K", 256, 144)
    case .q5_k: ("Q5_K", 256, 176)
    case .q6_k: ("Q6_K", 256, 210)
    case .bf16: ("BF16", 1, 2)
    case .tq1_0: ("TQ1_0", 256, 54)
    case .tq2_0: ("TQ2_0", 256, 66)
    case .i2_s: ("I2_S", 128, 32)
    case .q2_0: ("Q2_0", 64, 18)
    case .pq2_0: ("PQ2_0", 128, 34)
    case .ptq1_0: ("PTQ1_0", 128, 28)
    }
  }

  /// Types whose weights are whole numbers from -1 on times a scale.
  static let ternary: [TensorType] = [.tq1_0, .tq2_0, .i2_s, .q2_0, .pq2_0, .ptq1_0]
  /// Types whose weights are numbers of their own.
  static let dense: [TensorType] = allCases.filter { !ternary.contains($0) }

  var isTernary: Bool { TensorType.ternary.contains(self) }
  /// Whether weights are -1, 0 or 1 times a scale, and never 2.
  var hasThreeCodes: Bool { isTernary && self != .q2_0 && self != .pq2_0 }

  /// Numbers that other programs use for other types: only a tensor of just the right size is
  /// taken for one.
  var isPrivate: Bool { [.i2_s, .q2_0, .pq2_0, .ptq1_0].contains(self) }

  /// The type of a number, by the bytes a tensor of so many elements has to itself: 42 stands
  /// for two types, told apart only by their sizes.
  static func of(code: UInt32, elements: UInt64, room: UInt64, padding: UInt64) -> TensorType? {
    guard let type = TensorType(rawValue: code) else { return nil }
    let candidates = type == .q2_0 ? [.q2_0, .pq2_0] : [type]
    guard type.isPrivate else { return type }
    return candidates.first { candidate in
      let bytes = candidate.byteCount(elements: elements)
      return elements % candidate.blockElements == 0 && bytes <= room && room - bytes < padding
    }
  }
}
