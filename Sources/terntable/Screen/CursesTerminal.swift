import CCurses
import Foundation
import TerminalUI

/// The real screen: copies changed cells to ncurses and names the keys it reports. The only file
/// that knows ncurses.
@MainActor final class CursesTerminal {
  private var shown: Frame?
  private var pasted: String?
  /// Draws what curses cannot: the last rows alone, and characters of other widths than it knows.
  private var writer: FrameWriter?

  /// The terminal cannot be used: it is unknown to terminfo.
  struct Unusable: Error {}

  /// Takes the terminal; ``close()`` gives it back, and so does every other end of the program.
  /// - Throws: ``Unusable``.
  init(_ look: ScreenLook) throws(Unusable) {
    let theme = look.theme
    let needsWriter = look.extent == .inline || look.text.ambiguousColumns > 1
    if needsWriter, cc_open_for_writing(theme != .none) == 0 {
      writer = FrameWriter(
        theme: theme, colours: Int(cc_colours()), hasAlternateScreen: cc_has_alternate_screen())
    } else if cc_open(theme != .none) != 0 {
      throw Unusable()
    }
    atexit { cc_close() }
    cc_guard_faults()
    cc_mouse(look.hasMouse)
    let colours = Int(cc_colours())
    for ink in Ink.allCases {
      looks[ink] = Self.orders(for: theme.look(of: ink), colours: colours)
    }
  }

  /// What ncurses is told for each ink.
  private var looks: [Ink: (attributes: Int32, colour: Int32)] = [:]

  private static func orders(
    for look: Theme.Look, colours: Int
  ) -> (attributes: Int32, colour: Int32) {
    let parts = [
      (look.isBold, CC_BOLD), (look.isDim, CC_DIM), (look.isUnderlined, CC_UNDERLINE),
      (look.isReversed, CC_REVERSE),
    ]
    let attributes = parts.reduce(0 as UInt32) { $0 | ($1.0 ? $1.1.rawValue : 0) }
    let colour = look.colour.map { Int32($0.number(among: colours)) }
    return (Int32(attributes), colours == 0 ? -1 : colour ?? -1)
  }

  /// Whether finished turns can be printed above the last rows.
  var canPrint: Bool { writer != nil }

  func close() {
    if var writer {
      write(writer.farewell())
      self.writer = writer
    }
    cc_close()
  }

  func setMouse(_ isOn: Bool) { cc_mouse(isOn) }

  /// Takes the terminal again and forgets what is on it.
  func reopen() {
    cc_reopen()
    shown = nil
  }

  func forget() {
    shown = nil
    if writer != nil {
      writer?.forget()
    } else {
      cc_forget()
    }
  }

  /// The size as the terminal has it now.
  var size: ScreenSize {
    var (rows, columns): (Int32, Int32) = (0, 0)
    cc_size(&rows, &columns)
    return ScreenSize(columns: Int(columns), rows: Int(rows))
  }

  // MARK: - Drawing

  /// Prints what is to be printed, and draws the last rows or the whole screen.
  func draw(_ picture: InlinePicture) {
    guard var writer else { return draw(picture.screen) }
    write(writer.bytes(for: picture))
    self.writer = writer
  }

