import SessionCore

// What the next replies are drawn with: `/set`, `/model`, `/preset`.
extension ScreenState {
  mutating func set(_ request: SettingRequest) -> [Effect] {
    guard !request.items.isEmpty else {
      page = .list(settingsList, row: 0)
      return []
    }
    let change = request.change(of: session.settings, beganWith: session.header.seed)
    if change.leavesAsIs(session.settings) {
      notice = .told("that is so already")
      return []
    }
    return perform(.set(change))
  }

  /// - Parameter name: nil lists the models at hand.
  mutating func choose(model name: String?) -> [Effect] {
    guard let name else { return list(.models) }
    if name == model.name, loading == nil {
      notice = .told("\(name) answers already")
      return []
    }
    return adopt(.chooseModel(name))
  }

  /// - Parameter name: nil lists the presets.
  mutating func use(preset name: String?) -> [Effect] {
    guard let name else { return list(.presets) }
    return adopt(.usePreset(name))
  }

  /// Asks for something that may load a model. Messages wait for it meanwhile.
  private mutating func adopt(_ effect: Effect) -> [Effect] {
    switch loading {
    case .failed(let why): return [.complain(.noModel(why))]
    case .record, .model, .other: return [.complain(.modelOnItsWay)]
    case nil: break
    }
    guard isIdle else { return [.complain(.refused(.replyInProgress))] }
    work.running += 1
    if case .chooseModel(let name) = effect {
      loading = .other(name, fraction: 0, bytes: nil)
    }
    return [effect]
  }

  private mutating func list(_ kind: Listing.Kind) -> [Effect] {
    work.running += 1
    return [.list(kind)]
  }

  /// The model in force from here on; what waited for it begins.
  mutating func adopted(_ facts: ModelFacts, _ entries: Int, _ words: String?) -> [Effect] {
    model = facts
    loading = nil
    // The entry that says what was set may still be on its way.
    if session.entryCount < entries, hasScreen { remark = words } else { tell(words) }
    return settle(entries)
  }

  /// What was to be loaded is not: messages that wait for it are given back.
  mutating func giveUpLoading() {
    guard case .other = loading else { return }
    loading = nil
    takeBackWaiting()
  }

  /// Says on the screen what is other from here on; the plain front prints it.
  mutating func tell(_ change: SettingsChange, after old: Settings) {
    guard hasScreen else { return }
    notice = .told(change.words(after: old).joined(separator: " · "))
    tell(remark)
    remark = nil
  }

  /// Adds words to what is told already.
  private mutating func tell(_ words: String?) {
    guard let words else { return }
    if case .told(let text) = notice {
      notice = .told("\(text); \(words)")
    } else {
      notice = .told(words)
    }
  }

  private var settingsList: Listing {
    let settings = session.settings
    let usual = Settings(seed: session.header.seed)
    let rows = Setting.Name.allCases.map { name in
      let value = name.value(in: settings)
      let other = name.value(in: usual)
      return Listing.Row(
        name.rawValue, value == other ? value : "\(value)  (default \(other))",
        isChosen: value != other)
    }
    return Listing(
      title: "Settings from here on",
      rows: [Listing.Row("model", model.name)] + rows,
      foot: "/set temperature 0.2 sets one, /set temperature default takes it back; /model and "
        + "/preset choose more at once.")
  }
}

extension SettingsChange {
  fileprivate func leavesAsIs(_ settings: Settings) -> Bool {
    settings.applying(self) == settings
  }
}
