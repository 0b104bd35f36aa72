import SessionCore
import TestSupport
import Testing

@testable import Imports

@Suite("Conversations from elsewhere")
struct FormatReadingTests {
  @Test("ShareGPT: who speaks goes by the words of the family, the system prompt may stand beside")
  func sharegpt() throws {
    let found = try read(
      """
      {"id":"a","conversations":[{"from":"human","value":"1?"},{"from":"gpt","value":"1"}]}
      {"id":7,"model":"m","system":"S","conversations":[{"from":"user","value":"2?"},{"from":"chatgpt","value":"2"}]}
      """, as: .sharegpt)
    #expect(
      found.map(\.outline) == [
        ["1<0 user 1?", "2<1 assistant 1"],
        ["1<0 system S", "2<1 user 2?", "3<2 assistant 2"],
      ])
    #expect(found.map(\.name) == ["a", "7"])
    #expect(found.map(\.model) == [nil, "m"])
    #expect(found.map(\.line) == [1, 2])
  }

  @Test("messages: content may be null or parts; what is no text is counted")
  func messages() throws {
    let found = try read(
      """
      {"messages":[{"role":"developer","content":"S"},
        {"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{}},{"type":"text","text":"b"}]},
        {"role":"assistant","content":null,"tool_calls":[{"id":"1"}]},
        {"role":"tool","content":"4"},
        {"role":"assistant","content":"four"}]}
      """, as: .messages)
    #expect(found.map(\.outline) == [["1<0 system S", "2<1 user a\nb", "3<2 assistant four"]])
    #expect(found[0].dropped == [.part: 2, .tool: 1])
  }

  @Test("WildChat: the hash is the name, and turns begin when their messages were sent")
  func wildchat() throws {
    let found = try read(
      """
      [{"conversation_hash":"h","model":"gpt-4","timestamp":"2023-04-09T00:02:53+00:00","turn":1,"toxic":false,
        "conversation":[{"role":"user","content":"?","language":"English","timestamp":null},
                        {"role":"assistant","content":"!","timestamp":"2023-04-09T02:03:00.5+02:00"}]},
       {"conversation_id":"i","model":"gpt-4","conversation":[{"role":"user","content":"?"}]}]
      """, as: .wildchat)
    #expect(found.map(\.name) == ["h", "i"])
    let times = try found[0].session().turns.map { TimestampText.rfc3339($0.time) }
    #expect(times == ["2023-04-09T00:02:53.000Z", "2023-04-09T00:03:00.500Z"])
    #expect(try found[1].session().turns.map(\.time) == [VirtualClock.start])
  }

  static let tree = """
    {"message_tree_id":"t","tree_state":"ready_for_export","prompt":{"message_id":"1","text":"Q","role":"prompter","replies":[
      {"message_id":"2","text":"B","role":"assistant","rank":1,"replies":[]},
      {"message_id":"3","text":"A","role":"assistant","rank":0,"model_name":"m","replies":[
        {"message_id":"4","text":"More?","role":"prompter","replies":[{"message_id":"5","text":"Yes","role":"assistant"}]},
        {"message_id":"6","text":"No more.","role":"prompter"}]},
      {"message_id":"7","text":"gone","role":"assistant","deleted":true,"replies":[{"message_id":"8","text":"why","role":"prompter"}]}]}}
    """

  @Test("Open-Assistant: every branch is kept, the best-ranked is the conversation as it stands")
  func trees() throws {
    let found = try read(Self.tree, as: .oasst)
    try #require(found.count == 1)
    #expect(
      found[0].outline == [
        "1<0 user Q", "2<1 assistant A", "3<2 user More?", "4<3 assistant Yes",
        "5<2 user No more.", "6<1 assistant B",
      ])
    #expect(found[0].dropped == [.deleted: 2])
    let session = try found[0].session()
    #expect(session.current.map(\.text) == ["Q", "A", "More?", "Yes"])
    #expect(session.turns[5].origin == .resampled(of: TurnID(1)))
    #expect(session.notes == [TurnID(1): ["written by m"]])
  }

  @Test("Open-Assistant: messages one by one make the same tree")
  func flatTrees() throws {
    let found = try read(
      """
      {"message_id":"1","parent_id":null,"message_tree_id":"1","text":"Q","role":"prompter","deleted":false}
      {"message_id":"3","parent_id":"1","message_tree_id":"1","text":"A","role":"assistant","rank":0}
      {"message_id":"4","parent_id":"3","message_tree_id":"1","text":"More?","role":"prompter"}
      {"message_id":"2","parent_id":"1","message_tree_id":"1","text":"B","role":"assistant","rank":1}
      {"message_id":"9","parent_id":null,"message_tree_id":"9","text":"R","role":"prompter"}
      """, as: .oasst)
    #expect(
      found.map(\.outline) == [
        ["1<0 user Q", "2<1 assistant A", "3<2 user More?", "4<1 assistant B"], ["1<0 user R"],
      ])
    #expect(
      fault(
        """
        {"message_id":"1","message_tree_id":"1","text":"Q","role":"prompter"}
        {"message_id":"2","parent_id":"x","message_tree_id":"1","text":"Q","role":"assistant"}
        """, as: .oasst)
        == ImportFault(file: "f", line: 2, field: "parent_id", .unknownParent("x")))
  }

  @Test("llama-cli: prompts, thoughts, speeds, commands, and what a terminal adds")
  func llamaCLI() throws {
    let text = """
      Script started on 2026-01-01
      \u{1B}[0m
      Loading model... |\u{8}/\u{8} \u{8}

      model      : tiny.gguf

      \u{1B}[32m\u{1B}[1m> \u{1B}[0mtwo \\\r
      lines

      [Start thinking]
      hm
      [End thinking]

      > a quotation

      One.

      [ Prompt: 61.2 t/s | Generation: 12.8 t/s ]

      > /regen

      Two.

      [ Prompt: 61.2 t/s | Generation: 12.8 t/s ]

      > /read notes.txt

      Loaded text from 'notes.txt'

      > /clear

      Chat history cleared.

      > Bye

      Bye.

      [ Prompt: 61.2 t/s | Generation: 12.8 t/s ]

      >

      Exiting...
      llama_memory_breakdown_print: x
      """
    let found = try read(text, as: .llamaCLI)
    #expect(
      found.map(\.outline) == [
        ["1<0 user two \nlines", "2<1 assistant > a quotation\n\nOne.", "3<1 assistant Two."],
        ["1<0 user Bye", "2<1 assistant Bye."],
      ])
    #expect(found.map(\.model) == ["tiny.gguf", "tiny.gguf"])
    #expect(found.map(\.dropped) == [[.part: 2], [.empty: 1]])
  }

  @Test("llama-cli: without speeds a prompt is any line with its mark behind an empty one")
  func olderLlamaCLI() throws {
    let text =
      "== Running in interactive mode. ==\n\n\n> Hi\nHello!\n> not this\n\n> Bye\nBye\n\n\n> \n"
    let found = try read(text, as: .llamaCLI)
    #expect(
      found.map(\.outline) == [
        ["1<0 user Hi", "2<1 assistant Hello!\n> not this", "3<2 user Bye", "4<3 assistant Bye"]
      ])
    #expect(fault("no prompt\nhere", as: .llamaCLI)?.reason == .noPrompt)
  }

  @Test("One rule for all formats decides what has no place in a session")
  func rules() throws {
    let say = { (from: String, value: String) in #"{"from":"\#(from)","value":"\#(value)"}"# }
    let messages = [
      say("gpt", "early"), say("human", " "), say("system", "S"), say("system", "S2"),
      say("human", "1"), say("human", "2"), say("gpt", "a"), say("tool", "t"), say("gpt", "b"),
      say("narrator", "n"), say("human", "3"), say("gpt", ""),
    ]
    let found = try read(
      #"{"conversations":[\#(messages.joined(separator: ","))]}"#, as: .sharegpt)
    #expect(
      found[0].outline == [
        "1<0 system S", "2<1 user 1", "3<2 user 2", "4<3 assistant a\n\nb", "5<4 user 3",
        "6<5 assistant ",
      ])
    #expect(
      found[0].dropped == [.unprompted: 1, .empty: 1, .lateSystem: 1, .tool: 1, .unknownRole: 1])
    #expect(found[0].joined == 1)
    let session = try found[0].session()
    #expect(session.current.count == 6)
    #expect(session.turns.allSatisfy { $0.recipe == nil && $0.state == .complete(.endOfTurn) })
  }

  @Test("Times are read as programs write them, or not at all")
  func times() {
    let epoch = { (text: String) in LooseTime.parse(text) }
    #expect(epoch("1970-01-01T00:00:01") == 1000)
    #expect(epoch("1970-01-01 00:00:01.2345Z") == 1234)
    #expect(epoch("1970-01-01T01:00:01+01:00") == 1000)
    #expect(epoch("1969-12-31T23:00:01-0100") == 1000)
    for wrong in ["", "yesterday", "1970-13-01T00:00:01", "1970-01-01T00:00:01+1", "1970-01-01"] {
      #expect(epoch(wrong) == nil)
    }
    #expect(LooseTime.parse(number: "1680998573") == 1_680_998_573_000)
    #expect(LooseTime.parse(number: "1680998573000") == 1_680_998_573_000)
    #expect(LooseTime.parse(number: "1e300") == nil)
  }

  @Test("Any tree becomes a session with the same tree, and the head where it was")
  func randomTrees() throws {
    var generator = SeededGenerator(seed: SeededGenerator.testSeed(standard: 31))
    for _ in 0..<60 {
      var tree = ImportedConversation(line: 1)
      for _ in 0..<Int.random(in: 1...30, using: &generator) {
        let parent =
          tree.messages.isEmpty ? nil : Int.random(in: 0..<tree.messages.count, using: &generator)
        let speaker: ImportedConversation.Speaker =
          Bool.random(using: &generator) ? .user : .assistant
        _ = try tree.add(speaker, "x" + RandomWalk.text(using: &generator), under: parent)
      }
      guard !tree.messages.isEmpty else { continue }
      tree.head = Int.random(in: 0..<tree.messages.count, using: &generator)
      let session = try tree.session()
      #expect(session.turns.map { $0.parent?.position } == tree.messages.map(\.parent))
      #expect(session.turns.map(\.role) == tree.messages.map(\.role))
      #expect(
        session.turns.map { Array($0.text.utf8) } == tree.messages.map { Array($0.text.utf8) })
      #expect(session.head?.position == tree.head)
    }
  }
}
