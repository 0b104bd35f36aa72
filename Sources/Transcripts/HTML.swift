import Mustache
import SessionCore

/// Sessions as one HTML page: no script, nothing loaded from elsewhere, everything escaped.
///
/// Changes from attempt to attempt are marked by word, edited replies show who wrote what; the
/// page follows the reader's light or dark setting and prints. Its look is the template,
/// `Templates/session.html.mustache`.
enum HTML {
  static let details = FormatDetails(
    .reading, "one page, no scripts: attempts, changes, authorship; it prints",
    fileExtension: "html", source: "the WHATWG's HTML standard", readers: "any browser",
    check: nil, make: { _ in CollectedExport { sessions in page(sessions) } })

  static func page(_ sessions: [Session]) -> String {
    let page = HTMLPage(
      title: sessions.count == 1 ? Wording.title(of: sessions[0]) : "\(sessions.count) sessions",
      contents: sessions.count > 1 ? [HTMLPage.Contents(sessions)] : [],
      together: sessions.count > 1 ? HTMLPage.Metrics.table(of: sessions) : [],
      sessions: sessions.enumerated().map { HTMLPage.SessionPart($1, number: $0 + 1) })
    return template.render(page)
  }

  /// A template that does not parse is a bug in this program, found by its first test.
  private static let template: MustacheTemplate = {
    MustacheContentTypes.register(SafeHTML(), named: SafeHTML.name)
    do {
      return try MustacheTemplate(
        string: String(decoding: PackageResources.session_html_mustache, as: UTF8.self))
    } catch {
      preconditionFailure("session.html.mustache: \(error)")
    }
  }()
}
