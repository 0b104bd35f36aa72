import SessionCore

/// Right and wrong at the first and at the last attempt of each line: what feedback changed in the
/// end.
///
/// The four outcomes are those of *Ask Again, Then Fail* (arXiv 2310.02174, §4.2): first letter
/// before, second after.
public struct Transitions: Equatable, Sendable {
  /// Right, and right in the end.
  public private(set) var tt = 0
  /// Wrong, and right in the end.
  public private(set) var ft = 0
  /// Wrong, and wrong in the end.
  public private(set) var ff = 0
  /// Right, and wrong in the end.
  public private(set) var tf = 0
  /// Lines that have one judged attempt only.
  public private(set) var single = 0

  public init(_ lines: [AttemptLine]) {
    for line in lines {
      guard let first = line.judged.first?.verdict, let last = line.judged.last?.verdict else {
        continue
      }
      guard line.judged.count > 1 else {
        single += 1
        continue
      }
      switch (first.outcome == .right, last.outcome == .right) {
      case (true, true): tt += 1
      case (false, true): ft += 1
      case (false, false): ff += 1
      case (true, false): tf += 1
      }
    }
  }

  /// E→R rate: wrong, then right, of the lines that began wrong and got feedback (ibid., table 5).
  public var recovery: Proportion { Proportion(ft, of: ft + ff) }
  /// M. Rate: right, then wrong, of the lines that began right and were challenged (ibid., §3.1.3).
  public var modification: Proportion { Proportion(tf, of: tf + tt) }
  /// M. = Acc_before - Acc_after over all judged lines, those that nobody challenged included.
  public var modified: Proportion { Proportion(tf, of: tt + ft + ff + tf + single) }
}
