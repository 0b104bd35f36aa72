// AVX2 path: two 32-byte halves of a line, products in int16 (vpmaddubsw), widened to int32
// every 160 columns: 10 lines * 4 fields * 2 columns * 3 * 127 = 30480 fits an int16.
#if defined(__x86_64__)
#include <immintrin.h>

#define CK_TARGET __attribute__((target("avx2,f16c")))
#define CK_NAME(kernel) kernel##_avx2
#define CK_QUERIES 1
#define CK_SUMS 1
#define CK_ALONE 3
#define CK_EXPONENTIALS 1
#define CK_SKETCHES 1
#define CK_FEW 1
#include "choose.h"
#include "wide.h"
#include "wide_dense.h"

#define LINES_PER_FLUSH 10
#define CK_TOKENS_AT_ONCE 4
// How far ahead lines are asked for: memory's latency. Past the end is harmless.
#define CK_LINES_AHEAD 128

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
  __m256i sums[CK_TOKENS_AT_ONCE][2];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
    sums[t][0] = _mm256_setzero_si256();
    sums[t][1] = _mm256_setzero_si256();
  }
  for (size_t b = first_line; b < end_line;) {
    size_t end = b + LINES_PER_FLUSH < end_line ? b + LINES_PER_FLUSH : end_line;
    __m256i short_sums[CK_TOKENS_AT_ONCE][2];
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
      short_sums[t][0] = _mm256_setzero_si256();
      short_sums[t][1] = _mm256_setzero_si256();
    }
    for (; b < end; b++) {
      // Few tokens wait for memory.
      if (tokens < 4) _mm_prefetch((const char *)codes + (b + CK_LINES_AHEAD) * 64, _MM_HINT_T0);
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
          // Or else products are added to each other first, in registers that are not there.
          if (tokens > 2) __asm__("" : "+x"(short_sums[t][0]), "+x"(short_sums[t][1]));
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

// How far ahead blocks of a sketch are asked for: memory's latency. Past the end is harmless.
#define CK_SKETCH_AHEAD 8192

// sums (count, 2) += a block times `count` (a constant) of the questions from `first` on, for eight of the
// rows: one half of every line.
CK_TARGET static inline __attribute__((always_inline)) void sketch_block(
    const uint8_t *block, const ck_questions *questions, size_t number, size_t first,
    const size_t count, const size_t half, __m256 *sums) {
  const ck_pieces at = ck_pieces_of(CK_LAYOUT_Q6_K);
  const __m256i nibbles = _mm256_set1_epi8(0x0f), pairs = _mm256_set1_epi8(0x30);
  const __m256i ones = _mm256_set1_epi16(1);
  const size_t stride = questions->width;
  const int8_t *x = questions->codes + (number * 64 * stride + first) * 4;
  const int32_t *shifts = questions->shifts + number * 16 * stride + first;
  const __m256 unit = _mm256_cvtph_ps(
      _mm_loadu_si128((const __m128i *)(const void *)(block + half * 16)));
  __m256 s[4];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < count; t++) s[t] = sums[t * 2 + half];
  for (size_t part = 0; part < 16; part++, x += 16 * stride, shifts += stride) {
    const uint8_t *low = block + at.low + part * 128 + half * 32;
    const uint8_t *high = block + at.high + part * 64 + half * 32;
    if (first == 0) {
      _mm_prefetch((const char *)low + CK_SKETCH_AHEAD + half * 32, _MM_HINT_T0);
      if (half == 0) _mm_prefetch((const char *)high + CK_SKETCH_AHEAD, _MM_HINT_T0);
    }
    const __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)low);
    const __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(low + 64));
    const __m256i h = _mm256_loadu_si256((const __m256i *)(const void *)high);
