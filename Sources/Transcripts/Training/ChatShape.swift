import SessionCore
import StrictJSON

/// Messages as `{"role":…,"content":…}`, which most trainers read, and how they are checked.
enum ChatShape {
  static func messages(_ path: some Sequence<Turn>) -> JSONValue {
    .array(path.map { message($0.role, $0.text) })
  }

  static func message(_ role: Role, _ text: String) -> JSONValue {
    .object([
      JSONMember("role", .string(role.rawValue)), JSONMember("content", .string(text)),
    ])
  }

  static let roles = ["system", "user", "assistant", "tool", "developer"]

  static let message = JSONShape.open(
    JSONField("role", .word(roles)), JSONField("content", .text))

  /// At least one message of the assistant, or there is nothing to learn.
  static let conversation = JSONShape.ruled(.array(message, atLeast: 1), hasAssistant)

  static let hasAssistant: JSONRule = { value throws(FormatFault) in
    guard roles(of: value).contains("assistant") else {
      throw FormatFault(.broken(.assistantPresent))
    }
  }

  /// What comes before a reply: its last message is not the assistant's.
  static let prompt = JSONShape.ruled(.array(message, atLeast: 1)) { value throws(FormatFault) in
    guard roles(of: value).last != "assistant" else {
      throw FormatFault(.broken(.promptEndsWithUser))
    }
  }

  /// One side of a pair: exactly one message of the assistant.
  static let oneReply = JSONShape.ruled(.array(message, count: 1...1)) {
    value throws(FormatFault) in
    guard roles(of: value) == ["assistant"] else { throw FormatFault(.broken(.replyIsAssistant)) }
  }

  /// Two equal sides teach nothing.
  static func differ(_ one: String, _ other: String) -> JSONRule {
    { record throws(FormatFault) in
      guard record[one] != record[other] else {
        throw FormatFault(field: other, .broken(.sidesDiffer))
      }
    }
  }

  /// The roles of an array of messages.
  static func roles(of value: JSONValue) -> [String] {
    guard case .array(let messages) = value else { return [] }
    return messages.map { message in
      guard case .string(let role) = message["role"] else { return "" }
      return role
    }
  }
}

extension JSONValue {
  /// The value of that key in an object.
  subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }
}
