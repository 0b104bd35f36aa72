import SessionCore
import StrictJSON

/// The members of one JSON object, read by name; every failure names the field.
struct Fields {
  /// The objects of one line, and which of their members were asked for.
  private final class Reading {
    var objects: [(prefix: String, members: [JSONMember], isRead: [Bool])] = []
  }

  // A line has a handful of members: going through them is faster than looking them up.
  private let members: [JSONMember]
  private let prefix: String
  private let reading: Reading
  /// Of this object in ``reading``.
  private let place: Int

  /// - Parameter name: what leads to this object, such as `recipe`; empty for a whole line.
  init(_ value: JSONValue, named name: String = "") throws(JournalDamage) {
    try self.init(value, named: name, reading: Reading())
  }

  private init(_ value: JSONValue, named name: String, reading: Reading) throws(JournalDamage) {
    guard case .object(let members) = value else { throw .fieldInvalid(name) }
    self.members = members
    prefix = name.isEmpty ? "" : name + "."
    self.reading = reading
    place = reading.objects.count
    reading.objects.append((prefix, members, Array(repeating: false, count: members.count)))
  }

  /// To be asked when all is read: what is left is nothing this program knows.
  func checkAllRead() throws(JournalDamage) {
    let unread = reading.objects.flatMap { object in
      zip(object.members, object.isRead).filter { !$0.1 }.map { object.prefix + $0.0.key }
    }
    if let name = unread.min() { throw .unknownField(name) }
  }

  /// The value as it stands; nil when absent.
  subscript(name: String) -> JSONValue? {
    guard let found = members.firstIndex(where: { $0.key == name }) else { return nil }
    reading.objects[place].isRead[found] = true
    return members[found].value
  }

  private func has(_ name: String) -> Bool { members.contains { $0.key == name } }

  func invalid(_ name: String) -> JournalDamage { .fieldInvalid(prefix + name) }

  func value(_ name: String) throws(JournalDamage) -> JSONValue {
    guard let value = self[name] else { throw .fieldMissing(prefix + name) }
    return value
  }

  func object(_ name: String) throws(JournalDamage) -> Fields {
    try Fields(try value(name), named: prefix + name, reading: reading)
  }

  func string(_ name: String) throws(JournalDamage) -> String {
    guard case .string(let text) = try value(name) else { throw invalid(name) }
    return text
  }

  func optionalString(_ name: String) throws(JournalDamage) -> String? {
    has(name) ? try string(name) : nil
  }

  func strings(_ name: String) throws(JournalDamage) -> [String] {
    var texts: [String] = []
    for element in try array(name) {
      guard case .string(let text) = element else { throw invalid(name) }
      texts.append(text)
    }
    return texts
  }

  func bool(_ name: String) throws(JournalDamage) -> Bool {
    guard case .bool(let value) = try value(name) else { throw invalid(name) }
    return value
  }

  func array(_ name: String) throws(JournalDamage) -> [JSONValue] {
    guard case .array(let values) = try value(name) else { throw invalid(name) }
    return values
  }

  func integer(_ name: String, in range: ClosedRange<Int>) throws(JournalDamage) -> Int {
    guard case .number(let spelling) = try value(name), let number = Int(spelling),
      range.contains(number)
    else { throw invalid(name) }
    return number
  }

  /// A count of something: never negative, and small enough that sums cannot overflow.
  func count(_ name: String) throws(JournalDamage) -> Int {
    try integer(name, in: 0...JournalLine.countMax)
  }

  func double(_ name: String) throws(JournalDamage) -> Double {
    guard case .number(let spelling) = try value(name), let number = Double(spelling),
      number.isFinite
    else { throw invalid(name) }
    return number
  }

  func optionalDouble(_ name: String) throws(JournalDamage) -> Double? {
    has(name) ? try double(name) : nil
  }

  /// Seeds are decimal text, because many JSON readers round numbers beyond 2^53.
  func seed(_ name: String) throws(JournalDamage) -> UInt64 {
    guard let seed = UInt64(try string(name)) else { throw invalid(name) }
    return seed
  }

  func tokens(_ name: String) throws(JournalDamage) -> [Int32] {
    var tokens: [Int32] = []
    for element in try array(name) {
      guard case .number(let spelling) = element, let token = Int32(spelling) else {
        throw invalid(name)
      }
      tokens.append(token)
    }
    return tokens
  }

  /// Turns are counted from 1, as a person types them.
  func turn(_ name: String) throws(JournalDamage) -> TurnID {
    TurnID(try integer(name, in: 1...JournalLine.countMax) - 1)
  }

  func optionalTurn(_ name: String) throws(JournalDamage) -> TurnID? {
    has(name) ? try turn(name) : nil
  }

  /// int8 where nothing is said: what every model read before there was a choice.
  func activations() throws(JournalDamage) -> ActivationPrecision {
    has("activations") ? try word("activations", .activations) : .int8
  }

  func word<Value>(_ name: String, _ words: WireWords<Value>) throws(JournalDamage) -> Value {
    guard let value = words.value(try string(name)) else { throw invalid(name) }
    return value
  }
}

extension [JSONMember] {
  /// Adds a member unless there is nothing to say.
  mutating func add(_ key: String, _ value: JSONValue?) {
    if let value { append(JSONMember(key, value)) }
  }
}

extension ActivationPrecision {
  /// Nil for int8, which is not written down.
  var wire: JSONValue? { self == .int8 ? nil : .word(self, .activations) }
}

extension JSONValue {
  static func turn(_ id: TurnID) -> JSONValue { .integer(id.position + 1) }

  static func word<Value>(_ value: Value, _ words: WireWords<Value>) -> JSONValue {
    .string(words.word(value))
  }

  /// - Throws: ``Unwritable`` for an infinite number or one that is none.
  static func double(_ value: Double, _ name: String) throws(Unwritable) -> JSONValue {
    guard value.isFinite else { throw Unwritable.field(name) }
    return .number(value.description)
  }
}

/// Why an entry cannot become a line.
enum Unwritable: Error {
  /// The field's value has no spelling that reads back as the same value.
  case field(String)
  case tooLong(bytes: Int)
}
