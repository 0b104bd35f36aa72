import Databases
import Friction
import SessionCore

/// A table of the analysis formats, in which every row is one thing and every column one fact.
public enum Table: String, CaseIterable, Sendable {
  /// A row a session.
  case runs
  /// A row a turn, with its text.
  case turns
  /// A row a reply: which attempt at which question, and what came of it.
  case attempts
  /// A row a feedback turn.
  case feedback
  /// A row a pair of replies that somebody voted on.
  case votes

  /// The table of that name.
  /// - Throws: ``TranscriptError/unknownTable(_:known:)``.
  public init(named name: String) throws(TranscriptError) {
    guard let table = Self(rawValue: name) else {
      throw .unknownTable(name, known: Self.allCases.map(\.rawValue))
    }
    self = table
  }

  /// What its rows are, for the document.
  public var meaning: String {
    switch self {
    case .runs: "a row a session"
    case .turns: "a row a turn"
    case .attempts: "a row a reply"
    case .feedback: "a row a feedback turn"
    case .votes: "a row a pair of replies that was voted on"
    }
  }

  /// Columns that tell its rows apart.
  var key: [String] {
    switch self {
    case .runs: ["session"]
    case .turns, .attempts, .feedback: ["session", "turn"]
    case .votes: ["session", "a", "b"]
    }
  }

  /// Columns that name a turn which has to be in ``turns``.
  var turnColumns: [String] {
    switch self {
    case .runs, .turns: []
    case .attempts, .feedback: ["turn"]
    case .votes: ["a", "b"]
    }
  }

  /// In the order in which they are written.
  public var columns: [TableColumn] {
    switch self {
    case .runs: RunRow.columns.map(\.column)
    case .turns: TurnRow.columns.map(\.column)
    case .attempts: AttemptRow.columns.map(\.column)
    case .feedback: FeedbackRow.columns.map(\.column)
    case .votes: VoteRow.columns.map(\.column)
    }
  }

  /// The rows of a session, each with a cell a column, and the turns that stand in them.
  func rows(of facts: SessionFacts) -> [[Cell]] {
    switch self {
    case .runs: [RunRow.columns.map { $0.cell(RunRow(facts: facts)) }]
    case .turns:
      facts.session.turns.map { turn in
        TurnRow.columns.map { $0.cell(TurnRow(facts: facts, turn: turn)) }
      }
    case .attempts:
      facts.session.turns.filter { $0.role == .assistant }.map { turn in
        AttemptRow.columns.map { $0.cell(AttemptRow(facts: facts, turn: turn)) }
      }
    case .feedback:
      facts.session.turns.compactMap { turn in
        turn.feedback.map { FeedbackRow(facts: facts, turn: turn, feedback: $0) }
      }.map { row in FeedbackRow.columns.map { $0.cell(row) } }
    case .votes:
      facts.session.votes.map { vote in
        VoteRow.columns.map { $0.cell(VoteRow(facts: facts, vote: vote)) }
      }
    }
  }
}

/// A column as documents and databases need it.
public struct TableColumn: Equatable, Sendable {
  public var name: String
  public var kind: ColumnKind
  /// In words, for the document.
  public var meaning: String
}

/// A column and how a row's cell in it is found.
struct Column<Row>: Sendable {
  let column: TableColumn
  let cell: @Sendable (Row) -> Cell

  static func text(
    _ name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> String?
  ) -> Self {
    Self(column: TableColumn(name: name, kind: .text, meaning: meaning)) { row in
      value(row).map { .text($0) } ?? .null
    }
  }

  static func integer(
    _ name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> Int?
  ) -> Self {
    Self(column: TableColumn(name: name, kind: .integer, meaning: meaning)) { row in
      value(row).map { .integer($0) } ?? .null
    }
  }

  /// 1 for yes, 0 for no.
  static func truth(
    _ name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> Bool?
  ) -> Self {
    integer(name, meaning) { row in value(row).map { $0 ? 1 : 0 } }
  }

  static func real(
    _ name: String, _ meaning: String, _ value: @escaping @Sendable (Row) -> Double?
  ) -> Self {
    Self(column: TableColumn(name: name, kind: .real, meaning: meaning)) { row in
      value(row).flatMap { $0.isFinite ? .real($0) : nil } ?? .null
    }
  }

  private init(column: TableColumn, cell: @escaping @Sendable (Row) -> Cell) {
    self.column = column
    self.cell = cell
  }
}
