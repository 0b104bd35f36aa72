import Synchronization

/// Lets a test decide when something that waits goes on. Opens one step at a time, in order.
actor Gate {
  private var open = 0
  private var waiting: [CheckedContinuation<Void, Never>] = []
  private var arrivals: [(count: Int, CheckedContinuation<Void, Never>)] = []
  private var arrived = 0

  /// Waits until a step is let through; returns at once for a task that is cancelled.
  func pass() async {
    arrived += 1
    arrivals.removeAll { arrival in
      guard arrival.count <= arrived else { return false }
      arrival.1.resume()
      return true
    }
    guard open == 0 else {
      open -= 1
      return
    }
    await withTaskCancellationHandler {
      guard !Task.isCancelled else { return }
      await withCheckedContinuation { waiting.append($0) }
    } onCancel: {
      Task { await self.releaseAll() }
    }
  }

  /// Lets that many steps through.
  func letThrough(_ count: Int = 1) {
    for _ in 0..<count {
      if waiting.isEmpty { open += 1 } else { waiting.removeFirst().resume() }
    }
  }

  /// Returns when that many steps have come to the gate since the beginning.
  func arrival(_ count: Int) async {
    guard arrived < count else { return }
    await withCheckedContinuation { arrivals.append((count, $0)) }
  }

  private func releaseAll() {
    waiting.forEach { $0.resume() }
    waiting = []
  }
}
