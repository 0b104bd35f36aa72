// AVX-512 path: a line is one register of 16 rows; vpdpbusd multiplies 4 columns of each by a
// broadcast activation dword and adds straight to int32.
#if defined(__x86_64__)
#include <immintrin.h>

#define CK_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#define CK_NAME(kernel) kernel##_avx512
#include "wide.h"
#include "wide_dense.h"

// The products are assembly because they are nearly all of the program's time and have to be fast
// in unoptimised builds too, where tests run. Both loops keep eight sums in zmm0 to zmm7.
#define CK_CLEAR_SUMS                                                   \
  "vpxord %%zmm0, %%zmm0, %%zmm0\n\tvpxord %%zmm1, %%zmm1, %%zmm1\n\t"  \
  "vpxord %%zmm2, %%zmm2, %%zmm2\n\tvpxord %%zmm3, %%zmm3, %%zmm3\n\t"  \
  "vpxord %%zmm4, %%zmm4, %%zmm4\n\tvpxord %%zmm5, %%zmm5, %%zmm5\n\t"  \
  "vpxord %%zmm6, %%zmm6, %%zmm6\n\tvpxord %%zmm7, %%zmm7, %%zmm7\n\t"
#define CK_NEXT_LINE_AND_STORE_SUMS                                       \
  "add $64, %[codes]\n\tadd $16, %[x]\n\tdec %[lines]\n\tjnz 1b\n\t"      \
  "vmovdqu64 %%zmm0, (%[sums])\n\tvmovdqu64 %%zmm1, 64(%[sums])\n\t"      \
  "vmovdqu64 %%zmm2, 128(%[sums])\n\tvmovdqu64 %%zmm3, 192(%[sums])\n\t"  \
  "vmovdqu64 %%zmm4, 256(%[sums])\n\tvmovdqu64 %%zmm5, 320(%[sums])\n\t"  \
  "vmovdqu64 %%zmm6, 384(%[sums])\n\tvmovdqu64 %%zmm7, 448(%[sums])\n\t"

// The product of decoding: two groups (`step` bytes apart) by one token, the four accumulators
// of each group one after another in `sums`. Masks leave field k of a byte times 4^k, which the
// caller shifts out of accumulator k.
CK_TARGET static void two_groups_one_token(const uint8_t *codes, size_t step, const int8_t *x,
                                           size_t lines, __m512i sums[8]) {
  static const uint32_t masks[4] = {0x03030303, 0x0c0c0c0c, 0x30303030, 0xc0c0c0c0};
  __asm__ volatile(
      CK_CLEAR_SUMS
      "vpbroadcastd (%[masks]), %%zmm16\n\tvpbroadcastd 4(%[masks]), %%zmm17\n\t"
      "vpbroadcastd 8(%[masks]), %%zmm18\n\tvpbroadcastd 12(%[masks]), %%zmm19\n\t"
      "1:\n\t"
      "vpandd (%[codes]), %%zmm16, %%zmm8\n\t"
      "vpandd (%[codes]), %%zmm17, %%zmm9\n\t"
      "vpandd (%[codes]), %%zmm18, %%zmm10\n\t"
      "vpandd (%[codes]), %%zmm19, %%zmm11\n\t"
      "vpandd (%[codes],%[step]), %%zmm16, %%zmm12\n\t"
      "vpandd (%[codes],%[step]), %%zmm17, %%zmm13\n\t"
      "vpandd (%[codes],%[step]), %%zmm18, %%zmm14\n\t"
      "vpandd (%[codes],%[step]), %%zmm19, %%zmm15\n\t"
      "vpdpbusd (%[x])%{1to16%}, %%zmm8, %%zmm0\n\t"
      "vpdpbusd 4(%[x])%{1to16%}, %%zmm9, %%zmm1\n\t"
      "vpdpbusd 8(%[x])%{1to16%}, %%zmm10, %%zmm2\n\t"
      "vpdpbusd 12(%[x])%{1to16%}, %%zmm11, %%zmm3\n\t"
      "vpdpbusd (%[x])%{1to16%}, %%zmm12, %%zmm4\n\t"
      "vpdpbusd 4(%[x])%{1to16%}, %%zmm13, %%zmm5\n\t"
      "vpdpbusd 8(%[x])%{1to16%}, %%zmm14, %%zmm6\n\t"
      "vpdpbusd 12(%[x])%{1to16%}, %%zmm15, %%zmm7\n\t"
      CK_NEXT_LINE_AND_STORE_SUMS
      : [codes] "+r"(codes), [x] "+r"(x), [lines] "+r"(lines)
      : [step] "r"(step), [sums] "r"(sums), [masks] "r"(masks)
      : "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
        "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "xmm16", "xmm17", "xmm18",
        "xmm19");
}

