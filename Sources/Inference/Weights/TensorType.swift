/// An element type of a tensor, as ggml numbers and blocks it. The sizes of types that cannot
/// be run are known too, so that a file holding one is refused by name, not by accident.
enum TensorType: UInt32, Sendable, CaseIterable {
  case f32 = 0
  case f16 = 1
  case q8_0 = 8
  case tq1_0 = 34
  case tq2_0 = 35

  /// ggml's name.
  var name: String {
    switch self {
    case .f32: "F32"
    case .f16: "F16"
    case .q8_0: "Q8_0"
    case .tq1_0: "TQ1_0"
    case .tq2_0: "TQ2_0"
    }
  }

  /// Elements of one block; rows are whole blocks.
  var blockElements: UInt64 {
    switch self {
    case .f32, .f16: 1
    case .q8_0: 32
    case .tq1_0, .tq2_0: 256
    }
  }

  /// Bytes of one block.
  var blockBytes: UInt64 {
    switch self {
    case .f32: 4
    case .f16: 2
    case .q8_0: 34
    case .tq1_0: 54
    case .tq2_0: 66
    }
  }

  /// Types of a linear layer.
  static let ternary: [TensorType] = [.tq1_0, .tq2_0]
  /// Types of an embedding or an output head.
  static let table: [TensorType] = [.f32, .f16, .q8_0]
}
