// The scalar twins: what each kernel means. Written to be read, not to be fast.
#include <math.h>

#include "scalar.h"

#pragma STDC FP_CONTRACT OFF

// sqrtf is one IEEE-exact instruction; it does not reach libm's rounding.
float ck_inverse_root(float mean_plus_epsilon) { return 1.0f / sqrtf(mean_plus_epsilon); }

// Weight + 1 of column c; `dwords` is the row's first dword.
static int32_t code_at(const uint8_t *dwords, ck_ternary_layout layout, size_t c) {
  static const int powers[4] = {1, 3, 9, 27};
  if (layout == CK_TWO_BITS) return (dwords[c / 16 * 64 + c % 4] >> (c % 16 / 4 * 2)) & 3;
  const int byte = dwords[c / 20 * 64 + c % 4], k = (int)(c % 20 / 4);
  const int above = byte - 192;
  if (k == 4) return above < 0 ? byte >> 6 : above / 18;
  return (above < 0 ? byte & 63 : 63 + above % 18) / powers[k] % 3;
}

// Sum of code * activation over columns first ..< end.
static int32_t weighted_sum(const uint8_t *dwords, ck_ternary_layout layout, const int8_t *a,
                            size_t first, size_t end) {
  int32_t sum = 0;
  for (size_t c = first; c < end; c++) sum += code_at(dwords, layout, c) * a[c];
  return sum;
}

void ck_ternary_matmul_reference(const ck_ternary_matrix *matrix,
                                 const ck_activations *activations, float *out,
                                 size_t out_stride, size_t first_group, size_t end_group) {
  size_t lines = ck_lines(matrix->layout, matrix->columns);
  for (size_t t = 0; t < activations->count; t++) {
    const int8_t *a = activations->codes + t * activations->stride;
    for (size_t row = first_group * 16; row < end_group * 16; row++) {
      const uint8_t *dwords = matrix->codes + (row / 16) * lines * 64 + (row % 16) * 4;
      size_t blocks = matrix->columns / matrix->scale_columns;
      const float *scales = matrix->scales + (row / 16) * blocks * 16 + row % 16;
      float value = 0.0f;
      for (size_t b = 0; b < blocks; b++) {
        size_t first = b * matrix->scale_columns;
        int32_t sum = weighted_sum(dwords, matrix->layout, a, first, first + matrix->scale_columns);
        sum -= ck_activation_sum(activations, t, matrix, first);
        if (blocks == 1) {
          value = ((float)sum * activations->scales[t]) * scales[0];
        } else {
          value = value + (float)sum * scales[b * 16];
        }
      }
      out[t * out_stride + row] = blocks == 1 ? value : value * activations->scales[t];
    }
  }
}

void ck_rms_norm_reference(const float *x, const float *weight, float epsilon, size_t n,
                           float *out) {
  float lanes[16] = {0};
  for (size_t i = 0; i < n; i++) lanes[i % 16] = lanes[i % 16] + x[i] * x[i];
  float inverse = ck_inverse_root(ck_tree_sum(lanes) / (float)n + epsilon);
  for (size_t i = 0; i < n; i++) out[i] = (x[i] * inverse) * weight[i];
}

void ck_quantise_reference(const float *x, size_t n, int8_t *codes, float *scale,
                           int32_t *sum) {
  float absmax = CK_ABSMAX_FLOOR;
  for (size_t i = 0; i < n; i++) {
    float magnitude = x[i] < 0 ? -x[i] : x[i];
    absmax = magnitude > absmax ? magnitude : absmax;
  }
  float inverse = 127.0f / absmax;
  int32_t total = 0;
  for (size_t i = 0; i < n; i++) {
    codes[i] = ck_round_code(x[i] * inverse);
    total += codes[i];
  }
  *scale = absmax / 127.0f;
  *sum = total;
}

void ck_silu_multiply_reference(const float *gate, const float *up, size_t n, float *out) {
  for (size_t i = 0; i < n; i++) {
    float silu = gate[i] / (1.0f + ck_exp_float(-gate[i]));
    out[i] = silu * up[i];
  }
}

void ck_squared_relu_multiply_reference(const float *gate, const float *up, size_t n,
                                        float *out) {
  for (size_t i = 0; i < n; i++) {
    float positive = gate[i] > 0.0f ? gate[i] : 0.0f;
    out[i] = (positive * positive) * up[i];
  }
}

void ck_add_reference(float *x, const float *y, size_t n) {
  for (size_t i = 0; i < n; i++) x[i] = x[i] + y[i];
}

static void attend(const ck_query *query, const ck_history *history, float scale,
                   float *scores) {
  size_t size = history->head_size;
  for (size_t p = 0; p < query->count; p++) {
    const uint16_t *key = history->keys + p / 16 * 16 * size + p % 16;
    float s[4] = {0, 0, 0, 0};
    for (size_t d = 0; d < size; d++) {
      s[d % 4] = s[d % 4] + ck_half_to_float(key[d * 16]) * query->query[d];
    }
    scores[p] = ((s[0] + s[1]) + (s[2] + s[3])) * scale;
  }
  float top = CK_LOWEST;
  for (size_t p = 0; p < query->count; p++) top = scores[p] > top ? scores[p] : top;
  float lanes[16] = {0};
  for (size_t p = 0; p < query->count; p++) {
    scores[p] = ck_exp_float(scores[p] - top);
    lanes[p % 16] = lanes[p % 16] + scores[p];
  }
  float inverse = 1.0f / ck_tree_sum(lanes);
  for (size_t d = 0; d < size; d++) {
    float value = 0;
    for (size_t p = 0; p < query->count; p++) {
      value = value + scores[p] * ck_half_to_float(history->values[p * size + d]);
    }
    query->out[d] = value * inverse;
  }
}

void ck_attention_reference(const ck_query *queries, size_t count, const ck_history *history,
                            float scale, float *scores) {
  for (size_t q = 0; q < count; q++) attend(queries + q, history, scale, scores);
}

void ck_store_reference(const float *key, const float *value, size_t head_size, size_t lane,
                        uint16_t *keys, uint16_t *values) {
  for (size_t d = 0; d < head_size; d++) {
    keys[d * 16 + lane] = ck_float_to_half(key[d]);
    values[d] = ck_float_to_half(value[d]);
  }
}

void ck_rope_reference(float *x, size_t heads, size_t head_size, const float *cosines,
                       const float *sines, size_t half, int neighbours) {
  ck_turn_heads(x, heads, head_size, cosines, sines, half, neighbours);
}
