import SessionCore
import TestSupport
import Testing

@testable import TerminalUI

/// Somebody who presses anything at any time, against the record as its driver keeps it.
@Suite struct RandomKeysTests {
  @Test func anyKeysAtAnyTimeGiveAPictureAndLoseNoTurn() throws {
    let seed = SeededGenerator.testSeed(standard: 21)
    var generator = SeededGenerator(seed: seed)
    var seen: Set<String> = []
    for journey in 0..<40 {
      let isVi = journey % 4 == 3
      var desk = try Desk(isVi: isVi, using: &generator)
      for _ in 0..<120 {
        desk.step(using: &generator)
        desk.checkPicture("seed \(seed), journey \(journey)")
        seen.insert(desk.view)
      }
      desk.finish()
      let trail: Comment = "seed \(seed), journey \(journey)"
      #expect(desk.state.session == desk.truth, trail)
      #expect(desk.state.index == TurnIndex(desk.truth), trail)
      #expect(desk.state.isIdle, trail)
      let outline = TreePane.lines(of: desk.state, columns: 200).map(\.text)
      for turn in desk.truth.turns {
        let isListed = outline.contains { $0.drop { $0 == " " }.hasPrefix("\(turn.id) ") }
        #expect(isListed, trail)
      }
    }
    let views: Set<String> = [
      "help", "diff", "inspect", "tree", "duel", "friction", "palette", "editor", "aside",
      "list",
    ]
    #expect(seen.isSuperset(of: views), "never seen: \(views.subtracting(seen))")
  }
}

/// A screen, the record behind it, and what is on its way between them.
private struct Desk {
  var state: ScreenState
  var truth: Session
  private var time = VirtualClock.start
  private var scroll = InlineScroll()
  /// Actions that have not arrived yet, in order.
  private var mail: [Action] = []
  private var running: ReplyOrder?
  /// What the duel that is being drawn still draws; nil when there is none.
  private var draws: [Command]?
  private let keys: [Key]

  init(isVi: Bool, using generator: inout SeededGenerator) throws {
    truth = RandomWalk.session(steps: 12, using: &generator).session
    var keymap = Keymap.standard
    if isVi { keymap.editingMode = .vi }
    let isLate = Bool.random(using: &generator)
    state = ScreenState(
      session: isLate ? Sample.empty : truth,
      model: .init(name: "tutor", contextTokensMax: 1024),
      loading: isLate ? .record(bytes: 0, of: 1) : nil,
      size: ScreenSize(columns: 80, rows: 24), keymap: keymap)
    if isLate { mail = [.recordRead(truth), .loading(.model(fraction: 0.5, bytes: nil))] }
    keys =
      keymap.bindings.flatMap(\.keys)
      + "aeiou ÄÖ漢字👩‍👩‍👧/+-12345:\"".map { .character($0) }
  }

  mutating func step(using generator: inout SeededGenerator) {
    time += Timestamp(Int.random(in: 1...3000, using: &generator))
    switch Int.random(in: 0..<20, using: &generator) {
    case 8:
      // Pages that few keys lead to.
      let lines = [
        "/duel", "/friction", "/inspect", "/diff", "/tree", "/help", "/edit", "/edit 1", "/set",
        "/model",
      ]
      take(.line(lines.randomElement(using: &generator) ?? "/help"))
    case 0:
      let sizes = [1, 5, 9, 10, 24, 50]
      let columns = [1, 8, 39, 40, 80, 200].randomElement(using: &generator) ?? 80
      take(
        .resized(
          ScreenSize(columns: columns, rows: sizes.randomElement(using: &generator) ?? 24)))
    case 9 where Bool.random(using: &generator):
      // The list of all commands and keys: from the prompt line it takes two keys.
      take(.key(.escape, at: time))
      take(.key(.character(":"), at: time))
    case 1: take(.paste(RandomWalk.text(using: &generator)))
    case 2...6: arrive()
    case 7: write(RandomWalk.text(using: &generator))
    default: take(.key(keys.randomElement(using: &generator) ?? .enter, at: time))
    }
  }

  /// What is looked at.
  var view: String {
    switch state.mode {
    case .palette: return "palette"
    case .editor: return "editor"
    case .aside: return "aside"
    case .normal, .insert: break
    }
    switch state.page {
    case .help: return "help"
    case .diff: return "diff"
    case .inspect: return "inspect"
    case .tree: return "tree"
    case .duel: return "duel"
    case .friction: return "friction"
    case .list: return "list"
    case nil: return "conversation"
    }
  }

