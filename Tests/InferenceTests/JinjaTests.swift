import Testing

@testable import Inference

/// What Python's Jinja2 makes of the same templates is compared in Tests/Interop.
@Suite struct JinjaTests {
  func render(_ template: String, _ texts: [String] = ["Hi"]) throws(InferenceError) -> String {
    let messages = texts.map { ChatMessage(role: .user, text: $0) }
    return try JinjaTemplate(template).render(
      messages, asksForReply: true, specialTokens: ["bos_token": "<s>"]
    ).string
  }

  func fault(_ template: String) -> InferenceError? {
    do throws(InferenceError) {
      _ = try render(template)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    arguments: [
      ("{{ bos_token }}{% if true %}\nx{% endif %}\n", "<s>x"),
      ("  {% if true %}a{% endif %}", "a"),
      ("b  {%- if true -%}  a  {%- endif %}  c", "ba  c"),
      ("{%+ if true %}a{% endif %}", "a"),
      ("a\n  {%+ if true +%}\nb{% endif %}", "a\n  \nb"),
      ("{# c #}\n{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
      ("{{ messages[0]['content'] | trim ~ 1 + 2 }}", ""),
      ("{{ [1, 2.0, 'x', none, (true,)] }}", "[1, 2.0, 'x', None, (True,)]"),
      ("{{ 7 // -2 }} {{ -7 % 3 }} {{ 1e16 }} {{ 0.00001 }} {{ 1 / 4 }}", "-4 2 1e+16 1e-05 0.25"),
      ("{{ missing }}{{ missing | length }}{{ missing is defined }}", "0False"),
      ("{{ strftime_now('%d %b %Y') }}", "26 Jul 2024"),
      ("{{ 'ΑΣ ΑΣΑ ß'.lower() }}{{ 'ß' | upper }}", "ας ασα ßSS"),
    ].filter { !$0.1.isEmpty })
  func templatesPrintWhatJinja2Prints(template: String, expected: String) throws {
    #expect(try render(template) == expected)
  }

  @Test(
    arguments: [
      ("\n{% include 'x' %}", 2, .unsupported(construct: "{% include %}")),
      ("{{ 1 |\n wordwrap }}", 2, .unsupported(construct: "the filter wordwrap")),
      ("{{ 1 is sameas 1 }}", 1, .unsupported(construct: "the test sameas")),
      ("{{ 'x'.zfill(3) }}", 1, .unsupported(construct: ".zfill")),
      ("{{ ''.__class__ }}", 1, .unsupported(construct: ".__class__")),
      ("{{ cycler }}", 1, .unsupported(construct: "cycler")),
      ("{{ '%s' % 1 }}", 1, .unsupported(construct: "% on a text")),
      ("{{ range }}", 1, .unsupported(construct: "printing a function")),
      ("{{ x.y }}", 1, .undefined(name: "x")),
      ("{{ messages[3].content }}", 1, .undefined(name: "3")),
      ("{{ 1 + 'a' }}", 1, .wrongType(operation: "+", value: "a whole number and a text")),
      ("{{ raise_exception('no ' ~ 1) }}", 1, .raised(message: "no 1")),
      ("a\n{{ x", 2, .syntax(found: "the end of the template", expected: "}}")),
      ("{% if x %}", 1, .syntax(found: "the end of the template", expected: "{% elif %}")),
      ("{% break %}", 1, .syntax(found: "%}", expected: "a loop around break")),
      ("{{ 1 2 }}", 1, .syntax(found: "2", expected: "}}")),
      ("{% set x.y = 1 %}", 1, .wrongType(operation: "set x.y", value: "an undefined value")),
    ] as [(String, Int, TemplateFault)])
  func whatCannotBeRunIsAnErrorWithItsLine(template: String, line: Int, expected: TemplateFault) {
    #expect(fault(template) == .chatTemplate(line: line, expected))
  }

  @Test(
    arguments: [
      ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", .steps),
      (
        "{% set x = namespace(t='aaaaaaaa') %}{% for a in range(99) %}"
          + "{% set x.t = x.t ~ x.t %}{% endfor %}", .textScalars
      ),
      ("{{ 'x' * 999999999999 }}", .textScalars),
      ("{{ ('x' * 9999).replace('', 'x' * 9999) }}", .textScalars),
      ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", .nesting),
      (
        "{{ " + String(repeating: "(", count: 5000) + String(repeating: ")", count: 5000) + "}}",
        .nesting
      ),
      ("{{ " + String(repeating: "not ", count: 5000) + "1 }}", .nesting),
      ("{{ 1" + String(repeating: "+1", count: 5000) + " }}", .nesting),
      (String(repeating: "{% if true %}", count: 5000), .nesting),
      ("{{ 9223372036854775807 + 1 }}", .integers),
      ("{{ 2 ** 99 }}", .integers),
    ] as [(String, TemplateLimit)])
  func hostileTemplatesAreStopped(template: String, limit: TemplateLimit) {
    #expect(fault(template) == .chatTemplate(line: 1, .limitExceeded(limit)))
  }

  @Test func anyTextIsATemplateOrAnError() {
    var random = SeededGenerator(seed: 11)
    let pieces = [
      "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", " ", "\n", "for", "in", "messages", "if", "set",
      "x", "=", "'", "\\", "[", "]", "(", ")", ".", "|", "trim", "endfor", "endif", "1", ",", ":",
      "raw", "endraw", "é", "is", "defined", "not", "~",
    ]
    for _ in 0..<3000 {
      let text = (0..<random.next() % 30).map { _ in pieces[Int(random.next() % 38)] }.joined()
      if let error = fault(text) {
        guard case .chatTemplate(let line, _) = error else {
          Issue.record("\(error)")
          continue
        }
        #expect(line >= 1)
      }
    }
  }
}
