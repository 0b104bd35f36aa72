/// An element type of a tensor, as ggml numbers and blocks it.
///
/// Sources: ggml's `ggml-common.h` for the numbers below 100; I2_S is bitnet.cpp's, PQ2_0 and
/// PTQ1_0 are PrismML's.
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

  /// ggml's name.
  var name: String { facts.name }
  /// Elements of one block; rows are whole blocks.
  var blockElements: UInt64 { facts.elements }
  /// Bytes of one block.
  var blockBytes: UInt64 { facts.bytes }

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
    }
  }

  /// Types whose weights are -1, 0 or 1 times a scale.
  static let ternary: [TensorType] = [.tq1_0, .tq2_0]
  /// Types whose weights are numbers of their own.
  static let dense: [TensorType] = allCases.filter { !ternary.contains($0) }
}
