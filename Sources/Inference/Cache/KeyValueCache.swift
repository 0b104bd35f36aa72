import Foundation

/// Keys and values of every slot: what the model has already worked out about a prefix.
///
/// f16, in blocks of 16 positions. A slot is (layers, context/16, key heads) blocks; a block is
/// keys (headSize, 16), so that a register holds one dimension of 16 positions, then values (16,
/// headSize). A layer's positions lie one after another: no two heads compete for the same
/// lines of a cache, and pages of positions never reached are never touched. Owned by one
/// thread.
final class KeyValueCache {
  private let layerCount: Int
  private let keyHeadCount: Int
  private let headSize: Int
  /// Context rounded up to whole blocks of 16 positions.
  private let positions: Int
  /// Bytes of one slot at the full context.
  let slotBytes: Int
  private var slots: [UnsafeMutableRawPointer?]

  init(_ sizes: Hyperparameters, slotCount: Int) {
    layerCount = sizes.layerCount
    keyHeadCount = sizes.keyHeadCount
    headSize = sizes.headSize
    positions = roundedUp(sizes.contextLength, to: 16)
    // At most 2^10 layers * 2^17 wide * 2^20 positions * 4 bytes: no overflow.
    slotBytes = layerCount * keyHeadCount * headSize * positions * 2 * 2
    slots = Array(repeating: nil, count: slotCount)
  }

  deinit {
    for case let slot? in slots { munmap(slot, slotBytes) }
  }

  /// Makes sure the slot has memory.
  ///
  /// - Throws: `outOfMemory`.
  func prepare(slot: Int) throws(InferenceError) {
    guard slots[slot] == nil else { return }
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    guard let base = mmap(nil, slotBytes, PROT_READ | PROT_WRITE, flags, -1, 0),
      base != MAP_FAILED
    else { throw .outOfMemory(bytes: slotBytes) }
    slots[slot] = base
  }

  /// Keys and values of one head of one layer.
  func history(slot: Int, layer: Int, head: Int) -> HeadHistory {
    let keys = layerStart(slot: slot, layer: layer) + head * headSize * 32
    return HeadHistory(
      keys: keys, values: keys + headSize * 16, blockStride: keyHeadCount * headSize * 32)
  }

  /// Copies the first `count` positions from one prepared slot to another: reads and writes
  /// 4 * layers * key width * count bytes (6 KiB a position for the bundled model).
  func copyPrefix(from source: Int, to target: Int, count: Int) {
    let elements = roundedUp(count, to: 16) * keyHeadCount * headSize * 2
    for layer in 0..<layerCount {
      layerStart(slot: target, layer: layer).update(
        from: layerStart(slot: source, layer: layer), count: elements)
    }
  }

  /// Elements of one layer of a slot.
  var layerElements: Int { positions * keyHeadCount * headSize * 2 }

  /// Where a slot's first layer begins.
  func start(slot: Int) -> UnsafeMutablePointer<UInt16> { layerStart(slot: slot, layer: 0) }

  private func layerStart(slot: Int, layer: Int) -> UnsafeMutablePointer<UInt16> {
    guard let base = slots[slot] else { preconditionFailure("slot \(slot) was not prepared") }
    return base.assumingMemoryBound(to: UInt16.self) + layer * layerElements
  }
}

/// Where one head's keys and values lie, as f16 bits.
struct HeadHistory {
  let keys: UnsafeMutablePointer<UInt16>  // (blocks, headSize, 16)
  let values: UnsafeMutablePointer<UInt16>  // (blocks, 16, headSize)
  /// Elements from one block to the next.
  let blockStride: Int
}
