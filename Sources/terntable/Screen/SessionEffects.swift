import ArgumentParser
import Inference
import SessionCore
import SessionRuntime
import TerminalUI

/// Carries out the effects that both fronts share, and answers with actions.
struct SessionEffects: Sendable {
  let driver: SessionDriver
  let models: ChatModels
  let duels: DuelRunner
  let figures: FolderFigures
  /// The session's file.
  let journal: String
  private let inspecting = OneTask()
  /// The loading of another model.
  private let adopting = OneTask()
  /// Told when a turn got no answer or could not be recorded, which nobody mends by typing.
  let broke: @Sendable (ExitCode) -> Void
  let send: @Sendable (Action) -> Void

  init(
    _ chat: ChatSession, broke: @escaping @Sendable (ExitCode) -> Void = { _ in },
    send: @escaping @Sendable (Action) -> Void
  ) {
    driver = chat.driver
    models = chat.models
    duels = DuelRunner(driver: chat.driver, models: chat.models)
    figures = FolderFigures(path: chat.path)
    journal = chat.path
    self.broke = broke
    self.send = send
  }

  /// Tells the fronts all that the driver publishes, until the driver is closed.
  func follow() -> Task<Void, Never> {
    Task {
      for await update in driver.updates {
        switch update {
        case .entry(let entry): send(.entry(entry))
        case .draft(let text): send(.draft(text))
        }
      }
    }
  }

  /// Starts what `effect` asks for. False when it is the front's own business.
  func start(_ effect: Effect) -> Bool {
    switch effect {
    case .perform(let command): Task { await perform(command) }
    case .cancelReply:
      inspecting.cancel()
      adopting.cancel()
      Task {
        await duels.cancel()
        figures.stop()
        await driver.cancelReply()
      }
    case .duel(let bout): Task { await draw(bout) }
    case .measure: figures.measure({ await driver.session }, send)
    case .stopMeasuring: figures.stop()
    case .complain(let error): send(.complained(text(for: error)))
    case .export(let request): Task { await export(request) }
    case .macro(let path): Task { await macro(to: path) }
    case .inspect(let id, let depth): inspecting.start { await inspect(id, depth) }
    case .cancelInspection: inspecting.cancel()
    case .branch(let id, let place, let choice): Task { await branch(id, at: place, choice) }
    case .fork(let turn, let path): Task { await fork(after: turn, to: path) }
    case .wait(let milliseconds, let serial):
      Task {
        await SessionDriver.realSleep(.milliseconds(milliseconds))
        send(.waited(serial: serial))
      }
    case .listPaths(let beginning):
      send(.paths(PathCompletion.paths(beginningWith: beginning), beginning: beginning))
    case .listNames(let kind, let beginning):
      send(.paths(Self.names(kind, beginningWith: beginning), beginning: beginning))
    case .list(let kind): Task { await list(kind) }
    case .chooseModel(let name): adopting.start { await choose(model: name) }
    case .usePreset(let name): adopting.start { await use(preset: name) }
    case .writeOutside, .copy, .saveScreen, .mouse, .suspend, .redraw, .quit: return false
    }
    return true
  }

  func perform(_ command: Command, with settings: DrawSettings = DrawSettings()) async {
    do {
      // The session itself is let go at once: whoever keeps it makes the next entry copy it.
      let entries = try await driver.perform(command, with: settings).entryCount
      send(.performed(entries: entries))
    } catch {
      let failure = commandFailure(for: error)
      if failure.exitCode != .usage { broke(failure.exitCode) }
      send(.failed(failure.text, entries: await driver.session.entryCount))
    }
  }

  private func draw(_ bout: DuelBout) async {
    do {
      try await duels.draw(bout) { send(.progressed($0)) }
      send(.duelDrawn(entries: await driver.session.entryCount))
    } catch {
      let failure = commandFailure(for: error)
      // Another name mends a model that cannot be opened; nothing was asked of it yet.
      if !(error is ModelFailure), failure.exitCode != .usage { broke(failure.exitCode) }
      send(.failed(failure.text, entries: await driver.session.entryCount))
    }
  }
}
