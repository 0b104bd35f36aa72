import Friction
import Mustache
import SessionCore

/// A friction report as a document: a page for browsers, or Markdown with pictures beside it.
///
/// The page loads nothing and runs nothing; all text is escaped. It shares its style and the look of
/// a session with the HTML export.
public struct ReportDocument {
  private let page: ReportPage

  /// - Parameter samples: sessions to print as they went.
  public init(_ report: FrictionReport, title: String, samples: [Session] = []) {
    page = ReportPage(report, title: title, samples: samples)
  }

  public var html: String { Self.library.render(page, withTemplate: "report") ?? "" }

  /// A plot of the Markdown form.
  public struct Picture {
    /// Goes at the end of the file's name.
    public let name: String
    public let svg: String
  }

  /// - Parameter stem: what the pictures' names begin with: `<stem>-e1-accuracy.svg`.
  public func markdown(stem: String) -> (text: String, pictures: [Picture]) {
    var pictures: [Picture] = []
    var blocks = ["# \(Markdown.escaped(page.title))", Markdown.escaped(page.reportSummary)]
    for part in page.experiments {
      blocks += [
        "## \(Markdown.escaped(part.experimentName))", Markdown.escaped(part.experimentSummary),
        part.findings.map { "- \(Markdown.escaped($0))" }.joined(separator: "\n"),
      ]
      let plots = [
        ("accuracy", "Right at attempt k or before, in %, with 95 % intervals", part.accuracy),
        ("flows", "From the first attempt to the last", part.flows),
        ("tokens", "Mean tokens of a session", part.costs),
      ]
      for (kind, caption, plots) in plots {
        guard let plots = plots.first else { continue }
        let name = "\(part.experimentAnchor)-\(kind)"
        pictures.append(Picture(name: name, svg: Figure(caption, plots).svg))
        blocks.append("![\(caption)](\(stem)-\(name).svg)")
      }
      blocks += (part.tables + part.figures).map(Self.table)
    }
    blocks.append(Markdown.escaped(page.method))
    return (blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n", pictures)
  }

  private static func table(_ table: ReportPage.Table) -> String {
    let line = { (cells: [String]) in
      "| " + cells.map(Markdown.escaped).joined(separator: " | ") + " |"
    }
    let rule = "|---" + String(repeating: "|---", count: table.heads.count) + "|"
    let rows = table.tableRows.map { line([$0.rowName] + $0.cells) }
    return "**\(Markdown.escaped(table.tableCaption))**\n\n"
      + ([line([""] + table.heads), rule] + rows).joined(separator: "\n")
  }

  /// Drawings side by side, as a file of its own.
  private struct Figure {
    struct Place {
      var across: Int
      var down: Int
      var drawing: [Drawing]
    }
    struct Key {
      var keyLook: String
      var keyName: String
      var keyLeft: Int
      var keyTextLeft: Int
    }
    var figureLabel: String
    var figureWidth: Int
    var figureHeight: Int
    var keys: [Key]
    var placed: [Place]

    init(_ label: String, _ plots: ReportPage.Plots) {
      let columns = min(4, max(1, plots.drawings.count))
      let (width, height) = (
        plots.drawings.map(\.width).max() ?? 0, plots.drawings.map(\.height).max() ?? 0
      )
      let keySpace = plots.keys.isEmpty ? 0 : 24
      figureLabel = label
      figureWidth = columns * (width + 10) + 10
      figureHeight = (plots.drawings.count + columns - 1) / columns * (height + 10) + keySpace
      keys = plots.keys.enumerated().map {
        Key(
          keyLook: $1.keyLook, keyName: $1.keyName, keyLeft: 14 + 160 * $0,
          keyTextLeft: 30 + 160 * $0)
      }
      placed = plots.drawings.enumerated().map {
        Place(
          across: 10 + $0 % columns * (width + 10),
          down: keySpace + $0 / columns * (height + 10), drawing: [$1])
      }
    }

    var svg: String { ReportDocument.library.render(self, withTemplate: "figure") ?? "" }
  }

  /// The report's templates, and the parts of the session's that it shares. One that does not parse
  /// is a bug in this program, found by its first test.
  private static let library: MustacheLibrary = {
    MustacheContentTypes.register(SafeHTML(), named: SafeHTML.name)
    let session = String(decoding: PackageResources.session_html_mustache, as: UTF8.self)
    let sources = [
      "report": String(decoding: PackageResources.report_html_mustache, as: UTF8.self),
      "figure": String(decoding: PackageResources.figure_svg_mustache, as: UTF8.self),
      "drawing": String(decoding: PackageResources.drawing_svg_mustache, as: UTF8.self),
      "plots": String(decoding: PackageResources.plots_css_mustache, as: UTF8.self),
      "style": part(of: session, from: "<style>\n", to: "</style>"),
      "session": part(of: session, from: "{{#sessions}}\n", to: "{{/sessions}}"),
    ]
    do {
      return MustacheLibrary(
        templates: try sources.mapValues { try MustacheTemplate(string: $0) })
    } catch {
      preconditionFailure("a template of the report: \(error)")
    }
  }()

  private static func part(of text: String, from start: String, to end: String) -> String {
    guard let from = text.firstRange(of: start)?.upperBound,
      let to = text[from...].firstRange(of: end)?.lowerBound
    else { preconditionFailure("session.html.mustache lacks \(start) or \(end)") }
    return String(text[from..<to])
  }
}

/// A few sessions that show what happened: the first of each outcome in each experiment.
public struct SampleSessions {
  private static let sessionsMax = 8

  private var seen: Set<String> = []
  /// In the order they came.
  public private(set) var sessions: [Session] = []

  public init() {}

  public mutating func add(_ session: Session) {
    guard sessions.count < Self.sessionsMax,
      let line = AttemptLine.lines(of: session).first, line.attempts.count > 1,
      let first = line.judged.first?.verdict, let last = line.judged.last?.verdict
    else { return }
    let outcome = "\(first.outcome == .right) \(last.outcome == .right) \(line.kind)"
    if seen.insert("\(session.header.provenance?.script ?? "") \(outcome)").inserted {
      sessions.append(session)
    }
  }
}
