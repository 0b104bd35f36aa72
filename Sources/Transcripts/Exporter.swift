import SessionCore

/// One export under way: hands every session to its format, or to that of its split, and counts
/// what came of it.
///
///     var exporter = try Exporter(.messages)
///     for session in sessions {
///       try exporter.add(session)
///       file.write(exporter.take())
///     }
///     try exporter.end()
///     file.write(exporter.take())
public struct Exporter {
  private struct Part {
    var export: any SessionExport
    var output: ExportOutput
    var sessions = 0

    mutating func begin() throws(TranscriptError) { try export.begin(&output) }

    /// - Returns: how many records came of it.
    mutating func add(_ session: Session) throws(TranscriptError) -> Int {
      let before = output.records
      output.beginSession()
      try export.add(session, to: &output)
      sessions += 1
      return output.records - before
    }

    mutating func end() throws(TranscriptError) { try export.end(&output) }
  }

  public let format: TranscriptFormat
  private let details: FormatDetails
  private let split: SplitPlan?
  /// Every session goes to every part, and each part is a table of it.
  private let isFolderOfTables: Bool
  private var parts: [Part] = []
  /// What has been added so far.
  public private(set) var tally = ExportTally()

  /// - Parameters:
  ///   - tables: one part each, instead of splits; for a format that is many files.
  ///   - sink: takes what is ready while one session is still being written; without it all of
  ///     that waits for ``take(_:)``.
  ///   - paths: where a format that is no text writes, one path a split.
  /// - Throws: what the format's beginning throws.
  public init(
    _ format: TranscriptFormat, options: ExportOptions = ExportOptions(), split: SplitPlan? = nil,
    tables: [Table] = [], paths: [String] = [],
    sink: ((_ part: Int, _ bytes: [UInt8]) -> Void)? = nil
  ) throws(TranscriptError) {
    self.format = format
    self.split = split
    details = format.details
    isFolderOfTables = !tables.isEmpty
    for number in 0..<(isFolderOfTables ? tables.count : split?.names.count ?? 1) {
      var options = options
      if tables.indices.contains(number) { options.table = tables[number] }
      if paths.indices.contains(number) { options.path = paths[number] }
      var part = Part(
        export: try details.make(options),
        output: ExportOutput(sink: sink.map { sink in { sink(number, $0) } }))
      try part.begin()
      parts.append(part)
    }
  }

  /// How many files come of it: one a split.
  public var partCount: Int { parts.count }

  /// Records and sessions in one of the files.
  public func counts(ofPart part: Int) -> (records: Int, sessions: Int) {
    (parts[part].output.records, parts[part].sessions)
  }

  /// - Returns: the part the session went to; what was written waits in ``take(_:)``.
  @discardableResult
  public mutating func add(_ session: Session) throws(TranscriptError) -> Int {
    let number = split?.part(of: session) ?? 0
    var records = 0
    for part in isFolderOfTables ? Array(parts.indices) : [number] {
      records += try parts[part].add(session)
    }
    tally.add(session, parts[number].output, records: records, details)
    return number
  }

  /// What is due behind the last session.
  /// - Throws: ``TranscriptError/nothingToExport`` when there is not a record.
  public mutating func end() throws(TranscriptError) {
    guard tally.records > 0 else { throw .nothingToExport }
    for number in parts.indices { try parts[number].end() }
  }

  /// What stands above everything else of a part; behind ``end()``, for formats whose head comes
  /// last.
  public mutating func takeHead(_ part: Int = 0) -> [UInt8] { parts[part].output.takeHead() }

  /// The bytes a part has ready, once.
  public mutating func take(_ part: Int = 0) -> [UInt8] { parts[part].output.take() }
}

/// What an export has seen and left out; what its card says.
public struct ExportTally: Equatable, Sendable {
  public private(set) var sessions = 0
  public private(set) var turns = 0
  public private(set) var replies = 0
  public private(set) var records = 0
  /// Replies by the model that wrote them.
  public private(set) var models: [ModelName: Int] = [:]
  /// Feedback turns by kind, and `edit` and `regenerate` for replies that came without a turn.
  public private(set) var feedback: [String: Int] = [:]
  /// Verdicts by outcome.
  public private(set) var verdicts: [String: Int] = [:]
  public private(set) var ratings = 0
  /// Sessions by the script they played; the empty name is for those that somebody typed.
  public private(set) var scripts: [String: Int] = [:]
  private var leftOut: [Omission.Kind: Int] = [:]

  /// A model as a recipe names it.
  public struct ModelName: Hashable, Sendable {
    public var name: String
    /// SHA-256 of its file.
    public var digest: String
  }

  /// What was left out, a kind once, in the order of the kinds.
  public var omissions: [Omission] {
    Omission.Kind.allCases.compactMap { kind in
      leftOut[kind].flatMap { $0 > 0 ? Omission(kind: kind, count: $0) : nil }
    }
  }

  mutating func add(
    _ session: Session, _ output: ExportOutput, records: Int, _ details: FormatDetails
  ) {
    sessions += 1
    turns += session.turns.count
    self.records += records
    let script = session.header.provenance?.script ?? ""
    // A card that names more of them helps nobody, and memory has to stay bounded.
    if scripts[script] != nil || scripts.count < 100 { scripts[script, default: 0] += 1 }
    for turn in session.turns { count(turn) }
    for verdict in session.verdicts.values { verdicts[verdict.outcome.rawValue, default: 0] += 1 }
    ratings += session.ratings.count
    for (kind, count) in output.leftOut { leftOut[kind, default: 0] += count }
    guard records > 0 else {
      leftOut[.sessions, default: 0] += 1
      return
    }
    for kind in details.noPlaceFor {
      leftOut[kind, default: 0] += kind.count(in: session) ?? 0
    }
    countUnused(session, output.used)
  }

  private mutating func count(_ turn: Turn) {
    if let feedback = turn.feedback { self.feedback[feedback.kind.rawValue, default: 0] += 1 }
    guard turn.role == .assistant else { return }
    replies += 1
    if case .continued = turn.origin { feedback["edit", default: 0] += 1 }
    if case .resampled = turn.origin { feedback["regenerate", default: 0] += 1 }
    if let model = turn.recipe?.model {
      models[ModelName(name: model.name, digest: model.digest), default: 0] += 1
    }
  }

  /// Sorts the turns that are in no record.
  private mutating func countUnused(_ session: Session, _ used: Set<TurnID>) {
    guard used.count < session.turns.count else { return }
    let current = session.current
    let answered = current.lastIndex { $0.role == .assistant && !$0.text.isEmpty } ?? -1
    var unusedHere = 0
    for (place, turn) in current.enumerated() where !used.contains(turn.id) {
      unusedHere += 1
      leftOut[place > answered ? .unanswered : .unused, default: 0] += 1
    }
    leftOut[.otherBranches, default: 0] += session.turns.count - used.count - unusedHere
  }
}

/// An export whose sessions stand one after the other, for people.
struct SequentialExport: SessionExport {
  /// What stands between two sessions.
  var separator: String
  var text: @Sendable (Session) -> String

  init(separator: String, text: @escaping @Sendable (Session) -> String) {
    self.separator = separator
    self.text = text
  }

  mutating func add(_ session: Session, to output: inout ExportOutput) {
    if output.records > 0 { output.write(separator) }
    output.write(text(session))
    output.count(using: session.turns.map(\.id))
  }
}
