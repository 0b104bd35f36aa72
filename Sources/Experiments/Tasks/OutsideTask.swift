import SessionCore

/// Questions that the tutor is to decline, from outside.tsv.
struct OutsideTask: TaskItem {
  static let family = "outside"
  static let difficulties = ["all"]
  static let defaultDifficulty = "all"

  private let template: (id: String, pieces: [Piece])
  private let fillers: [String]

  private enum Piece: Equatable, Sendable {
    case text(String)
    case slot(String)
  }

  private static let templates: [(id: String, pieces: [Piece])] = TaskTable.outside.compactMap {
    $0.first == "template" && $0.count == 3 ? ($0[1], pieces(of: $0[2])) : nil
  }

  private static let words: [String: [String]] = TaskTable.outside.reduce(into: [:]) {
    if $1.first == "words", $1.count == 3 {
      $0[$1[1]] = $1[2].split(separator: " ").map { String($0) }
    }
  }

  private static func pieces(of text: String) -> [Piece] {
    var pieces: [Piece] = []
    for (index, part) in text.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
      guard index > 0, let close = part.firstIndex(of: "}") else {
        pieces.append(.text(String(part)))
        continue
      }
      pieces.append(.slot(String(part[..<close])))
      pieces.append(.text(String(part[part.index(after: close)...])))
    }
    return pieces
  }

  private init(_ template: (id: String, pieces: [Piece]), _ fillers: [String]) {
    (self.template, self.fillers) = (template, fillers)
  }

  private static func slots(_ pieces: [Piece]) -> [String] {
    pieces.compactMap { if case .slot(let name) = $0 { name } else { nil } }
  }

  static func draw(_ difficulty: String, using chance: inout SplitMix64) -> OutsideTask? {
    let template = chance.pick(templates)
    var fillers: [String] = []
    for slot in slots(template.pieces) {
      if slot == "number" {
        fillers.append("\(chance.draw(from: 2...999))")
      } else if let words = words[slot] {
        fillers.append(chance.pick(words))
      }
    }
    return OutsideTask(template, fillers)
  }

  init?(key: Substring) {
    let parts = key.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let template = Self.templates.first(where: { $0.id == parts[0] }) else {
      return nil
    }
    let fillers = parts[1].split(separator: ",", omittingEmptySubsequences: false).map {
      String($0)
    }
    let slots = Self.slots(template.pieces)
    guard fillers.count == slots.count,
      zip(slots, fillers).allSatisfy({ slot, filler in
        slot == "number"
          ? WholeNumber.number(filler[...], digitsMax: 3).map { $0 >= 2 } ?? false
          : Self.words[slot]?.contains(filler) ?? false
      })
    else { return nil }
    self.init(template, fillers)
  }

  var key: String { "\(template.id):\(fillers.joined(separator: ","))" }
  var difficulty: String? { "all" }
  var prompt: String {
    var rest = fillers[...]
    return template.pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .slot: rest.popFirst() ?? ""
      }
    }.joined()
  }
  var answer: String { "outside what I can do" }
  var solution: [String] { ["That is \(answer)."] }

  func reading(of answer: String) -> String? { answer }
  func isRight(_ reading: String) -> Bool { reading == answer }
  func isStep(_ line: String) -> Bool { false }
  func direction(for answer: String) -> String? { "That is nothing you can do." }

  func check(_ reply: String) -> Verdict {
    guard let first = ReplyLines(reply).firstText else {
      return Verdict(.noAnswer, answer: nil, checker: Self.family)
    }
    let isRight = reply.contains(answer)
    return Verdict(
      isRight ? .right : .wrong, answer: isRight ? answer : first, checker: Self.family)
  }

  func firstWrongStep(in reply: String) -> WrongStep? {
    let lines = ReplyLines(reply)
    guard check(reply).outcome == .wrong, let first = lines.lines.first else { return nil }
    return WrongStep(first, of: lines.bytes, right: solution[0], isAnswer: true)
  }

  func directionalCritique(of reply: String) -> String? {
    check(reply).outcome == .wrong ? direction(for: reply) : nil
  }

  func wrongAnswer(using chance: inout SplitMix64) -> String {
    Self.words["noun"].map { chance.pick($0) } ?? "nothing"
  }
}
