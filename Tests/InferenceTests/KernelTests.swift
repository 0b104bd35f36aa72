import CTernary
import Testing

@testable import Inference

/// Every wide path equals the scalar reference, bit for bit.
@Suite struct KernelTests {
  static let paths = Kernels.Path.available.map(\.index)
  static let lengths = [0, 1, 15, 16, 17, 255, 256, 768, 4096]

  static func kernels(_ path: Int) throws -> ck_kernels {
    try #require(ck_kernels_at(path)).pointee
  }

  /// Numbers of all sizes, with zeros of both signs, subnormals, and the largest.
  static func floats(_ count: Int, seed: UInt64, extreme: Bool = false) -> [Float] {
    var random = SeededGenerator(seed: seed)
    let special: [Float] = [
      0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 3e38, -3e38, 1e-5, 127, 126.5, 0.5,
      1.5, 88, -88, 89, -104, 1e10,
    ]
    return (0..<count).map { index in
      let value = Float(random.nextUnit() * 8 - 4)
      return extreme && index % 3 == 0 ? special[Int(random.next() % 16)] : value
    }
  }

  static func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

  @Test(arguments: paths, lengths)
  func rowStepsEqualTheReference(path: Int, length: Int) throws {
    let kernels = try Self.kernels(path)
    for extreme in [false, true] {
      let x = Self.floats(length, seed: 1, extreme: extreme)
      let y = Self.floats(length, seed: 2, extreme: extreme)
      var (ours, theirs) = (
        [Float](repeating: 0, count: length), [Float](repeating: 0, count: length)
      )
      kernels.rms_norm(x, y, 1e-5, length, &ours)
      ck_rms_norm_reference(x, y, 1e-5, length, &theirs)
      if !extreme { #expect(Self.bits(ours) == Self.bits(theirs), "norm") }
      kernels.silu_multiply(x, y, length, &ours)
      ck_silu_multiply_reference(x, y, length, &theirs)
      #expect(Self.bits(ours) == Self.bits(theirs), "silu")
      kernels.squared_relu_multiply(x, y, length, &ours)
      ck_squared_relu_multiply_reference(x, y, length, &theirs)
      #expect(Self.bits(ours) == Self.bits(theirs), "squared relu")
      (ours, theirs) = (x, x)
      kernels.add(&ours, y, length)
      ck_add_reference(&theirs, y, length)
      #expect(Self.bits(ours) == Self.bits(theirs), "add")
    }
  }

  @Test(arguments: paths, lengths)
  func quantisedRowsEqualTheReference(path: Int, length: Int) throws {
    let kernels = try Self.kernels(path)
    for (seed, extreme) in [(UInt64(3), false), (4, true), (5, false)] {
      var x = Self.floats(length, seed: seed, extreme: extreme)
      if seed == 5 { x = x.map { _ in 0 } }
      var (ours, theirs) = (
        [Int8](repeating: 9, count: length), [Int8](repeating: 9, count: length)
      )
      var (scales, sums): ([Float], [Int32]) = ([0, 0], [0, 0])
      kernels.quantise(x, length, &ours, &scales[0], &sums[0])
      ck_quantise_reference(x, length, &theirs, &scales[1], &sums[1])
      #expect(ours == theirs)
      #expect(scales[0].bitPattern == scales[1].bitPattern)
      #expect(sums[0] == sums[1])
      #expect(sums[1] == theirs.reduce(0) { $0 + Int32($1) })
    }
  }

  @Test func quantisingRoundsHalvesToEvenAndKeepsWithin127() {
    let x: [Float] = [127, 0.5, 1.5, 2.5, -0.5, -1.5, -126.5, -127]
    var codes = [Int8](repeating: 0, count: x.count)
    var (scale, sum): (Float, Int32) = (0, 0)
    ck_quantise_reference(x, x.count, &codes, &scale, &sum)
    #expect(codes == [127, 0, 2, 2, 0, -2, -126, -127])
    #expect(scale == 1)
  }

  @Test func whatIsNotANumberIsQuantisedTheSameEverywhere() throws {
    let x = [Float](repeating: .nan, count: 17) + [.infinity, -.infinity, 1]
    var expected = [Int8](repeating: 0, count: x.count)
    var (scale, sum): (Float, Int32) = (0, 0)
    ck_quantise_reference(x, x.count, &expected, &scale, &sum)
    for path in Self.paths {
      var codes = [Int8](repeating: 0, count: x.count)
      try Self.kernels(path).quantise(x, x.count, &codes, &scale, &sum)
      #expect(codes == expected)
    }
  }

  @Test(arguments: paths, [1, 2, 15, 16, 17, 31, 33, 255, 256, 300])
  func attentionEqualsTheReference(path: Int, count: Int) throws {
    let kernels = try Self.kernels(path)
    for size in [16, 32, 64, 80, 128, 144] {
      let positions = roundedUp(count, to: 16)
      // From one query to as many as may be worked on at once, that look unequally far.
      let counts =
        [count, max(1, count - 1), count, max(1, count - 20), count, 1]
        + (0..<10).map { max(1, count - $0 * $0) }
      let queries = Self.floats(size * counts.count, seed: 1)
      // Two heads, one after the other; the second is looked at.
      let halves = Self.floats(positions * size * 4, seed: 2).map { ck_float_to_half($0) }
      var scores = [Float](repeating: .nan, count: positions * Int(CK_QUERIES_AT_ONCE))
      for number in [1, 2, 3, 4, 5, 6, 7, 8, 11, 16] {
        let ours = UnsafeMutablePointer<Float>.allocate(capacity: size * counts.count)
        let theirs = UnsafeMutablePointer<Float>.allocate(capacity: size * counts.count)
        defer {
          ours.deallocate()
          theirs.deallocate()
        }
        try halves.withUnsafeBufferPointer { halves in
          try queries.withUnsafeBufferPointer { queries in
            let (base, start) = (
              try #require(halves.baseAddress), try #require(queries.baseAddress)
            )
            func all(_ out: UnsafeMutablePointer<Float>) -> [ck_query] {
              (0..<number).map {
                ck_query(query: start + $0 * size, out: out + $0 * size, count: counts[$0])
              }
            }
            let stream = positions * size
            var history = ck_history(
              keys: base + 2 * stream, values: base + 3 * stream, head_size: size)
            kernels.attention(all(ours), number, &history, 0.125, &scores)
            ck_attention_reference(all(theirs), number, &history, 0.125, &scores)
          }
        }
        let found = UnsafeBufferPointer(start: ours, count: size * number).map(\.bitPattern)
        let expected = UnsafeBufferPointer(start: theirs, count: size * number).map(\.bitPattern)
        #expect(found == expected, "head size \(size), \(number) queries")
      }
    }
  }

  @Test(arguments: paths, [false, true])
  func turnedHeadsEqualTheReference(path: Int, neighbours: Bool) throws {
    let kernels = try Self.kernels(path)
    for (headSize, half) in [(2, 1), (16, 8), (64, 32), (80, 16), (128, 64), (128, 37)] {
      for extreme in [false, true] {
        let heads = Self.floats(3 * headSize, seed: 1, extreme: extreme)
        let (cosines, sines) = (Self.floats(half, seed: 2), Self.floats(half, seed: 3))
        var (expected, turned) = (heads, heads)
        ck_rope_reference(&expected, 3, headSize, cosines, sines, half, neighbours ? 1 : 0)
        kernels.rope(&turned, 3, headSize, cosines, sines, half, neighbours ? 1 : 0)
        #expect(Self.bits(turned) == Self.bits(expected), "\(headSize), \(half)")
      }
    }
  }

  @Test(arguments: paths)
  func storedKeysAndValuesEqualTheReference(path: Int) throws {
    let kernels = try Self.kernels(path)
    for size in [16, 64, 80] {
      for lane in [0, 5, 15] {
        let key = Self.floats(size, seed: 1, extreme: true)
        let value = Self.floats(size, seed: 2, extreme: true)
        var ourKeys = [UInt16](repeating: 7, count: size * 16)
        var (ourValues, theirKeys, theirValues) = (ourKeys, ourKeys, ourKeys)
        kernels.store(key, value, size, lane, &ourKeys, &ourValues)
        ck_store_reference(key, value, size, lane, &theirKeys, &theirValues)
        #expect(ourKeys == theirKeys)
        #expect(ourValues == theirValues)
        #expect(theirKeys[3 * 16 + lane] == ck_float_to_half(key[3]))
        #expect(theirValues[5] == ck_float_to_half(value[5]))
      }
    }
  }
}
