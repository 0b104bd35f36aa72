// AVX-512 path: a line is one register of 16 rows; vpdpbusd multiplies 4 columns of each by a
// broadcast activation dword and adds straight to int32.
#if defined(__x86_64__)
#include <immintrin.h>

#define CK_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#define CK_NAME(kernel) kernel##_avx512
#include "wide.h"

// `groups` (1 or 2) times 16 rows by `tokens` (1 to 8). One token uses four accumulators a
// group, one a field, so that the chain of additions does not set the pace.
CK_TARGET static inline __attribute__((always_inline)) void tile(
    const ck_ternary_matrix *matrix, const ck_activations *a, size_t group, size_t groups,
    size_t first, size_t tokens, float *out, size_t out_stride) {
  const size_t lines = matrix->columns / CK_LINE_COLUMNS;
  const size_t chains = tokens == 1 ? 4 : 1;
  const uint8_t *codes = matrix->codes + group * lines * 64;
  const int8_t *x = a->codes + first * a->stride;
  const __m512i mask = _mm512_set1_epi8(3);
  __m512i sums[2][8];
#pragma clang loop unroll(full)
  for (size_t g = 0; g < groups; g++) {
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens * chains; t++) sums[g][t] = _mm512_setzero_si512();
  }
  for (size_t b = 0; b < lines; b++) {
    __m512i line[2];
#pragma clang loop unroll(full)
    for (size_t g = 0; g < groups; g++) {
      line[g] = _mm512_loadu_si512(codes + (g * lines + b) * 64);
    }
#pragma clang loop unroll(full)
    for (size_t k = 0; k < 4; k++) {
      __m512i field[2];
#pragma clang loop unroll(full)
      for (size_t g = 0; g < groups; g++) {
        field[g] = _mm512_and_si512(_mm512_srli_epi32(line[g], (unsigned)(2 * k)), mask);
      }
#pragma clang loop unroll(full)
      for (size_t t = 0; t < tokens; t++) {
        int32_t four;
        memcpy(&four, x + t * a->stride + 16 * b + 4 * k, 4);
        __m512i value = _mm512_set1_epi32(four);
        size_t chain = chains == 4 ? k : t;
#pragma clang loop unroll(full)
        for (size_t g = 0; g < groups; g++) {
          sums[g][chain] = _mm512_dpbusd_epi32(sums[g][chain], field[g], value);
        }
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t g = 0; g < groups; g++) {
    if (chains == 4) {
      sums[g][0] = _mm512_add_epi32(_mm512_add_epi32(sums[g][0], sums[g][1]),
                                    _mm512_add_epi32(sums[g][2], sums[g][3]));
    }
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) {
      __m512i dot = _mm512_sub_epi32(sums[g][t], _mm512_set1_epi32(a->sums[first + t]));
      __m512 value = _mm512_mul_ps(_mm512_cvtepi32_ps(dot),
                                   _mm512_set1_ps(a->scales[first + t]));
      __m512 row_scale = _mm512_loadu_ps(matrix->scales + (group + g) * 16);
      _mm512_storeu_ps(out + (first + t) * out_stride + (group + g) * 16,
                       _mm512_mul_ps(value, row_scale));
    }
  }
}

CK_TARGET static void groups_by_tokens(const ck_ternary_matrix *matrix,
                                       const ck_activations *a, size_t group, size_t groups,
                                       float *out, size_t out_stride) {
  size_t t = 0, count = a->count;
  if (groups == 2) {
    for (; t + 8 <= count; t += 8) tile(matrix, a, group, 2, t, 8, out, out_stride);
    for (; t + 4 <= count; t += 4) tile(matrix, a, group, 2, t, 4, out, out_stride);
    for (; t + 2 <= count; t += 2) tile(matrix, a, group, 2, t, 2, out, out_stride);
    if (t < count) tile(matrix, a, group, 2, t, 1, out, out_stride);
  } else {
    for (; t + 4 <= count; t += 4) tile(matrix, a, group, 1, t, 4, out, out_stride);
    for (; t < count; t++) tile(matrix, a, group, 1, t, 1, out, out_stride);
  }
}

CK_TARGET static void ck_ternary_matmul_avx512(const ck_ternary_matrix *matrix,
                                               const ck_activations *activations, float *out,
                                               size_t out_stride, size_t first_group,
                                               size_t end_group) {
  size_t group = first_group;
  for (; group + 2 <= end_group; group += 2) {
    groups_by_tokens(matrix, activations, group, 2, out, out_stride);
  }
  if (group < end_group) groups_by_tokens(matrix, activations, group, 1, out, out_stride);
}

const ck_kernels ck_kernels_avx512 = {
    "avx512",           ck_ternary_matmul_avx512, ck_float_matmul_avx512,
    ck_rms_norm_avx512, ck_quantise_avx512,       ck_silu_multiply_avx512,
    ck_add_avx512,      ck_attention_avx512,
    ck_store_avx512,
};
#endif
