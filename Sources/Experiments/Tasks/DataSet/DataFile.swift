import Foundation
import SessionCore

/// Questions of somebody's own: a file of JSON Lines, one record a line, read within limits.
/// docs/method/checkers.md describes the layouts.
public struct DataFile: Sendable {
  /// Largest file.
  public static let bytesMax = 1 << 26
  /// Longest line.
  public static let lineBytesMax = 1 << 20
  public static let linesMax = 1_000_000

  public var records: [DataRecord]

  /// Reads every record; blank lines are let pass.
  /// - Parameters:
  ///   - file: Its name, for errors.
  ///   - seed: Draws the order of options that have none.
  /// - Throws: ``DataSetError`` at the first line that is not as the layout says.
  public init(
    parsing bytes: [UInt8], file: String, layout: RecordLayout, seed: UInt64 = 1
  ) throws(DataSetError) {
    let fail = { (line: Int, reason: DataSetError.Reason) in
      DataSetError(file: file, line: line, reason: reason)
    }
    guard bytes.count <= Self.bytesMax else {
      throw fail(0, .tooLarge(bytes: bytes.count, limit: Self.bytesMax))
    }
    // Some editors begin every file with a byte order mark.
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
    records = []
    let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard lines.count <= Self.linesMax else { throw fail(0, .tooManyLines(limit: Self.linesMax)) }
    for (index, line) in lines.enumerated() {
      guard line.contains(where: { ![9, 13, 32].contains($0) }) else { continue }
      guard line.count <= Self.lineBytesMax else {
        throw fail(index + 1, .lineTooLong(bytes: line.count, limit: Self.lineBytesMax))
      }
      do {
        records.append(try layout.record(line, number: index + 1, seed: seed))
      } catch {
        throw fail(index + 1, error)
      }
    }
    guard !records.isEmpty else { throw fail(0, .empty) }
  }

  /// - Throws: ``DataSetError``.
  public init(path: String, layout: RecordLayout, seed: UInt64 = 1) throws(DataSetError) {
    let bytes: [UInt8]
    do {
      bytes = try Self.contents(of: path)
    } catch {
      throw DataSetError(file: path, line: 0, reason: error)
    }
    try self.init(parsing: bytes, file: path, layout: layout, seed: seed)
  }

  /// At most one byte more than the limit, however large the file is.
  private static func contents(of path: String) throws(DataSetError.Reason) -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw .cannotRead(code: errno) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= bytesMax {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    guard ferror(file) == 0 else { throw .cannotRead(code: errno) }
    return bytes
  }
}
