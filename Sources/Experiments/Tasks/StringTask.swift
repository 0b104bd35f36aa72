import SessionCore

/// Words letter by letter: reverse them, sort their letters, count one letter.
struct StringTask: TaskItem {
  static let family = "string"
  static let difficulties = ["9", "4", "5", "6", "7", "8"]
  static let defaultDifficulty = "9"

  /// What is to be done with a word.
  private enum Operation: Sendable {
    case reverse, sort
    /// How often the letter is in the word.
    case count(Character)
  }

  private let operation: Operation
  /// Small letters.
  private let word: String

  private init(_ operation: Operation, _ word: String) {
    (self.operation, self.word) = (operation, word)
  }

  private static let consonants = Array("bcdfghjklmnprstvwz")
  private static let vowels = Array("aeiou")

  static func draw(_ difficulty: String, using chance: inout SplitMix64) -> StringTask? {
    guard let length = Int(difficulty) else { return nil }
    let start = chance.draw(from: 0...1)
    let letters = (0..<length).map { place in
      chance.pick((start + place) % 2 == 0 ? consonants : vowels)
    }
    switch chance.draw(from: 0...2) {
    case 0: return StringTask(.reverse, String(letters))
    case 1: return StringTask(.sort, String(letters))
    default:
      // Mostly a letter that is there.
      let isThere = chance.draw(from: 1...100) <= 85
      let letter = chance.pick(isThere ? letters : consonants + vowels)
      return StringTask(.count(letter), String(letters))
    }
  }

  init?(key: Substring) {
    let parts = key.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count >= 2, (2...40).contains(parts[1].utf8.count), Self.isSmall(parts[1]) else {
      return nil
    }
    let word = String(parts[1])
    switch (parts[0], parts.count) {
    case ("reverse", 2): self.init(.reverse, word)
    case ("sort", 2): self.init(.sort, word)
    case ("count", 3):
      guard parts[2].count == 1, Self.isSmall(parts[2]), let letter = parts[2].first else {
        return nil
      }
      self.init(.count(letter), word)
    default: return nil
    }
  }

  private static func isSmall(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { (97...122).contains($0) }
  }

  var key: String {
    switch operation {
    case .reverse: "reverse:\(word)"
    case .sort: "sort:\(word)"
    case .count(let letter): "count:\(word):\(letter)"
    }
  }
  var difficulty: String? {
    let length = "\(word.count)"
    return Self.difficulties.contains(length) ? length : nil
  }
  var prompt: String {
    switch operation {
    case .reverse: "Reverse the word \"\(word)\"."
    case .sort: "Sort the letters of \"\(word)\"."
    case .count(let letter): "How many times is \"\(letter)\" in \"\(word)\"?"
    }
  }
  var answer: String {
    switch operation {
    case .reverse: String(word.reversed())
    case .sort: String(word.sorted())
    case .count(let letter): "\(word.count { $0 == letter })"
    }
  }
  var solution: [String] { [Self.spelled(word), secondLine, "Answer: \(answer)"] }

  private var secondLine: String {
    guard case .count(let letter) = operation else { return Self.spelled(answer) }
    var count = 0
    let shown = word.map { found in
      count += found == letter ? 1 : 0
      return "\(found) \(count)"
    }
    return shown.joined(separator: ", ")
  }

  private static func spelled(_ word: String) -> String {
    word.map { "\($0)" }.joined(separator: " ")
  }

  func reading(of answer: String) -> String? {
    if case .count = operation { return WholeNumber.reading(of: answer) }
    let quotes: Set<Character> = ["\"", "*", "`", "_"]
    return answer.lowercased().filter { !quotes.contains($0) }
  }
  func isRight(_ reading: String) -> Bool { reading == answer }

  func isStep(_ line: String) -> Bool {
    if isList(line.split(separator: " ", omittingEmptySubsequences: false), Self.letter) {
      return true
    }
    guard case .count = operation else { return false }
    return isList(line.split(separator: ", ", omittingEmptySubsequences: false), Self.counted)
  }

  private static let letter = StepForm("L")
  private static let counted = StepForm("L N")

  private func isList(_ parts: [Substring], _ form: StepForm) -> Bool {
    parts.count > 1 && parts.allSatisfy { form.matches(String($0)) }
  }

  func direction(for answer: String) -> String? {
    if case .count = operation { return WholeNumber.direction(from: answer, to: self.answer) }
    guard let found = reading(of: answer), !found.isEmpty, Self.isSmall(found) else { return nil }
    let pairs = zip(found, self.answer)
    if let place = pairs.enumerated().first(where: { $1.0 != $1.1 })?.offset {
      return "Letter \(place + 1) of the answer is wrong."
    }
    return "The answer is too \(found.count < self.answer.count ? "short" : "long")."
  }

  func wrongAnswer(using chance: inout SplitMix64) -> String {
    if case .count = operation { return WholeNumber.wrong(for: answer, using: &chance) }
    var letters = Array(answer)
    let place = chance.draw(from: 0...letters.count - 1)
    letters[place] = chance.pick((Self.consonants + Self.vowels).filter { $0 != letters[place] })
    return String(letters)
  }
}
