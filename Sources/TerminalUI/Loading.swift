/// What has to be there before the model can answer, and how far it has come.
public enum Loading: Equatable, Sendable {
  /// The record of an old session is being read.
  case record(bytes: Int, of: Int)
  /// The model is being made ready, `fraction` of the work is done; `bytes` has its file.
  case model(fraction: Double, bytes: Int?)
  /// Another model is being made ready in a session that goes on, so far as `fraction`.
  case other(String, fraction: Double, bytes: Int?)
  /// Nothing will answer; why, in one line.
  case failed(String)

  /// For the status line.
  public var words: String {
    switch self {
    case .record(let bytes, let all):
      "reading the record \(Self.percent(Double(bytes) / Double(max(all, 1)))) of "
        + Self.megabytes(all)
    case .model(let fraction, let bytes):
      "loading " + Self.progress(fraction, bytes)
    case .other(let name, let fraction, let bytes):
      "loading \(TurnLabels.shortName(name)) " + Self.progress(fraction, bytes)
    case .failed: "no model"
    }
  }

  private static func progress(_ fraction: Double, _ bytes: Int?) -> String {
    percent(fraction) + (bytes.map { " of \(megabytes($0))" } ?? "")
  }

  private static func percent(_ fraction: Double) -> String {
    "\(Int((min(max(fraction, 0), 1) * 100).rounded(.down))) %"
  }

  /// In the SI's megabytes, as disks and downloads are told.
  private static func megabytes(_ bytes: Int) -> String { oneDecimal(Double(bytes) / 1e6) + " MB" }
}
