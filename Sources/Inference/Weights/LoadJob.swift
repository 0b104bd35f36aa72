import MappedFiles

/// One tensor to read into the arena.
enum LoadJob: Sendable {
  case vector(FloatVector, first: Int, GGUFFile.Tensor)
  case dense(DenseMatrix, firstRow: Int, rows: Int, GGUFFile.Tensor)
  /// `factor` is one number that all weights are multiplied with.
  case ternary(
    TernaryMatrix, firstRow: Int, rows: Int, GGUFFile.Tensor, TensorType,
    factor: GGUFFile.Tensor?)

  /// Rows of a part: about a megabyte, and whole groups of 16, which two threads never share.
  private static let partBytes = 1 << 20

  /// The job in parts that several threads may do at once.
  var parts: [Range<Int>] {
    guard let rows = rowCount else { return [0..<1] }
    let step = roundedUp(max(1, LoadJob.partBytes / max(1, sourceBytes / rows)), to: 16)
    return stride(from: 0, to: rows, by: step).map { $0..<min($0 + step, rows) }
  }

  private var rowCount: Int? {
    switch self {
    case .vector: nil
    case .dense(_, _, let rows, _), .ternary(_, _, let rows, _, _, _): rows
    }
  }

  private var sourceBytes: Int {
    switch self {
    case .vector(_, _, let tensor), .dense(_, _, _, let tensor),
      .ternary(_, _, _, let tensor, _, _):
      Int(tensor.byteCount)
    }
  }

  /// Reads the rows of one part.
  func run(
    _ part: Range<Int>, _ file: GGUFFile, _ base: UnsafeMutableRawPointer
  ) throws(InferenceError) {
    switch self {
    case .vector(let vector, let first, let tensor):
      let source = file.bytes(of: tensor)
      let place = base + vector.offset + first * 4
      place.copyMemory(from: Self.start(source), byteCount: source.count)
      let values = place.assumingMemoryBound(to: Float.self)
      for index in 0..<source.count / 4 where !values[index].isFinite {
        throw .nonFiniteWeight(tensor: tensor.name, row: index)
      }
    case .dense(let matrix, let firstRow, let rows, let tensor):
      let rowBytes = Int(tensor.byteCount) / rows
      let offset = part.lowerBound * rowBytes
      let bad = RowPacking.packDense(
        Self.start(file.bytes(of: tensor)) + offset, type: matrix.type, columns: matrix.columns,
        firstRow: firstRow + part.lowerBound, rows: part.count, data: base + matrix.offset)
      if let bad { throw .nonFiniteWeight(tensor: tensor.name, row: part.lowerBound + bad) }
      let start = Int(tensor.offset) + offset
      file.file.release(start..<start + part.count * rowBytes)
    case .ternary(let matrix, let firstRow, let rows, let tensor, let type, let factor):
      let rowBytes = (Int(tensor.byteCount) - Int(type.trailingBytes)) / rows
      // One scale for the tensor lies behind all its codes.
      let common = type == .i2_s ? try Self.number(file, tensor, at: rows * rowBytes) : 0
      try Self.pack(
        file, base, matrix, part, first: firstRow, tensor, type, common: common,
        factor: try factor.map { tensor throws(InferenceError) in
          try Self.number(file, tensor, at: 0)
        } ?? 1)
      let start = Int(tensor.offset)
      file.file.release(start + part.lowerBound * rowBytes..<start + part.upperBound * rowBytes)
    }
  }

  private static func pack(
    _ file: GGUFFile, _ base: UnsafeMutableRawPointer, _ matrix: TernaryMatrix,
    _ rows: Range<Int>, first: Int, _ tensor: GGUFFile.Tensor, _ type: TensorType, common: Float,
    factor: Float
  ) throws(InferenceError) {
    let source = start(file.bytes(of: tensor))
    let blocks = matrix.columns / Int(type.blockElements)
    let rowBytes = blocks * Int(type.blockBytes)
    let scales = (base + matrix.scalesOffset).assumingMemoryBound(to: Float.self)
    var read = [Float](repeating: common, count: blocks)
    for row in rows {
      let offset = row * rowBytes
      let problem = RowPacking.pack(
        source + offset, type: type, columns: matrix.columns, row: first + row,
        layout: matrix.layout, codes: base + matrix.codesOffset, scales: &read)
      if let problem {
        let place = tensor.offset + UInt64(offset + problem.block * Int(type.blockBytes))
        switch problem.problem {
        case .badCode: throw .invalidTernaryCode(tensor: tensor.name, offset: place)
        case .badScale:
          throw .nonFiniteWeight(tensor: tensor.name, row: row)
        }
      }
      for index in 0..<matrix.scaleCount {
        // Blocks of zeros have the scale 0 in the file; theirs does not matter.
        let scale =
          matrix.scaleCount == 1
          ? read.first { $0 != 0 } ?? 0 : read[index * blocks / matrix.scaleCount]
        scales[matrix.scaleIndex(row: first + row, block: index)] =
          factor == 1 ? scale : scale * factor
      }
    }
  }

  private static func number(
    _ file: GGUFFile, _ tensor: GGUFFile.Tensor, at offset: Int
  ) throws(InferenceError) -> Float {
    let bits = file.bytes(of: tensor).loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    let value = Float(bitPattern: UInt32(littleEndian: bits))
    guard value.isFinite else { throw .nonFiniteWeight(tensor: tensor.name, row: 0) }
    return value
  }

  private static func start(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer {
    // Every tensor has at least one element (checked by the reader), so bytes.
    guard let start = bytes.baseAddress else { preconditionFailure("empty tensor") }
    return start
  }
}
