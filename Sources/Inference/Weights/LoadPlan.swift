import MappedFiles

/// What has to be read from a model file and where it goes, gathered before memory is allocated.
struct LoadPlan {
  /// One tensor of a stack of matrices that share their input.
  struct Part {
    /// The tensor's name without `.weight`, `.bias` and the like.
    let name: String
    let rows: Int
  }

  private struct Piece {
    let part: Part
    let tensor: GGUFFile.Tensor
    let type: TensorType
    /// Columns that share a scale, ternary only.
    let scaleColumns: Int
    let norm: FloatVector?
  }

  let file: GGUFFile
  let activations: Activations
  private let layout: TernaryLayout
  private(set) var arena = ArenaPlan()
  private(set) var jobs: [LoadJob] = []
  private var used: Set<String>

  /// - Parameters:
  ///   - layout: how ternary weights lie that allow any layout.
  ///   - used: tensors that were read elsewhere.
  init(
    _ file: GGUFFile, _ activations: Activations, layout: TernaryLayout, used: Set<String>
  ) {
    (self.file, self.activations, self.layout, self.used) = (file, activations, layout, used)
  }

  mutating func vector(_ name: String, count: Int) throws(InferenceError) -> FloatVector {
    let (tensor, _) = try find(name, shape: [UInt64(count)], types: [.f32])
    let vector = arena.vector(count)
    jobs.append(.vector(vector, first: 0, tensor))
    return vector
  }

  mutating func table(_ name: String, rows: Int, columns: Int) throws(InferenceError) -> Matrix {
    arrange([try describe(Part(name: name, rows: rows), columns: columns)], columns: columns)
  }

  /// Stacks matrices that share their input: neighbours of one type become one matrix, so that
  /// one product serves them. Each part's rows are whole groups of 16.
  mutating func projection(_ parts: [Part], columns: Int) throws(InferenceError) -> Projection {
    var linears: [Linear] = []
    var stacked: [Piece] = []
    var firstOutput = 0
    func fits(_ piece: Piece) -> Bool {
      guard let last = stacked.last, last.norm == nil, piece.norm == nil else { return false }
      return last.type == piece.type || (last.type.isTernary && piece.type.isTernary)
    }
    for part in parts {
      let piece = try describe(part, columns: columns)
      if !stacked.isEmpty, !fits(piece) {
        linears.append(try linear(stacked, columns: columns, firstOutput: &firstOutput))
        stacked = []
      }
      stacked.append(piece)
    }
    linears.append(try linear(stacked, columns: columns, firstOutput: &firstOutput))
    return Projection(linears)
  }

  private mutating func describe(_ part: Part, columns: Int) throws(InferenceError) -> Piece {
    let (tensor, type) = try find(
      part.name + ".weight", shape: [UInt64(columns), UInt64(part.rows)],
      types: TensorType.allCases)
    let normName = part.name + "_norm_in.weight"
    let norm = file.tensors[normName] == nil ? nil : try vector(normName, count: columns)
    let scaleColumns =
      !type.isTernary
        || RowPacking.hasOneScaleARow(file.bytes(of: tensor), type, columns, part.rows)
      ? columns : Int(type.blockElements)
    // The scan for scales touched every page.
    file.file.release(Int(tensor.offset)..<Int(tensor.offset + tensor.byteCount))
    return Piece(part: part, tensor: tensor, type: type, scaleColumns: scaleColumns, norm: norm)
  }

  private mutating func arrange(_ pieces: [Piece], columns: Int) -> Matrix {
    let rows = pieces.reduce(0) { $0 + $1.part.rows }
    let type = pieces[0].type
    // Blocks are powers of two, so the smallest divides the others; whole rows are the largest.
    let scaleColumns = pieces.reduce(columns) { min($0, $1.scaleColumns) }
    let matrix: Matrix =
      type.isTernary
      ? .ternary(
        arena.ternary(
          rows: rows, columns: columns,
          layout: layout(of: pieces, oneScale: scaleColumns == columns),
          scaleColumns: scaleColumns))
      : .dense(arena.dense(rows: rows, columns: columns, type: type))
    var firstRow = 0
    for piece in pieces {
      switch matrix {
      case .ternary(let matrix):
        let scale = file.tensors[piece.part.name + ".scale"]
        jobs.append(
          .ternary(
            matrix, firstRow: firstRow, rows: piece.part.rows, piece.tensor, piece.type,
            factor: scale))
      case .dense(let matrix):
        jobs.append(.dense(matrix, firstRow: firstRow, rows: piece.part.rows, piece.tensor))
      }
      firstRow += piece.part.rows
    }
    return matrix
  }

  /// Five trits a byte have no room for a fourth code, and are multiplied with int8 activations
  /// by whole rows only: the embedding is read as floats.
  private func layout(of pieces: [Piece], oneScale: Bool) -> TernaryLayout {
    let isPlain = pieces.allSatisfy { $0.type.hasThreeCodes && $0.part.name.hasPrefix("blk.") }
    return isPlain && oneScale && activations == .int8 ? layout : .twoBits
  }

  private mutating func linear(
    _ pieces: [Piece], columns: Int, firstOutput: inout Int
  ) throws(InferenceError) -> Linear {
    for piece in pieces where piece.type.isTernary {
      // One number that the whole matrix is multiplied with: joined to the scales at load.
      let name = piece.part.name + ".scale"
      if file.tensors[name] != nil { _ = try find(name, shape: [1], types: [.f32]) }
    }
    let matrix = arrange(pieces, columns: columns)
    let isTernary = if case .ternary = matrix { true } else { false }
    defer { firstOutput += matrix.rows }
    return Linear(
      matrix: matrix, firstOutput: firstOutput,
      readsFloats: !isTernary || activations == .exact, norm: pieces[0].norm,
      bias: try rowVector("bias", pieces), shift: try rowVector("shift", pieces))
  }

  /// A vector over the rows of a stack, zero for the parts that have none; nil where no part
  /// has one.
  private mutating func rowVector(
    _ suffix: String, _ pieces: [Piece]
  ) throws(InferenceError) -> FloatVector? {
    let names = pieces.map { "\($0.part.name).\(suffix)" }
    guard names.contains(where: { file.tensors[$0] != nil }) else { return nil }
    let vector = arena.vector(pieces.reduce(0) { $0 + $1.part.rows })
    var first = 0
    for (name, piece) in zip(names, pieces) {
      if file.tensors[name] != nil {
        let (tensor, _) = try find(name, shape: [UInt64(piece.part.rows)], types: [.f32])
        jobs.append(.vector(vector, first: first, tensor))
      }
      first += piece.part.rows
    }
    return vector
  }

  private mutating func find(
    _ name: String, shape: [UInt64], types: [TensorType]
  ) throws(InferenceError) -> (GGUFFile.Tensor, TensorType) {
    guard let tensor = file.tensors[name] else { throw .missingTensor(name) }
    guard let type = tensor.type, types.contains(type) else {
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
