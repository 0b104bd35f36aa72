// Pieces of arithmetic shared by the scalar twins and the wide paths' tails.
#pragma once

#include <string.h>

#include "ternary.h"

#pragma STDC FP_CONTRACT OFF

// Adding 1.5 * 2^23 leaves the nearest integer, ties to even, in the low mantissa bits.
#define CK_ROUND_MAGIC 12582912.0f
#define CK_ABSMAX_FLOOR 1e-5f
// Where a maximum starts: NaN never replaces it, so lanes and scalars agree.
#define CK_LOWEST -3.402823466e+38f

// Cephes expf: range reduction by ln 2 in two parts, polynomial of degree 5 in r, times r*r,
// plus r + 1. The upper bound keeps 2^n finite. The lower one keeps products of a weight and an
// f16 normal numbers, which are many times faster than subnormal ones; e^-60 is far below the
// last bit of any sum it enters.
#define CK_EXP_HIGH 88.0f
#define CK_EXP_LOW -60.0f
#define CK_LOG2E 1.44269504088896341f
#define CK_LN2_HIGH 0.693359375f
#define CK_LN2_LOW -2.12194440e-4f
#define CK_EXP_C0 1.9875691500e-4f
#define CK_EXP_C1 1.3981999507e-3f
#define CK_EXP_C2 8.3334519073e-3f
#define CK_EXP_C3 4.1665795894e-2f
#define CK_EXP_C4 1.6666665459e-1f
#define CK_EXP_C5 5.0000001201e-1f

static inline float ck_exp_float(float x) {
  x = x < CK_EXP_HIGH ? x : CK_EXP_HIGH;  // NaN becomes the bound on every path
  x = x > CK_EXP_LOW ? x : CK_EXP_LOW;
  float n = (x * CK_LOG2E + CK_ROUND_MAGIC) - CK_ROUND_MAGIC;
  float r = x - n * CK_LN2_HIGH;
  r = r - n * CK_LN2_LOW;
  float y = CK_EXP_C0;
  y = y * r + CK_EXP_C1;
  y = y * r + CK_EXP_C2;
  y = y * r + CK_EXP_C3;
  y = y * r + CK_EXP_C4;
  y = y * r + CK_EXP_C5;
  y = y * (r * r);
  y = (y + r) + 1.0f;
  int32_t bits = ((int32_t)n + 127) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return y * power;
}

static inline float ck_tree_sum(float lanes[16]) {
  for (int width = 8; width > 0; width /= 2) {
    for (int i = 0; i < width; i++) lanes[i] = lanes[i] + lanes[i + width];
  }
  return lanes[0];
}

static inline int8_t ck_round_code(float value) {
  float rounded = (value + CK_ROUND_MAGIC) - CK_ROUND_MAGIC;
  rounded = rounded < 127.0f ? rounded : 127.0f;
  rounded = rounded > -127.0f ? rounded : -127.0f;
  return (int8_t)(int32_t)rounded;
}

static inline __attribute__((always_inline)) void ck_turn(float *first, float *second,
                                                          float cosine, float sine) {
  float a = *first, b = *second;
  *first = a * cosine - b * sine;
  *second = a * sine + b * cosine;
}

// Each pair is turned by itself, so that one text serves every instruction set.
static inline __attribute__((always_inline)) void ck_turn_heads(
    float *x, size_t heads, size_t head_size, const float *cosines, const float *sines, size_t half,
    int neighbours) {
  for (size_t h = 0; h < heads; h++) {
    float *head = x + h * head_size;
    if (neighbours) {
      for (size_t i = 0; i < half; i++) {
        ck_turn(&head[2 * i], &head[2 * i + 1], cosines[i], sines[i]);
      }
    } else {
      for (size_t i = 0; i < half; i++) ck_turn(&head[i], &head[half + i], cosines[i], sines[i]);
    }
  }
}

float ck_inverse_root(float mean_plus_epsilon);

// Sum of a token's codes over the columns from `first` on that share a scale.
static inline int32_t ck_activation_sum(const ck_activations *a, size_t token,
                                        const ck_ternary_matrix *matrix, size_t first) {
  if (matrix->scale_columns == matrix->columns) return a->sums[token];
  const int32_t *sums = a->block_sums + token * (a->stride / 64) + first / 64;
  int32_t sum = 0;
  for (size_t i = 0; i < matrix->scale_columns / 64; i++) sum += sums[i];
  return sum;
}
