/// A head as whole numbers, which finds the likeliest token without turning the whole head into floats:
/// the sketch bounds each row's logit from above, and only rows that can be the highest are worked out.
/// What comes out is the likeliest token of the whole head, by proof, not by chance.
///
/// The scan and its bounds are a two-stage exact maximum inner product search with the bound of
/// Cauchy and Schwarz; `ck_sketch` has the layout. A head of Q6_K is scanned itself; others are
/// rounded to that. Owned by one thread.
final class HeadSketch {
  /// Heads of fewer weights are read as fast as their sketch would be.
  static let weightsMin = 4 << 20
  /// Columns of a block of a sketch.
  private static let blockColumns = 256

  private let memory: UnsafeMutableRawPointer
  /// (rows/16, blocks); nil where the head's own numbers are scanned.
  let codes: UnsafeMutablePointer<UInt8>?
  let norms: UnsafeMutablePointer<Float>  // (rows/16)
  let residuals: UnsafeMutablePointer<Float>  // (rows/16)
  let scratch: UnsafeMutablePointer<Int8>
  /// Of the head, rounded up to whole blocks.
  let columns: Int
  private let scanned: Int

  /// Nil where the head is small or the path has no use of sketches: the head itself then gives the
  /// same.
  init?(of head: Matrix, in arena: UnsafeRawPointer, kernels: Kernels) {
    let byteCount = HeadSketch.byteCount(of: head, on: kernels.path)
    guard byteCount > 0 else { return nil }
    let groups = roundedUp(head.rows, to: 16) / 16
    columns = roundedUp(head.columns, to: Self.blockColumns)
    memory = .allocate(byteCount: byteCount, alignment: 64)
    let codeBytes = Self.codeBytes(of: head)
    codes = codeBytes == 0 ? nil : memory.bindMemory(to: UInt8.self, capacity: codeBytes)
    norms = (memory + codeBytes).bindMemory(to: Float.self, capacity: 2 * groups)
    residuals = norms + groups
    scratch = UnsafeMutableRawPointer(norms + 2 * groups)
      .bindMemory(to: Int8.self, capacity: Kernels.highestScratch(16 * groups, columns))
    scanned = (codeBytes == 0 ? head.byteCount : codeBytes) + 2 * groups * 4
    kernels.sketch(head, in: arena, into: self)
  }

  deinit { memory.deallocate() }

  /// Bytes that the sketch of a head takes besides the head; 0 where none is made.
  static func byteCount(of head: Matrix, on path: Kernels.Path) -> Int {
    let rows = roundedUp(head.rows, to: 16)
    guard path.makesSketches, rows * head.columns >= weightsMin else { return 0 }
    return codeBytes(of: head) + 2 * rows / 16 * 4
      + Kernels.highestScratch(rows, roundedUp(head.columns, to: blockColumns))
  }

  /// Bytes of numbers of its own.
  private static func codeBytes(of head: Matrix) -> Int {
    if case .dense(let matrix) = head, matrix.type == .q6_k { return 0 }
    return DenseMatrix.byteCount(
      rows: head.rows, columns: roundedUp(head.columns, to: blockColumns), type: .q6_k)
  }

  /// Bytes that are read to find the tokens of `count` rows, apart from what is worked out.
  func scannedBytes(for count: Int) -> Int {
    roundedUp(count, to: Kernels.questionsAtOnce) / Kernels.questionsAtOnce * scanned
  }
}
