import Foundation
import MappedFiles
import Synchronization
import Testing

@testable import Inference

/// A file is packed by several threads at once, and nobody can tell by the result.
@Suite struct LoadingTests {
  @Test(arguments: [1, 2, 5])
  func theWeightsDoNotDependOnTheThreads(threads: Int) throws {
    let bytes = TinyModel(hasOutputHead: true).writer().bytes()
    try withFile(bytes) { path in
      let file = try GGUFFile(path: path)
      let sizes = try Hyperparameters(
        file, vocabularySize: TinyModel.vocabulary.count)
      let alone = try ModelWeights(file, sizes, progress: nil)
      let together = try ModelWeights(file, sizes, threads: threads, progress: nil)
      #expect(alone.arena.bytes.elementsEqual(together.arena.bytes))
    }
  }

  @Test func theLowestNumberThatFailsIsTheOneThatIsTold() {
    for threads in [1, 3] {
      #expect(throws: InferenceError.missingTensor("20")) {
        try ParallelWork.run(100, threads: threads) { (index: Int) throws(InferenceError) in
          if index % 20 == 0, index > 0 { throw .missingTensor("\(index)") }
        }
      }
    }
  }

  @Test func progressRisesToTheEnd() throws {
    let seen = SeenFractions()
    try ParallelWork.run(50, threads: 3, progress: { seen.add($0) }) { _ in }
    #expect(seen.all.count == 50)
    #expect(seen.all == seen.all.sorted())
    #expect(seen.all.last == 1)
  }

  @Test func whatIsGivenBackOfAFileIsReadAgain() throws {
    let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 256) }
    try withFile(content) { path in
      let file = try MappedFile(path: path)
      #expect(file.bytes.elementsEqual(content))
      file.release(0..<content.count)
      #expect(file.bytes.elementsEqual(content))
    }
  }

  @Test func aFilesDigestIsThatOfItsBytes() throws {
    let content = (0..<9_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try withFile(content) { path in
      let file = try MappedFile(path: path)
      #expect(HexDigest.sha256(file) == content.withUnsafeBytes(HexDigest.sha256))
    }
  }

  @Test func whatAModelKeepsInMemoryIsWhatItSays() throws {
    let model = try TinyModel.standard.get()
    let memory = model.memory
    #expect(memory.weightBytes == model.weights.arena.bytes.count)
    #expect(memory.fileBytes == model.info.fileBytes)
    // Two layers, two key heads of 64, keys and values, two bytes each.
    #expect(memory.keyValueBytesPerToken == 2 * 2 * 64 * 2 * 2)
    #expect(memory.keyValueBytes == 128 * memory.keyValueBytesPerToken)
    #expect(memory.workspaceBytes > 64 * 4 * (4 * 256 + 3 * 512))
  }
}

/// Fractions in the order they were told.
private final class SeenFractions: Sendable {
  private let seen = Mutex<[Double]>([])
  var all: [Double] { seen.withLock { $0 } }
  func add(_ fraction: Double) { seen.withLock { $0.append(fraction) } }
}
