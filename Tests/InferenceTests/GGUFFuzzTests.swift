import MappedFiles
import Testing

@testable import Inference

/// Damaged files give an error or a model, never a crash.
@Suite struct GGUFFuzzTests {
  /// Reads a file that is in memory, by the same path as one on disk.
  static func load(_ bytes: [UInt8]) throws(InferenceError) {
    guard let region = MappedFile(byteCount: bytes.count, fill: { $0.copyBytes(from: bytes) })
    else { throw .outOfMemory(bytes: bytes.count) }
    let file = try GGUFFile(file: region)
    let count = try file.strings("tokenizer.ggml.tokens").count
    let sizes = try Hyperparameters(file, vocabularySize: count)
    _ = try Tokenizer(file)
    _ = try ModelWeights(file, sizes, progress: nil)
  }

  /// One block a matrix: the smallest file with everything in it.
  static let smallest = TinyModel(feedForward: 256, layers: 1, heads: 1, keyHeads: 1).writer()

  /// Bytes in front of the tensors' data.
  static func headerCount(_ bytes: [UInt8]) -> Int {
    bytes.count - smallest.tensors.reduce(0) { $0 + roundedUp($1.bytes.count, to: 32) }
  }

  @Test func everyTruncationIsRefused() throws {
    let bytes = Self.smallest.bytes()
    try Self.load(bytes)
    let header = Self.headerCount(bytes)
    let lengths = Array(1..<header) + stride(from: header, to: bytes.count, by: 9_973)
    for length in lengths {
      #expect(throws: InferenceError.self, "\(length)") {
        try Self.load(Array(bytes.prefix(length)))
      }
    }
  }

  @Test func seededDamageNeverCrashes() {
    let bytes = Self.smallest.bytes()
    let header = Self.headerCount(bytes)
    var random = SeededGenerator(seed: 20_260)
    var refused = 0
    for _ in 0..<4000 {
      var damaged = Array(bytes)
      for _ in 0...random.next() % 3 {
        let at = Int(random.next() % UInt64(header))
        damaged[at] = UInt8(truncatingIfNeeded: random.next() >> 13)
      }
      do throws(InferenceError) {
        try Self.load(damaged)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 1000)
  }
}
