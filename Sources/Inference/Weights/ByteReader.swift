/// A cursor over a file's bytes that checks every length against what is left.
struct ByteReader {
  private let bytes: UnsafeRawBufferPointer
  /// Bytes read so far.
  private(set) var offset: Int

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
    offset = 0
  }

  /// Bytes left.
  var available: Int { bytes.count - offset }

  /// Throws unless `count` more bytes are there.
  func require(_ count: UInt64) throws(InferenceError) {
    guard count <= UInt64(available) else {
      throw .truncated(
        offset: UInt64(offset), needed: count, available: UInt64(available))
    }
  }

  /// Reads a little-endian integer of the type's width.
  mutating func integer<Value: FixedWidthInteger>(
    _: Value.Type = Value.self
  ) throws(InferenceError) -> Value {
    let width = MemoryLayout<Value>.size
    try require(UInt64(width))
    let value = bytes.loadUnaligned(fromByteOffset: offset, as: Value.self)
    offset += width
    return Value(littleEndian: value)
  }

  /// Reads a count and holds it to a limit.
  mutating func count(_ limit: FileLimit) throws(InferenceError) -> Int {
    let at = offset
    let value = try integer(UInt64.self)
    guard value <= limit.maximum else {
      throw .limitExceeded(limit: limit, value: value, offset: UInt64(at))
    }
    return Int(value)
  }

  /// Reads a text: its length, then its bytes.
  mutating func string(_ limit: FileLimit) throws(InferenceError) -> String {
    let count = try count(limit)
    try require(UInt64(count))
    let slice = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    guard let text = String(validating: slice, as: UTF8.self) else {
      throw .invalidUTF8(offset: UInt64(offset))
    }
    offset += count
    return text
  }

  /// Moves past `count` bytes.
  mutating func skip(_ count: UInt64) throws(InferenceError) {
    try require(count)
    offset += Int(count)
  }
}
