import SessionCore
import StrictJSON

// The wire form of what is set while a session goes on.

extension SettingsChange {
  func wire() throws(Unwritable) -> [JSONMember] {
    var fields: [JSONMember] = []
    fields.add("preset", preset.map { .string($0) })
    fields.add("model", model.map { .string($0) })
    fields.add("seed", seed.map { .string(String($0)) })
    // `map` cannot carry a typed error through `try` here without losing its type.
    if let sampling { fields.add("sampling", try sampling.wire()) }
    fields.add("history", history.map { .word($0, .historyStyles) })
    fields.add("wordings", wordings?.wire)
    return fields
  }

  init(wire fields: Fields) throws(JournalDamage) {
    self.init()
    preset = try fields.optionalString("preset")
    model = try fields.optionalString("model")
    if fields["seed"] != nil { seed = try fields.seed("seed") }
    if fields["sampling"] != nil { sampling = try Sampling(wire: fields.object("sampling")) }
    if fields["history"] != nil { history = try fields.word("history", .historyStyles) }
    if fields["wordings"] != nil { wordings = try Wordings(wire: fields.object("wordings")) }
  }
}

extension Wordings {
  var wire: JSONValue {
    .object([
      JSONMember("try_again", .string(tryAgain)), JSONMember("critique", .string(critique)),
    ])
  }

  init(wire fields: Fields) throws(JournalDamage) {
    self.init(
      tryAgain: try fields.string("try_again"), critique: try fields.string("critique"))
  }
}
