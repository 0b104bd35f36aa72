import SessionCore

/// The formats sessions can be exported in; each is made, described and checked in a file of its
/// own, and named here.
public enum TranscriptFormat: String, CaseIterable, Sendable {
  case markdown
  case html
  case text
  case asciicast
  case svg
  case messages
  case promptCompletion = "prompt-completion"
  case preference
  case unpaired
  case stepwise
  case openai
  case openaiPreference = "openai-preference"
  case sharegpt
  case feedbackConditional = "feedback-conditional"
  case hindsight
  case refinement
  case spans
  case controlToken = "control-token"
  case cringe
  case oasst
  case wildchat
  case argilla
  case labelStudio = "label-studio"
  case arena
  case csv, jsonl, sqlite, inspect
  case harness = "lm-eval"

  /// What there is to know about the format, and how it is made.
  public var details: FormatDetails {
    switch self {
    case .markdown: Markdown.details
    case .html: HTML.details
    case .text: PlainText.details
    case .asciicast: Asciicast.details
    case .svg: ScreenPicture.details
    case .messages: Messages.details
    case .promptCompletion: PromptCompletion.details
    case .preference: Preference.details
    case .unpaired: Unpaired.details
    case .stepwise: Stepwise.details
    case .openai: OpenAI.details
    case .openaiPreference: OpenAIPreference.details
    case .sharegpt: ShareGPT.details
    case .feedbackConditional: FeedbackConditional.details
    case .hindsight: Hindsight.details
    case .refinement: Refinement.details
    case .spans: Spans.details
    case .controlToken: ControlToken.details
    case .cringe: Cringe.details
    case .oasst: OpenAssistant.details
    case .wildchat: WildChat.details
    case .argilla: Argilla.details
    case .labelStudio: LabelStudio.details
    case .arena: Arena.details
    case .csv: CSV.details
    case .jsonl: TableLines.details
    case .sqlite: SQLite.details
    case .inspect: InspectLog.details
    case .harness: HarnessSamples.details
    }
  }

  /// Other names, after the trainings that read them.
  public static let aliases: [String: TranscriptFormat] = [
    "dpo": .preference, "kto": .unpaired, "prm": .stepwise, "sft": .messages, "md": .markdown,
  ]

  /// The format of that name.
  /// - Throws: ``TranscriptError/unknownFormat(_:known:)``.
  public init(named name: String) throws(TranscriptError) {
    guard let format = Self(rawValue: name) ?? Self.aliases[name] else {
      throw .unknownFormat(name, known: Self.allCases.map(\.rawValue))
    }
    self = format
  }

  /// A few sessions in this format, in memory.
  /// - Throws: ``TranscriptError/nothingToExport`` when not a record comes of them, and
  ///   ``TranscriptError/needsFile(_:)`` for a format that is no text.
  public func render(
    _ sessions: [Session], options: ExportOptions = ExportOptions()
  ) throws(TranscriptError) -> Transcript {
    guard !details.needsFile else { throw .needsFile(rawValue) }
    var exporter = try Exporter(self, options: options)
    var bytes: [UInt8] = []
    for session in sessions {
      try exporter.add(session)
      bytes += exporter.take()
    }
    try exporter.end()
    bytes = exporter.takeHead() + bytes + exporter.take()
    return Transcript(
      text: String(decoding: bytes, as: UTF8.self), omissions: exporter.tally.omissions)
  }
}

/// What there is to know about a format: for whom, how its files end, what it cannot say.
public struct FormatDetails: Sendable {
  /// Who reads it.
  public enum Purpose: String, CaseIterable, Sendable { case reading, training, analysis }

  public var purpose: Purpose
  /// What it is, in one line of `--help` and of the document.
  public var summary: String
  /// How names of its files end, without the dot.
  public var fileExtension: String
  /// Where the names of its fields come from.
  public var source: String
  /// The programs that read it.
  public var readers: String
  /// What of a session it has no place for.
  public var noPlaceFor: Set<Omission.Kind>
  /// The format is no text: it writes ``ExportOptions/path`` itself.
  public var needsFile: Bool
  /// The format is a file a table: ``ExportOptions/table`` says which, and a folder has them all.
  public var isManyFiles: Bool
  /// What stands above the sessions is known only behind the last: ``Exporter/takeHead(_:)``.
  public var headComesLast: Bool
  /// How a file that claims to be of this format is checked.
  public var check: FormatCheck
  /// Begins an export.
  public var make: @Sendable (ExportOptions) throws(TranscriptError) -> any SessionExport

  public init(
    _ purpose: Purpose, _ summary: String, fileExtension: String, source: String,
    readers: String, noPlaceFor: Set<Omission.Kind> = [], needsFile: Bool = false,
    isManyFiles: Bool = false, headComesLast: Bool = false, check: FormatCheck,
    make: @escaping @Sendable (ExportOptions) throws(TranscriptError) -> any SessionExport
  ) {
    self.purpose = purpose
    self.summary = summary
    self.fileExtension = fileExtension
    self.source = source
    self.readers = readers
    self.noPlaceFor = noPlaceFor
    self.needsFile = needsFile
    self.isManyFiles = isManyFiles
    self.headComesLast = headComesLast
    self.check = check
    self.make = make
  }
}

/// Which conversations of a session become examples; formats for people always show all.
public enum Branches: String, CaseIterable, Sendable {
  /// The one the head is on.
  case current
  /// One for every reply that no other reply came after.
  case all
}

/// An exported text.
public struct Transcript: Equatable, Sendable {
  public var text: String
  /// What is not in it, a kind once.
  public var omissions: [Omission] = []
}

/// Why there is no transcript: facts only, the wording is elsewhere.
public enum TranscriptError: Error, Equatable, Sendable {
  case unknownFormat(String, known: [String])
  case unknownTable(String, known: [String])
  /// The sessions hold nothing that the format can say.
  case nothingToExport
  /// The format has room for one session, and there are more.
  case oneSessionOnly(String)
  /// The format is no text, so it cannot go to standard output or through gzip.
  case needsFile(String)
  /// A format that writes a file of its own could not; `reason` is the library's word for it.
  case cannotWrite(path: String, reason: String)
  /// A list of splits that is none.
  case badSplit(String, SplitPlan.Fault)
  /// A pattern of the person's that is no regular expression.
  case badPattern(String)
}
