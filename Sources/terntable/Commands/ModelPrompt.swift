import ArgumentParser
import Foundation
import Inference
import TerminalUI

extension ModelCommand {
  /// What the model reads when a chat is put to it.
  struct Prompt: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print what a chat is laid out as by the model's template.",
      discussion: """
        Reads JSON Lines, a chat a line: {"messages": [{"role": "user", "content": "Hi"}]}, with \
        "open_reply" for the beginning of a reply to go on with. Without --chats a sample is \
        shown. With --json one line a chat: text and ids, or error.

        Examples:
          terntable model prompt tutor
          terntable model prompt tutor --chats chats.jsonl --json
          terntable model prompt tutor --chats chats.jsonl --template other.jinja
        """)

    @OptionGroup var options: Options
    @Option(help: "A file of chats, or - for standard input.") var chats: String?
    @Option(help: "A file with the chat template to use instead of the model's.")
    var template: String?

    func run() throws {
      let opened = try openModel(options.model)
      var layout = opened.model.template
      if let template {
        layout = ChatTemplate(
          source: try InputFile.text(template), tokenizer: opened.model.tokenizer)
      }
      guard let chats else {
        let sample = opened.model.info.samplePrompt
        guard template == nil, let sample else {
          throw ValidationError("give --chats: there is no sample of this template")
        }
        return try show(PromptFacts(text: sample.text, ids: sample.tokens))
      }
      let content = try InputFile.text(chats)
      for (index, line) in content.utf8.split(separator: 10).enumerated() {
        let chat = try Chat(line, place: "\(chats):\(index + 1)")
        try show(facts(chat, layout, opened))
      }
    }

    private func facts(
      _ chat: Chat, _ layout: ChatTemplate, _ opened: OpenedModel
    ) throws -> PromptFacts {
      do throws(InferenceError) {
        let prompt = try layout.prompt(
          for: chat.messages, openReply: chat.openReply, tokenizer: opened.model.tokenizer)
        return PromptFacts(text: prompt.text, ids: prompt.tokens)
      } catch {
        guard options.json else {
          throw ModelFailure(name: opened.name, path: opened.name, error: error)
        }
        return PromptFacts(error: text(for: error))
      }
    }

    private func show(_ facts: PromptFacts) throws {
      if options.json { return try printJSON(facts, onOneLine: chats != nil) }
      try ResultFile.print(Sanitise.visible(facts.text ?? "") + "\n")
    }
  }
}

/// A chat of `model prompt --chats`.
private struct Chat {
  private struct Line: Decodable {
    struct Message: Decodable {
      var role: String
      var content: String
    }

    var messages: [Message]
    var open_reply: String?
  }

  var messages: [ChatMessage]
  var openReply: String?

  init(_ line: some Sequence<UInt8>, place: String) throws {
    let decoded: Line
    do {
      decoded = try JSONDecoder().decode(Line.self, from: Data(line))
    } catch {
      throw CommandFailure("\(place): not a chat: messages with role and content are due", .badData)
    }
    openReply = decoded.open_reply
    messages = try decoded.messages.map { message in
      guard let role = ChatMessage.Role(rawValue: message.role) else {
        throw CommandFailure(
          "\(place): the role \(Plain.line(message.role)) is none of system, user, assistant",
          .badData)
      }
      return ChatMessage(role: role, text: message.content)
    }
  }
}
