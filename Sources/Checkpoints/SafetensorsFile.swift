import MappedFiles
import StrictJSON

/// A safetensors file, checked before a byte of its tensors is read: every entry's type, shape and
/// place, and that each byte of the data belongs to exactly one tensor.
///
/// Format: 8 bytes of length (little-endian), that many bytes of JSON, then the data (huggingface/
/// safetensors, README "Format").
struct SafetensorsFile: Sendable {
  /// What the numbers of a tensor are; others may stand in a file but cannot be converted.
  enum Elements: String, Sendable, CaseIterable {
    case bool = "BOOL"
    case u8 = "U8"
    case i8 = "I8"
    case u16 = "U16"
    case i16 = "I16"
    case f16 = "F16"
    case bf16 = "BF16"
    case u32 = "U32"
    case i32 = "I32"
    case f32 = "F32"
    case u64 = "U64"
    case i64 = "I64"
    case f64 = "F64"

    var byteCount: Int {
      switch self {
      case .bool, .u8, .i8: 1
      case .u16, .i16, .f16, .bf16: 2
      case .u32, .i32, .f32: 4
      case .u64, .i64, .f64: 8
      }
    }
  }

  struct Tensor: Sendable {
    let name: String
    let elements: Elements
    /// Slowest dimension first.
    let shape: [Int]
    /// Bytes from the start of the file.
    let range: Range<Int>
  }

  /// A hundred times the header of any model this program can run.
  static let headerBytesMax: UInt64 = 8 << 20
  static let tensorCountMax = 1 << 16
  private static let dimensionsMax = 8

  let source: MappedFile
  let tensors: [String: Tensor]

  /// - Throws: `unreadable`, `notJSON`, `damaged`.
  init(_ path: String) throws(CheckpointError) {
    let source = try MappedFile.reading(path)
    self.source = source
    let fileBytes = UInt64(source.bytes.count)
    guard fileBytes >= 8 else {
      throw .damaged(path: path, .truncated(needed: 8, available: fileBytes))
    }
    let length = UInt64(littleEndian: source.bytes.loadUnaligned(as: UInt64.self))
    guard length <= Self.headerBytesMax else {
      throw .damaged(
        path: path, .headerTooLarge(bytes: length, bytesMax: Self.headerBytesMax))
    }
    guard length <= fileBytes - 8 else {
      throw .damaged(path: path, .truncated(needed: length, available: fileBytes - 8))
    }
    let start = 8 + Int(length)
    let header = try JSONFile(path, Array(source.bytes[8..<start])[...])
    do throws(SafetensorsFault) {
      tensors = try Self.read(header.value, dataStart: start, fileBytes: Int(fileBytes))
    } catch {
      throw .damaged(path: path, error)
    }
  }

  private static func read(
    _ header: JSONValue, dataStart: Int, fileBytes: Int
  ) throws(SafetensorsFault) -> [String: Tensor] {
    guard let members = header.members else { throw .entry(tensor: "", field: "header") }
    guard members.count <= tensorCountMax else {
      throw .tooManyTensors(count: members.count, countMax: tensorCountMax)
    }
    var tensors: [String: Tensor] = [:]
    for member in members where member.key != "__metadata__" {
      let tensor = try entry(member, dataStart: dataStart, dataBytes: fileBytes - dataStart)
      // Names that differ in bytes but not as Unicode text would be mixed up later.
      guard tensors.updateValue(tensor, forKey: tensor.name) == nil else {
        throw .entry(tensor: tensor.name, field: "name")
      }
    }
    try checkPlaces(tensors, dataStart: dataStart, fileBytes: fileBytes)
    return tensors
  }

  private static func entry(
    _ member: JSONMember, dataStart: Int, dataBytes: Int
  ) throws(SafetensorsFault) -> Tensor {
    let name = member.key
    guard let fields = member.value.members else { throw .entry(tensor: name, field: "{}") }
    let known = ["dtype", "shape", "data_offsets"]
    if let other = fields.first(where: { !known.contains($0.key) }) {
      throw .entry(tensor: name, field: other.key)
    }
    guard let type = member.value.member("dtype")?.text else {
      throw .entry(tensor: name, field: "dtype")
    }
    guard let elements = Elements(rawValue: type) else {
      throw .unknownElements(tensor: name, name: type)
    }
    let shape = try integers(member, "shape")
    let offsets = try integers(member, "data_offsets")
    guard shape.count <= dimensionsMax else { throw .entry(tensor: name, field: "shape") }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw .entry(tensor: name, field: "data_offsets")
    }
    guard offsets[1] <= dataBytes else {
      throw .outOfBounds(tensor: name, end: UInt64(offsets[1]), available: UInt64(dataBytes))
    }
    var bytes = elements.byteCount
    for size in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: size)
      guard !overflow else { throw .entry(tensor: name, field: "shape") }
      bytes = product
    }
    guard bytes == offsets[1] - offsets[0] else {
      throw .wrongSize(
        tensor: name, expected: UInt64(bytes), found: UInt64(offsets[1] - offsets[0]))
    }
    return Tensor(
      name: name, elements: elements, shape: shape,
      range: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  private static func integers(
    _ member: JSONMember, _ field: String
  ) throws(SafetensorsFault) -> [Int] {
    guard let elements = member.value.member(field)?.elements else {
      throw .entry(tensor: member.key, field: field)
    }
    var integers: [Int] = []
    for element in elements {
      guard let integer = element.integer, integer >= 0 else {
        throw .entry(tensor: member.key, field: field)
      }
      integers.append(integer)
    }
    return integers
  }

  /// Data of one tensor follow on those of another, from the header's end to the file's.
  private static func checkPlaces(
    _ tensors: [String: Tensor], dataStart: Int, fileBytes: Int
  ) throws(SafetensorsFault) {
    let sorted = tensors.values.sorted {
      ($0.range.lowerBound, $0.range.upperBound, $0.name)
        < ($1.range.lowerBound, $1.range.upperBound, $1.name)
    }
    var end = dataStart
    var last = ""
    for tensor in sorted {
      if tensor.range.lowerBound < end { throw .overlap(last, tensor.name) }
      if tensor.range.lowerBound > end {
        throw .gap(before: tensor.name, bytes: UInt64(tensor.range.lowerBound - end))
      }
      (end, last) = (tensor.range.upperBound, tensor.name)
    }
    if end < fileBytes { throw .gap(before: nil, bytes: UInt64(fileBytes - end)) }
  }
}
