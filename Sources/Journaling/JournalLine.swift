import SessionCore
import StrictJSON

/// One entry as one line: `{"seq":…,"time":…,"type":…,…,"crc32c":"…"}` and a newline.
///
/// The checksum covers the bytes before `,"crc32c"`. It has a fixed place and length, so that it
/// can be checked before anything of the line is believed.
enum JournalLine {
  /// Longest line in bytes, its newline aside: far above the longest reply, far below what would
  /// exhaust memory.
  static let bytesMax = 16 << 20
  /// Largest count, turn or sequence number: what a double still holds exactly.
  static let countMax = 1 << 53

  private static let checksumKey = Array(",\"crc32c\":\"".utf8)
  private static let close = Array("\"}".utf8)
  private static var checksumBytes: Int { checksumKey.count + 8 + close.count }

  /// The line with its newline.
  static func encode(_ entry: Entry) throws(Unwritable) -> [UInt8] {
    guard let time = TimestampText.rfc3339(entry.time) else { throw Unwritable.field("time") }
    let record = try EventRecord(entry.event)
    let members =
      [
        JSONMember("seq", .integer(entry.sequence)), JSONMember("time", .string(time)),
        JSONMember("type", .string(record.type)),
      ] + record.fields
    var line = Array("{".utf8)
    JSONValue.write(members, to: &line)
    let checksum = Checksum.hex(Checksum.crc32c(line[...]))
    line += checksumKey + Array(checksum.utf8) + close
    guard line.count <= bytesMax else { throw .tooLong(bytes: line.count) }
    try check(line[...], readsAs: entry)
    line.append(UInt8(ascii: "\n"))
    return line
  }

  /// What is written must read back: a value the reader refuses (a negative count) is found
  /// before it reaches the disk and not on the day the file is needed.
  private static func check(
    _ line: ArraySlice<UInt8>, readsAs entry: Entry
  ) throws(Unwritable) {
    do throws(JournalDamage) {
      guard try decode(line, number: entry.sequence) == entry else { throw .fieldInvalid("type") }
    } catch {
      if case .fieldInvalid(let name) = error { throw .field(name) }
      throw .field("type")
    }
  }

  /// The entry on a line (without its newline) that stands at `number`, counted from 1.
  static func decode(_ line: ArraySlice<UInt8>, number: Int) throws(JournalDamage) -> Entry {
    let content = try verified(line)
    let fields = try Fields(object(content))
    let sequence = try fields.integer("seq", in: 0...countMax)
    guard sequence == number else { throw .sequence(found: sequence, expected: number) }
    guard let time = TimestampText.parse(try fields.string("time")) else {
      throw fields.invalid("time")
    }
    let event = try EventRecord.event(try fields.string("type"), fields)
    try fields.checkAllRead()
    return Entry(sequence: sequence, time: time, event: event)
  }

  /// The content lacks only the closing brace.
  private static func object(
    _ content: ArraySlice<UInt8>
  ) throws(JournalDamage) -> JSONValue {
    do throws(JSONSyntaxError) {
      return try JSONParser.parse(content, isOpen: true)
    } catch {
      throw .notJSON(offset: error.offset)
    }
  }

  /// The schema a header line names, read before anything else of it, because a later schema may
  /// have changed everything else. Nil when the line is no header.
  static func schema(_ line: ArraySlice<UInt8>) -> Int? {
    do throws(JournalDamage) {
      let content = try verified(line)
      let fields = try Fields(object(content))
      guard fields["type"] == .string("session") else { return nil }
      return try fields.integer("schema", in: 0...countMax)
    } catch {
      // Whatever is wrong with the line is found again, and said, by `decode`.
      return nil
    }
  }

  /// Whether the line begins with a whole one: its checksum stands somewhere in it and is right.
  static func beginsWhole(_ line: ArraySlice<UInt8>) -> Bool {
    // Quotation marks inside text are escaped, so the key's bytes stand nowhere else.
    var start = line.startIndex
    while let comma = line[start...].firstIndex(of: checksumKey[0]) {
      if line[comma...].starts(with: checksumKey) {
        // Only the outcome matters here; the reason is said where the line is decoded.
        return (try? verified(line[..<min(comma + checksumBytes, line.endIndex)])) != nil
      }
      start = comma + 1
    }
    return false
  }

  /// The bytes that the checksum covers, once it is found right.
  private static func verified(
    _ line: ArraySlice<UInt8>
  ) throws(JournalDamage) -> ArraySlice<UInt8> {
    guard line.count <= bytesMax else { throw .tooLong(bytesMax: bytesMax) }
    let content = line.dropLast(checksumBytes)
    let tail = line[content.endIndex...]
    guard tail.count == checksumBytes, tail.starts(with: checksumKey),
      tail.suffix(close.count).elementsEqual(close)
    else { throw .checksumMissing }
    let found = String(decoding: tail.dropFirst(checksumKey.count).prefix(8), as: UTF8.self)
    let computed = Checksum.hex(Checksum.crc32c(content))
    guard found == computed else {
      throw .checksumMismatch(found: found, computed: computed)
    }
    return content
  }
}
