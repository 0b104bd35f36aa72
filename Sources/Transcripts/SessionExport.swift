import SessionCore
import StrictJSON

/// Sessions on their way into one format: a fold with a beginning, one step a session, and an end.
///
/// Whoever conforms keeps nothing that grows with the number of sessions, so that any number can
/// be exported in constant memory.
public protocol SessionExport {
  /// What stands before the first session.
  mutating func begin(_ output: inout ExportOutput) throws(TranscriptError)
  mutating func add(_ session: Session, to output: inout ExportOutput) throws(TranscriptError)
  /// What stands behind the last one.
  mutating func end(_ output: inout ExportOutput) throws(TranscriptError)
}

extension SessionExport {
  public mutating func begin(_ output: inout ExportOutput) throws(TranscriptError) {}
  public mutating func end(_ output: inout ExportOutput) throws(TranscriptError) {}
}

/// What a person chose for an export.
public struct ExportOptions: Sendable {
  /// For formats of whole conversations.
  public var branches = Branches.current
  /// How *Chain of Hindsight* shows its pairs, in turn; empty for the usual four.
  public var frames: [HindsightFrame]
  /// Whether personal data was taken out before; some formats say so.
  public var isScrubbed: Bool
  /// Where a format that is no text writes; see ``FormatDetails/needsFile``.
  public var path: String?
  /// For recordings and pictures of a terminal.
  public var screen: ScreenOptions
  /// For formats of tables: only this one.
  public var table: Table?

  public init(
    branches: Branches = .current, frames: [HindsightFrame] = [], isScrubbed: Bool = false,
    path: String? = nil, screen: ScreenOptions = ScreenOptions(), table: Table? = nil
  ) {
    self.branches = branches
    self.frames = frames
    self.isScrubbed = isScrubbed
    self.path = path
    self.screen = screen
    self.table = table
  }
}

/// What a format has written since it was last taken away, and what it says about it.
public struct ExportOutput {
  public private(set) var bytes: [UInt8] = []
  /// Examples, rows or documents written so far.
  public private(set) var records = 0
  /// Turns of the session at hand that stand in some record.
  private(set) var used: Set<TurnID> = []
  /// What was left out of the session at hand, beside unused turns.
  private(set) var leftOut: [Omission.Kind: Int] = [:]

  /// What stands above everything written, once it is known.
  private(set) var head: [UInt8] = []
  /// Where bytes go as soon as there are many: one session can make more records than memory
  /// holds. Nil: they wait.
  private let sink: (([UInt8]) -> Void)?
  private static let waitingBytesMax = 1 << 20

  init(sink: (([UInt8]) -> Void)? = nil) { self.sink = sink }

  /// Adds text that is no record by itself.
  public mutating func write(_ text: String) {
    bytes += text.utf8
    drain()
  }

  /// Puts text above everything written so far; for ``FormatDetails/headComesLast``.
  public mutating func writeHead(_ text: String) { head += text.utf8 }

  /// Adds a JSON value that is no record by itself.
  package mutating func write(_ value: JSONValue) {
    value.write(to: &bytes, escapingSeparators: true)
    drain()
  }

  /// Adds a JSON value that is a record about these turns, without a line's end.
  package mutating func write(_ value: JSONValue, using turns: some Sequence<TurnID>) {
    write(value)
    count(using: turns)
  }

  /// Says that a record has been written about these turns.
  public mutating func count(using turns: some Sequence<TurnID>) {
    records += 1
    use(turns)
  }

  /// Says that a record has been written about turns that ``use(_:)`` names.
  public mutating func count() { records += 1 }

  /// Says that these turns stand in the records of the session at hand.
  public mutating func use(_ turns: some Sequence<TurnID>) { used.formUnion(turns) }

  /// Adds a line of JSON Lines about these turns.
  package mutating func line(_ value: JSONValue, using turns: some Sequence<TurnID>) {
    self.value(value, using: turns)
    bytes.append(UInt8(ascii: "\n"))
    drain()
  }

  /// Adds a record about these turns, with nothing behind it.
  package mutating func value(_ value: JSONValue, using turns: some Sequence<TurnID>) {
    value.write(to: &bytes, escapingSeparators: true)
    count(using: turns)
  }

  /// Says why something that might have become a record did not.
  public mutating func leaveOut(_ kind: Omission.Kind, _ count: Int = 1) {
    leftOut[kind, default: 0] += count
  }

  mutating func beginSession() {
    used = []
    leftOut = [:]
  }

  mutating func takeHead() -> [UInt8] {
    defer { head = [] }
    return head
  }

  private mutating func drain() {
    guard let sink, bytes.count >= Self.waitingBytesMax else { return }
    sink(bytes)
    bytes.removeAll(keepingCapacity: true)
  }

  mutating func take() -> [UInt8] {
    defer { bytes.removeAll(keepingCapacity: true) }
    return bytes
  }
}
