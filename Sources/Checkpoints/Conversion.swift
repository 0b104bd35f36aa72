import Foundation

/// Turns a checkpoint of a ternary model into a model file that this program, llama.cpp and
/// bitnet.cpp read.
///
/// One tensor is in memory at a time, and of that a few rows: the files are mapped, and their pages
/// given back once they were used.
package struct Conversion {
  /// What was made.
  package struct Report: Sendable, Equatable {
    package var architecture: String
    package var type: TernaryType
    package var tensors: Int
    /// Tensors that were written as `type`.
    package var ternaryTensors: Int
    package var parameters: Int
    package var bytes: Int
    /// Tensors with scales that f16 does not hold, and that were rounded to it (at most one part
    /// in 2,048).
    package var roundedScales: Int
    /// Whether the tokenizer normalised text, which the file cannot say.
    package var dropsNormalisation: Bool
  }

  private let network: NetworkConfig
  private let type: TernaryType
  private let metadata: [(key: String, value: MetadataValue)]
  private let steps: [TensorStep]
  private let dropsNormalisation: Bool

  /// Reads and checks all but the weights themselves.
  ///
  /// - Parameter paths: a folder with `config.json`, `tokenizer.json` and the weights; or the
  ///   files of the weights, with the others beside the first.
  /// - Throws: what is wrong, with the file's or the tensor's name.
  package init(_ paths: [String], type: TernaryType) throws(CheckpointError) {
    let checkpoint = try Checkpoint(paths)
    let config = checkpoint.path("config.json")
    network = try NetworkConfig(JSONFile(config))
    self.type = type
    let tokenizer = try TokenizerMetadata(checkpoint, network)
    dropsNormalisation = tokenizer.isNormalised
    let name = URL(filePath: checkpoint.folder).standardizedFileURL.lastPathComponent
    metadata = try network.metadata(name: name, type) + tokenizer.keys
    var plan = TensorPlan(checkpoint, network, type)
    try plan.addAll()
    steps = plan.steps
  }

  /// Converts, and puts the file at `path` when all of it is written.
  ///
  /// - Parameters:
  ///   - progress: called with the fraction of bytes written, 0 to 1.
  ///   - isCancelled: asked before every few rows.
  /// - Throws: `unwritable`, `cancelled`, and what is wrong with a weight.
  package func write(
    to path: String, progress: (Double) -> Void, isCancelled: () -> Bool
  ) throws(CheckpointError) -> Report {
    var report = Report(
      architecture: network.architecture, type: type, tensors: steps.count, ternaryTensors: 0,
      parameters: 0, bytes: 0, roundedScales: 0, dropsNormalisation: dropsNormalisation)
    let output = try GGUFOutput(path)
    try output.writeHeader(metadata, steps.map(\.tensor))
    let total = Double(steps.reduce(0) { $0 + $1.tensor.byteCount })
    let headerBytes = output.bytesWritten
    for step in steps {
      let wasRounded = try step.write(to: output) {
        progress(min(1, Double(output.bytesWritten - headerBytes) / max(1, total)))
        return isCancelled()
      }
      try output.pad()
      report.parameters += step.tensor.shape.reduce(1, *)
      report.ternaryTensors += step.isTernary ? 1 : 0
      report.roundedScales += wasRounded ? 1 : 0
    }
    try output.commit()
    report.bytes = output.bytesWritten
    progress(1)
    return report
  }
}
