/// One tensor of the model file: what it will be, and how to write it.
struct TensorStep {
  private enum Source {
    case vector([Float])
    case table(MatrixReader)
    case ternary(MatrixReader, TernaryType, MatrixReader.Rounding)
  }

  let tensor: GGUFOutput.Tensor
  private let source: Source

  var isTernary: Bool { if case .ternary = source { true } else { false } }

  /// A row of numbers, written as f32.
  init(vector: [Float], name: String) {
    tensor = GGUFOutput.Tensor(
      name: name, shape: [vector.count], type: 0, byteCount: vector.count * 4)
    source = .vector(vector)
  }

  /// A matrix that keeps the numbers it has.
  init(table reader: MatrixReader, name: String) {
    let elements = reader.entry.tensor.elements
    tensor = GGUFOutput.Tensor(
      name: name, shape: [reader.columns, reader.rows],
      type: elements == .f32 ? 0 : elements == .f16 ? 1 : 30,
      byteCount: reader.rows * reader.columns * elements.byteCount)
    source = .table(reader)
  }

  init(
    ternary reader: MatrixReader, type: TernaryType, rounding: MatrixReader.Rounding, name: String
  ) {
    tensor = GGUFOutput.Tensor(
      name: name, shape: [reader.columns, reader.rows], type: type.code,
      byteCount: type.byteCount(rows: reader.rows, columns: reader.columns))
    source = .ternary(reader, type, rounding)
  }

  /// Writes the data, and asks now and then whether to stop.
  ///
  /// - Returns: whether a scale had to be rounded.
  /// - Throws: `cancelled`, `unwritable`, `invalidCode`, `notFinite`, `notTernary`,
  ///   `severalScales`, `scaleOutOfRange`.
  func write(
    to output: GGUFOutput, _ shouldStop: () -> Bool
  ) throws(CheckpointError) -> Bool {
    switch source {
    case .vector(let values):
      if shouldStop() { throw .cancelled }
      try output.write(values.flatMap { little($0.bitPattern) })
      return false
    case .table(let reader):
      try writeTable(reader, to: output, shouldStop)
      return false
    case .ternary(let reader, let type, let rounding):
      return try writeTernary(reader, type, rounding, to: output, shouldStop)
    }
  }

  private func writeTable(
    _ reader: MatrixReader, to output: GGUFOutput, _ shouldStop: () -> Bool
  ) throws(CheckpointError) {
    let rowBytes = reader.columns * reader.entry.tensor.elements.byteCount
    let bytes = reader.entry.bytes
    var row = [Float](repeating: 0, count: reader.columns)
    for index in 0..<reader.rows {
      guard Numbers.read(reader.entry, from: index * reader.columns, into: &row) else {
        throw .notFinite(tensor: reader.name, row: index)
      }
      try output.write(
        UnsafeRawBufferPointer(rebasing: bytes[index * rowBytes..<(index + 1) * rowBytes]))
      reader.releaseBehind(index)
      if index % 256 == 0, shouldStop() { throw .cancelled }
    }
  }

  private func writeTernary(
    _ reader: MatrixReader, _ type: TernaryType, _ rounding: MatrixReader.Rounding,
    to output: GGUFOutput, _ shouldStop: () -> Bool
  ) throws(CheckpointError) -> Bool {
    if shouldStop() { throw .cancelled }
    let scales = try reader.scales(rounding)
    guard scales.count == 1 || !type.hasOneScale else {
      throw .severalScales(tensor: reader.name, type: type.rawValue)
    }
    var wasRounded = false
    let rowBytes = type.byteCount(rows: 1, columns: reader.columns) - (type.hasOneScale ? 32 : 0)
    let codes = UnsafeMutablePointer<UInt8>.allocate(capacity: reader.columns)
    let blocks = UnsafeMutablePointer<UInt8>.allocate(capacity: rowBytes)
    defer {
      codes.deallocate()
      blocks.deallocate()
    }
    var numbers = [Float](repeating: 0, count: reader.columns)
    for row in 0..<reader.rows {
      let scale = scales.count == 1 ? scales[0] : scales[reader.order?(row) ?? row]
      let half = Float16(scale)
      if !type.hasOneScale {
        wasRounded = wasRounded || Float(half) != scale
        guard half.isFinite, half != 0 || scale == 0 else {
          throw .scaleOutOfRange(tensor: reader.name, scale: scale, type: type.rawValue)
        }
      }
      try reader.codes(ofRow: row, rounding, scale: scale, row: &numbers, into: codes)
      type.pack(
        UnsafeBufferPointer(start: codes, count: reader.columns), scale: half.bitPattern,
        into: blocks)
      try output.write(UnsafeRawBufferPointer(start: blocks, count: rowBytes))
      if row % 256 == 0, shouldStop() { throw .cancelled }
    }
    if type.hasOneScale {
      // The scale, and padding to 32 bytes.
      try output.write(little(scales[0].bitPattern) + [UInt8](repeating: 0, count: 28))
    }
    reader.release()
    return wasRounded
  }
}

private func little(_ bits: UInt32) -> [UInt8] {
  withUnsafeBytes(of: bits.littleEndian) { Array($0) }
}
