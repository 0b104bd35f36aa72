/// CRC-32C, the Castagnoli polynomial in reflected form 0x82F63B78 (RFC 3720, appendix B.4).
enum Checksum {
  /// For each of eight places: what a byte that stands so many bytes before the next one does to
  /// the checksum. With them eight bytes are taken at once ("slicing by 8", Kounavis and Berry,
  /// "A Systematic Approach to Building High Performance Software-Based CRC Generators", 2005).
  private static let tables: [UInt32] = {
    var tables: [UInt32] = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { value, _ in
        value & 1 == 0 ? value >> 1 : value >> 1 ^ 0x82F6_3B78
      }
    }
    for index in 0..<7 * 256 {
      let before: UInt32 = tables[index]
      tables.append(before >> 8 ^ tables[Int(before & 0xFF)])
    }
    return tables
  }()

  /// The checksum of `bytes`.
  static func crc32c(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      bytes.withUnsafeBytes { bytes in
        var value: UInt32 = ~0
        var place = 0
        while place + 8 <= bytes.count {
          let read = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
          var eight = UInt64(littleEndian: read) ^ UInt64(value)
          value = 0
          for table in 0..<8 {
            value ^= tables[(7 - table) << 8 | Int(truncatingIfNeeded: eight & 0xFF)]
            eight >>= 8
          }
          place += 8
        }
        for byte in bytes[place...] {
          value = value >> 8 ^ tables[Int(truncatingIfNeeded: value) & 0xFF ^ Int(byte)]
        }
        return ~value
      }
    }
  }

  /// Eight lowercase hexadecimal digits.
  static func hex(_ checksum: UInt32) -> String {
    let digits = String(checksum, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
