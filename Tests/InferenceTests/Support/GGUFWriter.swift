/// Writes small GGUF files for tests, right or wrong on purpose.
struct GGUFWriter {
  enum Value {
    case uint32(UInt32)
    case uint64(UInt64)
    case float32(Float)
    case bool(Bool)
    case string(String)
    case strings([String])
    case int32s([Int32])
    case raw(code: UInt32, bytes: [UInt8])
  }

  struct Tensor {
    var name: String
    var shape: [UInt64]
    var type: UInt32
    var bytes: [UInt8]
    /// Overrides the offset the writer would choose.
    var offset: UInt64?
  }

  var version: UInt32 = 3
  var alignment = 32
  var metadata: [(key: String, value: Value)] = []
  var tensors: [Tensor] = []

  mutating func set(_ key: String, _ value: Value) {
    metadata.removeAll { $0.key == key }
    metadata.append((key, value))
  }

  func bytes() -> [UInt8] {
    var out: [UInt8] = Array("GGUF".utf8)
    out.append(little: version)
    out.append(little: UInt64(tensors.count))
    out.append(little: UInt64(metadata.count))
    for (key, value) in metadata {
      out.append(text: key)
      append(value, to: &out)
    }
    var offset = 0
    for tensor in tensors {
      out.append(text: tensor.name)
      out.append(little: UInt32(tensor.shape.count))
      for size in tensor.shape { out.append(little: size) }
      out.append(little: tensor.type)
      out.append(little: tensor.offset ?? UInt64(offset))
      offset += aligned(tensor.bytes.count)
    }
    out.append(contentsOf: [UInt8](repeating: 0, count: aligned(out.count) - out.count))
    for tensor in tensors {
      out.append(contentsOf: tensor.bytes)
      let padding = aligned(tensor.bytes.count) - tensor.bytes.count
      out.append(contentsOf: [UInt8](repeating: 0, count: padding))
    }
    return out
  }

  private func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }

  private func append(_ value: Value, to out: inout [UInt8]) {
    switch value {
    case .uint32(let number):
      out.append(little: UInt32(4))
      out.append(little: number)
    case .uint64(let number):
      out.append(little: UInt32(10))
      out.append(little: number)
    case .float32(let number):
      out.append(little: UInt32(6))
      out.append(little: number.bitPattern)
    case .bool(let flag):
      out.append(little: UInt32(7))
      out.append(flag ? 1 : 0)
    case .string(let text):
      out.append(little: UInt32(8))
      out.append(text: text)
    case .strings(let texts):
      out.append(little: UInt32(9))
      out.append(little: UInt32(8))
      out.append(little: UInt64(texts.count))
      for text in texts { out.append(text: text) }
    case .int32s(let numbers):
      out.append(little: UInt32(9))
      out.append(little: UInt32(5))
      out.append(little: UInt64(numbers.count))
      for number in numbers { out.append(little: number) }
    case .raw(let code, let bytes):
      out.append(little: code)
      out.append(contentsOf: bytes)
    }
  }
}

extension [UInt8] {
  mutating func append(little value: some FixedWidthInteger) {
    var rest = value.littleEndian
    Swift.withUnsafeBytes(of: &rest) { append(contentsOf: $0) }
  }

  mutating func append(text: String) {
    append(little: UInt64(text.utf8.count))
    append(contentsOf: text.utf8)
  }
}
