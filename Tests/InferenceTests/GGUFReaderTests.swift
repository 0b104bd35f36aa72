import Testing

@testable import Inference

@Suite struct GGUFReaderTests {
  static func error(_ bytes: [UInt8]) throws -> InferenceError? {
    try withFile(bytes) { path in
      do throws(InferenceError) {
        _ = try LanguageModel(contentsOf: path)
        return nil
      } catch {
        return error
      }
    }
  }

  static func error(_ change: (inout GGUFWriter) -> Void) throws -> InferenceError? {
    var writer = TinyModel.standardWriter
    change(&writer)
    return try error(writer.bytes())
  }

  @Test func aRightFileLoadsAndTellsWhatItIs() throws {
    let bytes = TinyModel.standardWriter.bytes()
    let info = try withFile(bytes) { try LanguageModel(contentsOf: $0).info }
    #expect(info.name == "Tiny")
    #expect(info.architecture == "bitnet")
    #expect(info.tensorTypes == ["F32": 9, "Q8_0": 1, "TQ2_0": 14])
    #expect(info.contextLength == 128)
    #expect(info.vocabularySize == TinyModel.vocabulary.count)
    #expect(info.fileBytes == bytes.count)
    #expect(info.chatTemplate == TinyModel.chatML)
    #expect(info.sha256.count == 64)
    #expect(info.parameters == 2 * (589_824 + 1280) + 256 + 256 * info.vocabularySize)
  }

  @Test func theDigestIsThatOfTheFileInLowercaseHexadecimal() throws {
    // `printf abc | sha256sum`
    let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(HexDigest.sha256("abc") == text)
  }

