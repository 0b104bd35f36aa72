import ArgumentParser
import Foundation
import TerminalUI

/// Which front is shown and how it looks, by flag, environment and `screen.yaml`, in that order.
/// Nothing is asked of the terminal: there is no answer to wait for.
struct ScreenLook: Equatable, Sendable {
  /// Why the plain front is shown; nil for the screen.
  var plain: String?
  var theme = Theme.terminal
  /// Only ASCII is drawn.
  var isASCII = false
  var extent = Extent.full
  /// The terminal reports its mouse from the start.
  var hasMouse = false
  var text = TextLook()
  /// Tags to choose from.
  var tags: [String] = []

  /// What of the terminal is taken.
  enum Extent: String, CaseIterable, ExpressibleByArgument {
    /// The whole screen, and it is given back as it was.
    case full
    /// The last rows; what is finished is printed above them and stays.
    case inline
  }

  /// Cells of a character that Unicode calls ambiguous.
  enum AmbiguousWidth: String, CaseIterable, ExpressibleByArgument {
    case one = "1"
    case two = "2"
  }

  /// How emoji are shown: as they are, or by their names.
  enum Emoji: String, CaseIterable, ExpressibleByArgument { case show, name }

  /// Whether there are colours.
  enum Colour: String, CaseIterable, ExpressibleByArgument { case auto, always, never }

  /// The flags.
  struct Options: ParsableArguments {
    @Flag(
      inversion: .prefixedNo,
      help: "Lines in, lines out: no screen, no escape sequences. Also TERNTABLE_PLAIN=1.")
    var plain: Bool?

    @Flag(
      inversion: .prefixedNo,
      help: """
        Take only the last rows of the terminal: finished turns are printed once and stay. Also \
        TERNTABLE_LOOK=inline.
        """)
    var inline: Bool?

    @Option(
      help: """
        Colours of the screen: terminal (its own, the default), dark, light, none. Also \
        TERNTABLE_THEME.
        """)
    var theme: Theme?

    @Option(help: "Whether there are colours: auto (not with NO_COLOR), always, never.")
    var color = Colour.auto

    @Flag(
      inversion: .prefixedNo,
      help: "Draw in ASCII only. Default: where the locale has nothing else (LANG=C).")
    var ascii: Bool?

    @Option(
      help: """
        Cells of characters such as § and Д: 1 (the default), or 2 as terminals for Chinese, \
        Japanese and Korean may have it. Also TERNTABLE_AMBIGUOUS_WIDTH.
        """)
    var ambiguousWidth: AmbiguousWidth?

    @Option(help: "show emoji (the default), or name them. Also TERNTABLE_EMOJI.")
    var emoji: Emoji?

    @Flag(
      inversion: .prefixedNo,
      help: """
        Take wheel and clicks from the start; F6 and /mouse change it. Default: no. Also \
        TERNTABLE_MOUSE=1.
        """)
    var mouse: Bool?
  }

  /// - Throws: a ``CommandFailure`` about `screen.yaml` or a variable.
  init(
    _ options: Options, _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws {
    let file = try ScreenFile(environment)
    if let asked = options.plain {
      plain = asked ? "--plain" : nil
    } else if let isOn = Self.flag("TERNTABLE_PLAIN", environment) {
      plain = isOn ? "TERNTABLE_PLAIN=\(environment["TERNTABLE_PLAIN"] ?? "")" : nil
    } else if file.plain == true {
      plain = "\(file.path): plain"
    }
    theme = try Self.theme(options, environment) ?? file.theme ?? .terminal
    isASCII = options.ascii ?? file.ascii ?? !Self.hasMoreThanASCII(environment)
    extent =
      try options.inline.map { $0 ? .inline : .full }
      ?? Self.choice("TERNTABLE_LOOK", "look", environment) ?? file.extent ?? .full
    hasMouse = options.mouse ?? Self.flag("TERNTABLE_MOUSE", environment) ?? file.mouse ?? false
    let width: AmbiguousWidth? =
      try options.ambiguousWidth
      ?? Self.choice("TERNTABLE_AMBIGUOUS_WIDTH", "width", environment) ?? file.ambiguousWidth
    let emoji: Emoji? =
      try options.emoji ?? Self.choice("TERNTABLE_EMOJI", "way of emoji", environment)
      ?? file.emoji
    tags = file.tags
    text = TextLook(ambiguousColumns: width == .two ? 2 : 1, namesEmoji: emoji == .name)
  }

  /// NO_COLOR (no-color.org) takes all colours away, whatever it says, unless a flag gives some.
  /// CLICOLOR_FORCE is for output that is no terminal, and there is none with colours.
  private static func theme(_ options: Options, _ environment: [String: String]) throws -> Theme? {
    if options.color == .never { return Theme.none }
    if let theme = options.theme { return theme }
    let isRefused = !(environment["NO_COLOR"] ?? "").isEmpty
    if isRefused, options.color == .auto { return Theme.none }
    return try choice("TERNTABLE_THEME", "theme", environment)
  }

  /// What a variable chooses; nil where it is not set.
  private static func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ variable: String, _ what: String, _ environment: [String: String]
  ) throws -> Choice? {
    guard let name = environment[variable], !name.isEmpty else { return nil }
    guard let choice = Choice(rawValue: name) else {
      let words = ScreenFile.unknown(name, what, among: Choice.self)
      throw CommandFailure("\(variable): \(words)", .badConfiguration)
    }
    return choice
  }

  /// Anything but 0 is yes; nil where the variable is not set.
  private static func flag(_ variable: String, _ environment: [String: String]) -> Bool? {
    guard let value = environment[variable], !value.isEmpty else { return nil }
    return value != "0"
  }

  /// By the variables of POSIX in their order. Where none is set the terminal of today is meant,
  /// which shows UTF-8.
  static func hasMoreThanASCII(_ environment: [String: String]) -> Bool {
    guard
      let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap({ environment[$0] })
        .first(where: { !$0.isEmpty })
    else { return true }
    return locale.uppercased().contains("UTF")
  }
}

extension Theme: ExpressibleByArgument {}
