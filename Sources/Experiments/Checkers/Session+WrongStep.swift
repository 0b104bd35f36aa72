import SessionCore

extension Session {
  /// The first wrong step of a reply: by the task its question comes from when it names one, else
  /// by arithmetic alone.
  func firstWrongStep(in reply: Turn) -> WrongStep? {
    if case .task(let key) = expectation(for: reply.id), let problem = Problem(key: key) {
      return problem.firstWrongStep(in: reply.text)
    }
    return WrongStep(arithmeticIn: reply.text)
  }
}
