import StrictJSON

/// The name model files have for what `tokenizer.json` spells out: how text is cut into words
/// before merges.
struct PreTokenizerName {
  let name: String

  private static let gpt2 =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
  private static let llama3 =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"#
    + #" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  private static let qwen2 = llama3.replacing("{1,3}", with: "")

  /// - Throws: `unsupportedTokenizer`.
  init(_ file: JSONFile) throws(CheckpointError) {
    let value = file["pre_tokenizer"]
    let steps = value?.member("pretokenizers")?.elements ?? [value].compactMap(\.self)
    let names = steps.map(Self.step)
    let ignoresMerges = file["model", "ignore_merges"]?.flag ?? false
    // Llama 3's family takes words that are tokens whole; the others merge.
    let known: [(name: String, steps: [String], ignoresMerges: Bool)] = [
      ("llama-bpe", ["split \(Self.llama3)", "bytes"], true),
      ("qwen2", ["split \(Self.qwen2)", "bytes"], false),
      ("gpt-2", ["split \(Self.gpt2)", "bytes"], false),
      ("gpt-2", ["gpt-2 bytes"], false),
      ("smollm", ["digits", "gpt-2 bytes"], false),
    ]
    guard let found = known.first(where: { $0.steps == names }) else {
      throw .unsupportedTokenizer(
        path: file.path, part: "pre_tokenizer", value: value?.description ?? "null",
        supported: ["llama-bpe", "qwen2", "gpt-2", "smollm"])
    }
    guard found.ignoresMerges == ignoresMerges else {
      throw .unsupportedTokenizer(
        path: file.path, part: "model.ignore_merges", value: "\(ignoresMerges)",
        supported: ["\(found.ignoresMerges) with the pattern of \(found.name)"])
    }
    name = found.name
  }

  /// One step, in words of its own where it is one of those known.
  private static func step(_ value: JSONValue) -> String {
    func flag(_ name: String, _ fallback: Bool) -> Bool {
      value.member(name)?.present?.flag ?? fallback
    }
    switch value.member("type")?.text {
    case "Split"
    where value.member("behavior")?.text == "Isolated" && !flag("invert", false):
      let pattern = value.member("pattern")?.member("Regex")?.text
      return "split \(pattern ?? "")"
    case "ByteLevel" where !flag("add_prefix_space", true):
      return flag("use_regex", true) ? "gpt-2 bytes" : "bytes"
    case "Digits" where flag("individual_digits", false): return "digits"
    default: return value.description
    }
  }
}
