import MappedFiles
import TestSupport
import Testing

@testable import Checkpoints

/// The reader of safetensors takes nothing on trust.
@Suite struct SafetensorsTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ header: String, data: Int, length: UInt64? = nil) throws -> String {
    let bytes = Array(header.utf8)
    var content = withUnsafeBytes(of: (length ?? UInt64(bytes.count)).littleEndian) { Array($0) }
    content += bytes + [UInt8](repeating: 1, count: data)
    try folder.write(content, to: "model.safetensors")
    return folder.file("model.safetensors")
  }

  private func fault(_ header: String, data: Int, length: UInt64? = nil) throws
    -> SafetensorsFault?
  {
    let path = try file(header, data: data, length: length)
    do {
      _ = try SafetensorsFile(path)
      return nil
    } catch CheckpointError.damaged(_, let fault) {
      return fault
    }
  }

  private static let pair = """
    {"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
    "b":{"dtype":"U8","shape":[8],"data_offsets":[24,32]}}
    """

  @Test func tensorsAreWhereTheHeaderSays() throws {
    let file = try SafetensorsFile(try file(Self.pair, data: 32))
    let start = 8 + Self.pair.utf8.count
    #expect(file.tensors["a"]?.shape == [2, 3])
    #expect(file.tensors["a"]?.range == start..<start + 24)
    #expect(file.tensors["b"]?.elements == .u8)
    #expect(file.tensors.count == 2)
  }

  @Test func everyByteBelongsToOneTensor() throws {
    #expect(try fault(Self.pair, data: 33) == .gap(before: nil, bytes: 1))
    #expect(
      try fault(Self.pair, data: 31) == .outOfBounds(tensor: "b", end: 32, available: 31))
    let overlapping = Self.pair.replacing("[24,32]", with: "[16,24]")
    #expect(try fault(overlapping, data: 24) == .overlap("a", "b"))
    let apart = Self.pair.replacing("[24,32]", with: "[25,33]")
    #expect(try fault(apart, data: 33) == .gap(before: "b", bytes: 1))
  }

  @Test func shapesAndBytesHaveToAgree() throws {
    let other = Self.pair.replacing("[2,3]", with: "[2,4]")
    #expect(try fault(other, data: 32) == .wrongSize(tensor: "a", expected: 32, found: 24))
    for shape in ["[4611686018427387904,4]", "[-1]", "[1.5]", "{}", "[1,1,1,1,1,1,1,1,6]"] {
      let header = Self.pair.replacing("[2,3]", with: shape)
      #expect(try fault(header, data: 32) == .entry(tensor: "a", field: "shape"), "\(shape)")
    }
  }

  @Test func lengthsBeyondTheFileAreRefused() throws {
    #expect(try fault("{}", data: 0, length: 3) == .truncated(needed: 3, available: 2))
    #expect(
      try fault("{}", data: 0, length: .max)
        == .headerTooLarge(bytes: .max, bytesMax: SafetensorsFile.headerBytesMax))
  }

  @Test func everyHeaderCutShortOrChangedIsRefusedOrRead() throws {
    var random = SeededGenerator(seed: 5)
    let bytes = Array(Self.pair.utf8)
    for _ in 0..<500 {
      var changed = bytes
      changed[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
      let path = try file(String(decoding: changed, as: UTF8.self), data: 32)
      // Refused is as good as read; what is read stays inside the file.
      do throws(CheckpointError) {
        let read = try SafetensorsFile(path)
        for tensor in read.tensors.values {
          #expect(tensor.range.upperBound <= read.source.bytes.count)
        }
      } catch { continue }
    }
  }
}

/// Codes of a row to blocks; other programs' readings are in the interop tests.
@Suite struct TernaryTypeTests {
  @Test(arguments: TernaryType.allCases)
  func everyWeightHasItsPlace(type: TernaryType) {
    // One weight after another is +1 among zeros: each gives other bytes.
    var seen: Set<[UInt8]> = []
    for place in 0..<type.blockWeights {
      var codes = [UInt8](repeating: 1, count: type.blockWeights)
      codes[place] = 2
      var blocks = [UInt8](repeating: 0, count: type.blockBytes)
      codes.withUnsafeBufferPointer { codes in
        blocks.withUnsafeMutableBufferPointer { blocks in
          if let start = blocks.baseAddress { type.pack(codes, scale: 0x3C00, into: start) }
        }
      }
      seen.insert(blocks)
    }
    #expect(seen.count == type.blockWeights)
  }
}
