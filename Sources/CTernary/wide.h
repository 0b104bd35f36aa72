// Float kernels over 16 lanes in clang's vector types: one text for every instruction set. The
// including file defines CK_TARGET (the target attribute) and CK_NAME(kernel) (the suffix).
// Vectors are never passed by value between functions, so no ABI depends on the target.
#include "scalar.h"

#pragma STDC FP_CONTRACT OFF

typedef float lanes_f __attribute__((vector_size(64), aligned(4)));
typedef int32_t lanes_i __attribute__((vector_size(64), aligned(4)));

// Four bytes as one word; a cast, since unoptimised builds call memcpy for a copy.
typedef int32_t ck_word __attribute__((aligned(1), may_alias));
#define CK_INT32(p) (*(const ck_word *)(p))
#define CK_LOAD(p) (*(const lanes_f *)(p))
#define CK_STORE(p, v) (*(lanes_f *)(p) = (v))
// mask is all ones where `a` is taken.
#define CK_SELECT(mask, a, b) \
  ((lanes_f)(((lanes_i)(mask) & (lanes_i)(a)) | (~(lanes_i)(mask) & (lanes_i)(b))))
#define CK_SPLAT(x) ((lanes_f){0} + (x))

CK_TARGET static inline __attribute__((always_inline)) void wide_exp(lanes_f *value) {
  const lanes_f high = CK_SPLAT(CK_EXP_HIGH), low = CK_SPLAT(CK_EXP_LOW);
  lanes_f x = *value;
  x = CK_SELECT(x < high, x, high);
  x = CK_SELECT(x > low, x, low);
  lanes_f n = (x * CK_LOG2E + CK_ROUND_MAGIC) - CK_ROUND_MAGIC;
  lanes_f r = x - n * CK_LN2_HIGH;
  r = r - n * CK_LN2_LOW;
  lanes_f y = CK_SPLAT(CK_EXP_C0);
  y = y * r + CK_EXP_C1;
  y = y * r + CK_EXP_C2;
  y = y * r + CK_EXP_C3;
  y = y * r + CK_EXP_C4;
  y = y * r + CK_EXP_C5;
  y = y * (r * r);
  y = (y + r) + 1.0f;
  lanes_i power = (__builtin_convertvector(n, lanes_i) + 127) << 23;
  *value = y * (lanes_f)power;
}

CK_TARGET static float wide_sum_of_squares(const float *x, size_t n) {
  lanes_f sums = {0};
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    lanes_f v = CK_LOAD(x + i);
    sums = sums + v * v;
  }
  float lanes[16];
  CK_STORE(lanes, sums);
  for (size_t lane = 0; i + lane < n; lane++) {
    lanes[lane] = lanes[lane] + x[i + lane] * x[i + lane];
  }
  return ck_tree_sum(lanes);
}

CK_TARGET static void CK_NAME(ck_rms_norm)(const float *x, const float *weight, float epsilon,
                                           size_t n, float *out) {
  float inverse = ck_inverse_root(wide_sum_of_squares(x, n) / (float)n + epsilon);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    CK_STORE(out + i, (CK_LOAD(x + i) * inverse) * CK_LOAD(weight + i));
  }
  for (; i < n; i++) out[i] = (x[i] * inverse) * weight[i];
}

CK_TARGET static float wide_absmax(const float *x, size_t n) {
  lanes_f top = CK_SPLAT(CK_ABSMAX_FLOOR);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    lanes_f magnitude = (lanes_f)((lanes_i)CK_LOAD(x + i) & 0x7fffffff);
    top = CK_SELECT(magnitude > top, magnitude, top);
  }
  float lanes[16], absmax = CK_ABSMAX_FLOOR;
  CK_STORE(lanes, top);
  for (int lane = 0; lane < 16; lane++) absmax = lanes[lane] > absmax ? lanes[lane] : absmax;
  for (; i < n; i++) {
    float magnitude = x[i] < 0 ? -x[i] : x[i];
    absmax = magnitude > absmax ? magnitude : absmax;
  }
  return absmax;
}

