import SessionCore

// Digits: alone a rating, before `r` how many replies are drawn.
extension ScreenState {
  /// How long a digit waits for a key that makes it a count.
  static let countPauseMilliseconds: Timestamp = 600

  /// A number that is being typed in front of a key.
  struct Count: Equatable, Sendable {
    var number: Int
    /// The reply that was the last one then.
    var reply: TurnID?
    /// Tells the newest pause from those before it.
    var serial = 0
  }

  /// Nil where the key is no digit, or the digit means something else by `keys.yaml`.
  mutating func takeDigit(_ key: Key, _ deed: Keymap.Deed?) -> [Effect]? {
    guard mode == .normal, page == nil, case .character(let character) = key,
      character.isASCII, let digit = character.wholeNumberValue
    else { return nil }
    switch deed {
    case .rate(.stars(digit)), nil: break
    case .rate(nil) where digit == 0 && count != nil: break
    default: return nil
    }
    guard count != nil || digit > 0 else { return nil }
    let number = min((count?.number ?? 0) * 10 + digit, SlashCommand.regenerationsMax)
    let serial = (count?.serial ?? 0) + 1
    count = Count(number: number, reply: session.lastReply?.id, serial: serial)
    let rates = (1...5).contains(number) ? "; alone it rates \(number)" : ""
    notice = .told("\(number): r draws \(number) replies\(rates)")
    return [.wait(milliseconds: Self.countPauseMilliseconds, serial: serial)]
  }

  /// Nobody pressed another key: the digit was a rating, if it can be one.
  mutating func endWait(_ serial: Int) -> [Effect] {
    guard let waiting = count, waiting.serial == serial else { return [] }
    count = nil
    notice = nil
    return rate(waiting)
  }

  /// What the key behind a number does, and what becomes of the number.
  mutating func carryOut(_ deed: Keymap.Deed?, behind number: Count) -> [Effect]? {
    switch deed {
    case .leave: return []
    case .regenerate: return run(.regenerate(number.number))
    // The rating is recorded first.
    case .quit:
      let effects = rate(number)
      isLeaving = work.running > 0
      return isLeaving ? effects : effects + [.quit]
    // Only a remark: it can be made while the deed is done.
    default: return nil
    }
  }

  mutating func rate(_ count: Count) -> [Effect] {
    guard (1...5).contains(count.number), let reply = count.reply else {
      return (1...5).contains(count.number) ? [.complain(.refused(.noReply))] : []
    }
    return perform(.rate(.stars(count.number), of: reply))
  }
}
