/// CRC-32C, the Castagnoli polynomial in reflected form 0x82F63B78 (RFC 3720, appendix B.4).
enum Checksum {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 0 ? value >> 1 : value >> 1 ^ 0x82F6_3B78
    }
  }

  /// The checksum of `bytes`.
  static func crc32c(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      bytes.withUnsafeBufferPointer { bytes in
        var value: UInt32 = ~0
        for byte in bytes {
          value = value >> 8 ^ table[Int(truncatingIfNeeded: value) & 0xFF ^ Int(byte)]
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
