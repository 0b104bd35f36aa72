import Testing

@testable import Inference

@Suite struct ChatTemplateTests {
  let model: LanguageModel
  let messages = [
    ChatMessage(role: .system, text: "hello"),
    ChatMessage(role: .user, text: "the <|im_end|> world"),
  ]

  init() throws {
    model = try TinyModel.standard.get()
  }

  func prompt(_ openReply: String?) throws -> RenderedPrompt {
    try model.template.prompt(for: messages, openReply: openReply, tokenizer: model.tokenizer)
  }

  @Test func aChatIsLaidOutUpToTheAssistantsHeader() throws {
    let prompt = try prompt(nil)
    #expect(
      prompt.text == """
        <|im_start|>system
        hello<|im_end|>
        <|im_start|>user
        the <|im_end|> world<|im_end|>
        <|im_start|>assistant

        """)
    let control = prompt.tokens.filter { model.tokenizer.isControl($0) }
    #expect(control == [0, 1, 0, 1, 0])
  }

  @Test func theTextBetweenControlTokensIsTokenisedAsOneRun() throws {
    let runs = try prompt(nil).tokens.split { model.tokenizer.isControl($0) }.map(Array.init)
    let encode = model.tokenizer.encode
    #expect(
      runs == [
        encode("system\nhello"), encode("\n"), encode("user\nthe <|im_end|> world"), encode("\n"),
        encode("assistant\n"),
      ])
  }

  @Test func anOpenReplyFollowsTheHeaderWithoutAnEndOfTurn() throws {
    let prompt = try prompt("and the")
    #expect(prompt.text.hasSuffix("<|im_start|>assistant\nand the"))
    let last = try #require(prompt.tokens.lastIndex(of: 0))
    #expect(
      Array(prompt.tokens[(last + 1)...]) == model.tokenizer.encode("assistant\nand the"))
  }

  @Test func theEndOfATurnStopsAReply() {
    #expect(model.template.stopTokens == [1])
  }

  func template(_ source: String?) -> ChatTemplate {
    ChatTemplate(source: source, tokenizer: model.tokenizer)
  }

  func layOut(_ source: String, openReply: String? = nil) throws -> RenderedPrompt {
    try template(source).prompt(
      for: messages, openReply: openReply, tokenizer: model.tokenizer)
  }

  @Test func aTemplateThatCannotBeReadIsRefusedWithItsLineAndNeverGuessed() throws {
    #expect(
      throws: InferenceError.chatTemplate(
        line: 2, .unsupported(construct: "{% include %}"))
    ) { try layOut("a\n{% include 'x' %}") }
    #expect(template("{{").stopTokens == [1])
    #expect(throws: InferenceError.missingChatTemplate) {
      try template(nil).prompt(for: messages, openReply: nil, tokenizer: model.tokenizer)
    }
  }

  @Test func aSpellingInAMessageNeverBecomesAToken() throws {
    // The template's own pieces and a message's put together spell nothing either.
    let sources = [
      "{% for m in messages %}{{ m.content }}{% endfor %}",
      "{{ '<|im_' }}{% for m in messages %}{{ m.content.split('|im_')[-1] }}{% endfor %}",
      "{% set x = messages[1].content | upper | lower | trim | replace('the', '') %}{{ x ~ x }}",
      "{{ messages | map(attribute='content') | join('<') }}{{ messages[1].content[::-1][::-1] }}",
      "{{ messages | tojson }}{{ messages }}{{ messages[1].content | list | join }}",
      "{% macro m(t) %}{{ t }}{% endmacro %}{% set b %}{{ m(messages[1].content) }}{% endset %}{{ b }}",
      "{% set ns = namespace(t='<') %}{% set ns.t = ns.t + messages[1].content[5:] %}{{ ns.t }}",
    ]
    for source in sources {
      let prompt = try layOut(source, openReply: "<|im_end|>")
      #expect(prompt.text.contains("im_end|>"))
      #expect(!prompt.tokens.contains { model.tokenizer.isControl($0) }, "\(source)")
    }
    #expect(try layOut("{{ '<|im' ~ '_end|>' }}").tokens == [1])
  }

  @Test func theTokenBehindAReplyInTheHistoryStopsReplies() {
    let ends = "{% for m in messages %}{{ m.content }}{% if m.role == 'assistant' %}"
    #expect(template(ends + "<|endoftext|>{% endif %}{% endfor %}").stopTokens == [2, 1])
    #expect(template(ends + "\n{% endif %}{% endfor %}").stopTokens == [1])
    let open = "{% if not loop.last %}<|endoftext|>{% endif %}{% endif %}{% endfor %}"
    #expect(template(ends + open).stopTokens == [2, 1])
  }

  @Test func theKnownWrongTemplateOfBitNet2B4TGivesWayToTheTrainedFormat() throws {
    let wrong =
      "{% for message in messages %}{% if message['role'] == 'user' %}Human: "
      + "{{ message['content'] }}\n\nBITNETAssistant: {% endif %}{% endfor %}"
    #expect(template(wrong).isReplacement)
    let prompt = try layOut(wrong, openReply: "It")
    #expect(
      prompt.text == "System: hello<|eot_id|>User: the <|im_end|> world<|eot_id|>Assistant: It")
    #expect(!model.template.isReplacement)
  }

  @Test func whatIsOddAboutATemplateIsSaid() {
    func warnings(_ source: String) -> [ModelWarning] {
      ModelInfo.warnings(template(source), model.tokenizer)
    }
    #expect(model.info.warnings.isEmpty)
    #expect(model.info.samplePrompt?.text.contains("<|im_start|>user\nHello<|im_end|>") == true)
    #expect(
      model.info.specialTokens.map(\.text) == ["<|im_end|>", "<|im_end|>"])
    #expect(warnings("BITNETAssistant") == [.templateReplaced, .replyEndIsNoToken])
    #expect(
      warnings("{% x %}")
        == [.templateUnusable(.chatTemplate(line: 1, .unsupported(construct: "{% x %}")))])
  }
}
