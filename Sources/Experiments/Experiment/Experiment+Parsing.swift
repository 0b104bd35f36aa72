import SessionCore

extension Experiment {
  /// Reads an experiment.
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - file: Its name, for errors; files that it names are looked for beside it.
  /// - Throws: ``ScriptError`` at the first place that is not as the format says.
  public init(parsing bytes: some Collection<UInt8>, file: String) throws(ScriptError) {
    try self.init(try ScriptField(document: bytes, file: file))
  }

  init(_ root: ScriptField) throws(ScriptError) {
    let top = try root.mapping(of: ExperimentShape.experiment.keys)
    try Script.checkVersion(try top.required("terntable"))
    name = try top.required("name").name()
    description = try top["description"]?.text()
    system = try top["system"]?.text()
    history = try Script.history(top["history"])
    seeds = try Script.seeds(top)
    stop = try Script.stop(top["stop"])
    limits = try Self.limits(top["limits"])
    judge = try Script.judge(top["judge"])
    allowsCommands = try top["allow_commands"]?.truth() ?? false
    var tasks: [TaskSet] = []
    for field in try top.required("tasks").list() { tasks.append(try Self.task(field)) }
    self.tasks = tasks
    models = try Self.models(top["models"])
    var treatments: [Treatment] = []
    for (name, field) in try top.required("feedback").namedFields() {
      treatments.append(try Treatment(name, field, attemptsMax: stop.maxAttempts))
    }
    self.treatments = treatments
    mitigations = try Self.mitigations(top["mitigations"])
    samplers = try Self.samplers(top)
    excluded = try Self.cells(top["exclude"])
    included = try Self.cells(top["include"])
    try checkCells(top)
    try checkMeans(root)
  }

  private static func limits(_ field: ScriptField?) throws(ScriptError) -> Limits {
    var limits = Limits()
    guard let map = try field?.mapping(of: ExperimentShape.limits.keys) else { return limits }
    limits.sessions = try map["sessions"]?.wholeNumber(in: 1...sessionsMax)
    limits.minutes = try map["minutes"]?.number(in: 0.01...100_000)
    return limits
  }

  private static func models(_ field: ScriptField?) throws(ScriptError) -> [String] {
    guard let field else { return ["tutor"] }
    var models: [String] = []
    for item in try field.list() {
      let model = try item.text()
      guard !models.contains(model) else { throw item.error(.repeatedName(model)) }
      models.append(model)
    }
    return models
  }

  private static func mitigations(
    _ field: ScriptField?
  ) throws(ScriptError) -> [Named<Mitigation>] {
    guard let field else { return [Named(name: nil, value: .none)] }
    var found: [Named<Mitigation>] = []
    for (name, value) in try field.namedFields() {
      if value.shape == .nothing, name == "none" {
        found.append(Named(name: nil, value: .none))
      } else {
        found.append(Named(name: name, value: try Mitigation(value)))
      }
    }
    return found
  }

  /// `sampling` is the plain one; each of `samplers` changes what it names of it.
  private static func samplers(_ top: ScriptMapping) throws(ScriptError) -> [Named<Sampling>] {
    let plain = try Script.sampling(top["sampling"])
    guard let field = top["samplers"] else { return [Named(name: nil, value: plain)] }
    var found: [Named<Sampling>] = []
    for (name, value) in try field.namedFields() {
      found.append(Named(name: name, value: try Script.sampling(value, over: plain)))
    }
    return found
  }

  private static func cells(_ field: ScriptField?) throws(ScriptError) -> [Cell] {
    var cells: [Cell] = []
    for item in try field?.list() ?? [] {
      let map = try item.mapping(of: ExperimentShape.cell.keys)
      cells.append(
        Cell(
          model: try map["model"]?.text(), feedback: try map["feedback"]?.text(),
          mitigation: try map["mitigation"]?.text(), sampler: try map["sampler"]?.text(),
          seed: try map["seed"]?.seed()))
    }
    return cells
  }

  /// A pattern that names nothing of the matrix is a slip.
  private func checkCells(_ top: ScriptMapping) throws(ScriptError) {
    let names: [(key: String, allowed: [String])] = [
      ("model", models), ("feedback", treatments.map(\.name)),
      ("mitigation", mitigations.map { $0.name ?? "none" }),
      ("sampler", samplers.compactMap(\.name)),
    ]
    for key in ["exclude", "include"] {
      for item in try top[key]?.list() ?? [] {
        let map = try item.mapping(of: ExperimentShape.cell.keys)
        for (axis, allowed) in names { _ = try map[axis]?.word(of: allowed) }
      }
    }
  }
}

extension Experiment {
  /// Commands have to be allowed in the file, and a judge has to be there.
  private func checkMeans(_ root: ScriptField) throws(ScriptError) {
    if hasCommands, !allowsCommands { throw root.error(.commandNotAllowed) }
    let needsJudge = tasks.contains { $0.check == .judge }
    if needsJudge, judge == nil { throw root.error(.missingKey("judge")) }
  }

  /// Whether a checker or a critic is a command.
  public var hasCommands: Bool {
    tasks.contains { $0.check == .command }
      || treatments.contains { $0.source.critic?.command != nil }
  }
}

extension Experiment.TaskSet {
  /// How the records of a data set are judged; nil for a family.
  fileprivate var check: RecordLayout.Check? {
    if case .data(let data) = source { data.layout.check } else { nil }
  }
}

extension Experiment.Cell {
  /// Whether the pattern fits a cell of the matrix.
  func fits(_ cell: Experiment.Cell) -> Bool {
    (model == nil || model == cell.model) && (feedback == nil || feedback == cell.feedback)
      && (mitigation == nil || mitigation == cell.mitigation)
      && (sampler == nil || sampler == cell.sampler) && (seed == nil || seed == cell.seed)
  }
}