  private func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { cc_write($0.baseAddress, Int32($0.count)) }
    }
    cc_note_screen(writer?.isAlternate == true)
  }

  /// Draws the cells that differ from what is on the screen.
  func draw(_ frame: Frame) {
    guard writer == nil else {
      return draw(InlinePicture(whole: frame))
    }
    let before = shown?.size == frame.size ? shown : nil
    if before == nil { cc_forget() }
    for row in 0..<frame.size.rows {
      for column in 0..<frame.size.columns {
        let cell = frame[row, column]
        guard !cell.text.isEmpty, isDrawn(cell, row, column, over: before, in: frame) else {
          continue
        }
        put(cell, row, column, width: width(of: row, column, in: frame))
      }
    }
    cc_cursor(Int32(frame.cursor?.row ?? -1), Int32(frame.cursor?.column ?? -1))
    cc_flush()
    shown = frame
  }

  /// A cell is also drawn when a wide cluster under it or right of it came or went.
  private func isDrawn(
    _ cell: Frame.Cell, _ row: Int, _ column: Int, over before: Frame?, in frame: Frame
  ) -> Bool {
    guard let before else { return cell != .blank }
    if before[row, column] != cell { return true }
    let width = width(of: row, column, in: frame)
    return (column..<column + width).contains { before[row, $0] != frame[row, $0] }
  }

  private func width(of row: Int, _ column: Int, in frame: Frame) -> Int {
    var end = column + 1
    while end < frame.size.columns, frame[row, end].text.isEmpty { end += 1 }
    return end - column
  }

  private func put(_ cell: Frame.Cell, _ row: Int, _ column: Int, width: Int) {
    let scalars = cell.text.unicodeScalars.map(\.value)
    let look = looks[cell.ink] ?? (0, -1)
    cc_put(
      Int32(row), Int32(column), scalars, Int32(scalars.count), Int32(width), look.attributes,
      look.colour)
  }

  /// Puts text into the clipboard of whoever sits at the terminal (OSC 52).
  func copy(_ text: String) { cc_copy(Data(text.utf8).base64EncodedString()) }

  private static func place(_ scalar: UInt32) -> Frame.Place {
    let (row, column) = Int(scalar).quotientAndRemainder(dividingBy: Int(CC_MOUSE_COLUMNS))
    return Frame.Place(row: row, column: column)
  }

  // MARK: - Keys

  /// What was typed or pasted since the last call.
  func input(at time: Int64) -> [Action] {
    var actions: [Action] = []
    while let (kind, scalar) = next() {
      actions += self.actions(kind, scalar, at: time)
    }
    return actions
  }

  private func next() -> (kind: Int, scalar: UInt32)? {
    var scalar: UInt32 = 0
    let kind = Int(cc_key(&scalar))
    return kind == Int(CC_NONE.rawValue) ? nil : (kind, scalar)
  }

  private func actions(_ kind: Int, _ scalar: UInt32, at time: Int64) -> [Action] {
    switch cc_key(rawValue: UInt32(kind)) {
    case CC_PASTE_BEGINS: pasted = ""
    case CC_PASTE_ENDS:
      defer { pasted = nil }
      return pasted.map { [.paste($0)] } ?? []
    case CC_SCALAR where pasted != nil:
      if let scalar = Unicode.Scalar(scalar) { pasted?.unicodeScalars.append(scalar) }
    case CC_SCALAR where scalar == 0x1B: return afterEscape(at: time)
    case CC_FUNCTION: return [.key(.function(Int(scalar)), at: time)]
    case CC_WHEEL_UP: return [.mouse(.wheelUp, at: time)]
    case CC_WHEEL_DOWN: return [.mouse(.wheelDown, at: time)]
    case CC_PRESSED:
      // Where the last rows stand on the screen is not known.
      let isKnown = writer == nil || writer?.isWhole == true
      return isKnown ? [.mouse(.pressed(Self.place(scalar)), at: time)] : []
    case CC_SCALAR: return Self.key(for: scalar).map { [.key($0, at: time)] } ?? []
    case let special: return Self.specialKeys[special.rawValue].map { [.key($0, at: time)] } ?? []
    }
    return []
  }

  /// Alt is sent as Escape and the key, at once; so is Escape typed quickly before another key.
  private func afterEscape(at time: Int64) -> [Action] {
    let escape = Action.key(.escape, at: time)
    guard let (kind, second) = next() else { return [escape] }
    let key =
      kind == Int(CC_SCALAR.rawValue) ? Self.key(for: second) : Self.specialKeys[UInt32(kind)]
    switch key {
    case .enter, .control("j"): return [.key(.altEnter, at: time)]
    case .backspace, .control("h"): return [.key(.altBackspace, at: time)]
    case .character(let character): return [.key(.alt(character), at: time)]
    default: return [escape] + actions(kind, second, at: time)
    }
  }

  private static func key(for scalar: UInt32) -> Key? {
    switch scalar {
    case 0x0D: return .enter
    case 0x09: return .tab
    case 0x1B: return .escape
    case 0x7F: return .backspace
    case 0x01...0x1A:
      return Unicode.Scalar(scalar + 0x60).map { .control(Character($0)) }
    case 0x1F: return .control("_")
    case 0: return .control("@")
    case 0..<0x20: return nil
    default: return Unicode.Scalar(scalar).map { .character(Character($0)) }
    }
  }

  private static let specialKeys: [UInt32: Key] = [
    CC_UP.rawValue: .up, CC_DOWN.rawValue: .down, CC_LEFT.rawValue: .left,
    CC_RIGHT.rawValue: .right, CC_WORD_LEFT.rawValue: .wordLeft,
    CC_WORD_RIGHT.rawValue: .wordRight, CC_HOME.rawValue: .home, CC_END.rawValue: .end,
    CC_PAGE_UP.rawValue: .pageUp, CC_PAGE_DOWN.rawValue: .pageDown,
    CC_BACKSPACE.rawValue: .backspace, CC_DELETE.rawValue: .delete,
    CC_SHIFT_UP.rawValue: .shiftUp, CC_SHIFT_DOWN.rawValue: .shiftDown,
    CC_SHIFT_LEFT.rawValue: .shiftLeft, CC_SHIFT_RIGHT.rawValue: .shiftRight,
    CC_BACK_TAB.rawValue: .backTab, CC_ENTER.rawValue: .enter,
  ]
}

/// Signals as a stream of numbers, so that they are dealt with between two actions.
enum TerminalSignals {
  /// What happens when a signal comes.
  enum Disposition { case caught, ignored, usual }

  static func on(_ signal: Int32, _ disposition: Disposition) {
    let code =
      switch disposition {
      case .caught: CC_CATCH
      case .ignored: CC_IGNORE
      case .usual: CC_DEFAULT
      }
    cc_on_signal(signal, Int32(code.rawValue))
  }

  /// Calls `receive` with each caught signal, until the returned source is cancelled.
  static func watch(_ receive: @escaping @Sendable (Int32) -> Void) -> any DispatchSourceRead {
    let descriptor = cc_signal_descriptor()
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .global())
    source.setEventHandler {
      var byte: UInt8 = 0
      while read(descriptor, &byte, 1) == 1 { receive(Int32(byte)) }
    }
    source.resume()
    return source
  }
}
