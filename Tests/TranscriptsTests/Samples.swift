import SessionCore
import TestSupport

/// Sessions that several tests export.
enum Samples {
  /// A whole conversation: every kind of feedback, a verdict, a rating, a note, two branches.
  static var tutoring: Session {
    let first = SessionBuilder(
      seed: 5, id: "0f3a", title: "Twelve times seven, three ways",
      provenance: Provenance(script: "three-ways", arm: "mixed", problem: "12x7")
    )
    .instruct("You are a tutor. Show your steps.")
    .ask("What is 12 × 7?", expecting: .number("84"))
    .reply("Split 12 into 10 and 2.\n10 × 7 = 70\n2 × 7 = 4\n70 + 4 = 74\nAnswer: 74")
    .judge(.wrong, "74")
    let wrong = first.session.lastReply?.id
    return
      first
      .feedback(.unary)
      .reply("Split 12 into 10 and 2.\n10 × 7 = 70\n2 × 7 = 12\n70 + 12 = 82\nAnswer: 82")
      .judge(.wrong, "82").rate(.down).note("The second product moved,\nbut is still wrong.")
      .edit(.replace(old: "2 × 7 = 12", new: "2 × 7 = 14"))
      .reply("\n70 + 14 = 84\nAnswer: 84")
      .judge(.right, "84").rate(.stars(5))
      .go(wrong ?? TurnID(0))
      .feedback(.critique, "2 × 7 is not 4.", author: .model("critic"), on: wrong)
      .reply("Thank you. 2 × 7 = 14, so the", stopped: .cancelled)
      .go(TurnID(5))
      .session
  }

  /// Text that wants to be something else than text.
  static let hostileText = """
    </div></style><script>alert(1)</script><img src=x onerror=alert(2)>
    " onmouseover="alert(3)" x='\u{301} "\u{301} <\u{338}b> &amp; {{{title}}} ${x}
    ```` ~~~ # heading\r\nnul \0 esc \u{1B}[31m del \u{7F} c1 \u{9B} rlo \u{202E}abc\u{202C} bom \u{FEFF}
    ```
    [link](javascript:alert(4)) ![i](http://x/y.png) <!-- -- > \u{2028} end
    """

  static var hostile: Session {
    SessionBuilder(
      header: SessionHeader(
        id: "<id>", title: "</title><script>*x*\n# y", seed: 1, sampling: Sampling(),
        model: "\"><script>", application: "terntable 0.1.0",
        provenance: Provenance(arm: "<arm>"))
    )
    .instruct(hostileText).ask(hostileText, expecting: .regex("<re>")).reply(hostileText)
    .judge(.wrong, "<b>1</b>").note(hostileText)
    .feedback(.critique, hostileText, author: .judge(intent: "<i>", knowledge: "\"k\""))
    .reply("x " + hostileText, stopped: .failed("<code>"))
    .edit(.rewrite("y " + hostileText)).reply(hostileText)
    .session
  }
}
