import MappedFiles

/// The contents of a GGUF file, checked: metadata by key, tensors by name, each tensor's bytes
/// inside the file. Format: GGUF specification, versions 2 and 3, little-endian.
struct GGUFFile: Sendable {
  /// Where a tensor lies and what it is.
  struct Tensor: Sendable {
    let name: String
    /// ggml's type number; it may be one this engine cannot run.
    let typeCode: UInt32
    /// What the number stands for; nil where this engine cannot run it, or where the tensor's
    /// bytes do not fit it.
    let type: TensorType?
    /// Fastest dimension first.
    let shape: [UInt64]
    /// Bytes from the start of the file.
    let offset: UInt64
    /// Bytes of data; 0 for a type of unknown size.
    let byteCount: UInt64

    var elementCount: UInt64 { shape.reduce(1, *) }
  }

  let file: MappedFile
  let metadata: [String: GGUFValue]
  let tensors: [String: Tensor]

  static let magic: [UInt8] = [0x47, 0x47, 0x55, 0x46]
  static let defaultAlignment: UInt64 = 32
  static let alignmentMaximum: UInt64 = 65_536

  /// Maps and reads the file at `path`.
  ///
  /// - Throws: `cannotRead`, or the case that names what is wrong and where.
  init(path: String) throws(InferenceError) {
    let file: MappedFile
    do throws(MappedFile.Failure) { file = try MappedFile(path: path) } catch {
      throw .cannotRead(path: path, errno: error.errno)
    }
    try self.init(file: file)
  }

  init(file: MappedFile) throws(InferenceError) {
    self.file = file
    var reader = ByteReader(file.bytes)
    let start = Array(file.bytes.prefix(4))
    guard start == GGUFFile.magic else { throw .notGGUF(magic: start) }
    try reader.skip(4)
    let version = try reader.integer(UInt32.self)
    guard version == 2 || version == 3 else { throw .unsupportedVersion(version) }
    let tensorCount = try reader.count(.tensorCount)
    let keyCount = try reader.count(.keyCount)
    metadata = try GGUFFile.readMetadata(&reader, count: keyCount)
    let alignment = try GGUFFile.alignment(metadata)
    tensors = try GGUFFile.readTensors(&reader, count: tensorCount, alignment: alignment)
  }

  /// The bytes of a tensor.
  func bytes(of tensor: Tensor) -> UnsafeRawBufferPointer {
    let start = Int(tensor.offset)
    return UnsafeRawBufferPointer(
      rebasing: file.bytes[start..<start + Int(tensor.byteCount)])
  }

  private static func readMetadata(
    _ reader: inout ByteReader, count: Int
  ) throws(InferenceError) -> [String: GGUFValue] {
    var metadata: [String: GGUFValue] = [:]
    for _ in 0..<count {
      let at = UInt64(reader.offset)
      let key = try reader.string(.nameBytes)
      let code = try reader.integer(UInt32.self)
      let value = try reader.value(key: key, code: code)
      guard metadata.updateValue(value, forKey: key) == nil else {
        throw .duplicateKey(key, offset: at)
      }
    }
    return metadata
  }

  private static func alignment(
    _ metadata: [String: GGUFValue]
  ) throws(InferenceError) -> UInt64 {
    guard let value = metadata["general.alignment"] else { return defaultAlignment }
    guard let alignment = value.integer else {
      throw .wrongValueType(key: "general.alignment", expected: "integer", found: value.kind)
    }
    guard alignment > 0, alignment <= alignmentMaximum, alignment & (alignment - 1) == 0 else {
      throw .invalidAlignment(alignment)
    }
    return alignment
  }

  private static func readTensors(
    _ reader: inout ByteReader, count: Int, alignment: UInt64
  ) throws(InferenceError) -> [String: Tensor] {
    var described: [(tensor: Tensor, at: UInt64)] = []
    for _ in 0..<count {
      let at = UInt64(reader.offset)
      described.append((try readTensor(&reader, alignment: alignment), at))
    }
    // The data begin at the next multiple of the alignment; offsets count from there.
    let end = UInt64(reader.offset)
    let dataStart = (end + alignment - 1) / alignment * alignment
    let fileBytes = UInt64(reader.offset + reader.available)
    let starts = described.map(\.tensor.offset).sorted()
    var tensors: [String: Tensor] = [:]
    for (tensor, at) in described {
      let tensor = try typed(
        tensor, starts: starts, end: fileBytes - min(dataStart, fileBytes), alignment: alignment)
      let (start, overflow) = dataStart.addingReportingOverflow(tensor.offset)
      guard !overflow, start <= fileBytes, tensor.byteCount <= fileBytes - start else {
        throw .tensorOutOfBounds(
          tensor.name, offset: tensor.offset, bytes: tensor.byteCount, fileBytes: fileBytes)
      }
      let placed = Tensor(
        name: tensor.name, typeCode: tensor.typeCode, type: tensor.type, shape: tensor.shape,
        offset: start, byteCount: tensor.byteCount)
      guard tensors.updateValue(placed, forKey: tensor.name) == nil else {
        throw .duplicateTensor(tensor.name, offset: at)
      }
    }
    try refuseOverlaps(tensors)
    return tensors
  }

