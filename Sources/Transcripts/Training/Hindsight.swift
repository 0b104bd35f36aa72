import SessionCore
import StrictJSON

/// How *Chain of Hindsight* (arXiv 2302.02676) shows a better and a worse reply in one sequence.
/// The wordings are this program's.
public enum HindsightFrame: String, CaseIterable, Sendable {
  case worseThenBetter = "worse-then-better"
  case betterThenWorse = "better-then-worse"
  /// The better reply alone, called good.
  case good
  /// The worse reply alone, called bad.
  case bad
  /// Both, and the question which is better.
  case comparison

  /// The parts after the prompt; those that are trained on are marked.
  func parts(better: String, worse: String) -> [(text: String, isTrained: Bool)] {
    switch self {
    case .good: [("A good answer: ", false), (better, true)]
    case .bad: [("A bad answer: ", false), (worse, true)]
    case .worseThenBetter:
      [("A bad answer: ", false), (worse, true), ("\n\nA good answer: ", false), (better, true)]
    case .betterThenWorse:
      [("A good answer: ", false), (better, true), ("\n\nA bad answer: ", false), (worse, true)]
    case .comparison:
      [
        (
          "First answer: \(worse)\n\nSecond answer: \(better)\n\nThe better answer is the ", false
        ), ("second", true),
      ]
    }
  }
}

/// Sequences of the prompt, a frame that names quality, and replies, with the parts that are
/// trained on marked: both replies (or the finding), neither the prompt nor the frame.
///
/// The frame of each pair is drawn from those asked for, by the pair's place in the export, so
/// that the same export gives the same file.
///
/// Source of the method: *Chain of Hindsight*; of the field names: axolotl,
/// `docs/dataset-formats/template_free.qmd` (`input_output`).
struct Hindsight: SessionExport {
  static let details = FormatDetails(
    .training, "JSON Lines, worse and better replies in one framed sequence (axolotl segments)",
    fileExtension: "jsonl", source: "axolotl, docs/dataset-formats/template_free.qmd",
    readers: "axolotl (type: input_output)", noPlaceFor: .allButLabels,
    check: .jsonLines(
      .object(
        JSONField(
          "segments",
          .array(.object(JSONField("label", .bool), JSONField("text", .text)), atLeast: 1))),
      rule: { record throws(FormatFault) in
        guard case .array(let segments) = record["segments"],
          !segments.contains(where: { $0["label"] == .bool(true) })
        else { return }
        throw FormatFault(field: "segments", .broken(.other("no segment has the label true")))
      }),
    make: { options in Hindsight(frames: options.frames.isEmpty ? usual : options.frames) })

  private static let usual: [HindsightFrame] = [.worseThenBetter, .betterThenWorse, .good, .bad]

  let frames: [HindsightFrame]

  mutating func add(_ session: Session, to output: inout ExportOutput) {
    Examples.eachPair(of: session, &output) { pair, output in
      let frame = frames[output.records % frames.count]
      let parts =
        [(text: PlainPrompt.text(pair.prompt) + "\n\n", isTrained: false)]
        + frame.parts(better: pair.chosen.text, worse: pair.rejected.text)
      output.line(
        .object([
          JSONMember(
            "segments",
            .array(
              parts.map {
                .object([
                  JSONMember("label", .bool($0.isTrained)), JSONMember("text", .string($0.text)),
                ])
              }))
        ]), using: pair.turns)
    }
  }
}
