import SessionCore

/// Takes out of sessions what tells who somebody is or opens a door, before anything is exported.
///
/// Works by form, not by sense: names of people are not found. What is found is replaced by a
/// word in brackets such as `[e-mail]`. Arithmetic, which most sessions are about, is left alone.
public struct Scrubber {
  /// What is looked for.
  public enum Kind: String, CaseIterable, Sendable {
    case email, phone, key, address, path
    /// A pattern of the person's own.
    case pattern

    /// What stands in its place.
    public var replacement: String {
      switch self {
      case .email: "[e-mail]"
      case .phone: "[phone]"
      case .key: "[key]"
      case .address: "[ip]"
      case .path: "[path]"
      case .pattern: "[removed]"
      }
    }
  }

  private let patterns: [Regex<AnyRegexOutput>]
  /// How many of each kind were taken out.
  public private(set) var counts: [Kind: Int] = [:]

  /// - Parameter patterns: regular expressions of the person's own.
  /// - Throws: ``TranscriptError/badPattern(_:)``.
  public init(patterns: [String] = []) throws(TranscriptError) {
    var parsed: [Regex<AnyRegexOutput>] = []
    for pattern in patterns {
      do {
        parsed.append(try Regex(pattern).matchingSemantics(.unicodeScalar))
      } catch {
        throw .badPattern(pattern)
      }
    }
    self.patterns = parsed
  }

  /// The session with nothing of the kind left in it.
  public mutating func scrub(_ session: Session) -> Session {
    var counts = counts
    let scrubbed = session.rewritingTexts { text in
      rewrite(text) { counts[$0, default: 0] += 1 }
    }
    self.counts = counts
    return scrubbed
  }

  /// One text with nothing of the kind left in it; not counted.
  public func scrub(_ text: String) -> String { rewrite(text).text }

  /// The text with what was found replaced; overlapping finds are one, named by the first kind.
  func rewrite(_ text: String, found: (Kind) -> Void = { _ in }) -> RewrittenText {
    let bytes = Array(text.utf8)
    var finds = PrivateData.finds(in: bytes)
    for pattern in patterns {
      for match in text.matches(of: pattern) where !match.range.isEmpty {
        let start = text.utf8.distance(from: text.startIndex, to: match.range.lowerBound)
        let end = text.utf8.distance(from: text.startIndex, to: match.range.upperBound)
        finds.append((.pattern, start..<end))
      }
    }
    guard !finds.isEmpty else { return RewrittenText(text) }
    finds.sort { ($0.range.lowerBound, -$0.range.count) < ($1.range.lowerBound, -$1.range.count) }
    var merged: [(kind: Kind, range: Range<Int>)] = []
    for find in finds {
      if let last = merged.last, find.range.lowerBound < last.range.upperBound {
        let end = max(last.range.upperBound, find.range.upperBound)
        merged[merged.count - 1].range = last.range.lowerBound..<end
      } else {
        merged.append(find)
      }
    }
    var new: [UInt8] = []
    var cuts: [RewrittenText.Cut] = []
    var start = 0
    for (kind, range) in merged {
      new += bytes[start..<range.lowerBound]
      new += kind.replacement.utf8
      cuts.append(.init(range, length: kind.replacement.utf8.count))
      start = range.upperBound
      found(kind)
    }
    new += bytes[start...]
    return RewrittenText(String(decoding: new, as: UTF8.self), cuts: cuts)
  }
}
