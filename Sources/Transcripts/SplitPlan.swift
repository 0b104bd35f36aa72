import Crypto
import SessionCore

/// Sorts sessions into files such as `train` and `test`, so that all sessions of one task go to
/// the same file.
///
/// The task of a session is its problem's name (``SessionCore/Provenance/problem``), or its first
/// question where there is none; white space at its ends and runs of it do not count, nor does
/// case. SHA-256 of the task's UTF-8, its first eight bytes read as a big-endian number and
/// divided by 2^64, is the task's place between 0 and 1; the shares cut that line in the order in
/// which they were named. So the same task lands in the same file in every export.
public struct SplitPlan: Equatable, Sendable {
  /// Why a list of splits is none.
  public enum Fault: Equatable, Sendable {
    case notNameAndShare
    case badName(String)
    case nameTwice(String)
    /// Shares are above 0 and add up to 1.
    case sharesDoNotAddUp
  }

  public let names: [String]
  private let shares: [Double]

  /// - Parameter text: `train=0.9,test=0.1`.
  /// - Throws: ``TranscriptError/badSplit(_:_:)``.
  public init(parsing text: String) throws(TranscriptError) {
    var names: [String] = []
    var shares: [Double] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let share = Double(sides[1]), share > 0, share <= 1 else {
        throw .badSplit(text, .notNameAndShare)
      }
      let name = String(sides[0])
      guard !name.isEmpty, name.utf8.count <= 64, name.utf8.allSatisfy(Self.isPlain) else {
        throw .badSplit(text, .badName(name))
      }
      guard !names.contains(name) else { throw .badSplit(text, .nameTwice(name)) }
      names.append(name)
      shares.append(share)
    }
    guard abs(shares.reduce(0, +) - 1) < 1e-6 else { throw .badSplit(text, .sharesDoNotAddUp) }
    self.names = names
    self.shares = shares
  }

  /// Letters, digits, `-` and `_`: these become names of files.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_": true
    default: false
    }
  }

  /// The position in ``names`` of the file a session goes to.
  public func part(of session: Session) -> Int {
    let place = Self.place(of: Self.task(of: session))
    var end = 0.0
    for (number, share) in shares.enumerated() {
      end += share
      if place < end { return number }
    }
    return shares.count - 1
  }

  /// What sessions that must not be parted have in common.
  static func task(of session: Session) -> String {
    let question = session.turns.first { $0.role == .user }?.text
    let task = session.header.provenance?.problem ?? question ?? session.header.id
    return task.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  static func place(of task: String) -> Double {
    let digest = SHA256.hash(data: Array(task.utf8))
    let number = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    // 53 bits fit a double exactly, so the place never rounds up to 1.
    return Double(number >> 11) / Double(1 << 53)
  }
}
