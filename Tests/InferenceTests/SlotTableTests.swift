import Testing

@testable import Inference

@Suite struct SlotTableTests {
  static func fill(_ table: inout SlotTable, _ tokens: [TokenID]) -> SlotTable.Choice? {
    guard let choice = table.take(for: tokens) else { return nil }
    for token in tokens.dropFirst(choice.reused) { table.append(token, to: choice.slot) }
    return choice
  }

  @Test func aPromptTakesTheSlotWithTheLongestCommonPrefix() {
    var table = SlotTable(count: 3)
    let first = Self.fill(&table, [1, 2, 3, 4])
    #expect(first == SlotTable.Choice(slot: 0, reused: 0, source: nil))
    let second = Self.fill(&table, [9, 8, 7])
    #expect(second == SlotTable.Choice(slot: 1, reused: 0, source: nil))
    table.release(0)
    table.release(1)
    #expect(
      Self.fill(&table, [1, 2, 3, 4, 5]) == SlotTable.Choice(slot: 0, reused: 4, source: nil))
  }

  @Test func theLastTokenOfAPromptIsAlwaysEvaluated() {
    var table = SlotTable(count: 1)
    _ = Self.fill(&table, [1, 2, 3])
    table.release(0)
    #expect(Self.fill(&table, [1, 2, 3]) == SlotTable.Choice(slot: 0, reused: 2, source: nil))
  }

  @Test func aPrefixOfABusySlotIsCopied() {
    var table = SlotTable(count: 2)
    _ = Self.fill(&table, [1, 2, 3])
    #expect(Self.fill(&table, [1, 2, 9]) == SlotTable.Choice(slot: 1, reused: 2, source: 0))
    #expect(table.take(for: [1, 2]) == nil)
  }

  @Test func aLongConversationIsNotThrownAwayForAShortPrefix() {
    var table = SlotTable(count: 2)
    _ = Self.fill(&table, [1, 2, 3, 4, 5, 6, 7, 8])
    table.release(0)
    #expect(Self.fill(&table, [1, 2, 9]) == SlotTable.Choice(slot: 1, reused: 2, source: 0))
    table.release(1)
    let back = Self.fill(&table, [1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(back == SlotTable.Choice(slot: 0, reused: 8, source: nil))
  }

  @Test func withoutACommonPrefixTheSlotUsedLongestAgoIsTaken() {
    var table = SlotTable(count: 2)
    _ = Self.fill(&table, [1])
    _ = Self.fill(&table, [2])
    table.release(1)
    table.release(0)
    #expect(Self.fill(&table, [3, 3]) == SlotTable.Choice(slot: 1, reused: 0, source: nil))
  }
}
