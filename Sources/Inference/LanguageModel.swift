import Foundation
import MappedFiles
import Synchronization

/// A model that is ready to run: checked, packed, immutable, and free to share between threads.
public struct LanguageModel: Sendable {
  /// What the file says and is.
  public private(set) var info: ModelInfo
  /// Text to tokens and back.
  public let tokenizer: Tokenizer
  /// Chats to prompts.
  public let template: ChatTemplate

  /// What its ternary layers read.
  public let activations: Activations

  let sizes: Hyperparameters
  let weights: ModelWeights
  private(set) var kernelPath: Kernels.Path

  /// The same model on the path that every other one has to equal; the weights are shared.
  var onReferenceKernels: LanguageModel {
    var copy = self
    copy.kernelPath = Kernels.Path.available[0]
    copy.info.kernel = copy.kernelPath.name
    return copy
  }

  /// Loads a GGUF file: maps it, checks it, and then on all processors at once packs its weights,
  /// builds its tokenizer and hashes it (the hash costs about 1 ms a megabyte without SHA
  /// instructions, a third of that with them). Pages of the file are given back as they are read,
  /// so that memory holds the packed weights and hardly more.
  ///
  /// The environment variable `TERNTABLE_KERNEL` (`reference`, `avx2`, `avx512`, `neon`) overrides the
  /// choice of the fastest kernels; results do not depend on it.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - activations: what ternary layers read; dense ones always read floats.
  ///   - progress: called with the fraction of the work done, 0 to 1, by one thread at a time.
  /// - Throws: what is wrong with the file, with names and byte offsets; `kernelUnavailable`.
  public init(
    contentsOf path: String, activations: Activations = .int8,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws(InferenceError) {
    let kernel = ProcessInfo.processInfo.environment["TERNTABLE_KERNEL"]
    try self.init(
      contentsOf: path, kernel: kernel, activations: activations, progress: progress)
  }

  /// Ternary weights of models whose layers no cache holds: memory sets their pace.
  private static let weightsBeyondCaches: UInt64 = 64 << 20

  /// Loads a file for a kernel path by name; nil takes the fastest, and its layout of weights.
  init(
    contentsOf path: String, kernel: String?, layout: TernaryLayout? = nil,
    activations: Activations = .int8, progress: (@Sendable (Double) -> Void)? = nil
  ) throws(InferenceError) {
    kernelPath = try Kernels.Path.named(kernel)
    self.activations = activations
    let file = try GGUFFile(path: path)
    try LanguageModel.checkTypes(file)
    // The architecture decides how everything else is read, so it is refused first.
    let tokenCount = try file.strings("tokenizer.ggml.tokens").count
    sizes = try Hyperparameters(file, vocabularySize: tokenCount)
    let beside = LoadedBeside(file)
    let ternary = file.tensors.values.lazy.filter { $0.type?.isTernary == true }
    let isLarge = ternary.reduce(0) { $0 + $1.elementCount } >= LanguageModel.weightsBeyondCaches
    weights = try ModelWeights(
      file, sizes, activations: activations,
      layout: layout ?? (isLarge ? kernelPath.layout : .twoBits),
      threads: ProcessInfo.processInfo.activeProcessorCount, beside: beside, progress: progress)
    // It is there: nothing was thrown.
    guard let built = beside.tokenizer.withLock({ $0 }) else {
      preconditionFailure("no tokenizer")
    }
    tokenizer = built
    template = ChatTemplate(
      source: try file.string("tokenizer.chat_template"), tokenizer: tokenizer)
    let fallbackName = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    var tensorTypes: [String: Int] = [:]
    var parameters = 0
    for tensor in file.tensors.values {
      let type = tensor.type?.name ?? "\(tensor.typeCode)"
      tensorTypes[type, default: 0] += 1
      parameters += Int(tensor.elementCount)
    }
    info = ModelInfo(
      name: try file.string("general.name") ?? fallbackName,
      architecture: try file.string("general.architecture") ?? "",
      parameters: parameters, tensorTypes: tensorTypes, contextLength: sizes.contextLength,
      embeddingLength: sizes.width, blockCount: sizes.layerCount, headCount: sizes.headCount,
      feedForwardLength: sizes.feedForwardWidth, vocabularySize: sizes.vocabularySize,
      chatTemplate: template.source,
      samplePrompt: ModelInfo.samplePrompt(template, tokenizer),
      specialTokens: ModelInfo.specialTokens(template, tokenizer),
      warnings: ModelInfo.warnings(template, tokenizer),
      sha256: beside.digest.withLock { $0 },
      templateSHA256: template.source.map(HexDigest.sha256),
      fileBytes: file.file.bytes.count, weightBytesPerToken: weights.bytesPerToken,
      kernel: kernelPath.name)
  }

  /// Models that come with the program: the ternary tutor, and its full-precision twin.
  public static let bundledNames = ["tutor", "tutor-f16"]

  /// The path of a model that comes with the program.
  ///
  /// - Parameter name: one of `bundledNames`.
  /// - Throws: `bundledModelMissing`.
  public static func bundledPath(_ name: String = "tutor") throws(InferenceError) -> String {
    // A program that was moved together with its resources finds them beside itself; the
    // generated accessor of the module ends the program when it finds nothing.
    let beside = Bundle.main.bundleURL
      .appendingPathComponent("terntable_Inference.resources/\(name).gguf").path
    if FileManager.default.isReadableFile(atPath: beside) { return beside }
    guard let path = Bundle.module.path(forResource: name, ofType: "gguf") else {
      throw .bundledModelMissing(name)
    }
    return path
  }

  private static func checkTypes(_ file: GGUFFile) throws(InferenceError) {
    // In the order of names, so that the same file always gives the same error.
    let unknown = file.tensors.values.filter { $0.type == nil }
    if let tensor = unknown.min(by: { $0.name < $1.name }) {
      throw .unsupportedTensorType(
        tensor: tensor.name, type: tensor.typeCode, supported: TensorType.allCases.map(\.name))
    }
  }
}

/// What threads make of a file while others pack its weights.
final class LoadedBeside: Sendable {
  /// Pieces of work.
  static let count = 2

  let tokenizer = Mutex<Tokenizer?>(nil)
  let digest = Mutex("")
  private let file: GGUFFile

  init(_ file: GGUFFile) { self.file = file }

  /// Does a piece of work: 0 builds the tokenizer, 1 hashes the file.
  func run(_ index: Int) throws(InferenceError) {
    if index == 0 {
      let made = try Tokenizer(file)
      tokenizer.withLock { $0 = made }
    } else {
      let made = HexDigest.sha256(file.file)
      digest.withLock { $0 = made }
    }
  }
}
