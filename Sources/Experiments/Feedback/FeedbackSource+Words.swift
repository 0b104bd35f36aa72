import SessionCore

// The words of each source.
extension FeedbackSource {
  static func critique(_ occasion: FeedbackOccasion, _ detail: Detail) -> FeedbackAct? {
    guard let step = occasion.wrongStep else {
      // Every step is right: the family says that the answer is not, or is missing.
      let text = occasion.problem?.task?.critique(of: occasion.reply.text)
      return text.map {
        .say(.critique, $0, author: .template, grounds: occasion.grounds($0, quoting: nil))
      }
    }
    guard detail != .step else {
      let text = step.critique
      return .say(
        .critique, text, author: .template, grounds: occasion.grounds(text, quoting: step))
    }
    guard var text = step.critiqueWithValue else { return nil }
    var grounds = occasion.grounds(text, quoting: step)
    if detail == .maskedValue { (text, grounds) = occasion.masked(text) }
    grounds.target = step.range
    return .say(.critique, text, author: .template, grounds: grounds)
  }

  /// A right step that ends in a number, with one digit of it changed.
  static func falseCritique(_ occasion: FeedbackOccasion) -> FeedbackAct? {
    var chance = SplitMix64(seed: occasion.session.header.seed)
    let base = occasion.problem?.family == "hexadecimal" ? 16 : 10
    let steps = occasion.rightSteps.compactMap { step -> (right: String, wrong: String)? in
      let number = String(step.reversed().prefix { $0.isHexDigit }.reversed())
      guard let changed = Distractor.changedDigit(number, base, &chance), changed != number else {
        return nil
      }
      return (step, step.dropLast(number.count) + changed)
    }
    guard !steps.isEmpty else { return nil }
    let step = chance.pick(steps)
    return .say(
      .critique, "The step \(step.right) is wrong; it should be \(step.wrong).", author: .script,
      grounds: Feedback.Grounds(usedGold: true))
  }

  static func direction(_ occasion: FeedbackOccasion) -> FeedbackAct? {
    guard let text = occasion.problem?.task?.directionalCritique(of: occasion.reply.text) else {
      return nil
    }
    return .say(.critique, text, author: .template, grounds: occasion.grounds(text, quoting: nil))
  }

  static func template(_ occasion: FeedbackOccasion) -> FeedbackAct? {
    guard let solution = occasion.problem?.solution, !solution.isEmpty else { return nil }
    let (text, grounds) = occasion.masked(solution.joined(separator: "\n"))
    return .say(.critique, text, author: .template, grounds: grounds)
  }

  static func challenge(
    _ occasion: FeedbackOccasion, _ texts: [String], _ suggestion: Suggestion
  ) -> FeedbackAct? {
    let text = texts[min(occasion.round, texts.count - 1)]
    guard text.contains("{answer}") else {
      return .say(.challenge, text, author: .script, grounds: Feedback.Grounds())
    }
    let answer =
      suggestion == .right
      ? occasion.problem?.answer
      : occasion.problem.flatMap {
        Distractor.answer(for: $0, seed: occasion.session.header.seed)
      }
    guard let answer else { return nil }
    let words = answer.split(separator: "\n").joined(separator: ", ")
    return .say(
      .challenge, text.replacing("{answer}", with: words), author: .script,
      grounds: Feedback.Grounds(usedGold: true, leaked: suggestion == .right))
  }

  static func judge(_ occasion: FeedbackOccasion, _ judge: Judge) -> FeedbackAct? {
    let falsehood = occasion.problem.flatMap {
      Distractor.answer(for: $0, seed: occasion.session.header.seed)
    }
    let step = occasion.wrongStep
    let text = judge.remark(
      isRight: occasion.isRight, critique: step?.critique, step: occasion.rightSteps.last,
      falsehood: falsehood)
    var grounds = occasion.grounds(text, quoting: step)
    grounds.usedGold = judge.usesGold
    return .say(
      .critique, text,
      author: .judge(intent: judge.intent.rawValue, knowledge: judge.knowledge.rawValue),
      grounds: grounds)
  }

  /// How far the reply came: its right cells, else the steps before the first wrong one, of all the
  /// reference solution has; 10 only for a right one. The scale is this program's own.
  static func points(_ occasion: FeedbackOccasion) -> FeedbackAct? {
    guard let task = occasion.problem?.task else { return nil }
    let reply = occasion.reply.text
    var share = 0.0
    let cells = task.cells(in: reply)
    if occasion.isRight {
      share = 1
    } else if !cells.isEmpty {
      share = Double(cells.count { $0.outcome == .right }) / Double(cells.count)
    } else if let step = occasion.wrongStep {
      let before = reply.utf8.prefix(step.range.lowerBound)
        .split(separator: UInt8(ascii: "\n")).count
      share = Double(before) / Double(max(1, task.solution.count))
    }
    let points = occasion.isRight ? 10 : min(9, Int(share * 10))
    return .say(
      .critique, "Your answer scores \(points) of 10.", author: .template,
      grounds: Feedback.Grounds(usedGold: true, leaked: false))
  }

  /// A verdict that is the opposite of the true one with a probability. In the record its author is
  /// a judge whose knowledge is noisy, and whose intent is `flipped` when it is.
  static func noisy(_ occasion: FeedbackOccasion, _ flip: Double) -> FeedbackAct {
    var chance = SplitMix64(
      seed: occasion.session.header.seed ^ UInt64(occasion.session.turns.count)
        &* 0x4E6F_6973_7921_0001)
    let isFlipped = Double(chance.next() >> 11) / 0x1p53 < flip
    let text =
      occasion.isRight != isFlipped ? "Your answer is right." : "Your answer is wrong. Try again."
    return .say(
      .critique, text,
      author: .judge(
        intent: isFlipped ? "flipped" : Judge.Intent.constructive.rawValue, knowledge: "noisy"),
      grounds: Feedback.Grounds(usedGold: true, leaked: false))
  }

  static func criticism(
    _ occasion: FeedbackOccasion, _ critic: Critic, _ text: String
  ) -> FeedbackAct? {
    var (shown, grounds) = occasion.masked(text)
    if !critic.masks {
      (shown, grounds.masked, grounds.leaked) = (text, [], occasion.leaks(text))
    }
    grounds.usedGold = critic.usesGold
    let models =
      critic.models.isEmpty
      ? occasion.session.header.model : critic.models.joined(separator: "+")
    return .say(
      .critique, shown, author: critic.isToolAlone ? .template : .model(models), grounds: grounds)
  }
}
