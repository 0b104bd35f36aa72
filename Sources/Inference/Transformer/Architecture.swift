/// What tells the supported architectures apart. Everything else is the same transformer:
/// RMSNorm, rotary embeddings, grouped queries, gated feed-forward layers.
struct Architecture: Sendable, Equatable {
  /// The function in the feed-forward layers that gates.
  enum Gate: Sendable { case silu, squaredReLU }

  /// `general.architecture`, and the prefix of the other keys.
  let name: String
  let gate: Gate
  /// Norms before the attention's output and the feed-forward layer's last matrix.
  let hasSubNorms: Bool
  /// Norms of every query and key head before they are turned.
  let hasHeadNorms: Bool
  /// Rotary pairs are neighbours (2i, 2i + 1), not halves of a head (i, i + half).
  let turnsNeighbours: Bool

  static let supported = [
    // 1bitLLM's reproduction of BitNet b1.58, and the bundled tutor.
    Architecture(
      name: "bitnet", gate: .silu, hasSubNorms: true, hasHeadNorms: false,
      turnsNeighbours: false),
    // BitNet b1.58 2B-4T, by the names of its two uploads.
    Architecture(
      name: "bitnet-b1.58", gate: .squaredReLU, hasSubNorms: true, hasHeadNorms: false,
      turnsNeighbours: false),
    Architecture(
      name: "bitnet-25", gate: .squaredReLU, hasSubNorms: true, hasHeadNorms: false,
      turnsNeighbours: false),
    // Falcon3-1.58bit, Falcon-E, Llama3-8B-1.58, TriLM, SmolLM2.
    Architecture(
      name: "llama", gate: .silu, hasSubNorms: false, hasHeadNorms: false,
      turnsNeighbours: true),
    // Ternary-Bonsai's first generation.
    Architecture(
      name: "qwen3", gate: .silu, hasSubNorms: false, hasHeadNorms: true,
      turnsNeighbours: false),
  ]

  /// The architecture of a file.
  ///
  /// - Throws: `missingKey`, `unsupportedArchitecture`.
  static func of(_ file: GGUFFile) throws(InferenceError) -> Architecture {
    guard let name = try file.string("general.architecture") else {
      throw .missingKey("general.architecture")
    }
    guard let architecture = supported.first(where: { $0.name == name }) else {
      throw .unsupportedArchitecture(name, supported: supported.map(\.name))
    }
    return architecture
  }
}