// Adds the result of the block from line `line` on to `out` (16); the last one finishes it. Not
// inlined: rows with one scale are nearly all there are.
CK_TARGET static __attribute__((noinline)) void add_block(const ck_ternary_matrix *matrix,
                                                          const ck_activations *a, size_t group,
                                                          size_t token, size_t line,
                                                          __m512i sum, float *out) {
  const size_t blocks = matrix->columns / matrix->scale_columns;
  const size_t block = line * CK_LINE_COLUMNS / matrix->scale_columns;
  int32_t all = ck_activation_sum(a, token, matrix, line * CK_LINE_COLUMNS);
  __m512 dot = _mm512_cvtepi32_ps(_mm512_sub_epi32(sum, _mm512_set1_epi32(all)));
  __m512 scale = _mm512_loadu_ps(matrix->scales + (group * blocks + block) * 16);
  __m512 value = block == 0 ? _mm512_setzero_ps() : _mm512_loadu_ps(out);
  value = _mm512_add_ps(value, _mm512_mul_ps(dot, scale));
  if (block + 1 == blocks) value = _mm512_mul_ps(value, _mm512_set1_ps(a->scales[token]));
  _mm512_storeu_ps(out, value);
}

CK_TARGET static inline __attribute__((always_inline)) void write_block(
    const ck_ternary_matrix *matrix, const ck_activations *a, size_t group, size_t token,
    size_t line, __m512i sum, float *out) {
  if (matrix->scale_columns != matrix->columns) {
    add_block(matrix, a, group, token, line, sum, out);
    return;
  }
  __m512i dot = _mm512_sub_epi32(sum, _mm512_set1_epi32(a->sums[token]));
  __m512 value = _mm512_mul_ps(_mm512_cvtepi32_ps(dot), _mm512_set1_ps(a->scales[token]));
  __m512 row_scale = _mm512_loadu_ps(matrix->scales + group * 16);
  _mm512_storeu_ps(out, _mm512_mul_ps(value, row_scale));
}

CK_TARGET static void one_token(const ck_ternary_matrix *matrix, const ck_activations *a,
                                size_t group, size_t groups, size_t token, float *out,
                                size_t out_stride) {
  const size_t lines = matrix->columns / CK_LINE_COLUMNS;
  const size_t block = matrix->scale_columns / CK_LINE_COLUMNS;
  __m512i sums[8];
  for (size_t line = 0; line < lines; line += block) {
    // A single group is multiplied twice; the second result is not written.
    two_groups_one_token(matrix->codes + (group * lines + line) * 64,
                         groups == 2 ? lines * 64 : 0,
                         a->codes + token * a->stride + line * CK_LINE_COLUMNS, block, sums);
    for (size_t g = 0; g < groups; g++) {
      const __m512i *s = sums + 4 * g;
      __m512i low = _mm512_add_epi32(s[0], _mm512_srai_epi32(s[1], 2));
      __m512i high = _mm512_add_epi32(_mm512_srai_epi32(s[2], 4), _mm512_srai_epi32(s[3], 6));
      write_block(matrix, a, group + g, token, line, _mm512_add_epi32(low, high),
                  out + token * out_stride + (group + g) * 16);
    }
  }
}

// Field k of both groups' lines (zmm8, zmm9), then columns 4k to 4k+3 of each of four tokens.
#define CK_TOKEN(address, low, high)           \
  "vpbroadcastd " address ", %%zmm13\n\t"      \
  "vpdpbusd %%zmm13, %%zmm10, %%" low "\n\t"   \
  "vpdpbusd %%zmm13, %%zmm11, %%" high "\n\t"
