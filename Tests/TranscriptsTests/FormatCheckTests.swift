import SessionCore
import StrictJSON
import TestSupport
import Testing

@testable import Transcripts

@Suite struct FormatCheckTests {
  private func fault(_ text: String, _ format: TranscriptFormat) -> FormatFault? {
    do {
      _ = try records(in: text, as: format)
      return nil
    } catch {
      return error as? FormatFault
    }
  }

  @Test("a fault names its line and field")
  func places() {
    let good = #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#
    #expect(fault(good + "\n", .messages) == nil)
    #expect(
      fault("\(good)\n\(good.replacing("assistant", with: "robot"))\n", .messages)
        == FormatFault(
          line: 2, field: "messages[1].role",
          .notAllowed(found: "robot", allowed: ChatShape.roles)))
    #expect(
      fault("\(good)\n\n", .messages) == FormatFault(line: 2, .notJSON(offset: 0)))
    #expect(fault("", .messages) == FormatFault(.empty))
    #expect(
      fault(good.replacing(#""content":"b""#, with: #""content":3"#), .messages)
        == FormatFault(
          line: 1, field: "messages[1].content", .wrongType(expected: "a text", found: "a number")))
    #expect(
      fault(#"{"messages":[],"more":1}"#, .messages)?.field == "messages")
    #expect(
      fault(good.dropLast() + #","extra":1}"#, .messages)
        == FormatFault(line: 1, field: "extra", .unknown))
    #expect(
      fault(#"{"messages":[{"role":"user","content":"a"}]}"#, .messages)
        == FormatFault(line: 1, field: "messages", .broken(.assistantPresent)))
    #expect(fault(#"{"messages":[{"role":"user","role":"user"}]}"#, .messages)?.line == 1)
    #expect(
      fault(#"{"messages":["\ud800"]}"#, .messages) == FormatFault(line: 1, .notJSON(offset: 20)))
  }

  /// A record of each format with one thing wrong, and the field that is named.
  static let broken: [(TranscriptFormat, String, String)] = [
    (
      .preference,
      #"{"prompt":[{"role":"user","content":"a"}],"chosen":[{"role":"assistant","content":"b"}]}"#,
      "rejected"
    ),
    (
      .preference,
      #"{"prompt":[{"role":"user","content":"a"}],"chosen":[{"role":"assistant","content":"b"}],"rejected":[{"role":"assistant","content":"b"}]}"#,
      "rejected"
    ),
    (
      .promptCompletion,
      #"{"prompt":[{"role":"assistant","content":"a"}],"completion":[{"role":"assistant","content":"b"}]}"#,
      "prompt"
    ),
    (
      .unpaired,
      #"{"prompt":[{"role":"user","content":"a"}],"completion":[{"role":"assistant","content":"b"}],"label":"yes"}"#,
      "label"
    ),
    (.stepwise, #"{"prompt":"a","completions":["b","c"],"labels":[true]}"#, "labels"),
    (
      .openai, #"{"messages":[{"role":"user","content":"a","weight":1},{"role":"assistant"}]}"#,
      "messages[0].weight"
    ),
    (
      .openaiPreference,
      #"{"input":{"messages":[{"role":"user","content":"a"}]},"preferred_output":[{"role":"user","content":"b"}],"non_preferred_output":[]}"#,
      "preferred_output"
    ),
    (.sharegpt, #"{"conversations":[{"from":"user","value":"a"}]}"#, "conversations[0].from"),
    (
      .feedbackConditional,
      #"{"messages":[{"role":"system","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":"c"}]}"#,
      "messages[1].content"
    ),
    (.hindsight, #"{"segments":[{"label":false,"text":"a"}]}"#, "segments"),
    (
      .refinement,
      #"{"prompt":[{"role":"user","content":"a"},{"role":"user","content":"a"},{"role":"user","content":"a"}],"completion":[{"role":"assistant","content":"b"}]}"#,
      "prompt"
    ),
    (
      .spans,
      #"{"prompt":[{"role":"user","content":"a"}],"reply":"b","spans":[{"start":0,"end":2,"label":"kept"}]}"#,
      "spans[0]"
    ),
    (
      .controlToken,
      #"{"prompt":[{"role":"user","content":"a"}],"completion":[{"role":"assistant","content":"b"}]}"#,
      "prompt"
    ),
    (.cringe, #"{"dialog":[[{"id":"a"}]],"is_ltr":true,"classifier_label":"pos"}"#, "dialog[0]"),
    (
      .oasst,
      #"{"message_tree_id":"t","prompt":{"message_id":"a","text":"","role":"prompter","replies":[{"message_id":"a","text":"","role":"assistant"}]}}"#,
      "prompt.replies[0].message_id"
    ),
    (
      .wildchat,
      #"{"conversation_hash":"h","model":"m","timestamp":null,"conversation":[{"content":"a","role":"system"}],"turn":1,"language":null,"toxic":null,"redacted":null}"#,
      "conversation[0].role"
    ),
    (
      .argilla,
      #"{"fields":{"prompt":"a","response":"b"},"responses":{"rating":[{"user_id":null}]}}"#,
      "responses.rating[0].value"
    ),
    (.labelStudio, "[\n{\"data\":{\"a\":1}},\n{\"data\":{}}\n]", "data"),
    (
      .arena, #"{"tstamp":1.5,"type":"vote","models":["a","b"],"states":[]}"#, "type"
    ),
  ]

  @Test("every format finds what is wrong with a record of it", arguments: broken)
  func everyFormat(format: TranscriptFormat, text: String, field: String) throws {
    let found = try #require(fault(text, format))
    #expect(found.field == field, "\(found)")
    #expect(found.line == (format == .labelStudio ? 3 : 1))
  }

  @Test("every training format has a broken record here")
  func complete() {
    let tried = Set(Self.broken.map(\.0) + [.messages])
    for format in Samples.trainingFormats {
      #expect(tried.contains(format), "\(format)")
    }
  }

  @Test("an array is checked element by element, however it is laid out")
  func arrays() {
    let task = #"{"data":{"a":"],[\"}{"}}"#
    for text in [
      "[\(task)]", "[\n\(task),\n\(task)\n]\n", " [ \(task) ,\(task)] ",
      "[{\n\"data\"\n:\n{\"a\":\n1}\n}\n]",
    ] { #expect(fault(text, .labelStudio) == nil, "\(text)") }
    for text in [
      "", "[]", "[", "[\(task)", "\(task)", "[\(task),]", "[,\(task)]", "[\(task)]]", "[\(task)}",
      "[\(task) \(task)]", "[\(task)]\n[\(task)]",
    ] { #expect(fault(text, .labelStudio) != nil, "\(text)") }
    #expect(fault("[\n{\n\"data\":\n tru\n}]", .labelStudio)?.line == 4)
  }
}
