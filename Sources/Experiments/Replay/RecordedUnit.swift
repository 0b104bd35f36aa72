import SessionCore

/// What becomes of the feedback of a record when it is played again.
public enum ReplayFeedback: String, CaseIterable, Sendable {
  /// Every operation as it was, whatever the new replies say.
  case recorded
  /// Each feedback turn and each edit becomes "Try again.".
  case unary
  /// Each becomes a critique that names the first arithmetically wrong line; where there is none,
  /// it is played as recorded.
  case critique
  /// Each becomes an edit that mends the first arithmetically wrong line; where there is none, it
  /// is played as recorded.
  case edit
  /// Each becomes an unguided new draw: the control.
  case none
}

/// A recorded session to be played again, perhaps by another model, from another seed or with
/// other feedback.
///
/// With ``ReplayFeedback/recorded`` the operations come in the recorded order, those on other
/// branches and those taken back included, so that every reply has its recorded place and thus
/// the seed that belongs to it. The other kinds give feedback only on replies that are not known
/// to be right (*Feedback Friction*, §2.1).
public struct RecordedUnit: Playable, Equatable {
  public var id: String
  public var seed: UInt64
  public var model: String
  public var activations: ActivationPrecision?
  public var feedback: ReplayFeedback
  public var recording: Recording
  /// How single replies are drawn, by their recorded names.
  private let settings: [TurnID: DrawSettings]

  /// - Parameters:
  ///   - name: of the record, such as its file's, for the new file's name.
  ///   - activations, seed: nil takes the recorded ones.
  ///   - keepsModels: whether replies that another model wrote, as in a duel, are that model's
  ///     again.
  public init(
    _ recording: Recording, name: String, model: String? = nil, keepsModels: Bool = false,
    activations: ActivationPrecision? = nil, seed: UInt64? = nil,
    feedback: ReplayFeedback = .recorded
  ) {
    self.recording = recording
    settings = recording.settings.mapValues { drawn in
      DrawSettings(
        model: keepsModels ? drawn.model : nil, sampling: drawn.sampling,
        seed: seed == nil ? drawn.seed : nil, history: drawn.history)
    }
    self.feedback = feedback
    self.activations = activations ?? recording.header.activations
    self.seed = seed ?? recording.header.seed
    self.model = model ?? recording.header.model
    let plain = name.unicodeScalars.map { scalar in
      Script.isName("_\(scalar)") || scalar == "." ? Character(scalar) : "_"
    }
    id = "\(String(plain.prefix(120))).\(feedback.rawValue).s\(self.seed)"
  }

  public var title: String { recording.header.title }
  public var sampling: Sampling { recording.header.sampling }
  public var history: HistoryStyle { recording.header.history }

  /// Kept from the record, so that reports still pair its sessions.
  public var provenance: Provenance {
    var provenance = recording.header.provenance ?? Provenance()
    if feedback != .recorded { provenance.arm = feedback.rawValue }
    provenance.replayOf = recording.header.id
    return provenance
  }

  public var contents: [String] { [feedback.rawValue, "\(recording)"] }

  public var otherModels: Set<String> { Set(settings.values.compactMap(\.model)) }

  public func play(on player: Player) async throws(PlayStop) {
    var replay = RecordedPlay(feedback: feedback, settings: settings, player: player)
    for step in recording.steps { try await replay.play(step) }
  }
}

/// The state of playing a record: which new turn stands for which recorded one.
private struct RecordedPlay {
  let feedback: ReplayFeedback
  let settings: [TurnID: DrawSettings]
  let player: Player
  /// Recorded turn -> the turn that stands for it.
  private var turns: [TurnID: TurnID] = [:]
  /// For each operation that undo could take back, whether it was played: what was left out must
  /// not be taken back.
  private var undoable: [Bool] = []

  init(feedback: ReplayFeedback, settings: [TurnID: DrawSettings], player: Player) {
    self.feedback = feedback
    self.settings = settings
    self.player = player
  }

  mutating func play(_ step: Recording.Step) async throws(PlayStop) {
    switch step.operation {
    case .instruct(let text): try await perform(.instruct(text), for: step)
    case .ask(let text, let expectation):
      try await perform(.ask(text, expecting: expectation), for: step)
    case .sayAnew(let text, let original):
      guard let old = turns[original] else { return leaveOut(step) }
      try await perform(.edit(.rewrite(text), of: old), for: step)
    case .giveFeedback(let feedback, _): try await play(step, on: feedback.on)
    case .edit(_, let original): try await play(step, on: original)
    case .regenerate(let original):
      try await perform(.regenerate(turns[original]), for: step)
    case .answer(let isFirst): try await answer(step, isFirst: isFirst)
    case .undo:
      if undoable.popLast() == true { try await player.perform(.undo) }
    case .go(let target):
      undoable.append(turns[target] != nil)
      if let target = turns[target] { try await player.perform(.go(target)) }
    }
  }

