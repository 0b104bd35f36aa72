import Inference
import SessionCore
import SessionRuntime
import TerminalUI

// What the next replies are drawn with: other models, presets, and the lists of both.
extension SessionEffects {
  func choose(model name: String) async { await adopt(SettingsChange(model: name)) }

  func use(preset name: String) async {
    do {
      let preset = try Preset.named(name)
      let change = preset.change(of: await driver.session.settings)
      await adopt(change, system: preset.system)
    } catch {
      send(.failed(commandFailure(for: error).text, entries: 0))
    }
  }

  /// Opens the model first: what cannot be opened changes nothing.
  private func adopt(_ change: SettingsChange, system: String? = nil) async {
    let former = await models.current.name
    do {
      let opened = try await models.open(change.model ?? former) { [send] fraction, bytes in
        send(.loading(.other(change.model ?? former, fraction: fraction, bytes: bytes)))
      }
      guard !Task.isCancelled else { return send(.failed(Self.stopped(former), entries: 0)) }
      var words: String?
      if let system {
        if await driver.session.turns.isEmpty {
          try await driver.perform(.instruct(system))
        } else {
          words = Preset.systemLeftOut
        }
      }
      let entries = try await driver.perform(.set(change)).entryCount
      await models.adopt(opened)
      send(.adopted(opened.facts, entries: entries, words: words))
    } catch {
      if Task.isCancelled { return send(.failed(Self.stopped(former), entries: 0)) }
      let failure = commandFailure(for: error)
      // Another name mends a model that cannot be opened.
      if !(error is ModelFailure), failure.exitCode != .usage { broke(failure.exitCode) }
      send(.failed(failure.text, entries: await driver.session.entryCount))
    }
  }

  private static func stopped(_ former: String) -> String {
    "stopped: \(Plain.line(former)) goes on"
  }

  func list(_ kind: Listing.Kind) async {
    do {
      let model = await models.current.name
      send(
        .listed(
          try kind == .models ? ModelNames.listing(chosen: model) : Preset.listing()))
    } catch {
      send(.failed(commandFailure(for: error).text, entries: 0))
    }
  }

  /// Names for the Tab key.
  static func names(_ kind: Listing.Kind, beginningWith beginning: String) -> [String] {
    switch kind {
    case .models: ModelNames.candidates(beginningWith: beginning)
    // A folder that cannot be read offers nothing.
    case .presets: ((try? Preset.names()) ?? []).filter { $0.hasPrefix(beginning) }
    }
  }
}

extension OpenedModel {
  /// For the status line.
  var facts: ScreenState.ModelFacts {
    ScreenState.ModelFacts(name: name, contextTokensMax: model.info.contextLength)
  }
}
