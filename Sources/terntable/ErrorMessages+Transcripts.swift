import Transcripts

/// Words why there is no transcript.
func commandFailure(for error: TranscriptError) -> CommandFailure {
  switch error {
  case .unknownFormat(let name, let known):
    CommandFailure(
      "there is no export format \"\(Plain.line(name))\"; there are \(known.joined(separator: ", "))",
      .usage)
  case .nothingToExport:
    CommandFailure("there is no reply of a model to export", .badData)
  }
}

/// Words what a transcript had no place for.
func text(for omission: Omission) -> String {
  let count = omission.count
  let what =
    switch omission.kind {
    case .otherBranches: "\(count) turn\(count == 1 ? "" : "s") of other branches left out"
    case .unanswered: "\(count) unanswered turn\(count == 1 ? "" : "s") at the end left out"
    case .opinions:
      "\(count) verdict\(count == 1 ? "" : "s"), rating\(count == 1 ? "" : "s") or "
        + "note\(count == 1 ? "" : "s") left out"
    case .session: "left out, for it has no reply"
    }
  return "\(omission.title): \(what)"
}
