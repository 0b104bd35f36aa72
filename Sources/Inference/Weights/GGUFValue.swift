/// One metadata value. Arrays of numbers are kept as numbers; arrays of text as text; nested
/// arrays are checked and skipped, since no key this engine reads holds one.
enum GGUFValue: Sendable, Equatable {
  case unsigned(UInt64)
  case signed(Int64)
  case float(Double)
  case bool(Bool)
  case string(String)
  case strings([String])
  case integers([Int64])
  case floats([Double])
  case skipped

  /// The kind, for errors.
  var kind: String {
    switch self {
    case .unsigned, .signed: "integer"
    case .float: "float"
    case .bool: "bool"
    case .string: "string"
    case .strings: "array of strings"
    case .integers: "array of integers"
    case .floats: "array of floats"
    case .skipped: "array of arrays"
    }
  }

  /// The value for errors; arrays are named, not listed.
  var text: String {
    switch self {
    case .unsigned(let value): "\(value)"
    case .signed(let value): "\(value)"
    case .float(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .string(let value): value
    default: kind
    }
  }

  /// The value as an integer, whatever its signedness.
  var integer: UInt64? {
    switch self {
    case .unsigned(let value): value
    case .signed(let value) where value >= 0: UInt64(value)
    default: nil
    }
  }
}

/// The type codes of metadata values (GGUF specification, `gguf_metadata_value_type`).
enum GGUFValueType: UInt32 {
  case uint8 = 0
  case int8 = 1
  case uint16 = 2
  case int16 = 3
  case uint32 = 4
  case int32 = 5
  case float32 = 6
  case bool = 7
  case string = 8
  case array = 9
  case uint64 = 10
  case int64 = 11
  case float64 = 12

  /// Bytes of one value at least; a text has its length, an array its type and count.
  var minimumBytes: UInt64 {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64, .string: 8
    case .array: 12
    }
  }
}

extension ByteReader {
  /// Reads one metadata value of the given type code.
  mutating func value(
    key: String, code: UInt32, depth: UInt64 = 0
  ) throws(InferenceError) -> GGUFValue {
    guard let type = GGUFValueType(rawValue: code) else {
      throw .unknownValueType(key: key, code: code, offset: UInt64(offset))
    }
    switch type {
    case .uint8: return .unsigned(UInt64(try integer(UInt8.self)))
    case .int8: return .signed(Int64(try integer(Int8.self)))
    case .uint16: return .unsigned(UInt64(try integer(UInt16.self)))
    case .int16: return .signed(Int64(try integer(Int16.self)))
    case .uint32: return .unsigned(UInt64(try integer(UInt32.self)))
    case .int32: return .signed(Int64(try integer(Int32.self)))
    case .uint64: return .unsigned(try integer(UInt64.self))
    case .int64: return .signed(try integer(Int64.self))
    case .float32: return .float(Double(Float(bitPattern: try integer(UInt32.self))))
    case .float64: return .float(Double(bitPattern: try integer(UInt64.self)))
    case .bool: return .bool(try integer(UInt8.self) != 0)
    case .string: return .string(try string(.stringBytes))
    case .array: return try array(key: key, depth: depth)
    }
  }

  private mutating func array(key: String, depth: UInt64) throws(InferenceError) -> GGUFValue {
    guard depth < FileLimit.nesting.maximum else {
      throw .limitExceeded(limit: .nesting, value: depth + 1, offset: UInt64(offset))
    }
    let code = try integer(UInt32.self)
    guard let type = GGUFValueType(rawValue: code) else {
      throw .unknownValueType(key: key, code: code, offset: UInt64(offset))
    }
    let count = try count(.arrayCount)
    // The product cannot overflow: the count is below 2^22. Nothing is reserved before this.
    try require(UInt64(count) * type.minimumBytes)
    switch type {
    case .string:
      var texts: [String] = []
      texts.reserveCapacity(count)
      for _ in 0..<count { texts.append(try string(.stringBytes)) }
      return .strings(texts)
    case .array:
      for _ in 0..<count { _ = try value(key: key, code: code, depth: depth + 1) }
      return .skipped
    case .float32, .float64:
      var numbers: [Double] = []
      numbers.reserveCapacity(count)
      for _ in 0..<count {
        if case .float(let number) = try value(key: key, code: code) { numbers.append(number) }
      }
      return .floats(numbers)
    default:
      var numbers: [Int64] = []
      numbers.reserveCapacity(count)
      for _ in 0..<count {
        switch try value(key: key, code: code) {
        case .unsigned(let number): numbers.append(Int64(truncatingIfNeeded: number))
        case .signed(let number): numbers.append(number)
        case .bool(let flag): numbers.append(flag ? 1 : 0)
        default: break
        }
      }
      return .integers(numbers)
    }
  }
}
