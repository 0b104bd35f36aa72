import ArgumentParser
import Checkpoints
import Foundation

extension ModelCommand {
  /// A checkpoint of a ternary model, as one model file.
  struct Convert: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Turn a BitNet-style checkpoint (safetensors) into a GGUF file.",
      discussion: """
        SOURCE is a folder with config.json, tokenizer.json and model.safetensors (or its parts \
        and model.safetensors.index.json), or the weights' files with the others beside them. \
        Weights may be packed, four to a byte, or floats: those that a BitNet rounds whenever it \
        runs are rounded by their mean magnitude, others have to be ternary already. Embeddings, \
        the head and norms keep their numbers. Networks: BitNet, Llama, Qwen3.

        Types: TQ1_0 (1.69 bits a weight) and TQ2_0 (2.06 bits) for llama.cpp and here; I2_S (2 \
        bits, one scale a tensor) for bitnet.cpp and here. The file appears when it is whole.

        Fields with --json: architecture, type, tensors, ternary_tensors, parameters, bytes, \
        rounded_scales, drops_normalisation, path.

        Examples:
          terntable model convert bitnet-b1.58-2B-4T -o bitnet-2b.gguf --type I2_S
          terntable model convert Falcon3-1B-Instruct-1.58bit -o falcon3.gguf --type TQ2_0
          terntable model convert model-00001-of-00002.safetensors \
        model-00002-of-00002.safetensors -o model.gguf --type TQ1_0
        """)

    @Argument(help: "A folder, or safetensors files.") var source: [String]
    @Option(name: [.short, .customLong("output")], help: "The GGUF file to write.")
    var output: String
    @Option(help: ArgumentHelp("TQ1_0, TQ2_0 or I2_S.", valueName: "type")) var type: TernaryType
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
      if output.isEmpty { throw ValidationError("-o needs the name of a file") }
    }

    func run() async throws {
      let stop = StopSignals()
      let (source, output, type) = (source, output, type)
      do {
        let report = try await stop.cancelling {
          let progress = StageProgress("converting")
          defer { progress.end() }
          return try Conversion(source, type: type).write(
            to: output, progress: progress.show, isCancelled: { Task.isCancelled })
        }
        try show(report)
      } catch CheckpointError.cancelled {
        throw await stop.exitCode ?? .interrupted
      }
    }

    private func show(_ report: Conversion.Report) throws {
      if json { return try printJSON(ConversionFacts(report, path: output)) }
      var text = """
        \(output): \(report.architecture), \(report.ternaryTensors) of \(report.tensors) tensors \
        as \(report.type.rawValue), \(report.parameters) parameters, \(report.bytes) bytes\n
        """
      if report.roundedScales > 0 {
        text += "scales of \(report.roundedScales) tensors were rounded to f16; I2_S keeps f32\n"
      }
      if report.dropsNormalisation {
        text += "the tokenizer normalises text (NFC), which a GGUF file cannot say\n"
      }
      try ResultFile.print(text)
    }
  }
}

extension TernaryType: ExpressibleByArgument {}

/// `model convert --json`.
private struct ConversionFacts: Encodable {
  var path: String
  var architecture: String
  var type: String
  var tensors: Int
  var ternaryTensors: Int
  var parameters: Int
  var bytes: Int
  var roundedScales: Int
  var dropsNormalisation: Bool

  init(_ report: Conversion.Report, path: String) {
    self.path = path
    architecture = report.architecture
    type = report.type.rawValue
    tensors = report.tensors
    ternaryTensors = report.ternaryTensors
    parameters = report.parameters
    bytes = report.bytes
    roundedScales = report.roundedScales
    dropsNormalisation = report.dropsNormalisation
  }
}
