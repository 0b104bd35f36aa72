import Friction
import SessionCore

extension Script {
  /// What a problem's `answer:` or `expect:` says.
  static func expectation(
    answer: ScriptField?, expect: ScriptField?
  ) throws(ScriptError) -> Expectation? {
    if let answer { return .number(try number(answer)) }
    return try expectation(expect)
  }

  /// What `expect:` says.
  static func expectation(_ field: ScriptField?) throws(ScriptError) -> Expectation? {
    guard let field else { return nil }
    let map = try field.mapping(.expectation)
    let (key, value) = try map.exactlyOne(of: ScriptShape.expectations)
    for (companion, owner) in [("tolerance", "number"), ("reference", "judge")] where key != owner {
      if let field = map.keys[companion] { throw field.error(.conflictingKeys([key, companion])) }
    }
    switch key {
    case "number":
      let number = try number(value)
      guard let tolerance = map["tolerance"] else { return .number(number) }
      return .numberWithin(number, tolerance: try self.number(tolerance))
    case "exact": return .exact(try value.text())
    case "regex": return .regex(try pattern(value))
    case "any_of": return .anyOf(try texts(value))
    case "boxed": return .boxed(try value.text())
    case "choice": return .choice(try letter(value))
    case "cells": return .cells(try rows(value))
    case "task": return .task(try task(value))
    case "command": return .command(try command(value))
    default: return .judge(question: try value.text(), reference: try map["reference"]?.text())
    }
  }

  private static func number(_ field: ScriptField) throws(ScriptError) -> String {
    let text = try field.text()
    guard let number = FinalAnswer.normalised(text) else { throw field.error(.badNumber(text)) }
    return number
  }

  private static func pattern(_ field: ScriptField) throws(ScriptError) -> String {
    let pattern = try field.text()
    guard RegexChecker.accepts(pattern) else {
      throw field.error(.badPattern(pattern, bytesMax: RegexChecker.patternBytesMax))
    }
    return pattern
  }

  /// One text or a list.
  private static func texts(_ field: ScriptField) throws(ScriptError) -> [String] {
    guard field.shape == .list else { return [try field.text()] }
    var texts: [String] = []
    for item in try field.list() { texts.append(try item.text()) }
    return texts
  }

  private static func letter(_ field: ScriptField) throws(ScriptError) -> String {
    let text = try field.text()
    guard text.utf8.count == 1, let byte = text.utf8.first, (65...90).contains(byte & 0xDF) else {
      throw field.error(.badChoice(text))
    }
    return text.uppercased()
  }

  private static func rows(_ field: ScriptField) throws(ScriptError) -> [String] {
    var rows: [String] = []
    for item in try field.list() {
      let row = try item.text()
      guard !CellsChecker.cells("", [row]).isEmpty else { throw item.error(.badRow(row)) }
      rows.append(row)
    }
    return rows
  }

  private static func task(_ field: ScriptField) throws(ScriptError) -> String {
    let key = try field.text()
    guard Experiments.Problem(key: key) != nil else {
      throw field.error(.unknownTask(key, families: TaskFamily.all.map(\.name)))
    }
    return key
  }

  private static func command(_ field: ScriptField) throws(ScriptError) -> String {
    let command = try field.text()
    guard command.utf8.count <= ShellCommand.bytesMax else {
      throw field.error(.commandTooLong(bytesMax: ShellCommand.bytesMax))
    }
    return command
  }
}

extension Script {
  /// What the expectations take besides the reply has to be named in the file: commands have to
  /// be allowed, and a judge has to be there.
  func checkMeans(_ root: ScriptField) throws(ScriptError) {
    for expectation in expectations {
      switch expectation {
      case .command where !allowsCommands: throw root.error(.commandNotAllowed)
      case .judge where judge == nil: throw root.error(.missingKey("judge"))
      default: continue
      }
    }
  }

  /// Whether a checker of the script is a command.
  public var hasCommands: Bool {
    expectations.contains { if case .command = $0 { true } else { false } }
  }

  private var expectations: [Expectation] {
    let turns = arms.flatMap(\.turns).map(\.action.drawnAlike)
    return problems.compactMap(\.expectation)
      + turns.compactMap { if case .prompt(_, let expectation) = $0 { expectation } else { nil } }
  }
}