CK_TARGET static void CK_NAME(ck_quantise)(const float *x, size_t n, int8_t *codes,
                                           float *scale, int32_t *sum) {
  typedef int8_t lanes_b __attribute__((vector_size(16), aligned(1)));
  const lanes_f high = CK_SPLAT(127.0f), low = CK_SPLAT(-127.0f);
  float absmax = wide_absmax(x, n), inverse = 127.0f / absmax;
  lanes_i totals = {0};
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    lanes_f v = (CK_LOAD(x + i) * inverse + CK_ROUND_MAGIC) - CK_ROUND_MAGIC;
    v = CK_SELECT(v < high, v, high);
    v = CK_SELECT(v > low, v, low);
    lanes_i whole = __builtin_convertvector(v, lanes_i);
    totals += whole;
    *(lanes_b *)(codes + i) = __builtin_convertvector(whole, lanes_b);
  }
  int32_t total = 0;
  for (int lane = 0; lane < 16; lane++) total += totals[lane];
  for (; i < n; i++) {
    codes[i] = ck_round_code(x[i] * inverse);
    total += codes[i];
  }
  *scale = absmax / 127.0f;
  *sum = total;
}

CK_TARGET static void CK_NAME(ck_silu_multiply)(const float *gate, const float *up, size_t n,
                                                float *out) {
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    lanes_f g = CK_LOAD(gate + i), e = -g;
    wide_exp(&e);
    CK_STORE(out + i, (g / (e + 1.0f)) * CK_LOAD(up + i));
  }
  for (; i < n; i++) out[i] = (gate[i] / (1.0f + ck_exp_float(-gate[i]))) * up[i];
}

CK_TARGET static void CK_NAME(ck_squared_relu_multiply)(const float *gate, const float *up,
                                                        size_t n, float *out) {
  const lanes_f zero = CK_SPLAT(0.0f);
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    lanes_f g = CK_LOAD(gate + i);
    g = CK_SELECT(g > zero, g, zero);
    CK_STORE(out + i, (g * g) * CK_LOAD(up + i));
  }
  for (; i < n; i++) {
    float positive = gate[i] > 0.0f ? gate[i] : 0.0f;
    out[i] = (positive * positive) * up[i];
  }
}

CK_TARGET static void CK_NAME(ck_add)(float *x, const float *y, size_t n) {
  size_t i = 0;
  for (; i + 16 <= n; i += 16) CK_STORE(x + i, CK_LOAD(x + i) + CK_LOAD(y + i));
  for (; i < n; i++) x[i] = x[i] + y[i];
}

// 16 halves at p as floats: exact, so one instruction where there is one.
typedef _Float16 lanes_h __attribute__((vector_size(32), aligned(2)));
#define CK_LOAD_HALVES(p) __builtin_convertvector(*(const lanes_h *)(p), lanes_f)
#define CK_STORE_HALVES(p, v) (*(lanes_h *)(p) = __builtin_convertvector(v, lanes_h))

// A head's blocks lie too far apart for the hardware to foresee; a prefetch past the end is
// harmless.
#define CK_BLOCKS_AHEAD 2
#define CK_PREFETCH(p) __builtin_prefetch(p)

