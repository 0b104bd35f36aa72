import SessionCore
import StrictJSON

/// OpenAI's chat fine-tuning form: conversations in which a reply known to be bad weighs nothing.
///
/// Source of the field names: OpenAI's API schema for fine-tuning chat input. OpenAI says that
/// its own fine-tuning is being wound down; others read the same form.
enum OpenAI {
  static let details = FormatDetails(
    .training, "JSON Lines, conversations with a weight a reply (OpenAI fine-tuning)",
    fileExtension: "jsonl", source: "OpenAI API, FineTuneChatRequestInput",
    readers: "OpenAI fine-tuning and services that read the same form",
    noPlaceFor: .allButLabels,
    check: .jsonLines(
      .object(
        JSONField("messages", .ruled(.array(message, atLeast: 1), ChatShape.hasAssistant)),
        JSONField("tools", .array(.any), optional: true),
        JSONField("parallel_tool_calls", .bool, optional: true))),
    make: { options in
      LineExport { session, output in
        let refused = Examples.refused(in: session)
        for end in Conversations.ends(of: session, options.branches) {
          let path = session.path(to: end)
          let messages = path.map { turn in
            guard turn.role == .assistant else { return ChatShape.message(turn.role, turn.text) }
            let isBad = Examples.label(of: turn, in: session, refused) == false
            return .object([
              JSONMember("role", .string("assistant")), JSONMember("content", .string(turn.text)),
              JSONMember("weight", .integer(isBad ? 0 : 1)),
            ])
          }
          output.line(.object([JSONMember("messages", .array(messages))]), using: path.map(\.id))
        }
      }
    })

  private static let message = JSONShape.ruled(
    .object(
      JSONField("role", .word(ChatShape.roles)),
      JSONField("content", .nullable(.text), optional: true),
      JSONField("weight", .integer(0...1), optional: true),
      JSONField("name", .text, optional: true), JSONField("tool_calls", .any, optional: true),
      JSONField("tool_call_id", .text, optional: true))
  ) { message throws(FormatFault) in
    guard message["weight"] != nil, message["role"] != .string("assistant") else { return }
    throw FormatFault(field: "weight", .broken(.other("only replies have a weight")))
  }
}

/// OpenAI's preference form: pairs of a better and a worse reply.
///
/// Source of the field names: OpenAI's guide to direct preference optimization.
enum OpenAIPreference {
  static let details = FormatDetails(
    .training, "JSON Lines, pairs of a better and a worse reply (OpenAI, Together, Fireworks)",
    fileExtension: "jsonl", source: "OpenAI API, guide to direct preference optimization",
    readers: "Together, Fireworks and OpenAI fine-tuning", noPlaceFor: .allButLabels,
    check: .jsonLines(
      .object(
        JSONField(
          "input",
          .object(
            JSONField("messages", ChatShape.prompt),
            JSONField("tools", .array(.any), optional: true),
            JSONField("parallel_tool_calls", .bool, optional: true))),
        JSONField("preferred_output", ChatShape.oneReply),
        JSONField("non_preferred_output", ChatShape.oneReply)),
      rule: ChatShape.differ("preferred_output", "non_preferred_output")),
    make: { _ in
      LineExport { session, output in
        Examples.eachPair(of: session, &output) { pair, output in
          output.line(
            .object([
              JSONMember(
                "input",
                .object([
                  JSONMember("messages", ChatShape.messages(pair.prompt)),
                  JSONMember("tools", .array([])), JSONMember("parallel_tool_calls", .bool(true)),
                ])),
              JSONMember("preferred_output", ChatShape.messages([pair.chosen])),
              JSONMember("non_preferred_output", ChatShape.messages([pair.rejected])),
            ]), using: pair.turns)
        }
      }
    })
}
