/// A head at six bits a weight, which finds the likeliest token without reading the whole head: the
/// sketch bounds each row's logit from both sides, and only rows that can be the highest are worked
/// out. What comes out is the likeliest token of the whole head, by proof, not by chance.
///
/// The scan and its bounds are a two-stage exact maximum inner product search with the bound of
/// Cauchy and Schwarz; `ck_sketch` has the layout. Owned by one thread.
final class HeadSketch {
  /// Heads of fewer weights are read as fast as their sketch would be.
  static let weightsMin = 4 << 20
  let codes: UnsafeMutableRawPointer  // (rows/16, 12 * columns)
  let steps: UnsafeMutablePointer<Float>  // (rows)
  let norms: UnsafeMutablePointer<Float>  // (rows)
  let residuals: UnsafeMutablePointer<Float>  // (rows)
  let questions: UnsafeMutablePointer<Int8>  // (Kernels.questionRows, columns): scratch
  let rows: Int
  let columns: Int

  /// Nil where the head is small or the path has no use of sketches: the head itself then gives the
  /// same.
  init?(of head: Matrix, in arena: UnsafeRawPointer, kernels: Kernels) {
    let byteCount = HeadSketch.byteCount(of: head, on: kernels.path)
    guard byteCount > 0 else { return nil }
    (rows, columns) = (roundedUp(head.rows, to: 16), head.columns)
    codes = .allocate(byteCount: byteCount, alignment: 64)
    let floats = (codes + rows / 16 * 12 * columns)
      .bindMemory(to: Float.self, capacity: 3 * rows)
    steps = floats
    norms = floats + rows
    residuals = floats + 2 * rows
    questions = UnsafeMutableRawPointer(floats + 3 * rows)
      .bindMemory(to: Int8.self, capacity: Kernels.questionRows * columns)
    kernels.sketch(head, in: arena, into: self)
  }

  deinit { codes.deallocate() }

  /// Bytes of the sketch of a head; 0 where none is made.
  static func byteCount(of head: Matrix, on path: Kernels.Path) -> Int {
    let rows = roundedUp(head.rows, to: 16)
    guard path.makesSketches, rows * head.columns >= weightsMin,
      head.columns.isMultiple(of: 64)
    else { return 0 }
    return rows / 16 * 12 * head.columns + 3 * rows * 4 + Kernels.questionRows * head.columns
  }

  /// Bytes that are read to find the tokens of `count` rows, apart from what is worked out.
  func scannedBytes(for count: Int) -> Int {
    roundedUp(count, to: Kernels.questionsAtOnce) / Kernels.questionsAtOnce
      * (rows / 16 * 12 * columns + 3 * rows * 4)
  }
}
