import Testing

@testable import Transcripts

@Suite struct VisibleTextTests {
  @Test(
    "what cannot be seen, or moves other text about, is shown as a symbol",
    arguments: [
      ("a\0b", "a␀b"), ("\u{1B}[2J", "␛[2J"), ("\u{7F}", "␡"), ("\u{9B}", "⟨U+009B⟩"),
      ("\u{202E}", "⟨U+202E⟩"), ("\u{2066}", "⟨U+2066⟩"), ("\u{200F}", "⟨U+200F⟩"),
      ("\u{E0041}", "⟨U+E0041⟩"), ("\u{FFFF}", "⟨U+FFFF⟩"), ("\u{200B}", "⟨U+200B⟩"),
      ("a\r\nb\rc\td\n", "a\nb␍c\td\n"), ("👩‍👩‍👧 é שלום", "👩‍👩‍👧 é שלום"), ("", ""),
    ])
  func symbols(text: String, shown: String) {
    #expect(Array(VisibleText.of(text).utf8) == Array(shown.utf8))
  }

  @Test("a line has no line breaks")
  func line() {
    #expect(VisibleText.line("a\r\nb\nc\td") == "a b c d")
  }

  @Test(
    "times are read as UTC",
    // Checked with `date -u -d @seconds`.
    arguments: [
      (0, "1970-01-01 00:00:00 UTC"), (1_767_225_600_000, "2026-01-01 00:00:00 UTC"),
      (-1, "1969-12-31 23:59:59 UTC"), (951_782_399_999, "2000-02-28 23:59:59 UTC"),
      (951_782_400_000, "2000-02-29 00:00:00 UTC"), (4_107_542_399_000, "2100-02-28 23:59:59 UTC"),
      (253_402_300_799_000, "9999-12-31 23:59:59 UTC"),
      (-62_135_596_800_000, "0001-01-01 00:00:00 UTC"),
    ])
  func times(milliseconds: Int64, text: String) {
    #expect(UTCTime.text(milliseconds) == text)
  }

  @Test(
    "times no calendar holds are unknown", arguments: [Int64.min, Int64.max, 253_402_300_800_000])
  func noTimes(milliseconds: Int64) {
    #expect(UTCTime.text(milliseconds) == nil)
  }
}
