import MappedFiles

/// Reads the rows of a matrix of a checkpoint as trits and scales, or as the numbers they are.
struct MatrixReader {
  /// How float weights become ternary.
  enum Rounding {
    /// They are ternary already: -s, 0 and s in every row.
    case exact
    /// To the nearest of -s, 0, s, where s is the mean magnitude of the tensor (Ma et al. 2024,
    /// "The Era of 1-bit LLMs", section 2). `weight * (1 / s)`, ties to even, as in training.
    case absmean
  }

  let entry: Checkpoint.Entry
  let rows: Int
  let columns: Int
  /// What scales are multiplied with.
  let factor: Float
  /// Which row of the matrix a row of the result is; nil where they are the same.
  let order: (@Sendable (Int) -> Int)?

  var name: String { entry.tensor.name }
  var isPacked: Bool { entry.tensor.elements == .u8 }

  /// - Throws: `unexpectedShape`, `unsupportedElements`.
  init(
    _ entry: Checkpoint.Entry, rows: Int, columns: Int, factor: Float = 1,
    order: (@Sendable (Int) -> Int)? = nil
  ) throws(CheckpointError) {
    (self.entry, self.rows, self.columns) = (entry, rows, columns)
    (self.factor, self.order) = (factor, order)
    let packed = entry.tensor.elements == .u8
    // Packed rows hold four: a quarter of the rows each, the first in the low bits.
    let expected = packed ? [rows / 4, columns] : [rows, columns]
    guard entry.tensor.shape == expected, !packed || rows % 4 == 0 else {
      throw .unexpectedShape(
        tensor: entry.tensor.name, expected: expected, found: entry.tensor.shape)
    }
    guard packed || Numbers.supported.contains(entry.tensor.elements) else {
      throw .unsupportedElements(
        tensor: entry.tensor.name, type: entry.tensor.elements.rawValue,
        supported: (Numbers.supported + [.u8]).map(\.rawValue))
    }
  }

  /// The scale of every row of the matrix, or one for all of them.
  ///
  /// - Throws: `notFinite`, `notTernary`.
  func scales(_ rounding: Rounding?) throws(CheckpointError) -> [Float] {
    if isPacked { return [factor] }
    var largest: [Float] = []
    largest.reserveCapacity(rows)
    var sum = 0.0
    var isTernary = true
    var row = [Float](repeating: 0, count: columns)
    for index in 0..<rows {
      try read(index, into: &row)
      let top = row.reduce(0) { max($0, $1.magnitude) }
      sum = row.reduce(sum) { $0 + Double($1.magnitude) }
      isTernary = isTernary && row.allSatisfy { $0 == 0 || $0.magnitude == top }
      largest.append(top)
      releaseBehind(index)
    }
    switch rounding {
    case .absmean:
      let mean = Float(sum / Double(rows * columns))
      return [max(mean, 1e-5) * factor]
    case .exact:
      guard isTernary else { throw .notTernary(tensor: name) }
      let scales = largest.map { $0 * factor }
      // A row of zeros goes with any scale.
      guard let one = scales.first(where: { $0 != 0 }) else { return [0] }
      return scales.allSatisfy { $0 == one || $0 == 0 } ? [one] : scales
    case nil: throw .notTernary(tensor: name)
    }
  }

  /// The codes (weight + 1) of a row of the result.
  ///
  /// - Parameter scale: the row's, as `scales` gave it.
  /// - Throws: `invalidCode`, `notFinite`.
  func codes(
    ofRow index: Int, _ rounding: Rounding?, scale: Float, row numbers: inout [Float],
    into codes: UnsafeMutablePointer<UInt8>
  ) throws(CheckpointError) {
    let index = order?(index) ?? index
    guard !isPacked else { return try unpack(index, into: codes) }
    try read(index, into: &numbers)
    switch rounding {
    case .absmean:
      let inverse = 1 / (scale / factor)
      for column in 0..<columns {
        let rounded = (numbers[column] * inverse).rounded(.toNearestOrEven)
        codes[column] = rounded >= 1 ? 2 : rounded <= -1 ? 0 : 1
      }
    case .exact, nil:
      for column in 0..<columns {
        codes[column] = numbers[column] > 0 ? 2 : numbers[column] < 0 ? 0 : 1
      }
    }
  }

