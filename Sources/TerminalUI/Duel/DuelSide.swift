import SessionCore

/// One side of a duel as a person asked for it: what is said first, and how the reply is drawn.
public struct DuelSide: Equatable, Sendable {
  /// What the model is told about the last reply.
  enum Said: Equatable, Sendable {
    /// Nothing: the reply is drawn again.
    case nothing
    case tryAgain
    case critique(String)
  }

  /// A setting that is other than the session's.
  enum Change: Equatable, Sendable {
    case temperature(Double)
    case topK(Int)
    case topP(Double)
    case minP(Double)
    case repetitionPenalty(Double)
    case maxTokens(Int)
    case seed(UInt64)
  }

  var said = Said.nothing
  var model: String?
  var changes: [Change] = []

  /// How the reply is drawn.
  /// - Parameter own: the model that answers when none is named.
  func settings(_ sampling: Sampling, own: String) -> DrawSettings {
    var changed = sampling
    var seed: UInt64?
    for change in changes {
      switch change {
      case .temperature(let value): changed.temperature = value
      case .topK(let count): changed.topK = count
      case .topP(let share): changed.topP = share
      case .minP(let share): changed.minP = share
      case .repetitionPenalty(let value): changed.repetitionPenalty = value
      case .maxTokens(let count): changed.maxTokens = count
      case .seed(let value): seed = value
      }
    }
    return DrawSettings(
      model: model == own ? nil : model, sampling: changed == sampling ? nil : changed, seed: seed)
  }

  /// What the person asked for, in a few words.
  var words: [String] {
    var words = changes.map(\.words)
    switch said {
    case .nothing: break
    case .tryAgain: words.append("try again")
    case .critique(let text): words.append("critique: \(text)")
    }
    return words
  }
}

extension DuelSide.Change {
  fileprivate var words: String {
    switch self {
    case .temperature(let value): "temperature \(value)"
    case .topK(let count): "top-k \(count)"
    case .topP(let share): "top-p \(share)"
    case .minP(let share): "min-p \(share)"
    case .repetitionPenalty(let value): "repetition penalty \(value)"
    case .maxTokens(let count): "at most \(count) tokens"
    case .seed(let value): "seed \(value)"
    }
  }
}

/// What `/duel` asks for: two sides, and perhaps a new question for both.
public struct DuelRequest: Equatable, Sendable {
  /// As they were typed; which becomes A is drawn by lot.
  var sides: [DuelSide]
  var question: String?
}

extension DuelRequest {
  /// Reads `A | B => ASK`, each part of which may be left out. A side that is left out is as the session has it.
  /// - Throws: ``InputError/badArgument(_:_:)`` for what is no side.
  init(reading text: String, _ entry: SlashCommand.Entry) throws(InputError) {
    var rest = " " + text + " "
    var question: String?
    let isCritique = rest.contains(" critique ")
    if !isCritique, let arrow = rest.firstRange(of: " => ") {
      question = String(rest[arrow.upperBound...]).trimmingSpace()
      rest = String(rest[..<arrow.lowerBound]) + " "
    }
    var sides: [DuelSide] = []
    if let bar = rest.firstRange(of: " | ") {
      sides.append(try DuelSide(reading: String(rest[..<bar.lowerBound]), entry))
      sides.append(try DuelSide(reading: String(rest[bar.upperBound...]), entry))
    } else {
      sides = [try DuelSide(reading: rest, entry), DuelSide()]
    }
    if let question {
      let isAboutReply = sides.contains { $0.said != .nothing }
      guard !question.isEmpty, !isAboutReply else { throw .badArgument(entry, text) }
    }
    self.init(sides: sides, question: question)
  }
}

extension DuelSide {
  fileprivate init(reading text: String, _ entry: SlashCommand.Entry) throws(InputError) {
    self.init()
    var rest = text.trimmingSpace()[...]
    while !rest.isEmpty {
      let word = String(rest.prefix { !$0.isWhitespace })
      rest = rest.dropFirst(word.count).drop(while: \.isWhitespace)
      switch word {
      case "same": break
      case "try-again" where said == .nothing: said = .tryAgain
      case "critique" where said == .nothing && !rest.isEmpty:
        said = .critique(String(rest))
        return
      default: try take(word, entry)
      }
    }
  }

  /// A setting such as `temperature=0.9`, or a model's name.
  private mutating func take(
    _ word: String, _ entry: SlashCommand.Entry
  ) throws(InputError) {
    let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
    if parts.count == 2, let change = Self.change(parts[0], parts[1]) {
      changes.append(change)
    } else if parts.count == 2, parts[0] == "model", model == nil {
      model = parts[1]
    } else if model == nil, !word.contains("=") || word.contains("/"),
      !["critique", "try-again"].contains(word)
    {
      model = word
    } else {
      throw .badArgument(entry, word)
    }
  }

  private static func change(_ name: String, _ value: String) -> Change? {
    let number = Double(value).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    let count = Int(value).flatMap { $0 >= 0 ? $0 : nil }
    return switch name {
    case "temperature": number.map { .temperature($0) }
    case "top-k": count.map { .topK($0) }
    case "top-p": number.flatMap { $0 > 0 && $0 <= 1 ? .topP($0) : nil }
    case "min-p": number.flatMap { $0 <= 1 ? .minP($0) : nil }
    case "repetition-penalty": number.flatMap { $0 > 0 ? .repetitionPenalty($0) : nil }
    case "max-tokens": count.flatMap { $0 > 0 ? .maxTokens($0) : nil }
    case "seed": UInt64(value).map { .seed($0) }
    default: nil
    }
  }
}
