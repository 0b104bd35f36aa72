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
    #expect(model.template.format == .chatML)
  }

  @Test func otherSpellingsOfChatMLAreRecognised() {
    let spellings = [
      "{%for message in messages%}{{'<|im_start|>'+message['role']+'\\n'+message['content']"
        + "+'<|im_end|>'+'\\n'}}{%endfor%}{%if add_generation_prompt%}"
        + "{{'<|im_start|>assistant\\n'}}{%endif%}",
      TinyModel.chatML.replacing("'", with: "\""),
      TinyModel.chatML.replacing("\\n", with: "\n"),
      "{% if not add_generation_prompt is defined %}"
        + "{% set add_generation_prompt = false %}{% endif %}" + TinyModel.chatML,
    ]
    for spelling in spellings {
      #expect(TemplateRecognition.format(spelling) == .chatML, "\(spelling)")
    }
  }

  @Test func anyOtherTemplateIsRefusedAndNeverGuessed() throws {
    let others = [
      "", "{{ messages }}", TinyModel.chatML + "\n",
      TinyModel.chatML.replacing("<|im_end|>", with: "<|im_end|> "),
      TinyModel.chatML.replacing("assistant", with: "Assistant"),
      TinyModel.chatML.replacing("{% endfor %}", with: " {% endfor %}"),
    ]
    for other in others {
      let template = ChatTemplate(source: other, tokenizer: model.tokenizer)
      #expect(throws: InferenceError.unsupportedChatTemplate(supported: ["ChatML"])) {
        try template.prompt(for: messages, openReply: nil, tokenizer: model.tokenizer)
      }
      #expect(template.stopTokens == [1])
    }
    let none = ChatTemplate(source: nil, tokenizer: model.tokenizer)
    #expect(throws: InferenceError.missingChatTemplate) {
      try none.prompt(for: messages, openReply: nil, tokenizer: model.tokenizer)
    }
  }
}