  /// Data of one tensor never reach into another's: where they do, a type or a shape is wrong.
  private static func refuseOverlaps(_ tensors: [String: Tensor]) throws(InferenceError) {
    let sorted = tensors.values.sorted { ($0.offset, $0.name) < ($1.offset, $1.name) }
    for (tensor, next) in zip(sorted, sorted.dropFirst())
    where tensor.byteCount > next.offset - tensor.offset {
      throw .overlappingTensors(tensor.name, next.name, offset: next.offset)
    }
  }

  /// Reads one description; the offset is still relative to the data's start.
  private static func readTensor(
    _ reader: inout ByteReader, alignment: UInt64
  ) throws(InferenceError) -> Tensor {
    let name = try reader.string(.nameBytes)
    let at = UInt64(reader.offset)
    let dimensions = UInt64(try reader.integer(UInt32.self))
    guard dimensions > 0, dimensions <= FileLimit.dimensionCount.maximum else {
      throw .limitExceeded(limit: .dimensionCount, value: dimensions, offset: at)
    }
    var shape: [UInt64] = []
    var elements: UInt64 = 1
    for _ in 0..<dimensions {
      let size = try reader.integer(UInt64.self)
      let (product, overflow) = elements.multipliedReportingOverflow(by: size)
      guard size > 0, !overflow, product <= FileLimit.elementCount.maximum else {
        throw .limitExceeded(limit: .elementCount, value: size, offset: at)
      }
      elements = product
      shape.append(size)
    }
    let typeCode = try reader.integer(UInt32.self)
    let offset = try reader.integer(UInt64.self)
    guard offset % alignment == 0 else {
      throw .misalignedTensor(name, offset: offset, alignment: alignment)
    }
    return Tensor(
      name: name, typeCode: typeCode, type: nil, shape: shape, offset: offset, byteCount: 0)
  }

  /// Finds a tensor's type and size; `starts` are all offsets in order, `end` is where the data
  /// end, counted as they are.
  private static func typed(
    _ tensor: Tensor, starts: [UInt64], end: UInt64, alignment: UInt64
  ) throws(InferenceError) -> Tensor {
    let code = tensor.typeCode
    guard let named = TensorType(rawValue: code) else { return tensor }
    let next = starts.first { $0 > tensor.offset } ?? end
    let room = next - min(tensor.offset, next)
    let elements = tensor.elementCount
    guard
      let type = TensorType.of(code: code, elements: elements, room: room, padding: alignment)
    else { throw .unfittingTensor(tensor.name, type: code, bytes: room) }
    guard tensor.shape[0] % type.blockElements == 0 else {
      throw .unexpectedShape(
        tensor: tensor.name, expected: [named.blockElements], found: tensor.shape)
    }
    // Below 2^40 elements and at most 4 bytes an element: no overflow.
    return Tensor(
      name: tensor.name, typeCode: code, type: type, shape: tensor.shape, offset: tensor.offset,
      byteCount: type.byteCount(elements: elements))
  }
}

extension GGUFFile {
  /// A required integer that fits an `Int` and is at least 1.
  func positiveInteger(_ key: String) throws(InferenceError) -> Int {
    guard let value = metadata[key] else { throw .missingKey(key) }
    return try positive(value, key: key)
  }

  /// An optional integer that is at least 1 where present.
  func positiveInteger(_ key: String, default fallback: Int) throws(InferenceError) -> Int {
    guard let value = metadata[key] else { return fallback }
    return try positive(value, key: key)
  }

  private func positive(_ value: GGUFValue, key: String) throws(InferenceError) -> Int {
    guard let integer = value.integer else {
      throw .wrongValueType(key: key, expected: "integer", found: value.kind)
    }
    guard integer > 0, integer <= 0xffff_ffff else {
      throw .unsupportedHyperparameter(key: key, value: String(integer))
    }
    return Int(integer)
  }

  /// An optional integer, 0 allowed.
  func integer(_ key: String) throws(InferenceError) -> UInt64? {
    guard let value = metadata[key] else { return nil }
    guard let integer = value.integer else {
      throw .wrongValueType(key: key, expected: "integer", found: value.kind)
    }
    return integer
  }

  /// An optional float.
  func float(_ key: String) throws(InferenceError) -> Double? {
    guard let value = metadata[key] else { return nil }
    guard case .float(let float) = value else {
      throw .wrongValueType(key: key, expected: "float", found: value.kind)
    }
    return float
  }

  /// An optional text.
  func string(_ key: String) throws(InferenceError) -> String? {
    guard let value = metadata[key] else { return nil }
    guard case .string(let text) = value else {
      throw .wrongValueType(key: key, expected: "string", found: value.kind)
    }
    return text
  }

  /// An optional truth value.
  func bool(_ key: String) throws(InferenceError) -> Bool? {
    guard let value = metadata[key] else { return nil }
    guard case .bool(let flag) = value else {
      throw .wrongValueType(key: key, expected: "bool", found: value.kind)
    }
    return flag
  }

  /// A required array of texts.
  func strings(_ key: String) throws(InferenceError) -> [String] {
    guard let value = metadata[key] else { throw .missingKey(key) }
    guard case .strings(let texts) = value else {
      throw .wrongValueType(key: key, expected: "array of strings", found: value.kind)
    }
    return texts
  }

  /// An optional array of integers.
  func integers(_ key: String) throws(InferenceError) -> [Int64]? {
    guard let value = metadata[key] else { return nil }
    guard case .integers(let numbers) = value else {
      throw .wrongValueType(key: key, expected: "array of integers", found: value.kind)
    }
    return numbers
  }
}
