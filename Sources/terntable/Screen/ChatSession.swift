import ArgumentParser
import Foundation
import Inference
import Journaling
import SessionCore
import SessionRuntime
import TerminalUI

/// A session ready to be talked to: the journal, the model and the driver that joins them.
struct ChatSession {
  var driver: SessionDriver
  var model: ScreenState.ModelFacts
  var responder: EngineResponder
  var rivals: RivalModels
  /// The journal's file; it exists from the first turn on.
  var path: String

  /// Begins a session, or goes on with the one in `--session`.
  static func open(_ options: ChatCommand) throws -> ChatSession {
    if let path = options.session, FileManager.default.fileExists(atPath: path) {
      return try resume(path, options)
    }
    return try begin(options)
  }

  private static func begin(_ options: ChatCommand) throws -> ChatSession {
    let opened = try openChatModel(
      options.model ?? bundledModelName, activations: options.activations)
    var random = SystemRandomNumberGenerator()
    var sampling = Sampling()
    if let temperature = options.temperature { sampling.temperature = temperature }
    if let maxTokens = options.maxTokens { sampling.maxTokens = maxTokens }
    let header = SessionHeader(
      id: SessionFolder.newSessionID(using: &random), title: "Chat",
      // Short enough to be read out and typed again.
      seed: options.seed ?? UInt64.random(in: 1...999_999, using: &random), sampling: sampling,
      model: opened.name, activations: opened.activations, application: ProgramVersion.application)
    let path = try options.session ?? newPath(header)
    let rivals = RivalModels(activations: options.activations)
    let driver = try SessionDriver(
      starting: header, journal: try Journal.create(at: path),
      responder: rivals.beside(opened.responder))
    return ChatSession(
      driver: driver, model: facts(opened), responder: opened.responder, rivals: rivals, path: path)
  }

  private static func newPath(_ header: SessionHeader) throws -> String {
    let folder = try SessionFolder(environment: ProcessInfo.processInfo.environment)
    try folder.create()
    return folder.newJournalPath(sessionID: header.id, at: SessionDriver.wallClock())
  }

  private static func resume(_ path: String, _ options: ChatCommand) throws -> ChatSession {
    let (journal, contents) = try Journal.resume(at: path)
    let header = try JournalInput.session(in: contents).header
    try check(options, against: header)
    let opened = try openChatModel(
      options.model ?? ownModel(of: header), activations: header.activations)
    if options.model == nil { tellOfOtherModel(for: header) }
    JournalInput.reportTornEnd(contents)
    let rivals = RivalModels(activations: options.activations)
    let driver = try SessionDriver(
      resuming: contents, journal: journal, responder: rivals.beside(opened.responder))
    return ChatSession(
      driver: driver, model: facts(opened), responder: opened.responder, rivals: rivals, path: path)
  }

  /// A session keeps what it began with; anything else would make its record untrue.
  private static func check(_ options: ChatCommand, against header: SessionHeader) throws {
    if let seed = options.seed, seed != header.seed {
      throw ValidationError("the session has seed \(header.seed); leave --seed out to go on")
    }
    if let temperature = options.temperature, temperature != header.sampling.temperature {
      throw ValidationError(
        "the session has temperature \(header.sampling.temperature); leave --temperature out")
    }
    if let activations = options.activations, activations != header.activations {
      throw ValidationError(
        "the session has activations \(header.activations.rawValue); leave --activations out")
    }
    if let maxTokens = options.maxTokens, maxTokens != header.sampling.maxTokens {
      throw ValidationError(
        "the session has \(header.sampling.maxTokens) tokens a reply; leave --max-tokens out")
    }
  }

  private static func facts(_ opened: OpenedModel) -> ScreenState.ModelFacts {
    ScreenState.ModelFacts(
      name: opened.name, contextTokensMax: opened.model.info.contextLength)
  }
}
