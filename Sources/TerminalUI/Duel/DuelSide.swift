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

  var said = Said.nothing
  var model: String?
  var changes: [Setting] = []

  /// How the reply is drawn.
  /// - Parameters:
  ///   - settings: what is in force.
  ///   - own: the model that answers when none is named.
  func settings(_ settings: Settings, own: String) -> DrawSettings {
    var change = SettingsChange()
    for setting in changes { setting.add(to: &change, of: settings) }
    return DrawSettings(
      model: model == own ? nil : model, sampling: change.sampling, seed: change.seed,
      history: change.history)
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
    if parts.count == 2, let name = Setting.Name(rawValue: parts[0]), name.isOfDrawing {
      guard let setting = Setting(name, parts[1]) else { throw .badArgument(entry, word) }
      changes.append(setting)
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
}
