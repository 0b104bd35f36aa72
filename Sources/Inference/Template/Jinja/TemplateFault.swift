/// What is wrong with a chat template, or with a chat for it. Cases carry facts; the words for
/// people are made elsewhere.
public enum TemplateFault: Sendable, Equatable {
  /// The template's text is not Jinja.
  case syntax(found: String, expected: String)
  /// Jinja (or Python) has it, this interpreter does not.
  case unsupported(construct: String)
  /// A value that does not exist is used for more than printing, looping or testing it.
  case undefined(name: String)
  /// An operation on values it does not take.
  case wrongType(operation: String, value: String)
  /// The template itself refuses the chat, by `raise_exception`.
  case raised(message: String)
  /// The template needs more than any template should.
  case limitExceeded(TemplateLimit)
}

/// The named limits a template is held to: it comes out of a file somebody else made.
public enum TemplateLimit: Sendable, CaseIterable {
  /// Values computed, and characters handled in units of 16.
  case steps
  /// Unicode scalars of one text, and of the whole output.
  case textScalars
  /// Expressions, blocks and macro calls inside each other.
  case nesting
  /// Whole numbers have 64 bits.
  case integers

  /// The largest value allowed.
  public var maximum: Int {
    switch self {
    case .steps: 2_000_000
    case .textScalars: 1 << 21
    case .nesting: 200
    case .integers: Int.max
    }
  }
}
