import SessionCore

// The friction page: asked for, kept up while a conversation goes on, left.
extension ScreenState {
  mutating func openFriction() -> [Effect] {
    if hasScreen {
      page = .friction(row: 0)
    } else {
      // The plain front prints the page when it is whole; the next line waits for it.
      guard isIdle else { return [.complain(.refused(.replyInProgress))] }
      work.running += 1
    }
    return [.measure]
  }

  /// New figures. A sheet that comes after the page was left is kept for the next time.
  mutating func show(_ sheet: FrictionSheet) -> [Effect] {
    friction = sheet
    guard !hasScreen, !sheet.folder.isReading else { return [] }
    page = .friction(row: 0)
    return settle(0)
  }

  /// The figures are made anew when a turn has ended or was judged.
  func measuring(after entry: Entry) -> [Effect] {
    guard hasScreen, page?.isFriction == true else { return [] }
    switch entry.event {
    case .replyFinished, .replyStopped, .judged: return [.measure]
    default: return []
    }
  }
}

extension ScreenState.Page {
  var isFriction: Bool {
    if case .friction = self { true } else { false }
  }
}
