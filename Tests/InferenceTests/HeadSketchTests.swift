import CTernary
import Testing

@testable import Inference

/// The likeliest token by a sketch of the head is the likeliest of the whole head, whatever the head.
@Suite struct HeadSketchTests {
  static let paths = Kernels.Path.available.filter(\.makesSketches)

  enum Kind: CaseIterable { case usual, equalRows, zeros, spread, huge }

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
        }
      }
    }
    return head
  }

  @Test(arguments: Kind.allCases, [(16, 64), (330, 64), (1000, 192), (200, 2560)])
  func theHighestRowIsThatOfTheWholeProduct(kind: Kind, shape: (Int, Int)) throws {
    let (rows, columns) = shape
    let padded = roundedUp(rows, to: 16)
    let head = Self.head(kind, rows: rows, columns: columns)
    for path in Self.paths {
      let table = try KernelTests.kernels(path.index)
      let workers = try #require(ck_workers_create(2, 0))
      defer { ck_workers_destroy(workers) }
      var codes = [UInt8](repeating: 0, count: padded / 16 * 12 * columns)
      var floats = [Float](repeating: 0, count: 3 * padded)
      var questions = [Int8](repeating: 0, count: Kernels.questionRows * columns)
      try head.withUnsafeBytes { bytes in
        try codes.withUnsafeMutableBufferPointer { codes in
          try floats.withUnsafeMutableBufferPointer { floats in
            let (start, base) = (try #require(floats.baseAddress), try #require(codes.baseAddress))
            var matrix = ck_dense_matrix(
              format: CK_DENSE_F32,
              data: try #require(bytes.baseAddress).assumingMemoryBound(to: UInt8.self),
              scales: nil, scale_columns: 0, rows: padded, columns: columns)
            var sketch = ck_sketch(
              codes: base, steps: start, norms: start + padded, residuals: start + 2 * padded,
              rows: padded, columns: columns)
            try withUnsafePointer(to: table) { table in
              ck_workers_sketch(workers, table, &matrix, &sketch)
              for tokens in [1, 2, 3, 4, 5, 8, 9, 16, 17] {
                var x: [Float] = []
                for seed in tokens..<2 * tokens { x += Self.activations(seed, &matrix) }
                var (found, whole) = (
                  [Float](repeating: 0, count: tokens * padded),
                  [Float](repeating: 0, count: tokens * padded)
                )
                let done = ck_workers_highest(
                  workers, table, &matrix, &sketch, x, tokens, rows, &questions, &found, padded)
                ck_float_matmul_reference(
                  &matrix, x, columns, tokens, &whole, padded, 0, padded / 16)
                for token in 0..<tokens {
                  let place = token * padded..<(token + 1) * padded
                  try expectSameHighest(
                    Array(found[place]), Array(whole[place]), rows, "\(kind) \(token) of \(tokens)")
                }
                #expect(done >= tokens && done <= tokens * padded / 16)
              }
            }
          }
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

  func expectSameHighest(_ found: [Float], _ whole: [Float], _ rows: Int, _ what: String) throws {
    func likeliest(_ logits: [Float]) -> TokenID {
      SamplerTests.draw(Array(logits.prefix(rows)), .greedy)
    }
    #expect(likeliest(found) == likeliest(whole), "\(what)")
    // What was worked out is the product's, bit for bit.
    for (one, other) in zip(found, whole) where one != -.infinity && !one.isNaN {
      #expect(one.bitPattern == other.bitPattern, "\(what)")
    }
  }

  @Test func greedyRepliesOfALargeVocabularyAreThoseOfTheWholeHead() async throws {
    // Large enough for a sketch: 16,384 tokens of width 256.
    let model = try TinyModel(hasOutputHead: true, vocabularySize: 1 << 14).load()
    let prompt = model.tokenizer.encode("hello the world")
    let greedy = GenerationRequest(prompt: prompt, sampling: .greedy, maxTokens: 20)
    // The likeliest of one and "one of the one likeliest" are the same; only the first asks so.
    var whole = greedy
    whole.measuresConfidence = true
    let expected = await Engine(model: model).tokens(whole)
    #expect(expected.count == 20)
    #expect(await Engine(model: model).tokens(greedy) == expected)
    #expect(await Engine(model: model, exactThreads: 2).tokens(greedy) == expected)
    var drafted = greedy
    drafted.draft = expected
    #expect(await Engine(model: model).tokens(drafted) == expected)
    let size = HeadSketch.byteCount(of: model.weights.head, on: model.kernelPath)
    #expect((size > 0) == model.kernelPath.makesSketches)
  }
}
