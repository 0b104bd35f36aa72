import Transcripts

/// Words why there is no transcript.
func commandFailure(for error: TranscriptError) -> CommandFailure {
  switch error {
  case .unknownFormat(let name, let known):
    CommandFailure("there is no export format \"\(name)\"; there are \(list(known))", .usage)
  case .nothingToExport:
    CommandFailure("there is no reply of a model to export", .badData)
  }
}

/// Words what a transcript had no place for: a line a kind, however many sessions there are.
func texts(for omissions: [Omission]) -> [String] {
  let kinds: [(Omission.Kind, String)] = [
    (.session, "sessions without a reply"), (.otherBranches, "turns of other branches"),
    (.unanswered, "unanswered turns at the end"), (.opinions, "verdicts, ratings and notes"),
  ]
  return kinds.compactMap { kind, what in
    let found = omissions.filter { $0.kind == kind }
    let total = found.reduce(0) { $0 + $1.count }
    return total > 0 ? "left out: \(total) \(what)" : nil
  }
}
