import Foundation

/// A value of a model file's metadata.
enum MetadataValue: Equatable {
  case integer(UInt32)
  case float(Float)
  case bool(Bool)
  case text(String)
  case texts([String])
  case integers([Int32])
  case floats([Float])
}

/// Writes a GGUF file tensor by tensor. Nothing is at the path until all of it is written.
///
/// Format: GGUF specification, version 3, little-endian, data aligned to 32 bytes.
final class GGUFOutput {
  /// A tensor that will follow.
  struct Tensor {
    let name: String
    /// Fastest dimension first.
    let shape: [Int]
    /// ggml's number of the type.
    let type: UInt32
    let byteCount: Int
  }

  private static let alignment = 32
  private static let bufferBytes = 1 << 20

  private let path: String
  private let partial: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private(set) var bytesWritten = 0

  /// Opens a file beside `path`.
  ///
  /// - Throws: `unwritable`.
  init(_ path: String) throws(CheckpointError) {
    self.path = path
    partial = "\(path).\(getpid()).part"
    descriptor = -1
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw .unwritable(path: path, errno: isFolder ? EISDIR : EINVAL)
    }
    descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .unwritable(path: path, errno: errno) }
    buffer.reserveCapacity(2 * Self.bufferBytes)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(partial)
  }

  /// Writes what stands before the data.
  func writeHeader(
    _ metadata: [(key: String, value: MetadataValue)], _ tensors: [Tensor]
  ) throws(CheckpointError) {
    buffer += Array("GGUF".utf8)
    append(UInt32(3))
    append(UInt64(tensors.count))
    append(UInt64(metadata.count))
    for (key, value) in metadata {
      append(key)
      append(value)
    }
    var offset = 0
    for tensor in tensors {
      append(tensor.name)
      append(UInt32(tensor.shape.count))
      for size in tensor.shape { append(UInt64(size)) }
      append(tensor.type)
      append(UInt64(offset))
      offset += (tensor.byteCount + Self.alignment - 1) / Self.alignment * Self.alignment
    }
    try pad()
  }

  /// Writes the next bytes of a tensor.
  func write(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    buffer += bytes
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  func write(_ bytes: [UInt8]) throws(CheckpointError) {
    buffer += bytes
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Ends a tensor.
  func pad() throws(CheckpointError) {
    let end = bytesWritten + buffer.count
    let missing = (Self.alignment - end % Self.alignment) % Self.alignment
    buffer += [UInt8](repeating: 0, count: missing)
    if buffer.count >= Self.bufferBytes { try flush() }
  }

  /// Puts the file in its place.
  func commit() throws(CheckpointError) {
    try flush()
    // Some file systems tell only now that the disk is full.
    guard fsync(descriptor) == 0, rename(partial, path) == 0 else {
      throw .unwritable(path: path, errno: errno)
    }
    close(descriptor)
    descriptor = -1
  }

  private func flush() throws(CheckpointError) {
    var done = 0
    while done < buffer.count {
      let count = buffer.withUnsafeBytes { bytes -> Int in
        guard let start = bytes.baseAddress else { return 0 }
        return Foundation.write(descriptor, start + done, bytes.count - done)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .unwritable(path: path, errno: errno) }
      done += count
    }
    bytesWritten += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  private func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { buffer += $0 }
  }

  private func append(_ text: String) {
    append(UInt64(text.utf8.count))
    buffer += text.utf8
  }

  /// Value types are numbered as in the specification: 4 uint32, 5 int32, 6 float32, 7 bool,
  /// 8 string, 9 array.
  private func append(_ value: MetadataValue) {
    switch value {
    case .integer(let number):
      append(UInt32(4))
      append(number)
    case .float(let number):
      append(UInt32(6))
      append(number.bitPattern)
    case .bool(let flag):
      append(UInt32(7))
      buffer.append(flag ? 1 : 0)
    case .text(let text):
      append(UInt32(8))
      append(text)
    case .texts(let texts):
      appendArray(of: 8, count: texts.count)
      for text in texts { append(text) }
    case .integers(let numbers):
      appendArray(of: 5, count: numbers.count)
      for number in numbers { append(number) }
    case .floats(let numbers):
      appendArray(of: 6, count: numbers.count)
      for number in numbers { append(number.bitPattern) }
    }
  }

  private func appendArray(of type: UInt32, count: Int) {
    append(UInt32(9))
    append(type)
    append(UInt64(count))
  }
}