// Scores of the 16 positions of each block; lanes past `count` hold rubbish until masked.
CK_TARGET static float wide_scores(const float *query, const ck_history *history, float scale,
                                   float *scores) {
  size_t size = history->head_size, count = history->count;
  const uint16_t *keys = history->keys;
  lanes_f top = CK_SPLAT(CK_LOWEST);
  for (size_t first = 0; first < count; first += 16, keys += history->block_stride) {
    lanes_f s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    for (size_t d = 0; d < size; d += 4) {
      CK_PREFETCH(keys + CK_BLOCKS_AHEAD * history->block_stride + d * 16);
      CK_PREFETCH(keys + CK_BLOCKS_AHEAD * history->block_stride + d * 16 + 32);
      s0 = s0 + CK_LOAD_HALVES(keys + d * 16) * query[d];
      s1 = s1 + CK_LOAD_HALVES(keys + d * 16 + 16) * query[d + 1];
      s2 = s2 + CK_LOAD_HALVES(keys + d * 16 + 32) * query[d + 2];
      s3 = s3 + CK_LOAD_HALVES(keys + d * 16 + 48) * query[d + 3];
    }
    lanes_f score = ((s0 + s1) + (s2 + s3)) * scale;
    CK_STORE(scores + first, score);
    if (first + 16 > count) {
      for (size_t p = count; p < first + 16; p++) scores[p] = CK_LOWEST;
      score = CK_LOAD(scores + first);
    }
    top = CK_SELECT(score > top, score, top);
  }
  float highest = CK_LOWEST;
  for (int lane = 0; lane < 16; lane++) highest = top[lane] > highest ? top[lane] : highest;
  return highest;
}

// Replaces scores by exp(score - top) and returns their sum.
CK_TARGET static float wide_exponentials(size_t count, float top, float *scores) {
  lanes_f sums = {0};
  for (size_t first = 0; first < count; first += 16) {
    lanes_f e = CK_LOAD(scores + first) - top;
    wide_exp(&e);
    CK_STORE(scores + first, e);
    if (first + 16 > count) {
      for (size_t p = count; p < first + 16; p++) scores[p] = 0.0f;
      e = CK_LOAD(scores + first);
    }
    sums = sums + e;
  }
  float lanes[16];
  CK_STORE(lanes, sums);
  return ck_tree_sum(lanes);
}

// out (16 * parts) = sum over positions of score * value, then times `inverse`.
CK_TARGET static inline __attribute__((always_inline)) void wide_mix(
    const ck_history *history, const float *scores, float inverse, size_t column, int parts,
    float *out) {
  lanes_f sums[4];
#pragma clang loop unroll(full)
  for (int part = 0; part < parts; part++) sums[part] = CK_SPLAT(0.0f);
  const uint16_t *block = history->values + column;
  for (size_t first = 0; first < history->count; first += 16, block += history->block_stride) {
    size_t left = history->count - first, lanes = left < 16 ? left : 16;
    for (size_t lane = 0; lane < lanes; lane++) {
      const uint16_t *value = block + lane * history->head_size;
      CK_PREFETCH(value + CK_BLOCKS_AHEAD * history->block_stride);
      CK_PREFETCH(value + CK_BLOCKS_AHEAD * history->block_stride + 32);
#pragma clang loop unroll(full)
      for (int part = 0; part < parts; part++) {
        sums[part] = sums[part] + CK_LOAD_HALVES(value + 16 * part) * scores[first + lane];
      }
    }
  }
#pragma clang loop unroll(full)
  for (int part = 0; part < parts; part++) CK_STORE(out + 16 * part, sums[part] * inverse);
}

CK_TARGET static void CK_NAME(ck_attention)(const float *query, const ck_history *history,
                                            float scale, float *scores, float *out) {
  size_t size = history->head_size, d = 0;
  float top = wide_scores(query, history, scale, scores);
  float inverse = 1.0f / wide_exponentials(history->count, top, scores);
  for (; d + 64 <= size; d += 64) wide_mix(history, scores, inverse, d, 4, out + d);
  for (; d < size; d += 16) wide_mix(history, scores, inverse, d, 1, out + d);
}

CK_TARGET static void CK_NAME(ck_store)(const float *key, const float *value, size_t head_size,
                                        size_t lane, uint16_t *keys, uint16_t *values) {
  for (size_t d = 0; d < head_size; d += 16) {
    uint16_t halves[16];
    CK_STORE_HALVES(halves, CK_LOAD(key + d));
    for (size_t i = 0; i < 16; i++) keys[(d + i) * 16 + lane] = halves[i];
    CK_STORE_HALVES(values + lane * head_size + d, CK_LOAD(value + d));
  }
}
