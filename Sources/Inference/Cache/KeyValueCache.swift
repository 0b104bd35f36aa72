import Foundation

/// Keys and values of every slot: what the model has already worked out about a prefix.
///
/// A slot's memory is (layers, key heads) pieces; a piece is keys (context/16, headSize, 16)
/// followed by values (context, headSize). Pages of positions never reached are never touched,
/// so an idle slot costs address space only. Owned by one thread.
final class KeyValueCache {
  private let layerCount: Int
  private let keyHeadCount: Int
  private let headSize: Int
  /// Context rounded up to whole blocks of 16 positions.
  private let positions: Int
  private let slotBytes: Int
  private var slots: [UnsafeMutableRawPointer?]

  init(_ sizes: Hyperparameters, slotCount: Int) {
    layerCount = sizes.layerCount
    keyHeadCount = sizes.keyHeadCount
    headSize = sizes.headSize
    positions = roundedUp(sizes.contextLength, to: 16)
    // At most 2^10 layers * 2^17 wide * 2^20 positions * 8 bytes: no overflow.
    slotBytes = layerCount * keyHeadCount * headSize * positions * 2 * 4
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

  /// Keys of one head: (context/16, headSize, 16).
  func keys(slot: Int, layer: Int, head: Int) -> UnsafeMutablePointer<Float> {
    guard let base = slots[slot] else { preconditionFailure("slot \(slot) was not prepared") }
    let piece = (layer * keyHeadCount + head) * positions * headSize * 2
    return base.assumingMemoryBound(to: Float.self) + piece
  }

  /// Values of one head: (context, headSize).
  func values(slot: Int, layer: Int, head: Int) -> UnsafeMutablePointer<Float> {
    keys(slot: slot, layer: layer, head: head) + positions * headSize
  }

  /// Copies the first `count` positions from one prepared slot to another: reads and writes
  /// 2 * layers * key width * count floats (12 KiB a position for the bundled model).
  func copyPrefix(from source: Int, to target: Int, count: Int) {
    let floats = roundedUp(count, to: 16) * headSize
    for layer in 0..<layerCount {
      for head in 0..<keyHeadCount {
        keys(slot: target, layer: layer, head: head).update(
          from: keys(slot: source, layer: layer, head: head), count: floats)
        values(slot: target, layer: layer, head: head).update(
          from: values(slot: source, layer: layer, head: head), count: floats)
      }
    }
  }
}
