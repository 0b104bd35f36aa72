import Friction
import Mustache
import SessionCore

/// Sessions as one HTML page: no script, nothing loaded from elsewhere, everything escaped.
///
/// Changes from attempt to attempt are marked by word, edited replies show who wrote what; the
/// page follows the reader's light or dark setting and prints. Its look is the template,
/// `Templates/session.html.mustache`, of which each session fills the middle part as it comes;
/// what stands above them all is written last.
struct HTML: SessionExport {
  static let details = FormatDetails(
    .reading, "one page, no scripts: attempts, changes, authorship; it prints",
    fileExtension: "html", source: "the WHATWG's HTML standard", readers: "any browser",
    headComesLast: true, check: .lines { MarkupCheck(.html) }, make: { _ in HTML() })

  private var entries: [HTMLPage.Entry] = []
  private var together = HTMLPage.Sums()
  private var firstTitle = ""

  mutating func add(_ session: Session, to output: inout ExportOutput) {
    let rows = FrictionReport(sessions: [session]).rows
    together.add(rows)
    let part = HTMLPage.SessionPart(session, number: entries.count + 1, rows)
    output.write(Self.templates.session.render(part))
    output.count(using: session.turns.lazy.map(\.id))
    if entries.isEmpty { firstTitle = part.heading }
    entries.append(HTMLPage.Entry(session, target: part.anchor))
  }

  mutating func end(_ output: inout ExportOutput) {
    let isOne = entries.count == 1
    let head = HTMLPage(
      title: isOne ? firstTitle : "\(entries.count) sessions",
      contents: isOne ? [] : [HTMLPage.Contents(entries: entries)],
      together: isOne ? [] : HTMLPage.Metrics.table(of: together))
    output.writeHead(Self.templates.head.render(head))
    output.write(Self.templates.end)
  }

  /// The template cut where the sessions begin and end. One that does not parse is a bug in this
  /// program, found by its first test.
  private static let templates: (head: MustacheTemplate, session: MustacheTemplate, end: String) = {
    MustacheContentTypes.register(SafeHTML(), named: SafeHTML.name)
    let whole = String(decoding: PackageResources.session_html_mustache, as: UTF8.self)
    let escaping = "{{% CONTENT_TYPE:\(SafeHTML.name)}}\n"
    guard let start = whole.firstRange(of: "{{#sessions}}\n"),
      let stop = whole.firstRange(of: "{{/sessions}}\n"), whole.hasPrefix(escaping)
    else { preconditionFailure("session.html.mustache has no sessions, or does not escape") }
    do {
      return (
        try MustacheTemplate(string: String(whole[..<start.lowerBound])),
        try MustacheTemplate(
          string: escaping + whole[start.upperBound..<stop.lowerBound]),
        String(whole[stop.upperBound...])
      )
    } catch {
      preconditionFailure("session.html.mustache: \(error)")
    }
  }()
}

extension MarkupCheck.Rules {
  /// What the template is made of. `http-equiv` could send a reader elsewhere, a link could too.
  static let html = Self(
    root: "html",
    elements: [
      "html": ["lang"], "head": [], "meta": ["charset", "http-equiv", "content", "name"],
      "title": [], "style": [], "body": [], "main": [], "nav": [], "h1": [], "h2": [], "h3": [],
      "ol": [], "ul": ["class"], "li": [], "a": ["href", "class", "title"],
      "span": ["class", "dir"], "article": ["class", "id"], "p": ["class"], "dl": ["class"],
      "div": ["class", "id", "dir"], "dt": [], "dd": [], "table": [], "thead": [], "tbody": [],
      "tr": [], "th": [], "td": [], "details": ["class", "open"], "summary": [], "header": [],
      "mark": [], "ins": [], "del": [], "b": [],
    ], void: ["meta"], declaration: "<!doctype html>", record: "article",
    beginnings: ["a.href": "#", "meta.http-equiv": "Content-Security-Policy"])
}
