/// Finds e-mail addresses, telephone numbers, keys, internet addresses and paths in text.
///
/// One pass over the bytes, each find begun by a byte that its kind cannot do without, so that a
/// hostile text of any length costs no more than a few looks at each byte.
enum PrivateData {
  static func finds(in bytes: [UInt8]) -> [(kind: Scrubber.Kind, range: Range<Int>)] {
    var finds: [(kind: Scrubber.Kind, range: Range<Int>)] = []
    var index = 0
    while index < bytes.count {
      let find = find(at: index, in: bytes)
      if let find { finds.append(find) }
      index = max(index + 1, find?.range.upperBound ?? 0)
    }
    return finds
  }

  private static func find(
    at index: Int, in bytes: [UInt8]
  ) -> (kind: Scrubber.Kind, range: Range<Int>)? {
    let byte = bytes[index]
    let isWordStart = index == 0 || !isWord(bytes[index - 1])
    if byte == UInt8(ascii: "@") { return email(index, bytes).map { (.email, $0) } }
    if byte == UInt8(ascii: "-"), let block = keyBlock(index, bytes) { return (.key, block) }
    if isWordStart, isWord(byte), let key = key(index, bytes) { return (.key, key) }
    if isWordStart || byte == UInt8(ascii: ":"), let address = address(index, bytes) {
      return (.address, address)
    }
    if let phone = phone(index, bytes) { return (.phone, phone) }
    if let path = path(index, bytes) { return (.path, path) }
    return nil
  }

  // MARK: - E-mail

  /// From the `@` to both sides: a local part, and a name with at least one dot.
  private static func email(_ at: Int, _ bytes: [UInt8]) -> Range<Int>? {
    var start = at
    while start > 0, at - start < 64, isLocalPart(bytes[start - 1]) { start -= 1 }
    var end = at + 1
    var dots = 0
    while end < bytes.count, end - at <= 254, isDomain(bytes[end]) {
      dots += bytes[end] == UInt8(ascii: ".") ? 1 : 0
      end += 1
    }
    while end > at + 1, [UInt8(ascii: "."), UInt8(ascii: "-")].contains(bytes[end - 1]) {
      dots -= bytes[end - 1] == UInt8(ascii: ".") ? 1 : 0
      end -= 1
    }
    return start < at && dots > 0 ? start..<end : nil
  }

  private static func isLocalPart(_ byte: UInt8) -> Bool {
    isWord(byte) || "._%+-'".utf8.contains(byte) || byte >= 0x80
  }

  private static func isDomain(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte >= 0x80
  }

  // MARK: - Keys

  /// Beginnings that name a key's kind, and how many more characters it has at least.
  private static let keyMarks: [(mark: [UInt8], atLeast: Int)] = [
    ("sk-", 16), ("sk_live_", 10), ("sk_test_", 10), ("pk_live_", 10), ("rk_live_", 10),
    ("ghp_", 20), ("gho_", 20), ("ghu_", 20), ("ghs_", 20), ("github_pat_", 20), ("glpat-", 16),
    ("xoxb-", 10), ("xoxp-", 10), ("xoxa-", 10), ("xoxs-", 10), ("AKIA", 16), ("ASIA", 16),
    ("AIza", 30), ("hf_", 20), ("npm_", 30), ("pypi-", 30), ("eyJ", 30), ("SG.", 30),
  ].map { (Array($0.0.utf8), $0.1) }

  private static func key(_ start: Int, _ bytes: [UInt8]) -> Range<Int>? {
    // What is longer than any key is cut into pieces, so that the cost stays a few looks a byte.
    let limit = min(bytes.count, start + 8192)
    var end = start
    while end < limit, isKey(bytes[end]) { end += 1 }
    // Base64 is filled up with these.
    while end < limit, bytes[end] == UInt8(ascii: "=") { end += 1 }
    if let mark = keyMarks.first(where: { bytes[start..<end].starts(with: $0.mark) }),
      end - start >= mark.mark.count + mark.atLeast
    {
      return start..<end
    }
    // No mark: long, and of capitals, small letters and digits, as no word of a language is.
    let run = bytes[start..<end]
    if run.count >= 32, run.contains(where: isDigit), run.contains(where: isCapital),
      run.contains(where: { isAlphanumeric($0) && !isDigit($0) && !isCapital($0) })
    {
      return start..<end
    }
    return nil
  }

  private static func isKey(_ byte: UInt8) -> Bool {
    isWord(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      || byte == UInt8(ascii: "+")
  }

  /// `-----BEGIN … KEY-----` to its end, or to the end of the text when that is missing.
  private static func keyBlock(_ start: Int, _ bytes: [UInt8]) -> Range<Int>? {
    guard bytes[start...].starts(with: "-----BEGIN ".utf8) else { return nil }
    let heading = bytes[start...].prefix(80).prefix { $0 != UInt8(ascii: "\n") }
    guard String(decoding: heading, as: UTF8.self).contains("KEY") else { return nil }
    let mark = Array("-----END ".utf8)
    var end = start + mark.count
    while end < bytes.count {
      if bytes[end] == mark[0], bytes[end...].starts(with: mark) {
        let line = bytes[end...].prefix { $0 != UInt8(ascii: "\n") }
        return start..<line.endIndex
      }
      end += 1
    }
    return start..<bytes.count
  }

  // MARK: - Letters and digits

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  static func isCapital(_ byte: UInt8) -> Bool { byte >= 0x41 && byte <= 0x5A }
  static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || isCapital(byte) || (byte >= 0x61 && byte <= 0x7A)
  }
  static func isWord(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == UInt8(ascii: "_") }
}
