import MappedFiles

/// What a loaded model keeps in memory, in bytes.
public struct ModelMemory: Sendable, Equatable {
  /// The file, mapped while it is read; its pages are given back as they are used, and none stays.
  public let fileBytes: Int
  /// Weights in the layouts the kernels read.
  public let weightBytes: Int
  /// Keys and values of one token of one conversation.
  public let keyValueBytesPerToken: Int
  /// Keys and values of one conversation that fills the context.
  public let keyValueBytes: Int
  /// Buffers of one step; of those that depend on the context only what is reached is used. The
  /// sketch of a large head is among them, which is made when a reply is first drawn greedily.
  public let workspaceBytes: Int
}

extension LanguageModel {
  /// What it keeps in memory, by the sizes of what was or will be allocated.
  public var memory: ModelMemory {
    let cache = KeyValueCache(sizes, slotCount: 0)
    return ModelMemory(
      fileBytes: info.fileBytes, weightBytes: weights.arena.bytes.count,
      keyValueBytesPerToken: cache.positionBytes,
      keyValueBytes: cache.slotBytes,
      workspaceBytes: Workspace(sizes, rowCapacity: DecodeLoop.chunkRows).byteCount
        + HeadSketch.byteCount(of: weights.head, on: kernelPath))
  }
}
