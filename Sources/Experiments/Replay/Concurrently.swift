/// Does `work` for every index below `count`, at most `jobs` at once.
/// - Parameter progress: called after each piece of work, with how many are done.
/// - Returns: the results in the order of the indices.
func concurrently<Result: Sendable>(
  _ count: Int, jobs: Int, progress: (Int) -> Void = { _ in },
  work: @escaping @Sendable (Int) async -> Result
) async -> [Result] {
  var results: [Int: Result] = [:]
  await withTaskGroup(of: (Int, Result).self) { group in
    var next = 0
    while next < count || !group.isEmpty {
      while next < count, next - results.count < max(1, jobs) {
        let index = next
        group.addTask { (index, await work(index)) }
        next += 1
      }
      guard let (index, result) = await group.next() else { break }
      results[index] = result
      progress(results.count)
    }
  }
  return (0..<count).compactMap { results[$0] }
}
