import CTernary
import Foundation
import Testing

@testable import Inference

/// Our own elementary functions against the system's, which is right to the last bit or nearly.
@Suite struct NumbersTests {
  static func ulps(_ ours: Double, _ theirs: Double) -> Double {
    ours == theirs ? 0 : abs(ours - theirs) / theirs.ulp
  }

  @Test func exponentialsAndLogarithmsAreWithinTwoUlps() {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<20_000 {
      let x = random.nextUnit() * 1400 - 700
      #expect(Self.ulps(ck_exp(x), exp(x)) <= 2, "exp \(x)")
      let y = exp(x)
      #expect(Self.ulps(ck_log(y), log(y)) <= 2, "log \(y)")
      let z = 0.5 + random.nextUnit()
      #expect(Self.ulps(ck_log(z), log(z)) <= 2, "log \(z)")
    }
  }

  @Test func theEdgesOfTheDoublesAreHandled() {
    #expect(ck_exp(0) == 1)
    #expect(ck_exp(710) == .infinity)
    #expect(ck_exp(-746) == 0)
    #expect(ck_exp(-.infinity) == 0)
    #expect(ck_exp(-740) > 0)
    #expect(ck_exp(.nan).isNaN)
    #expect(ck_log(1) == 0)
    #expect(ck_log(0) == -.infinity)
    #expect(ck_log(-1).isNaN)
    #expect(ck_log(.infinity) == .infinity)
    #expect(ck_log(.leastNonzeroMagnitude) == log(Double.leastNonzeroMagnitude))
  }

  @Test func rotationsAreTheNearestFloatsOrTheirNeighbours() {
    let (positions, half) = (4096, 32)
    var cosines = [Float](repeating: 0, count: positions * half)
    var sines = cosines
    let frequencies = (0..<half).map { pow(10_000, -Double($0) / Double(half)) }
    ck_rope_table(frequencies, 1, 0, 100, half, &cosines, &sines)
    ck_rope_table(frequencies, 1, 100, positions, half, &cosines, &sines)
    for position in [0, 1, 2, 100, 1023, 4095] {
      for index in 0..<half {
        let angle = Double(position) * pow(10_000, -Double(index) / Double(half))
        #expect(abs(Double(cosines[position * half + index]) - cos(angle)) < 1.2e-7)
        #expect(abs(Double(sines[position * half + index]) - sin(angle)) < 1.2e-7)
      }
    }
  }

  @Test func everyHalfBecomesTheFloatItStandsFor() {
    #expect(ck_half_to_float(0x3c00) == 1)
    #expect(ck_half_to_float(0xc000) == -2)
    #expect(ck_half_to_float(0x0001) == 0x1p-24)
    #expect(ck_half_to_float(0x7bff) == 65504)
    #expect(ck_half_to_float(0x7c00) == .infinity)
    #expect(ck_half_to_float(0x7e00).isNaN)
    #expect(ck_half_to_float(0x8000).sign == .minus)
    // Each half lies between its neighbours; all are distinct.
    let values = (UInt16(0)...0x7c00).map { ck_half_to_float($0) }
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func everyHalfComesBackAndWhatLiesBetweenGoesToTheNearestEvenOne() {
    for bits in UInt16(0)...0x7c00 {
      let value = ck_half_to_float(bits)
      #expect(ck_float_to_half(value) == bits)
      #expect(ck_float_to_half(-value) == bits | 0x8000)
      guard bits < 0x7bff else { continue }
      let between = (value + ck_half_to_float(bits + 1)) / 2
      #expect(ck_float_to_half(between) == bits + (bits & 1))
      #expect(ck_float_to_half(between.nextUp) == bits + 1)
      #expect(ck_float_to_half(between.nextDown) == bits)
    }
    #expect(ck_float_to_half(65_519.996) == 0x7bff)
    #expect(ck_float_to_half(65_520) == 0x7c00)
    #expect(ck_float_to_half(.nan) & 0x7fff == 0x7e00)
  }
}