  /// Everything that is under way comes to its end.
  mutating func finish() {
    if state.loading != nil, mail.isEmpty { mail.append(.opened(truth, state.model)) }
    var rounds = 0
    while !mail.isEmpty || running != nil || !state.isIdle, rounds < 1000 {
      if mail.isEmpty { endReply(.replyFinished(.endOfTurn, nil)) }
      arrive()
      rounds += 1
    }
  }

  private mutating func arrive() {
    guard !mail.isEmpty else {
      if case .model = state.loading { take(.opened(truth, state.model)) }
      return
    }
    take(mail.removeFirst())
  }

  private mutating func take(_ action: Action) {
    for effect in reduce(&state, action) { carryOut(effect) }
  }

  private mutating func carryOut(_ effect: Effect) {
    switch effect {
    case .perform(let command): perform(command)
    case .cancelReply:
      if draws != nil { draws = [] }
      endReply(.replyStopped(.cancelled, nil))
    case .duel(let bout):
      draws = bout.draws.map(\.command)
      drawNext()
    case .measure: mail.append(.measured(DuelGoldens.sheet))
    case .inspect(let turn, let depth):
      var inspection = Sample.inspection
      inspection.sheet.turn = turn
      let odds = inspection.odds
      inspection.odds = []
      mail += [
        .inspected(inspection, depth), .odds(Array(odds.prefix(3)), of: turn),
        .odds(Array(odds.dropFirst(3)), of: turn), .performed(entries: truth.entryCount),
      ]
    case .complain: take(.complained("no"))
    case .writeOutside(let purpose, let text): mail.append(.written(text + "written", purpose))
    case .listPaths(let beginning): mail.append(.paths([beginning + "x"], beginning: beginning))
    case .saveScreen, .export, .macro, .fork: mail.append(.exported("done"))
    case .list: mail.append(.listed(Listing(title: "models", rows: [.init("a", "漢字")], foot: "")))
    case .copy, .mouse, .suspend, .redraw, .quit, .stopMeasuring, .cancelInspection, .wait:
      break
    default: mail.append(.failed("not here", entries: 0))
    }
  }

  private mutating func perform(_ command: Command) {
    do {
      let decision = try decide(command, truth)
      for event in decision.events { record(event) }
      guard let order = decision.order else { return answer() }
      running = order
      record(
        .replyStarted(
          ReplyStarted(
            parent: order.parent, origin: order.origin, kept: order.kept, spans: order.spans,
            keptTokens: order.keptTokens, recipe: nil)))
    } catch {
      draws = nil
      mail.append(.failed("refused", entries: truth.entryCount))
    }
  }

  /// The other side of a duel, or its end.
  private mutating func drawNext() {
    guard let next = draws?.first else {
      draws = nil
      mail.append(.duelDrawn(entries: truth.entryCount))
      return
    }
    draws?.removeFirst()
    perform(next)
  }

  private mutating func write(_ text: String) {
    guard running != nil, !text.isEmpty else { return }
    mail.append(.draft(text))
    record(.replyExtended(text: text, tokens: [1, 2]))
  }

  private mutating func endReply(_ event: Event) {
    guard running != nil else { return }
    running = nil
    record(event)
    answer()
  }

  private mutating func answer() {
    guard draws == nil else { return drawNext() }
    mail.append(.performed(entries: truth.entryCount))
  }

  private mutating func record(_ event: Event) {
    let entry = Entry(sequence: truth.entryCount + 1, time: time, event: event)
    do {
      try truth.apply(entry)
    } catch {
      preconditionFailure("decided, yet it cannot be applied: \(error)")
    }
    mail.append(.entry(entry))
  }

  mutating func checkPicture(_ trail: Comment) {
    let last = scroll.picture(of: state).screen
    #expect(last.size.rows <= max(state.size.rows, 0), trail)
    #expect((0..<last.size.rows).contains(last.cursor?.row ?? 0), trail)
    let frame = render(state)
    #expect(frame.size == state.size, trail)
    if let cursor = frame.cursor {
      #expect((0..<frame.size.rows).contains(cursor.row), trail)
      #expect((0..<frame.size.columns).contains(cursor.column), trail)
    }
    for row in 0..<frame.size.rows {
      var column = 0
      while column < frame.size.columns {
        let text = frame[row, column].text
        let width = max(CellWidth.of(text), 1)
        #expect(!text.isEmpty, "a half of a wide cluster; \(trail)")
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, trail)
        for rest in 1..<max(width, 1) where column + rest < frame.size.columns {
          #expect(frame[row, column + rest].text.isEmpty, trail)
        }
        column += width
      }
    }
  }
}