  @Test func aFileThatIsNotThereOrIsAFolderIsRefused() {
    #expect(throws: InferenceError.cannotRead(path: "no/such.gguf", errno: 2)) {
      try LanguageModel(contentsOf: "no/such.gguf")
    }
    #expect(throws: InferenceError.cannotRead(path: ".", errno: 21)) {
      try LanguageModel(contentsOf: ".")
    }
  }

  @Test func aFileThatIsNotGGUFIsRefusedWithItsFirstBytes() throws {
    #expect(try Self.error([]) == .notGGUF(magic: []))
    #expect(try Self.error(Array("PK\u{3}\u{4}rest".utf8)) == .notGGUF(magic: [80, 75, 3, 4]))
    #expect(try Self.error(Array("GGUF".utf8)) == .truncated(offset: 4, needed: 4, available: 0))
  }

  @Test func versionsTwoAndThreeAreRead() throws {
    #expect(try Self.error { $0.version = 2 } == nil)
    #expect(try Self.error { $0.version = 1 } == .unsupportedVersion(1))
    #expect(try Self.error { $0.version = 4 } == .unsupportedVersion(4))
  }

  @Test func countsAboveTheirLimitsAreRefusedBeforeAnythingIsAllocated() throws {
    var bytes = TinyModel.standardWriter.bytes()
    bytes[15] = 0x7f
    #expect(
      try Self.error(bytes)
        == .limitExceeded(limit: .tensorCount, value: 0x7f00_0000_0000_0018, offset: 8))
    let array = [UInt8](little(UInt32(4)) + little(UInt64.max))
    let error = try Self.error { $0.set("big", .raw(code: 9, bytes: array)) }
    guard case .limitExceeded(.arrayCount, .max, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    let nested = [UInt8](little(UInt32(9)) + little(UInt64(1)))
    let deep = try Self.error {
      $0.set("deep", .raw(code: 9, bytes: nested + nested + nested + array))
    }
    guard case .limitExceeded(.nesting, 3, _) = deep else {
      Issue.record("\(String(describing: deep))")
      return
    }
  }

  @Test func unknownValueTypesAndBadTextAreRefused() throws {
    let type = try Self.error { $0.set("odd", .raw(code: 13, bytes: [0])) }
    guard case .unknownValueType("odd", 13, _) = type else {
      Issue.record("\(String(describing: type))")
      return
    }
    let text = try Self.error { $0.set("t", .raw(code: 8, bytes: little(UInt64(1)) + [0xff])) }
    guard case .invalidUTF8 = text else {
      Issue.record("\(String(describing: text))")
      return
    }
  }

  @Test func keysAndTensorsMayNotComeTwice() throws {
    let key = try Self.error { $0.metadata.append(("general.name", .string("again"))) }
    guard case .duplicateKey("general.name", _) = key else {
      Issue.record("\(String(describing: key))")
      return
    }
    let tensor = try Self.error { $0.tensors.append($0.tensors[3]) }
    guard case .duplicateTensor("blk.0.attn_k.weight", _) = tensor else {
      Issue.record("\(String(describing: tensor))")
      return
    }
  }

  @Test func alignmentMustBeAPowerOfTwo() throws {
    for bad in [UInt32(0), 3, 48, 1 << 17] {
      #expect(
        try Self.error { $0.set("general.alignment", .uint32(bad)) }
          == .invalidAlignment(UInt64(bad)))
    }
    #expect(
      try Self.error {
        $0.alignment = 64
        $0.set("general.alignment", .uint32(64))
      } == nil)
    #expect(
      try Self.error { $0.tensors[1].offset = 33 }
        == .misalignedTensor("blk.0.attn_norm.weight", offset: 33, alignment: 32))
  }

  @Test func tensorsOutsideTheFileAreRefusedWithoutOverflow() throws {
    for offset in [UInt64.max & ~31, 1 << 40] {
      let error = try Self.error { $0.tensors[1].offset = offset }
      guard case .tensorOutOfBounds("blk.0.attn_norm.weight", offset, 1024, _) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
    let huge = try Self.error { $0.tensors[1].shape = [1 << 33, 1 << 33] }
    guard case .limitExceeded(.elementCount, _, _) = huge else {
      Issue.record("\(String(describing: huge))")
      return
    }
    let flat = try Self.error { $0.tensors[1].shape = [0] }
    guard case .limitExceeded(.elementCount, 0, _) = flat else {
      Issue.record("\(String(describing: flat))")
      return
    }
  }

  @Test func unknownTypesNamesAndShapesAreRefusedByName() throws {
    #expect(
      try Self.error { $0.tensors[2].type = 39 }
        == .unsupportedTensorType(
          tensor: "blk.0.attn_q.weight", type: 39,
          supported: TensorType.allCases.map(\.name)))
    let swapped = try Self.error { $0.tensors[2].type = 0 }
    guard case .overlappingTensors("blk.0.attn_q.weight", "blk.0.attn_k.weight", _) = swapped
    else {
      Issue.record("\(String(describing: swapped))")
      return
    }
    #expect(
      try Self.error { $0.tensors[1].name = "blk.0.attn_norm.bias" }
        == .missingTensor("blk.0.attn_norm.weight"))
    #expect(
      try Self.error {
        var extra = $0.tensors[1]
        extra.name = "blk.0.attn_q.extra"
        $0.tensors.append(extra)
      } == .unexpectedTensor("blk.0.attn_q.extra"))
    #expect(
      try Self.error { $0.tensors[1].shape = [128] }
        == .unexpectedShape(tensor: "blk.0.attn_norm.weight", expected: [256], found: [128]))
  }

  @Test func architecturesAndHyperparametersAreChecked() throws {
    #expect(
      try Self.error { $0.set("general.architecture", .string("qwen35")) }
        == .unsupportedArchitecture(
          "qwen35", supported: ["bitnet", "bitnet-b1.58", "bitnet-25", "llama", "qwen3"]))
    #expect(
      try Self.error { $0.metadata.removeAll { $0.key == "bitnet.block_count" } }
        == .missingKey("bitnet.block_count"))
    #expect(
      try Self.error { $0.set("bitnet.attention.head_count", .uint32(3)) }
        == .unsupportedHyperparameter(key: "bitnet.attention.head_count_kv", value: "2"))
    #expect(
      try Self.error { $0.set("bitnet.embedding_length", .string("256")) }
        == .wrongValueType(
          key: "bitnet.embedding_length", expected: "integer", found: "string"))
    #expect(
      try Self.error { $0.set("bitnet.rope.scaling.type", .string("longrope")) }
        == .unsupportedHyperparameter(key: "bitnet.rope.scaling.type", value: "longrope"))
    #expect(
      try Self.error { $0.set("bitnet.expert_count", .uint32(8)) }
        == .unsupportedHyperparameter(key: "bitnet.expert_count", value: "8"))
    #expect(
      try Self.error { $0.set("prism.hadamard.version", .uint32(1)) }
        == .rotatedBasis(key: "prism.hadamard.version"))
    #expect(
      try Self.error { $0.set("bitnet.attention.key_length", .uint32(24)) }
        == .unsupportedHyperparameter(key: "bitnet.attention.key_length", value: "24"))
  }

  @Test func weightsThatAreNoNumbersAreRefused() throws {
    #expect(
      try Self.error { $0.tensors[1].bytes.replaceSubrange(8..<12, with: [0, 0, 0x80, 0x7f]) }
        == .nonFiniteWeight(tensor: "blk.0.attn_norm.weight", row: 2))
    let code = try Self.error { $0.tensors[2].bytes[70] = 0xff }
    guard case .invalidTernaryCode("blk.0.attn_q.weight", _) = code else {
      Issue.record("\(String(describing: code))")
      return
    }
  }
}
