import Foundation

/// Keys and values of every slot: what the model has already worked out about a prefix.
///
/// f16. A slot is (layers, key heads) times two streams of memory, each read from its beginning:
/// keys (context/16, headSize, 16), so that a register holds one dimension of 16 positions, then
/// values (context, headSize). Pages of positions never reached are never touched. Owned by one
/// thread.
final class KeyValueCache {
  private let layerCount: Int
  private let keyHeadCount: Int
  private let headSize: Int
  /// Elements of the keys, or of the values, of one head: the context rounded up to 16 positions.
  let streamElements: Int
  /// Bytes of one position: both streams of every head of every layer.
  let positionBytes: Int
  /// Bytes of one slot at the full context.
  let slotBytes: Int
  private var slots: [UnsafeMutableRawPointer?]

  init(_ sizes: Hyperparameters, slotCount: Int) {
    layerCount = sizes.layerCount
    keyHeadCount = sizes.keyHeadCount
    headSize = sizes.headSize
    streamElements = roundedUp(sizes.contextLength, to: 16) * headSize
    // At most 2^10 layers * 2^17 wide * 2^20 positions * 4 bytes: no overflow.
    positionBytes = layerCount * keyHeadCount * headSize * 2 * 2
    slotBytes = positionBytes * roundedUp(sizes.contextLength, to: 16)
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

  /// Keys and values of one head of one layer of the slot that begins at `start`.
  func history(from start: UnsafeMutablePointer<UInt16>, layer: Int, head: Int) -> HeadHistory {
    let keys = start + layer * layerElements + head * 2 * streamElements
    return HeadHistory(keys: keys, values: keys + streamElements)
  }

  /// Copies the first `count` positions from one prepared slot to another: reads and writes
  /// 4 * layers * key width * count bytes (6 KiB a position for the bundled model).
  func copyPrefix(from source: Int, to target: Int, count: Int) {
    let elements = roundedUp(count, to: 16) * headSize
    for stream in 0..<layerCount * keyHeadCount * 2 {
      (start(slot: target) + stream * streamElements).update(
        from: start(slot: source) + stream * streamElements, count: elements)
    }
  }

  /// Touches the pages of a slot's first `count` positions, which then take no time when they are
  /// written; what they held is lost.
  func touch(slot: Int, count: Int) {
    let elements = roundedUp(count, to: 16) * headSize
    for stream in 0..<layerCount * keyHeadCount * 2 {
      (start(slot: slot) + stream * streamElements).update(repeating: 0, count: elements)
    }
  }

  /// Elements of one layer of a slot.
  var layerElements: Int { keyHeadCount * 2 * streamElements }

  /// Where a slot's first layer begins.
  func start(slot: Int) -> UnsafeMutablePointer<UInt16> {
    guard let base = slots[slot] else { preconditionFailure("slot \(slot) was not prepared") }
    return base.assumingMemoryBound(to: UInt16.self)
  }
}

/// Where one head's keys and values lie, as f16 bits.
struct HeadHistory {
  let keys: UnsafeMutablePointer<UInt16>  // (positions/16, headSize, 16)
  let values: UnsafeMutablePointer<UInt16>  // (positions, headSize)
}
