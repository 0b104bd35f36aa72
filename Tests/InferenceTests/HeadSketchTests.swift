import CTernary
import Testing

@testable import Inference

/// The likeliest token by a sketch of the head is the likeliest of the whole head, whatever the head.
@Suite struct HeadSketchTests {
  static let paths = Kernels.Path.available.filter(\.makesSketches)

  enum Kind: CaseIterable { case usual, equalRows, zeros, spread, huge, widest }

  /// A head (rows, columns) as f32, 16 rows side by side.
  static func head(_ kind: Kind, rows: Int, columns: Int) -> [Float] {
    var random = SeededGenerator(seed: UInt64(rows + columns))
    var head = [Float](repeating: 0, count: roundedUp(rows, to: 16) * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let place = (row / 16 * columns + column) * 16 + row % 16
        let value = Float(random.nextUnit() + random.nextUnit() + random.nextUnit() - 1.5)
        switch kind {
        case .usual: head[place] = value
        case .equalRows: head[place] = Float((row % 3 * columns + column) % 7) - 3
        case .zeros: head[place] = row % 2 == 0 ? 0 : value * 1e-3
        case .spread: head[place] = value * (row % 5 == 0 ? 100 : 0.01) + (column == 3 ? 50 : 0)
        case .huge: head[place] = value * 1e36
        // With a row of 1 as activations, every code is the largest there is.
        case .widest: head[place] = row % 3 == 1 ? 1 : -1
        }
      }
    }
    return head
  }

  @Test(arguments: Kind.allCases, [(16, 64), (330, 64), (1000, 192), (200, 2560)])
  func theHighestRowIsThatOfTheWholeProduct(kind: Kind, shape: (Int, Int)) throws {
    let (rows, columns) = shape
    let head = Self.head(kind, rows: rows, columns: columns)
    for path in Self.paths {
      try withSketch(of: head, columns: columns, on: path) { workers, table, matrix, sketch in
        try expectHighest(of: &matrix, by: &sketch, rows, workers, table, "\(kind)")
        var whole = Self.asHead(&sketch, workers, table)
        #expect((0..<whole.rows / 16).allSatisfy { sketch.residuals[$0] == 0 })
        try expectHighest(of: &whole, by: &sketch, rows, workers, table, "\(kind), Q6_K")
      }
    }
  }

  /// A head of floats (rows, columns), 16 rows side by side, and its sketch.
  private func withSketch(
    of head: [Float], columns: Int, on path: Kernels.Path,
    _ body: (
      OpaquePointer, UnsafePointer<ck_kernels>, inout ck_dense_matrix, inout ck_sketch
    ) throws -> Void
  ) throws {
    let (rows, room) = (head.count / columns, roundedUp(columns, to: 256))
    let workers = try #require(ck_workers_create(2, 0))
    let codes = UnsafeMutablePointer<UInt8>.allocate(
      capacity: ck_dense_bytes(CK_DENSE_Q6_K, rows, room))
    let floats = UnsafeMutablePointer<Float>.allocate(capacity: rows / 8)
    defer {
      ck_workers_destroy(workers)
      codes.deallocate()
      floats.deallocate()
    }
    try head.withUnsafeBytes { bytes in
      var matrix = ck_dense_matrix(
        format: CK_DENSE_F32,
        data: try #require(bytes.baseAddress).assumingMemoryBound(to: UInt8.self), scales: nil,
        scale_columns: 0, rows: rows, columns: columns)
      var sketch = ck_sketch(
        matrix: ck_dense_matrix(
          format: CK_DENSE_Q6_K, data: codes, scales: nil, scale_columns: 0, rows: rows,
          columns: room), own: codes, norms: floats, residuals: floats + rows / 16)
      try withUnsafePointer(to: KernelTests.kernels(path.index)) { table in
        ck_workers_sketch(workers, table, &matrix, &sketch)
        try body(workers, table, &matrix, &sketch)
      }
    }
  }

  /// The sketch's numbers as a head of Q6_K, whose sketch needs none of its own.
  private static func asHead(
    _ sketch: inout ck_sketch, _ workers: OpaquePointer, _ table: UnsafePointer<ck_kernels>
  ) -> ck_dense_matrix {
    var head = sketch.matrix
    sketch.own = nil
    ck_workers_sketch(workers, table, &head, &sketch)
    return head
  }

  private func expectHighest(
    of matrix: inout ck_dense_matrix, by sketch: inout ck_sketch, _ rows: Int,
    _ workers: OpaquePointer, _ table: UnsafePointer<ck_kernels>, _ what: String
  ) throws {
    let (padded, columns) = (matrix.rows, matrix.columns)
    var scratch = [Int8](
      repeating: 0, count: Kernels.highestScratch(padded, sketch.matrix.columns))
    for (tokens, keep) in [
      (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (8, 1), (9, 1), (16, 1), (17, 1),
      (1, 40), (3, 40), (5, 128), (9, 2), (17, 40),
    ] {
      let x = (tokens..<2 * tokens).flatMap { Self.activations($0, &matrix) }
      var (found, whole) = (
        [Float](repeating: 0, count: tokens * padded),
        [Float](repeating: 0, count: tokens * padded)
      )
      let done = ck_workers_highest(
        workers, table, &matrix, &sketch, x, tokens, rows, keep, &scratch, &found, padded)
      ck_float_matmul_reference(&matrix, x, columns, tokens, &whole, padded, 0, padded / 16)
      for token in 0..<tokens {
        let place = token * padded..<token * padded + rows
        expectSameHighest(
          keep, Array(found[place]), Array(whole[place]),
          "\(what): \(keep) of token \(token) of \(tokens)")
      }
      #expect(done >= tokens && done <= tokens * padded / 16)
    }
  }

  @Test func aHeadOfWholeNumbersIsHardlyWorkedOutEvenWhereNothingStandsOut() throws {
    let (rows, columns) = (4096, 256)
    let head = Self.head(.usual, rows: rows, columns: columns)
    for path in Self.paths {
      try withSketch(of: head, columns: columns, on: path) { workers, table, _, sketch in
        var whole = Self.asHead(&sketch, workers, table)
        var scratch = [Int8](repeating: 0, count: Kernels.highestScratch(rows, columns))
        var found = [Float](repeating: 0, count: 16 * rows)
        for (tokens, keep) in [(1, 1), (8, 1), (16, 1), (1, 8), (2, 8), (16, 8)] {
          let x = KernelTests.floats(tokens * columns, seed: 5, extreme: false)
          let done = ck_workers_highest(
            workers, table, &whole, &sketch, x, tokens, rows, keep, &scratch, &found, rows)
          #expect(done <= (keep + 1) * tokens)
        }
      }
    }
  }

  /// What is multiplied with a head: the exact highest is far above the others, as in text, or hardly
  /// at all; now and then numbers are extreme, or are none.
  static func activations(_ seed: Int, _ matrix: inout ck_dense_matrix) -> [Float] {
    let columns = matrix.columns
    var x = KernelTests.floats(columns, seed: UInt64(seed), extreme: seed % 12 == 11)
    if seed % 2 == 0 { ck_dense_row(&matrix, seed * 37 % matrix.rows, &x) }
    if seed % 12 == 9 { x[5] = .nan }
    return x
  }

  func expectSameHighest(_ keep: Int, _ found: [Float], _ whole: [Float], _ what: String) {
    func likeliest(_ logits: [Float]) -> [Int32] {
      var (tokens, values) = (
        [Int32](repeating: 0, count: keep), [Float](repeating: 0, count: keep)
      )
      let count = ck_top_reference(logits, logits.count, keep, &tokens, &values)
      return Array(tokens.prefix(count))
    }
    #expect(likeliest(found) == likeliest(whole), "\(what)")
    // What was worked out is the product's, bit for bit.
    for (one, other) in zip(found, whole) where one != -.infinity && !one.isNaN {
      #expect(one.bitPattern == other.bitPattern, "\(what)")
    }
  }

  @Test(arguments: [SamplingParameters.greedy, SamplingParameters(temperature: 1.5)])
  func repliesOfALargeVocabularyAreThoseOfTheWholeHead(sampling: SamplingParameters) async throws {
    // Large enough for a sketch: 16,384 tokens of width 256.
    let model = try TinyModel(hasOutputHead: true, vocabularySize: 1 << 14).load()
    let prompt = model.tokenizer.encode("hello the world")
    let few = GenerationRequest(prompt: prompt, sampling: sampling, maxTokens: 20)
    // Who asks how sure the model was is given the whole head, and the same tokens.
    var whole = few
    whole.measuresConfidence = true
    let expected = await Engine(model: model).tokens(whole)
    #expect(expected.count == 20)
    #expect(await Engine(model: model).tokens(few) == expected)
    #expect(await Engine(model: model, exactThreads: 2).tokens(few) == expected)
    var drafted = few
    drafted.draft = expected
    #expect(await Engine(model: model).tokens(drafted) == expected)
    let size = HeadSketch.byteCount(of: model.weights.head, on: model.kernelPath)
    #expect((size > 0) == model.kernelPath.makesSketches)
  }
}
