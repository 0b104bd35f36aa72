import SessionCore
import Testing
import TestSupport

@Suite("What the model reads")
struct PromptPlanTests {
  /// The plan for the reply that a command asks for.
  private func plan(_ builder: SessionBuilder, _ command: Command) throws -> PromptPlan {
    let decision = try decide(command, builder.session)
    let order = try #require(decision.order)
    return PromptPlan(for: order, in: builder.performing(command).session)
  }

  private func text(_ plan: PromptPlan) -> String {
    let messages = plan.messages.map { "[\($0.role.rawValue)] \($0.text)\n" }.joined()
    return messages + (plan.openReply.map { "[open] \($0)\n" } ?? "")
  }

  private func history(_ style: HistoryStyle) -> SessionBuilder {
    SessionBuilder(history: style).instruct("Be brief.").ask("What is 12 × 7?").reply("83")
      .feedback(.unary).reply("82")
  }

  @Test("Chat alternates turns as they stand on the path")
  func chat() throws {
    #expect(
      text(try plan(history(.chat), .giveFeedback(.critique, "Add 70 and 14."))) == """
        [system] Be brief.
        [user] What is 12 × 7?
        [assistant] 83
        [user] Try again.
        [assistant] 82
        [user] Add 70 and 14.

        """)
  }

  @Test("Single message puts question, attempts, feedback and the question again into one turn")
  func singleMessage() throws {
    #expect(
      text(try plan(history(.singleMessage), .giveFeedback(.critique, "Add 70 and 14."))) == """
        [system] Be brief.
        [user] What is 12 × 7?
        Here is the history of your attempts and the feedback on each.
        History:
        Attempt 1:
        Answer: 83
        Feedback: Try again.
        Attempt 2:
        Answer: 82
        Feedback: Add 70 and 14.
        Question: What is 12 × 7?
        Please answer the question again.

        """)
  }

  @Test("Single message closes an exchange with its last reply when a new question comes")
  func singleMessageNextQuestion() throws {
    #expect(
      text(try plan(history(.singleMessage), .ask("And 13 × 7?"))) == """
        [system] Be brief.
        [user] What is 12 × 7?
        Here is the history of your attempts and the feedback on each.
        History:
        Attempt 1:
        Answer: 83
        Feedback: Try again.
        Question: What is 12 × 7?
        Please answer the question again.
        [assistant] 82
        [user] And 13 × 7?

        """)
  }

  @Test("A question without feedback reads the same in every style")
  func firstQuestion() throws {
    for style in HistoryStyle.allCases {
      let first = try plan(SessionBuilder(history: style), .ask("Q"))
      #expect(first.messages == [.init(.user, "Q")])
      #expect(first.openReply == nil)
    }
  }

  @Test("A question that was never answered is still read", arguments: HistoryStyle.allCases)
  func unanswered(_ style: HistoryStyle) throws {
    let read = try plan(SessionBuilder(history: style).ask("Q"), .ask("R"))
    #expect(read.messages == [.init(.user, "Q"), .init(.user, "R")])
  }

  @Test("In place, the chat up to the reply and the kept text, which is left open")
  func inPlace() throws {
    #expect(
      text(try plan(history(.chat), .edit(.rewrite("70 + "), of: TurnID(4)))) == """
        [system] Be brief.
        [user] What is 12 × 7?
        [assistant] 83
        [user] Try again.
        [open] 70 +\u{20}

        """)
  }

  @Test("Drawing again reads what the reply that is drawn again read")
  func regenerate() throws {
    for style in HistoryStyle.allCases {
      let asked = try plan(
        SessionBuilder(history: style).ask("Q").reply("a"), .giveFeedback(.unary, "Try again."))
      let again = try plan(
        SessionBuilder(history: style).ask("Q").reply("a").feedback(.unary).reply("b"),
        .regenerate())
      #expect(asked == again)
    }
  }
}
