/// The tables that the families and their training read: tab-separated records, `#` before a
/// comment.
enum TaskTable {
  static let wordProblems = records(PackageResources.word_problems_tsv)
  static let facts = records(PackageResources.facts_tsv)
  static let outside = records(PackageResources.outside_tsv)

  private static func records(_ bytes: [UInt8]) -> [[String]] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { line in
        line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
      }
  }
}