#define CK_CODE(l, h) _mm256_or_si256(_mm256_and_si256(l, nibbles), _mm256_and_si256(h, pairs))
    const __m256i code[4] = {CK_CODE(a, _mm256_slli_epi16(h, 4)),
                             CK_CODE(_mm256_srli_epi16(a, 4), _mm256_slli_epi16(h, 2)),
                             CK_CODE(b, h),
                             CK_CODE(_mm256_srli_epi16(b, 4), _mm256_srli_epi16(h, 2))};
#undef CK_CODE
    const __m128i numbers = _mm_loadl_epi64(
        (const __m128i *)(const void *)(block + at.part_scales + part * 16 + half * 8));
    const __m256 scale = _mm256_mul_ps(_mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(numbers)), unit);
#pragma clang loop unroll(full)
    for (size_t t = 0; t < count; t++) {
      __m256i dot = _mm256_set1_epi32(shifts[t]);
      // Two products of two bytes fit an int16 together: 4 * 63 * 127 = 32004.
#pragma clang loop unroll(full)
      for (size_t k = 0; k < 4; k += 2) {
        const __m256i one = _mm256_set1_epi32(CK_INT32(x + (k * stride + t) * 4));
        const __m256i next = _mm256_set1_epi32(CK_INT32(x + ((k + 1) * stride + t) * 4));
        const __m256i two = _mm256_add_epi16(_mm256_maddubs_epi16(code[k], one),
                                             _mm256_maddubs_epi16(code[k + 1], next));
        dot = _mm256_add_epi32(dot, _mm256_madd_epi16(two, ones));
      }
      s[t] = _mm256_add_ps(s[t], _mm256_mul_ps(_mm256_cvtepi32_ps(dot), scale));
    }
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < count; t++) sums[t * 2 + half] = s[t];
}

// As many questions at a time as registers hold; a block stays in the nearest cache for all of them.
CK_TARGET static inline __attribute__((always_inline)) void sketch_tile(
    const uint8_t *block, size_t blocks, const ck_questions *questions, size_t first,
    const size_t width, lanes_f *sums) {
  const size_t together = width < 4 ? width : 4, bytes = ck_pieces_of(CK_LAYOUT_Q6_K).end;
  __m256 halves[CK_QUESTIONS_AT_ONCE * 2];
  for (size_t i = 0; i < width * 2; i++) halves[i] = _mm256_setzero_ps();
  for (size_t b = 0; b < blocks; b++, block += bytes) {
    for (size_t t = 0; t < width; t += together) {
      sketch_block(block, questions, b, first + t, together, 0, halves + t * 2);
      sketch_block(block, questions, b, first + t, together, 1, halves + t * 2);
    }
  }
  memcpy(sums, halves, width * sizeof *sums);
}

#include "sketch.h"

// 32 products a pair of instructions, in chains enough that none waits for itself.
CK_TARGET static size_t ck_multiply_at_peak_avx2(size_t rounds) {
  __m256i sums[8], codes = _mm256_set1_epi8(1), x = _mm256_set1_epi8(-1);
  for (int i = 0; i < 8; i++) sums[i] = _mm256_setzero_si256();
  for (size_t round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) {
      // The compiler may not foresee what is multiplied.
      __asm__ volatile("" : "+x"(codes));
      sums[i] = _mm256_add_epi16(sums[i], _mm256_maddubs_epi16(codes, x));
    }
  }
  for (int i = 0; i < 8; i++) __asm__ volatile("" : : "x"(sums[i]));
  return rounds * 8 * 32;
}

const ck_kernels ck_kernels_avx2 = {
    "avx2",           ck_ternary_matmul_avx2, ck_float_matmul_avx2,
    ck_rms_norm_avx2, ck_quantise_avx2,       ck_silu_multiply_avx2,
    ck_squared_relu_multiply_avx2,
    ck_add_avx2,      ck_attention_avx2,
    ck_store_avx2,    ck_rope_avx2,           ck_top_by_runs,
    ck_sketch_avx2,   ck_bounds_avx2,         ck_narrow_avx2,
    ck_multiply_at_peak_avx2,
};
#endif
