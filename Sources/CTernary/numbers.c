// Double-precision functions of our own, because libm's last bit differs between machines, and
// the small float steps that need no wide path.
#include <math.h>

#include "scalar.h"

#pragma STDC FP_CONTRACT OFF

// Adding 1.5 * 2^52 rounds a double to the nearest integer, ties to even.
static const double round_magic = 6755399441055744.0;
// ln 2 and pi/2 in parts whose product with a small integer is exact (fdlibm's constants).
static const double ln2_high = 6.93147180369123816490e-01;
static const double ln2_low = 1.90821492927058770002e-10;
static const double half_pi_1 = 1.57079632673412561417e+00;
static const double half_pi_2 = 6.07710050630396597660e-11;
static const double half_pi_3 = 2.02226624879595063154e-21;

static double power_of_two(int exponent) {
  uint64_t bits = (uint64_t)(exponent + 1023) << 52;
  double value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

// Taylor's series to degree 13: |r| <= ln(2)/2 leaves an error below 2^-57.
static const double inverse_factorials[14] = {
    1.0,           1.0,           1.0 / 2,        1.0 / 6,         1.0 / 24,
    1.0 / 120,     1.0 / 720,     1.0 / 5040,     1.0 / 40320,     1.0 / 362880,
    1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800.0};

double ck_exp(double x) {
  if (!(x > -745.2)) return x != x ? x : 0.0;
  if (x > 709.8) return (double)INFINITY;
  double n = (x * 1.44269504088896338700 + round_magic) - round_magic;
  double r = (x - n * ln2_high) - n * ln2_low;
  double y = inverse_factorials[13];
  for (int k = 12; k >= 0; k--) y = y * r + inverse_factorials[k];
  int whole = (int)n, half = whole / 2;
  return y * power_of_two(half) * power_of_two(whole - half);
}

double ck_log(double x) {
  if (x != x || x < 0.0) return (double)NAN;
  if (x == 0.0) return -(double)INFINITY;
  if (x > 1.7976931348623157e308) return x;
  int exponent = 0;
  if (x < 2.2250738585072014e-308) {
    x = x * 18014398509481984.0;
    exponent = -54;
  }
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  exponent += (int)(bits >> 52) - 1023;
  bits = (bits & 0x000fffffffffffffull) | 0x3ff0000000000000ull;
  double m;
  memcpy(&m, &bits, sizeof m);
  if (m > 1.41421356237309504880) {
    m = m * 0.5;
    exponent += 1;
  }
  // fdlibm's log: f = m-1, s = f/(2+f), log(1+f) = f - (f*f/2 - s*(f*f/2 + R(s*s))).
  double f = m - 1.0, s = f / (2.0 + f), z = s * s, w = z * z, n = (double)exponent;
  double odd = w * (3.999999999940941908e-01 +
                    w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  double even = z * (6.666666666666735130e-01 +
                     w * (2.857142874366239149e-01 +
                          w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  double half_square = 0.5 * f * f;
  return n * ln2_high -
         ((half_square - (s * (half_square + (odd + even)) + n * ln2_low)) - f);
}

static void sine_cosine(double x, double *sine, double *cosine) {
  double n = (x * 6.36619772367581382433e-01 + round_magic) - round_magic;
  double r = ((x - n * half_pi_1) - n * half_pi_2) - n * half_pi_3;
  double z = r * r, s = 1.0, c = 1.0;
  for (int k = 17; k > 1; k -= 2) s = 1.0 - z / (double)(k * (k - 1)) * s;
  for (int k = 16; k > 0; k -= 2) c = 1.0 - z / (double)(k * (k - 1)) * c;
  s = s * r;
  switch ((int64_t)n & 3) {
    case 0: *sine = s, *cosine = c; break;
    case 1: *sine = c, *cosine = -s; break;
    case 2: *sine = -s, *cosine = -c; break;
    default: *sine = -c, *cosine = s; break;
  }
}

void ck_rope_table(const double *frequencies, double factor, size_t first, size_t end,
                   size_t half, float *cosines, float *sines) {
  for (size_t i = 0; i < half; i++) {
    for (size_t p = first; p < end; p++) {
      double sine, cosine;
      sine_cosine((double)p * frequencies[i], &sine, &cosine);
      cosines[p * half + i] = (float)(cosine * factor);
      sines[p * half + i] = (float)(sine * factor);
    }
  }
}

void ck_add_scaled(float *x, const float *y, float factor, size_t n) {
  for (size_t i = 0; i < n; i++) x[i] = x[i] + factor * y[i];
}

float ck_sum(const float *x, size_t n) {
  float sum = 0.0f;
  for (size_t i = 0; i < n; i++) sum = sum + x[i];
  return sum;
}

void ck_block_sums(const int8_t *codes, size_t n, int32_t *sums) {
  for (size_t block = 0; block < n / 64; block++) {
    int32_t sum = 0;
    for (size_t i = 0; i < 64; i++) sum += codes[block * 64 + i];
    sums[block] = sum;
  }
}

float ck_half_to_float(uint16_t bits) {
  uint32_t sign = (uint32_t)(bits & 0x8000) << 16;
  uint32_t exponent = (bits >> 10) & 31, mantissa = bits & 1023, word;
  if (exponent == 31) {
    word = sign | 0x7f800000u | (mantissa << 13);
  } else if (exponent != 0) {
    word = sign | ((exponent + 112) << 23) | (mantissa << 13);
  } else {
    // A subnormal half is mantissa * 2^-24, which a float holds exactly.
    float magnitude = (float)mantissa * 5.9604644775390625e-08f;
    return sign != 0 ? -magnitude : magnitude;
  }
  float value;
  memcpy(&value, &word, sizeof value);
  return value;
}

uint16_t ck_float_to_half(float value) {
  uint32_t word;
  memcpy(&word, &value, sizeof word);
  uint16_t sign = (uint16_t)((word >> 16) & 0x8000);
  uint32_t magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // 65520 and above round to infinity; 0x47800000 is 2^16.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude < 0x38800000) {
    // Below 2^-14: adding 1/2 to the scaled value leaves the subnormal's bits at the bottom.
    float scaled;
    memcpy(&scaled, &magnitude, sizeof scaled);
    scaled = scaled + 0.5f;
    memcpy(&magnitude, &scaled, sizeof magnitude);
    return sign | (uint16_t)(magnitude - 0x3f000000);
  }
  uint32_t odd = (magnitude >> 13) & 1;
  return sign | (uint16_t)((magnitude - 0x38000000 + 0xfff + odd) >> 13);
}

uint64_t ck_sum_words(const uint8_t *bytes, size_t count) {
  uint64_t sums[8] = {0};
  for (size_t i = 0; i + 64 <= count; i += 64) {
    // Asked for ahead, as the products do: less is not the most that memory gives.
    __builtin_prefetch(bytes + i + 8192);
    uint64_t words[8];
    memcpy(words, bytes + i, sizeof words);
    for (int k = 0; k < 8; k++) sums[k] += words[k];
  }
  uint64_t total = 0;
  for (int k = 0; k < 8; k++) total += sums[k];
  return total;
}
