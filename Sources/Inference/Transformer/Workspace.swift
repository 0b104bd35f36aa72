/// The buffers of one step of up to `rowCapacity` rows, allocated once. Owned by one thread.
final class Workspace {
  let rowCapacity: Int  // R
  let logitStride: Int  // vocabulary rounded up to 16

  let residual: UnsafeMutablePointer<Float>  // (R, d)
  let normed: UnsafeMutablePointer<Float>  // (R and at least threads, max of d, q, f)
  let normedAgain: UnsafeMutablePointer<Float>  // (R, max of d, q, f): for a norm of its own
  let queryKeyValue: UnsafeMutablePointer<Float>  // (R, q + 2k)
  let attended: UnsafeMutablePointer<Float>  // (R, q)
  let gateUp: UnsafeMutablePointer<Float>  // (R, 2f)
  let projected: UnsafeMutablePointer<Float>  // (R, d)
  let headInput: UnsafeMutablePointer<Float>  // (R, d): rows that want logits only
  let scores: ScoreBuffer  // (threads, queries at once, context rounded up to 16)
  let places: UnsafeMutablePointer<RowPlace>  // (R)
  let logits: UnsafeMutablePointer<Float>  // (R, logitStride)
  let quantised: QuantisedRows  // (R, max of d, q, f)
  let cosines: UnsafeMutablePointer<Float>  // (context, rotary half)
  let sines: UnsafeMutablePointer<Float>  // (context, rotary half)
  /// Rows of the rotations that are filled.
  private var rotations = 0

  /// Bytes of all buffers.
  let byteCount: Int

  private let sizes: Hyperparameters
  private let blocks: [UnsafeMutableRawPointer]

  init(_ sizes: Hyperparameters, rowCapacity: Int, threads: Int = 1) {
    self.rowCapacity = rowCapacity
    self.sizes = sizes
    var widest = roundedUp(
      max(sizes.width, sizes.queryWidth, sizes.feedForwardWidth), to: 64)
    // The same columns of a dozen rows would compete for one place of the nearest cache.
    if widest.isMultiple(of: 1024) { widest += 64 }
    let angles = sizes.contextLength * sizes.rotary.half
    var blocks: [UnsafeMutableRawPointer] = []
    var total = 0
    func bytes(_ count: Int) -> UnsafeMutableRawPointer {
      let block = UnsafeMutableRawPointer.allocate(
        byteCount: roundedUp(count, to: 64), alignment: 64)
      blocks.append(block)
      total += roundedUp(count, to: 64)
      return block
    }
    func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
      bytes(count * 4).bindMemory(to: Float.self, capacity: count)
    }
    logitStride = roundedUp(sizes.vocabularySize, to: 16)
    residual = floats(rowCapacity * sizes.width)
    normed = floats(max(rowCapacity, threads) * widest)
    normedAgain = floats(rowCapacity * widest)
    queryKeyValue = floats(rowCapacity * (sizes.queryWidth + 2 * sizes.keyWidth))
    attended = floats(rowCapacity * sizes.queryWidth)
    gateUp = floats(rowCapacity * 2 * sizes.feedForwardWidth)
    projected = floats(rowCapacity * sizes.width)
    headInput = floats(rowCapacity * sizes.width)
    let scoreStride = ScoreBuffer.queries * roundedUp(sizes.contextLength, to: 16)
    scores = ScoreBuffer(start: floats(threads * scoreStride), stride: scoreStride)
    places = bytes(rowCapacity * MemoryLayout<RowPlace>.stride)
      .bindMemory(to: RowPlace.self, capacity: rowCapacity)
    logits = floats(rowCapacity * logitStride)
    quantised = QuantisedRows(
      // Lines of five trits reach past the last column.
      codes: bytes(rowCapacity * widest + 64).bindMemory(
        to: Int8.self, capacity: rowCapacity * widest),
      scales: floats(rowCapacity),
      sums: bytes(rowCapacity * 4).bindMemory(to: Int32.self, capacity: rowCapacity),
      blockSums: bytes(rowCapacity * widest / 16).bindMemory(
        to: Int32.self, capacity: rowCapacity * widest / 64),
      stride: widest)
    cosines = floats(angles)
    sines = floats(angles)
    self.blocks = blocks
    byteCount = total
  }

  /// Makes sure the angles of a position are there. They are filled as positions are reached: a
  /// long context costs nothing until it is used.
  func prepareRotation(of position: Int) {
    guard position >= rotations else { return }
    let end = min(roundedUp(position + 1, to: 64), sizes.contextLength)
    ExactMath.fillRotations(
      sizes.rotary, positions: rotations..<end, cosines: cosines, sines: sines)
    rotations = end
  }

  deinit {
    for block in blocks { block.deallocate() }
  }
}
