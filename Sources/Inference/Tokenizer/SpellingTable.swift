/// Finds spellings of whole tokens in a text: at one place the longest.
///
/// A unit is a byte, or a Unicode scalar that may carry a mark no spelling has.
struct SpellingTable<Unit: FixedWidthInteger & Sendable>: Sendable {
  private var spellings: [Unit: [(units: [Unit], token: TokenID)]] = [:]

  init(_ names: [(units: [Unit], token: TokenID)]) {
    for (units, token) in names {
      guard let first = units.first else { continue }
      spellings[first, default: []].append((units, token))
    }
    for first in spellings.keys {
      spellings[first]?.sort { $0.units.count > $1.units.count }
    }
  }

  var isEmpty: Bool { spellings.isEmpty }

  /// The token spelled at `index`, and how many units it takes.
  func match(_ units: [Unit], at index: Int) -> (token: TokenID, length: Int)? {
    guard let candidates = spellings[units[index]] else { return nil }
    for (spelling, token) in candidates
    where index + spelling.count <= units.count
      && units[index..<index + spelling.count].elementsEqual(spelling)
    {
      return (token, spelling.count)
    }
    return nil
  }
}
