import Friction
import SessionCore

extension Checker {
  /// The parts of a reply that can be judged one by one: the cells of a grid, or the steps of a
  /// solution and its answer. Empty where the question says nothing of parts.
  @Sendable public static func parts(
    of reply: String, _ expectation: Expectation
  ) -> [AnswerPart] {
    switch expectation {
    case .cells(let rows): parts(CellsChecker.cells(reply, rows), in: reply)
    case .task(let key): Problem(key: key).map { parts(of: reply, $0.item) } ?? []
    default: []
    }
  }

  private static func parts(of reply: String, _ item: any TaskItem) -> [AnswerPart] {
    let cells = item.cells(in: reply)
    guard cells.isEmpty else { return parts(cells, in: reply) }
    return type(of: item).hasSteps ? steps(of: reply, item) : []
  }

  /// The k-th step of the reply against the k-th line of the reference solution, as
  /// ``TaskItem/firstWrongStep(in:)`` has it, and the answer.
  private static func steps(of reply: String, _ item: any TaskItem) -> [AnswerPart] {
    let lines = ReplyLines(reply)
    let written = lines.beforeAnswer.filter { item.isStep(lines.text($0)) }
    let steps = item.solution.dropLast().enumerated().map { place, right in
      let own = place < written.count ? written[place] : nil
      return AnswerPart(
        "step \(place + 1)", isRight: own.map { lines.text($0) == right } ?? false, bytes: own)
    }
    guard !steps.isEmpty else { return [] }
    let answer = AnswerPart(
      "answer", isRight: item.check(reply).outcome == .right, bytes: lines.answer)
    return steps + [answer]
  }

  /// A cell stands in the last line that has its word.
  private static func parts(_ cells: [AnswerCell], in reply: String) -> [AnswerPart] {
    let lines = ReplyLines(reply)
    return cells.map { cell in
      let line = cell.found.flatMap { found in
        lines.lines.last { lines.text($0).lowercased().contains(found.lowercased()) }
      }
      return AnswerPart(cell.name, isRight: cell.outcome == .right, bytes: line)
    }
  }
}
