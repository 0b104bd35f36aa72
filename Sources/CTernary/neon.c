// NEON path: a line is four registers of four rows; sdot adds four products to an int32, so no sum
// can overflow before 2^31 / (3 * 127 * 4) columns.
#if defined(__aarch64__)
#include <arm_neon.h>

#define CK_TARGET __attribute__((target("dotprod")))
#define CK_NAME(kernel) kernel##_neon
#define CK_QUERIES 1
#define CK_SUMS 0
#define CK_EXPONENTIALS 1
#define CK_SKETCHES 0
#define CK_FEW 1
#include "choose.h"
#include "wide.h"
#include "wide_dense.h"

#define CK_TOKENS_AT_ONCE 4

// Writes the result of four rows with one scale; or adds that of the block from line `line` on, and
// writes with the last one. `out` is (4).
CK_TARGET static inline __attribute__((always_inline)) void write_rows(
    const ck_ternary_matrix *matrix, const ck_activations *a, size_t row, size_t token, size_t line,
    int32x4_t sums, float *out) {
  const int one_scale = matrix->scale_columns == matrix->columns;
  const size_t blocks = one_scale ? 1 : matrix->columns / matrix->scale_columns;
  const size_t block = one_scale ? 0 : line * CK_LINE_COLUMNS / matrix->scale_columns;
  int32x4_t all = vdupq_n_s32(ck_activation_sum(a, token, matrix, line * CK_LINE_COLUMNS));
  float32x4_t dot = vcvtq_f32_s32(vsubq_s32(sums, all));
  float32x4_t scale = vld1q_f32(matrix->scales + (row / 16 * blocks + block) * 16 + row % 16);
  if (blocks == 1) {
    vst1q_f32(out, vmulq_f32(vmulq_n_f32(dot, a->scales[token]), scale));
    return;
  }
  float32x4_t value = block == 0 ? vdupq_n_f32(0.0f) : vld1q_f32(out);
  value = vaddq_f32(value, vmulq_f32(dot, scale));
  if (block + 1 == blocks) value = vmulq_n_f32(value, a->scales[token]);
  vst1q_f32(out, value);
}

// The lines first_line ..< end_line, which share a scale; `tokens` is a constant.
CK_TARGET static inline __attribute__((always_inline)) void tile(
    const ck_ternary_matrix *matrix, const ck_activations *a, size_t group, size_t first,
    const size_t tokens, size_t first_line, size_t end_line, float *out, size_t out_stride) {
  const size_t lines = matrix->columns / CK_LINE_COLUMNS;
  const uint8_t *codes = matrix->codes + group * lines * 64;
  const int8x16_t mask = vdupq_n_s8(3);
  int32x4_t sums[CK_TOKENS_AT_ONCE][4];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
#pragma clang loop unroll(full)
    for (int part = 0; part < 4; part++) sums[t][part] = vdupq_n_s32(0);
  }
  for (size_t b = first_line; b < end_line; b++) {
    int8x16_t x[CK_TOKENS_AT_ONCE];
#pragma clang loop unroll(full)
    for (size_t t = 0; t < tokens; t++) x[t] = vld1q_s8(a->codes + (first + t) * a->stride + 16 * b);
#pragma clang loop unroll(full)
    for (int part = 0; part < 4; part++) {
      const uint8x16_t line = vld1q_u8(codes + b * 64 + 16 * part);
      const int8x16_t w0 = vandq_s8(vreinterpretq_s8_u8(line), mask);
      const int8x16_t w1 = vandq_s8(vreinterpretq_s8_u8(vshrq_n_u8(line, 2)), mask);
      const int8x16_t w2 = vandq_s8(vreinterpretq_s8_u8(vshrq_n_u8(line, 4)), mask);
      const int8x16_t w3 = vreinterpretq_s8_u8(vshrq_n_u8(line, 6));
#pragma clang loop unroll(full)
      for (size_t t = 0; t < tokens; t++) {
        sums[t][part] = vdotq_laneq_s32(sums[t][part], w0, x[t], 0);
        sums[t][part] = vdotq_laneq_s32(sums[t][part], w1, x[t], 1);
        sums[t][part] = vdotq_laneq_s32(sums[t][part], w2, x[t], 2);
        sums[t][part] = vdotq_laneq_s32(sums[t][part], w3, x[t], 3);
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
#pragma clang loop unroll(full)
    for (size_t part = 0; part < 4; part++) {
      const size_t row = group * 16 + part * 4;
      write_rows(matrix, a, row, first + t, first_line, sums[t][part],
                 out + (first + t) * out_stride + row);
    }
  }
}

#include "tiled.h"

const ck_kernels ck_kernels_neon = {
    "neon",           ck_ternary_matmul_neon, ck_float_matmul_neon,
    ck_rms_norm_neon, ck_quantise_neon,       ck_silu_multiply_neon,
    ck_squared_relu_multiply_neon,
    ck_add_neon,      ck_attention_neon,
    ck_store_neon,    ck_rope_neon,           ck_top_by_runs,
    0,                0,                      0, 0,
};
#endif