  /// Feedback or an edit: as recorded, or what is given in its place.
  private mutating func play(_ step: Recording.Step, on original: TurnID) async throws(PlayStop) {
    let session = await player.session
    guard let target = turns[original], let reply = session[target] else { return leaveOut(step) }
    guard feedback != .recorded else { return try await playRecorded(step, on: reply) }
    guard session.verdicts[reply.id]?.outcome != .right else {
      try await player.note(
        TurnSkip(reply: reply.id, turn: feedback.rawValue, reason: .replyIsRight))
      leaveOut(step, standing: reply.id)
      return
    }
    switch feedback {
    case .recorded: break
    case .unary:
      let again = Command.giveFeedback(
        .unary, Feedback.unaryWording, author: .script, on: reply.id)
      try await perform(again, for: step)
    case .none: try await perform(.regenerate(reply.id), for: step)
    case .critique:
      if let found = session.firstWrongStep(in: reply) {
        let critique = Command.giveFeedback(
          .critique, found.critique, author: .template, on: reply.id)
        try await perform(critique, for: step)
      } else {
        try await fallBack(step, on: reply, because: .noWrongStep)
      }
    case .edit:
      let found = session.firstWrongStep(in: reply)
      if let start = found?.start(in: reply.text, writtenBy: reply.spans) {
        try await perform(.edit(.beginning(start), of: reply.id), for: step)
      } else {
        try await fallBack(step, on: reply, because: found == nil ? .noWrongStep : .notMendable)
      }
    }
  }

  private mutating func fallBack(
    _ step: Recording.Step, on reply: Turn, because reason: TurnSkip.Reason
  ) async throws(PlayStop) {
    try await player.note(
      TurnSkip(
        reply: reply.id, turn: feedback.rawValue, reason: reason, instead: "recorded turn"))
    try await playRecorded(step, on: reply)
  }

  private mutating func playRecorded(
    _ step: Recording.Step, on reply: Turn
  ) async throws(PlayStop) {
    switch step.operation {
    case .giveFeedback(let feedback, let text):
      let again = Command.giveFeedback(
        feedback.kind, text, author: feedback.author, on: reply.id, grounds: feedback.grounds)
      try await perform(again, for: step)
    case .edit(let start, _):
      var told = start.told(over: reply)
      // Another model, or another reply, has not these tokens: there only the text is kept.
      if !told.names(tokensOf: reply, of: step.tokensOf) { told.tokens = nil }
      try await perform(.edit(.beginning(told), of: reply.id), for: step)
    default: preconditionFailure("neither feedback nor an edit")
    }
  }

  private mutating func answer(
    _ step: Recording.Step, isFirst: Bool
  ) async throws(PlayStop) {
    let session = await player.session
    if isFirst, let recorded = step.reply, let prompt = step.prompt.flatMap({ turns[$0] }),
      let answer = session.children(of: prompt).last
    {
      // This time the prompt was answered at once.
      turns[recorded] = answer.id
      return
    }
    let undoable = undoable
    try await perform(.regenerate(nil), for: step)
    self.undoable = undoable
  }

  private mutating func perform(_ command: Command, for step: Recording.Step) async throws(PlayStop)
  {
    let known = await player.session.turns.count
    undoable.append(true)
    let drawn = step.reply.flatMap { settings[$0] } ?? DrawSettings()
    let session = try await player.perform(command, with: drawn)
    let new = session.turns[known...]
    let reply = new.last { $0.role == .assistant }
    let prompt = new.first { $0.role != .assistant }
    if let recorded = step.prompt { turns[recorded] = prompt?.id ?? turns[recorded] ?? reply?.id }
    if let recorded = step.reply { turns[recorded] = reply?.id }
  }

  /// The step is not played; what followed from it follows from `standing` instead.
  private mutating func leaveOut(_ step: Recording.Step, standing: TurnID? = nil) {
    undoable.append(false)
    if let prompt = step.prompt { turns[prompt] = standing }
    if let reply = step.reply { turns[reply] = standing }
  }
}

extension InPlaceEdit.Start {
  /// Whether the tokens, the chosen one aside, are what the reply begins with.
  /// - Parameter digest: SHA-256 of the model whose tokens they are.
  fileprivate func names(tokensOf reply: Turn, of digest: String?) -> Bool {
    guard let tokens, let digest, reply.recipe?.model.digest == digest else { return false }
    let all = (reply.keptTokens?.identifiers ?? []) + reply.tokens
    return all.starts(with: tokens.identifiers.dropLast())
  }

  /// The same beginning over another reply: who wrote what is as recorded if the new reply begins
  /// as the recorded one did, else what the two have in common is the new reply's.
  fileprivate func told(over reply: Turn) -> InPlaceEdit.Start {
    let typed = spans.last.flatMap { $0.writer == .person ? $0.bytes : nil } ?? 0
    let same = zip(kept.utf8, reply.text.utf8).prefix { $0 == $1 }.count
    guard same < kept.utf8.count - typed else { return self }
    return InPlaceEdit.Start(beginning: kept, over: reply)
  }

  /// A beginning whose common part with the reply is the reply's, the rest the person's.
  init(beginning: String, over reply: Turn) {
    let kept = Array(beginning.utf8)
    let same = zip(kept, reply.text.utf8).prefix { $0 == $1 }.count
    // Back to the start of a character.
    var start = same
    while start > 0, start < kept.count, kept[start] & 0xC0 == 0x80 { start -= 1 }
    self.init(
      before: kept[..<start], writtenBy: reply.spans,
      typed: String(decoding: kept[start...], as: UTF8.self))
  }
}
