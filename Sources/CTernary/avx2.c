// AVX2 path: two 32-byte halves of a line, products in int16 (vpmaddubsw), widened to int32
// every 160 columns: 10 lines * 4 fields * 2 columns * 3 * 127 = 30480 fits an int16.
#if defined(__x86_64__)
#include <immintrin.h>

#define CK_TARGET __attribute__((target("avx2,f16c")))
#define CK_NAME(kernel) kernel##_avx2
#define CK_QUERIES 1
#define CK_EXPONENTIALS 1
#define CK_SKETCHES 0
#define CK_FEW 1
#include "wide.h"
#include "wide_dense.h"

#define LINES_PER_FLUSH 10
#define CK_TOKENS_AT_ONCE 2

// Writes the result of a row with one scale; or adds that of the block from line `line` on, and
// writes with the last one. `out` is (16).
CK_TARGET static inline __attribute__((always_inline)) void write_block(
    const ck_ternary_matrix *matrix, const ck_activations *a, size_t group, size_t token,
    size_t line, const __m256i sums[2], float *out) {
  const int one_scale = matrix->scale_columns == matrix->columns;
  const size_t blocks = one_scale ? 1 : matrix->columns / matrix->scale_columns;
  const size_t block = one_scale ? 0 : line * CK_LINE_COLUMNS / matrix->scale_columns;
  __m256i all = _mm256_set1_epi32(ck_activation_sum(a, token, matrix, line * CK_LINE_COLUMNS));
  __m256 token_scale = _mm256_set1_ps(a->scales[token]);
  for (int half = 0; half < 2; half++) {
    __m256 dot = _mm256_cvtepi32_ps(_mm256_sub_epi32(sums[half], all));
    __m256 scale = _mm256_loadu_ps(matrix->scales + (group * blocks + block) * 16 + half * 8);
    __m256 value = block == 0 ? _mm256_setzero_ps() : _mm256_loadu_ps(out + half * 8);
    if (blocks == 1) {
      value = _mm256_mul_ps(_mm256_mul_ps(dot, token_scale), scale);
    } else {
      value = _mm256_add_ps(value, _mm256_mul_ps(dot, scale));
      if (block + 1 == blocks) value = _mm256_mul_ps(value, token_scale);
    }
    _mm256_storeu_ps(out + half * 8, value);
  }
}

// The lines first_line ..< end_line, which share a scale.
CK_TARGET static inline __attribute__((always_inline)) void tile(
    const ck_ternary_matrix *matrix, const ck_activations *a, size_t group, size_t first,
    size_t tokens, size_t first_line, size_t end_line, float *out, size_t out_stride) {
  const size_t lines = matrix->columns / CK_LINE_COLUMNS;
  const uint8_t *codes = matrix->codes + group * lines * 64;
  const __m256i mask = _mm256_set1_epi8(3), ones = _mm256_set1_epi16(1);
  __m256i sums[2][2];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
    sums[t][0] = _mm256_setzero_si256();
    sums[t][1] = _mm256_setzero_si256();
  }
  for (size_t b = first_line; b < end_line;) {
    size_t end = b + LINES_PER_FLUSH < end_line ? b + LINES_PER_FLUSH : end_line;
    __m256i short_sums[2][2];
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
      short_sums[t][0] = _mm256_setzero_si256();
      short_sums[t][1] = _mm256_setzero_si256();
    }
    for (; b < end; b++) {
      __m256i low = _mm256_loadu_si256((const __m256i *)(codes + b * 64));
      __m256i high = _mm256_loadu_si256((const __m256i *)(codes + b * 64 + 32));
#pragma clang loop unroll(full)
      for (int k = 0; k < 4; k++) {
        __m256i low_codes = _mm256_and_si256(_mm256_srli_epi16(low, 2 * k), mask);
        __m256i high_codes = _mm256_and_si256(_mm256_srli_epi16(high, 2 * k), mask);
#pragma clang loop unroll(full)
        for (size_t t = 0; t < tokens; t++) {
          int32_t four = CK_INT32(a->codes + (first + t) * a->stride + 16 * b + 4 * (size_t)k);
          __m256i x = _mm256_set1_epi32(four);
          short_sums[t][0] =
              _mm256_add_epi16(short_sums[t][0], _mm256_maddubs_epi16(low_codes, x));
          short_sums[t][1] =
              _mm256_add_epi16(short_sums[t][1], _mm256_maddubs_epi16(high_codes, x));
        }
      }
    }
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
      sums[t][0] = _mm256_add_epi32(sums[t][0], _mm256_madd_epi16(short_sums[t][0], ones));
      sums[t][1] = _mm256_add_epi32(sums[t][1], _mm256_madd_epi16(short_sums[t][1], ones));
    }
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
    write_block(matrix, a, group, first + t, first_line, sums[t],
                out + (first + t) * out_stride + group * 16);
  }
}

#include "tiled.h"

const ck_kernels ck_kernels_avx2 = {
    "avx2",           ck_ternary_matmul_avx2, ck_float_matmul_avx2,
    ck_rms_norm_avx2, ck_quantise_avx2,       ck_silu_multiply_avx2,
    ck_squared_relu_multiply_avx2,
    ck_add_avx2,      ck_attention_avx2,
    ck_store_avx2,    0,                      0, 0, 0,
};
#endif
