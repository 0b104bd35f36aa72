import SessionCore

/// Which sessions to play to compare feedback: problems, and the matrix of models, feedback,
/// mitigations, samplers and seeds. The format is docs/formats/experiment.md.
public struct Experiment: Equatable, Sendable {
  /// Most sessions of one experiment, unless `limits` says less.
  public static let sessionsMax = 1_000_000

  public var name: String
  public var description: String?
  public var tasks: [TaskSet]
  /// As the program opens them: `tutor`, a name, or a file.
  public var models: [String]
  public var treatments: [Treatment]
  public var mitigations: [Named<Mitigation>]
  public var samplers: [Named<Sampling>]
  public var seeds: [UInt64]
  /// Cells of the matrix that are left out, unless ``included`` has them.
  public var excluded: [Cell]
  public var included: [Cell]
  public var system: String?
  public var history: HistoryStyle
  public var stop: Script.StopRule
  public var limits: Limits
  /// The model that judges replies of data sets whose check is `judge`.
  public var judge: Script.Judge?
  /// Whether the file says that its commands may be run.
  public var allowsCommands: Bool

  /// An axis value with the name it has in the arm's name; nil for the plain one.
  public struct Named<Value: Equatable & Sendable>: Equatable, Sendable {
    public var name: String?
    public var value: Value
  }

  /// Where problems come from.
  public struct TaskSet: Equatable, Sendable {
    public enum Source: Equatable, Sendable {
      case family(String, difficulty: String?, TaskFamily.Side)
      case data(DataSet)
    }

    public var source: Source
    /// Nil takes all of a data set.
    public var count: Int?
    public var seed: UInt64
    /// Where it stands in the file, for what is found out only when problems are drawn.
    var place: ScriptField.Place
  }

  /// What is said or done about replies, under the name of its arm.
  public struct Treatment: Equatable, Sendable {
    public var name: String
    public var source: FeedbackSource
    public var when: Script.When
    public var rounds: Int
    public var otherwise: Script.Fallback
    /// Attempts at one question, the first included.
    public var attempts: Int
    /// How the question is put, with `{question}` and `{attempts}`; nil: as it is.
    public var ask: String?

    /// What the model is asked first.
    func prompt(_ problem: PlanProblem) -> String {
      ask.map { Critic.fill($0, ["question": problem.prompt, "attempts": "\(attempts)"]) }
        ?? problem.prompt
    }
  }

  /// A pattern of the matrix; nil fits everything.
  public struct Cell: Equatable, Sendable {
    public var model: String?
    public var feedback: String?
    public var mitigation: String?
    public var sampler: String?
    public var seed: UInt64?
  }

  public struct Limits: Equatable, Sendable {
    /// A plan with more is refused.
    public var sessions: Int?
    /// After so many minutes no further session begins; running again goes on.
    public var minutes: Double?

    public init(sessions: Int? = nil, minutes: Double? = nil) {
      self.sessions = sessions
      self.minutes = minutes
    }
  }
}
