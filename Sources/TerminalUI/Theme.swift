/// How each meaning looks: weight, and a colour where the terminal has colours.
///
/// The background is never set. What an ink means is never in its colour alone: the text or the
/// weight says it too.
public enum Theme: String, CaseIterable, Sendable {
  /// The terminal's own base colours, which suit whatever its owner chose.
  case terminal
  /// Colours of our own, for a dark background.
  case dark
  /// The same for a light one.
  case light
  /// Weight only.
  case none

  /// Weight and colour of one ink.
  public struct Look: Equatable, Sendable {
    public var isBold = false
    public var isDim = false
    public var isUnderlined = false
    public var isReversed = false
    /// Nil for the terminal's own.
    public var colour: Colour?
  }

  /// One colour, for terminals of any depth.
  public struct Colour: Hashable, Sendable {
    /// 0 to 7: black, red, green, yellow, blue, magenta, cyan, white.
    public var base: Int
    /// Red, green, blue as 0xRRGGBB; nil leaves it to the terminal what the base colour is.
    public var rgb: Int?

    /// The colour's number in a terminal that has so many.
    public func number(among colours: Int) -> Int {
      guard let rgb, colours >= 256 else { return base }
      return colours > 256 ? rgb : Self.nearest(to: rgb)
    }

    /// The nearest of xterm's 256: a cube of six steps a channel from 16 on, and greys from 232.
    static func nearest(to rgb: Int) -> Int {
      let channels = [rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF]
      func distance(_ number: Int) -> Int {
        zip(channels, rgbChannels(of: number)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      return (16..<256).min { distance($0) < distance($1) } ?? 16
    }

    /// What xterm shows for numbers 16 to 255.
    static func rgbChannels(of number: Int) -> [Int] {
      if number >= 232 { return Array(repeating: 8 + 10 * (number - 232), count: 3) }
      let steps = [0, 95, 135, 175, 215, 255]
      return [steps[(number - 16) / 36], steps[(number - 16) / 6 % 6], steps[(number - 16) % 6]]
    }
  }

  public func look(of ink: Ink) -> Look {
    var look = Self.weight(of: ink)
    guard self != .none else { return look }
    look.colour = colour(of: ink)
    // A grey of its own is easier to read than what a terminal makes of "dim".
    if look.isDim, look.colour != nil { look.isDim = false }
    return look
  }

  private static func weight(of ink: Ink) -> Look {
    switch ink {
    case .text, .person, .code, .removed, .mark: Look()
    case .quiet, .cut: Look(isDim: true)
    case .heading, .strong, .added, .failure: Look(isBold: true)
    case .kept: Look(isUnderlined: true)
    case .found, .chosen: Look(isReversed: true)
    }
  }

  private func colour(of ink: Ink) -> Colour? {
    let base: Int? =
      switch ink {
      case .person, .kept: 6
      case .code, .added: 2
      case .removed, .failure: 1
      case .mark: 5
      case .quiet, .cut: self == .terminal ? nil : 7
      case .text, .heading, .strong, .found, .chosen: nil
      }
    return base.map { Colour(base: $0, rgb: rgb[$0]) }
  }

  /// By base colour. Each has a contrast of at least 4.5 to 1 (WCAG 2.1, level AA) against black
  /// and #1e1e1e, or against white and #f5f5f5.
  private var rgb: [Int: Int] {
    switch self {
    case .dark: [1: 0xFF8787, 2: 0x87D787, 5: 0xD7AFFF, 6: 0x87D7FF, 7: 0xA8A8A8]
    case .light: [1: 0xAF0000, 2: 0x005F00, 5: 0x8700AF, 6: 0x005F87, 7: 0x5F5F5F]
    case .terminal, .none: [:]
    }
  }
}