#define CK_FIELD(shift, column)                                                        \
  "vpsrld $" shift ", %%zmm8, %%zmm10\n\tvpandd %%zmm12, %%zmm10, %%zmm10\n\t"         \
  "vpsrld $" shift ", %%zmm9, %%zmm11\n\tvpandd %%zmm12, %%zmm11, %%zmm11\n\t"         \
  CK_TOKEN(column "(%[x])", "zmm0", "zmm4")                                            \
  CK_TOKEN(column "(%[x],%[stride])", "zmm1", "zmm5")                                  \
  CK_TOKEN(column "(%[x],%[stride],2)", "zmm2", "zmm6")                                \
  CK_TOKEN(column "(%[x],%[stride3])", "zmm3", "zmm7")

// The product of reading prompts: two groups by four tokens; sums of the first group's tokens,
// then the second's.
CK_TARGET static void two_groups_four_tokens(const uint8_t *codes, size_t step, const int8_t *x,
                                             size_t stride, size_t lines, __m512i sums[8]) {
  __asm__ volatile(
      CK_CLEAR_SUMS
      "vpbroadcastd %k[mask], %%zmm12\n\t"
      "1:\n\t"
      "vmovdqu64 (%[codes]), %%zmm8\n\tvmovdqu64 (%[codes],%[step]), %%zmm9\n\t"
      CK_FIELD("0", "0") CK_FIELD("2", "4") CK_FIELD("4", "8") CK_FIELD("6", "12")
      CK_NEXT_LINE_AND_STORE_SUMS
      : [codes] "+r"(codes), [x] "+r"(x), [lines] "+r"(lines)
      : [step] "r"(step), [stride] "r"(stride), [stride3] "r"(3 * stride), [sums] "r"(sums),
        [mask] "r"((size_t)0x03030303)
      : "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
        "xmm9", "xmm10", "xmm11", "xmm12", "xmm13");
}

CK_TARGET static void four_tokens(const ck_ternary_matrix *matrix, const ck_activations *a,
                                  size_t group, size_t groups, size_t first, float *out,
                                  size_t out_stride) {
  const size_t lines = matrix->columns / CK_LINE_COLUMNS;
  const size_t block = matrix->scale_columns / CK_LINE_COLUMNS;
  __m512i sums[8];
  for (size_t line = 0; line < lines; line += block) {
    two_groups_four_tokens(matrix->codes + (group * lines + line) * 64,
                           groups == 2 ? lines * 64 : 0,
                           a->codes + first * a->stride + line * CK_LINE_COLUMNS, a->stride,
                           block, sums);
    for (size_t g = 0; g < groups; g++) {
      for (size_t t = 0; t < 4; t++) {
        write_block(matrix, a, group + g, first + t, line, sums[4 * g + t],
                    out + (first + t) * out_stride + (group + g) * 16);
      }
    }
  }
}

CK_TARGET static void ck_ternary_matmul_avx512(const ck_ternary_matrix *matrix,
                                               const ck_activations *activations, float *out,
                                               size_t out_stride, size_t first_group,
                                               size_t end_group) {
  const size_t count = activations->count;
  for (size_t group = first_group; group < end_group; group += 2) {
    size_t groups = group + 2 <= end_group ? 2 : 1, t = 0;
    for (; t + 4 <= count; t += 4) {
      four_tokens(matrix, activations, group, groups, t, out, out_stride);
    }
    for (; t < count; t++) one_token(matrix, activations, group, groups, t, out, out_stride);
  }
}

const ck_kernels ck_kernels_avx512 = {
    "avx512",           ck_ternary_matmul_avx512, ck_float_matmul_avx512,
    ck_rms_norm_avx512, ck_quantise_avx512,       ck_silu_multiply_avx512,
    ck_squared_relu_multiply_avx512,
    ck_add_avx512,      ck_attention_avx512,
    ck_store_avx512,
};
#endif
