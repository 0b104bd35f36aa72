/// One tensor to read into the arena.
enum LoadJob {
  case vector(FloatVector, first: Int, GGUFFile.Tensor)
  case dense(DenseMatrix, firstRow: Int, rows: Int, GGUFFile.Tensor)
  /// `factor` is one number that all weights are multiplied with.
  case ternary(
    TernaryMatrix, firstRow: Int, rows: Int, GGUFFile.Tensor, TensorType,
    factor: GGUFFile.Tensor?)

  func run(_ file: GGUFFile, _ base: UnsafeMutableRawPointer) throws(InferenceError) {
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
      let source = file.bytes(of: tensor)
      let rowBytes = source.count / rows
      for row in 0..<rows {
        guard
          RowPacking.packDense(
            Self.start(source) + row * rowBytes, type: matrix.type, columns: matrix.columns,
            row: firstRow + row, data: base + matrix.offset)
        else { throw .nonFiniteWeight(tensor: tensor.name, row: row) }
      }
    case .ternary(let matrix, let firstRow, let rows, let tensor, let type, let factor):
      try Self.pack(
        file, base, matrix, firstRow..<firstRow + rows, tensor, type,
        factor: try factor.map { tensor throws(InferenceError) in
          try Self.number(file, tensor, at: 0)
        } ?? 1)
    }
  }

  private static func pack(
    _ file: GGUFFile, _ base: UnsafeMutableRawPointer, _ matrix: TernaryMatrix,
    _ rows: Range<Int>, _ tensor: GGUFFile.Tensor, _ type: TensorType, factor: Float
  ) throws(InferenceError) {
    let source = start(file.bytes(of: tensor))
    let blocks = matrix.columns / Int(type.blockElements)
    let rowBytes = blocks * Int(type.blockBytes)
    // One scale for the tensor lies behind all its codes.
    let common =
      type == .i2_s ? try number(file, tensor, at: rows.count * rowBytes) : 0
    let scales = (base + matrix.scalesOffset).assumingMemoryBound(to: Float.self)
    var read = [Float](repeating: common, count: blocks)
    for row in rows {
      let offset = (row - rows.lowerBound) * rowBytes
      let problem = RowPacking.pack(
        source + offset, type: type, columns: matrix.columns, row: row,
        codes: base + matrix.codesOffset, scales: &read)
      if let problem {
        let place = tensor.offset + UInt64(offset + problem.block * Int(type.blockBytes))
        switch problem.problem {
        case .badCode: throw .invalidTernaryCode(tensor: tensor.name, offset: place)
        case .badScale:
          throw .nonFiniteWeight(tensor: tensor.name, row: row - rows.lowerBound)
        }
      }
      for index in 0..<matrix.scaleCount {
        // Blocks of zeros have the scale 0 in the file; theirs does not matter.
        let scale =
          matrix.scaleCount == 1
          ? read.first { $0 != 0 } ?? 0 : read[index * blocks / matrix.scaleCount]
        scales[matrix.scaleIndex(row: row, block: index)] = factor == 1 ? scale : scale * factor
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