  private func unpack(
    _ index: Int, into codes: UnsafeMutablePointer<UInt8>
  ) throws(CheckpointError) {
    let quarter = rows / 4
    let shift = UInt8(index / quarter * 2)
    let bytes = entry.bytes
    let start = index % quarter * columns
    var isValid = true
    for column in 0..<columns {
      let code = bytes[start + column] >> shift & 3
      isValid = isValid && code < 3
      codes[column] = code
    }
    guard isValid else { throw .invalidCode(tensor: name, row: index) }
  }

  private func read(_ index: Int, into row: inout [Float]) throws(CheckpointError) {
    guard Numbers.read(entry, from: index * columns, into: &row) else {
      throw .notFinite(tensor: name, row: index)
    }
  }

  /// Gives back the pages of rows that were read in order, now and then.
  func releaseBehind(_ index: Int) {
    let rowBytes = columns * entry.tensor.elements.byteCount
    let every = max(1, (8 << 20) / max(1, rowBytes))
    guard (index + 1) % every == 0 || index + 1 == rows else { return }
    let start = entry.tensor.range.lowerBound
    entry.source.release(
      start + max(0, index + 1 - every) * rowBytes..<start + (index + 1) * rowBytes)
  }

  /// Gives back all pages.
  func release() { entry.source.release(entry.tensor.range) }
}

/// Floating-point numbers of a checkpoint.
enum Numbers {
  static let supported: [SafetensorsFile.Elements] = [.f32, .f16, .bf16]

  /// Reads as many numbers as `row` has, from element `first` on; false when one is not finite.
  static func read(_ entry: Checkpoint.Entry, from first: Int, into row: inout [Float]) -> Bool {
    let bytes = entry.bytes
    var isFinite = true
    switch entry.tensor.elements {
    case .f32:
      for index in row.indices {
        let bits = bytes.loadUnaligned(fromByteOffset: 4 * (first + index), as: UInt32.self)
        row[index] = Float(bitPattern: UInt32(littleEndian: bits))
        isFinite = isFinite && row[index].isFinite
      }
    case .bf16:
      for index in row.indices {
        let bits = bytes.loadUnaligned(fromByteOffset: 2 * (first + index), as: UInt16.self)
        row[index] = Float(bitPattern: UInt32(UInt16(littleEndian: bits)) << 16)
        isFinite = isFinite && row[index].isFinite
      }
    default:
      for index in row.indices {
        let bits = bytes.loadUnaligned(fromByteOffset: 2 * (first + index), as: UInt16.self)
        row[index] = Float(Float16(bitPattern: UInt16(littleEndian: bits)))
        isFinite = isFinite && row[index].isFinite
      }
    }
    return isFinite
  }

  /// All numbers of a small tensor.
  ///
  /// - Throws: `unexpectedShape`, `unsupportedElements`, `notFinite`.
  static func vector(
    _ entry: Checkpoint.Entry, count: Int
  ) throws(CheckpointError) -> [Float] {
    let tensor = entry.tensor
    guard supported.contains(tensor.elements) else {
      throw .unsupportedElements(
        tensor: tensor.name, type: tensor.elements.rawValue, supported: supported.map(\.rawValue))
    }
    // One number may be written without a dimension.
    guard tensor.shape == [count] || (count == 1 && tensor.shape.allSatisfy { $0 == 1 }) else {
      throw .unexpectedShape(tensor: tensor.name, expected: [count], found: tensor.shape)
    }
    var values = [Float](repeating: 0, count: count)
    guard read(entry, from: 0, into: &values) else { throw .notFinite(tensor: tensor.name, row: 0) }
    return values
  }
}
