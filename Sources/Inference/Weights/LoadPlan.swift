/// What has to be read from a model file and where it goes, gathered before memory is allocated.
struct LoadPlan {
  /// One tensor of a stack of matrices that share their input.
  struct Part {
    /// The tensor's name without `.weight` or `.bias`.
    let name: String
    let rows: Int
  }

  let file: GGUFFile
  private(set) var arena = ArenaPlan()
  private(set) var jobs: [LoadJob] = []
  private var used: Set<String> = []

  init(_ file: GGUFFile) { self.file = file }

  mutating func vector(_ name: String, count: Int) throws(InferenceError) -> FloatVector {
    let (tensor, _) = try find(name, shape: [UInt64(count)], types: [.f32])
    let vector = arena.vector(count)
    jobs.append(.vector(vector, tensor))
    return vector
  }

  /// The vector of a tensor that a file may leave out.
  mutating func vectorIfPresent(
    _ name: String, count: Int
  ) throws(InferenceError) -> FloatVector? {
    file.tensors[name] == nil ? nil : try vector(name, count: count)
  }

  mutating func table(
    _ name: String, rows: Int, columns: Int
  ) throws(InferenceError) -> DenseMatrix {
    let (tensor, type) = try find(
      name, shape: [UInt64(columns), UInt64(rows)], types: TensorType.dense)
    let matrix = arena.dense(rows: rows, columns: columns, type: type)
    jobs.append(.dense(matrix, firstRow: 0, rows: rows, tensor))
    return matrix
  }

  /// Stacks matrices that share their input: neighbours of one type become one matrix, so that
  /// one product serves them. Each part's rows are whole groups of 16.
  mutating func projection(_ parts: [Part], columns: Int) throws(InferenceError) -> Projection {
    var linears: [Linear] = []
    var stacked: [(part: Part, tensor: GGUFFile.Tensor, type: TensorType)] = []
    var firstOutput = 0
    for part in parts {
      let (tensor, type) = try find(
        part.name + ".weight", shape: [UInt64(columns), UInt64(part.rows)],
        types: TensorType.allCases)
      if let last = stacked.last, !last.type.stacks(with: type) {
        linears.append(stack(stacked, columns: columns, firstOutput: &firstOutput))
        stacked = []
      }
      stacked.append((part, tensor, type))
    }
    linears.append(stack(stacked, columns: columns, firstOutput: &firstOutput))
    return Projection(linears)
  }

  private mutating func stack(
    _ stacked: [(part: Part, tensor: GGUFFile.Tensor, type: TensorType)], columns: Int,
    firstOutput: inout Int
  ) -> Linear {
    let rows = stacked.reduce(0) { $0 + $1.part.rows }
    let type = stacked[0].type
    let matrix: Matrix =
      type.isTernary
      ? .ternary(arena.ternary(rows: rows, columns: columns))
      : .dense(arena.dense(rows: rows, columns: columns, type: type))
    var firstRow = 0
    for (part, tensor, type) in stacked {
      switch matrix {
      case .ternary(let matrix):
        jobs.append(
          .ternary(matrix, firstRow: firstRow, rows: part.rows, tensor, type))
      case .dense(let matrix):
        jobs.append(.dense(matrix, firstRow: firstRow, rows: part.rows, tensor))
      }
      firstRow += part.rows
    }
    defer { firstOutput += rows }
    return Linear(matrix: matrix, firstOutput: firstOutput)
  }

  private mutating func find(
    _ name: String, shape: [UInt64], types: [TensorType]
  ) throws(InferenceError) -> (GGUFFile.Tensor, TensorType) {
    guard let tensor = file.tensors[name] else { throw .missingTensor(name) }
    guard let type = TensorType(rawValue: tensor.typeCode), types.contains(type) else {
      throw .unsupportedTensorType(
        tensor: name, type: tensor.typeCode, supported: types.map(\.name))
    }
    guard tensor.shape == shape else {
      throw .unexpectedShape(tensor: name, expected: shape, found: tensor.shape)
    }
    used.insert(name)
    return (tensor, type)
  }

  func refuseLeftovers() throws(InferenceError) {
    // The lowest name, so that the same file always gives the same error.
    if let name = file.tensors.keys.filter({ !used.contains($0) }).min() {
      throw .unexpectedTensor(name)
    }
  }
}

extension TensorType {
  var isTernary: Bool { TensorType.ternary.contains(self) }

  /// Whether tensors of both types can be rows of one matrix.
  fileprivate func stacks(with other: TensorType) -> Bool {
    self == other || (isTernary && other.isTernary)
  }
}

/// One tensor to read.
enum LoadJob {
  case vector(FloatVector, GGUFFile.Tensor)
  case dense(DenseMatrix, firstRow: Int, rows: Int, GGUFFile.Tensor)
  case ternary(TernaryMatrix, firstRow: Int, rows: Int, GGUFFile.Tensor, TensorType)

  func run(_ file: GGUFFile, _ base: UnsafeMutableRawPointer) throws(InferenceError) {
    switch self {
    case .vector(let vector, let tensor):
      let source = file.bytes(of: tensor)
      (base + vector.offset).copyMemory(from: Self.start(source), byteCount: source.count)
      let values = (base + vector.offset).assumingMemoryBound(to: Float.self)
      for index in 0..<vector.count where !values[index].isFinite {
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
    case .ternary(let matrix, let firstRow, let rows, let tensor, let type):
      try Self.pack(file, base, matrix, firstRow: firstRow, rows: rows, tensor, type)
    }
  }

  private static func pack(
    _ file: GGUFFile, _ base: UnsafeMutableRawPointer, _ matrix: TernaryMatrix, firstRow: Int,
    rows: Int, _ tensor: GGUFFile.Tensor, _ type: TensorType
  ) throws(InferenceError) {
    let source = file.bytes(of: tensor)
    let rowBytes = source.count / rows
    let scales = (base + matrix.scalesOffset).assumingMemoryBound(to: Float.self)
    for row in 0..<rows {
      let problem = RowPacking.pack(
        Self.start(source) + row * rowBytes, type: type, columns: matrix.columns,
        row: firstRow + row, codes: base + matrix.codesOffset, scale: scales + firstRow + row)
      guard let problem else { continue }
      let offset =
        tensor.offset + UInt64(row * rowBytes) + UInt64(problem.block) * type.blockBytes
      switch problem.problem {
      case .badCode: throw .invalidTernaryCode(tensor: tensor.name, offset: offset)
      case .badScale: throw .nonFiniteWeight(tensor: tensor.name, row: row)
      case .unequalScales:
        throw .unequalScales(tensor: tensor.name, row: row, offset: offset)
      }
    }
  }

  private static func start(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer {
    // Every tensor has at least one element (checked by the reader), so bytes.
    guard let start = bytes.baseAddress else { preconditionFailure("empty tensor") }
    return start
  }
}
