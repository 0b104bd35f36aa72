import SessionCore

/// How recordings and pictures of a terminal look.
public struct ScreenOptions: Sendable {
  public var columns = 80
  public var rows = 24
  /// Players wait no longer than this between two events; nil: as long as it was.
  public var idleLimitSeconds: Double?
  /// Draws the screen as it stands at a session's end, as SVG. Screens are another target's, so
  /// whoever exports says how; without it there are no pictures.
  public var draw: (@Sendable (_ session: Session, _ columns: Int, _ rows: Int) -> String)?

  public init(
    columns: Int = 80, rows: Int = 24, idleLimitSeconds: Double? = nil,
    draw: (@Sendable (_ session: Session, _ columns: Int, _ rows: Int) -> String)? = nil
  ) {
    self.columns = columns
    self.rows = rows
    self.idleLimitSeconds = idleLimitSeconds
    self.draw = draw
  }
}

/// The screen at the end of one session, as a picture.
struct ScreenPicture: SessionExport {
  static let details = FormatDetails(
    .reading, "a picture of the screen at the end of one session", fileExtension: "svg",
    source: "SVG 1.1 (W3C)", readers: "any browser",
    noPlaceFor: [.recipes, .times, .provenance], check: .lines { MarkupCheck(.svg) },
    make: { ScreenPicture(screen: $0.screen) })

  let screen: ScreenOptions
  /// Held back until it is known that no other session comes.
  private var picture: String?

  init(screen: ScreenOptions) { self.screen = screen }

  mutating func add(
    _ session: Session, to output: inout ExportOutput
  ) throws(TranscriptError) {
    guard picture == nil else { throw .oneSessionOnly(TranscriptFormat.svg.rawValue) }
    guard let draw = screen.draw else { return }
    picture = draw(session, screen.columns, screen.rows)
    output.count(using: session.current.map(\.id))
  }

  mutating func end(_ output: inout ExportOutput) { output.write(picture ?? "") }
}

extension MarkupCheck.Rules {
  /// What the picture of a screen is made of.
  static let svg = Self(
    root: "svg",
    elements: [
      "svg": ["xmlns", "role", "width", "height", "viewBox"], "title": [], "style": [],
      "rect": ["class", "x", "y", "width", "height", "rx"],
      "text": ["class", "x", "y", "textLength", "lengthAdjust"],
    ], isXML: true, record: "svg", beginnings: ["svg.xmlns": "http://www.w3.org/2000/svg"])
}
