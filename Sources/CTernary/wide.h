// Float kernels over 16 lanes in clang's vector types: one text for every instruction set. The
// including file defines CK_TARGET (the target attribute), CK_NAME(kernel) (the suffix), and what fits its
// registers: CK_QUERIES of attention, CK_FEW tokens of a dense product, CK_EXPONENTIALS at once. More
// queries than CK_ALONE share panels of keys and values, CK_SUMS registers each (0: they do not).
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
#define CK_LANE ((lanes_i){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})

// Each of `n` (a constant) values, step by step: one exponential is a long chain of steps, and a processor
// looks ahead no further than a few of them.
#define CK_EACH_VALUE _Pragma("clang loop unroll(full)") for (int i = 0; i < n; i++)
CK_TARGET static inline __attribute__((always_inline)) void wide_exp(lanes_f *values, const int n) {
  const lanes_f high = CK_SPLAT(CK_EXP_HIGH), low = CK_SPLAT(CK_EXP_LOW);
  lanes_f r[CK_EXPONENTIALS], y[CK_EXPONENTIALS], whole[CK_EXPONENTIALS];
  CK_EACH_VALUE r[i] = CK_SELECT(values[i] < high, values[i], high);
  CK_EACH_VALUE r[i] = CK_SELECT(r[i] > low, r[i], low);
  CK_EACH_VALUE whole[i] = r[i] * CK_LOG2E + CK_ROUND_MAGIC;
  CK_EACH_VALUE whole[i] = whole[i] - CK_ROUND_MAGIC;
  CK_EACH_VALUE r[i] = r[i] - whole[i] * CK_LN2_HIGH;
  CK_EACH_VALUE r[i] = r[i] - whole[i] * CK_LN2_LOW;
  CK_EACH_VALUE y[i] = r[i] * CK_EXP_C0 + CK_EXP_C1;
  CK_EACH_VALUE y[i] = y[i] * r[i] + CK_EXP_C2;
  CK_EACH_VALUE y[i] = y[i] * r[i] + CK_EXP_C3;
  CK_EACH_VALUE y[i] = y[i] * r[i] + CK_EXP_C4;
  CK_EACH_VALUE y[i] = y[i] * r[i] + CK_EXP_C5;
  CK_EACH_VALUE y[i] = y[i] * (r[i] * r[i]);
  CK_EACH_VALUE y[i] = (y[i] + r[i]) + 1.0f;
  CK_EACH_VALUE values[i] =
      y[i] * (lanes_f)((__builtin_convertvector(whole[i], lanes_i) + 127) << 23);
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

// Keeps of lanes i and i + width the higher one: the highest of all where that is done for 8, 4, 2, 1.
#define CK_FOLD_HIGHEST(v, ...)                                  \
  do {                                                           \
    const lanes_f other = __builtin_shufflevector(v, v, __VA_ARGS__); \
    v = CK_SELECT(other > v, other, v);                          \
  } while (0)

// The highest lane; none of them is NaN.
CK_TARGET static inline __attribute__((always_inline)) float wide_highest(const lanes_f *lanes) {
  lanes_f v = *lanes;
  CK_FOLD_HIGHEST(v, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  CK_FOLD_HIGHEST(v, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3);
  CK_FOLD_HIGHEST(v, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1);
  CK_FOLD_HIGHEST(v, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0);
  return v[0];
}

CK_TARGET static float wide_absmax(const float *x, size_t n) {
  lanes_f top = CK_SPLAT(CK_ABSMAX_FLOOR), tops[4] = {top, top, top, top};
  size_t i = 0;
  // A comparison waits for the one before: four at a time do not.
  for (; i + 64 <= n; i += 64) {
#pragma clang loop unroll(full)
    for (size_t k = 0; k < 4; k++) {
      lanes_f magnitude = (lanes_f)((lanes_i)CK_LOAD(x + i + 16 * k) & 0x7fffffff);
      tops[k] = CK_SELECT(magnitude > tops[k], magnitude, tops[k]);
    }
  }
#pragma clang loop unroll(full)
  for (size_t k = 0; k < 4; k++) top = CK_SELECT(tops[k] > top, tops[k], top);
  for (; i + 16 <= n; i += 16) {
    lanes_f magnitude = (lanes_f)((lanes_i)CK_LOAD(x + i) & 0x7fffffff);
    top = CK_SELECT(magnitude > top, magnitude, top);
  }
  float absmax = wide_highest(&top);
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

// `n` (a constant) registers of gates.
CK_TARGET static inline __attribute__((always_inline)) void wide_silu(const float *gate,
                                                                      const float *up, float *out,
                                                                      const int n) {
  lanes_f e[CK_EXPONENTIALS];
  CK_EACH_VALUE e[i] = -CK_LOAD(gate + 16 * i);
  wide_exp(e, n);
  CK_EACH_VALUE e[i] = CK_LOAD(gate + 16 * i) / (e[i] + 1.0f);
  CK_EACH_VALUE CK_STORE(out + 16 * i, e[i] * CK_LOAD(up + 16 * i));
}

CK_TARGET static void CK_NAME(ck_silu_multiply)(const float *gate, const float *up, size_t n,
                                                float *out) {
  const size_t together = 16 * CK_EXPONENTIALS;
  size_t i = 0;
  for (; i + together <= n; i += together) wide_silu(gate + i, up + i, out + i, CK_EXPONENTIALS);
  for (; i + 16 <= n; i += 16) wide_silu(gate + i, up + i, out + i, 1);
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

// How far ahead keys and values are asked for, in elements: memory's latency. Never past the last
// position: to find out that a page was not touched yet takes longer than to read it.
#define CK_ELEMENTS_AHEAD 6144

// Scores of the 16 positions of each block, of `n` (a constant) queries that share the turning of
// keys into floats; `stride` apart. Lanes past a query's count hold rubbish until masked.
CK_TARGET static inline __attribute__((always_inline)) void wide_scores(
    const ck_query *queries, const int n, size_t count, const ck_history *history, float scale,
    float *scores, size_t stride) {
  const size_t size = history->head_size, ahead = CK_ELEMENTS_AHEAD / size / 16 * 16;
  const size_t last = (count + 15) / 16 * 16;
  const uint16_t *keys = history->keys;
  for (size_t first = 0; first < count; first += 16, keys += 16 * size) {
    // After the last keys the values are due.
    const size_t past = first + ahead < last ? 0 : first + ahead - last;
    const uint16_t *due = first + ahead < last ? keys + ahead * size : history->values + past * size;
    if (past + 16 > count) due = keys;
    lanes_f s[CK_QUERIES][4];
#pragma clang loop unroll(full)
    for (int q = 0; q < n; q++) {
#pragma clang loop unroll(full)
      for (int k = 0; k < 4; k++) s[q][k] = CK_SPLAT(0.0f);
    }
    for (size_t d = 0; d < size; d += 4) {
      __builtin_prefetch(due + d * 16);
      __builtin_prefetch(due + d * 16 + 32);
#pragma clang loop unroll(full)
      for (int k = 0; k < 4; k++) {
        lanes_f key = CK_LOAD_HALVES(keys + (d + (size_t)k) * 16);
#pragma clang loop unroll(full)
        for (int q = 0; q < n; q++) s[q][k] = s[q][k] + key * queries[q].query[d + (size_t)k];
      }
    }
#pragma clang loop unroll(full)
    for (int q = 0; q < n; q++) {
      lanes_f score = ((s[q][0] + s[q][1]) + (s[q][2] + s[q][3])) * scale;
      CK_STORE(scores + (size_t)q * stride + first, score);
    }
  }
}

// Replaces `n` (a constant) registers of scores by exp(score - highest) and adds them to `sums` in order.
CK_TARGET static inline __attribute__((always_inline)) void wide_exponentials_of(
    float *scores, float highest, lanes_f *sums, const int n) {
  lanes_f e[CK_EXPONENTIALS];
  CK_EACH_VALUE e[i] = CK_LOAD(scores + 16 * i) - highest;
  wide_exp(e, n);
  CK_EACH_VALUE CK_STORE(scores + 16 * i, e[i]);
  CK_EACH_VALUE *sums = *sums + e[i];
}

// The highest of `count` scores; lanes past the count become the lowest number.
CK_TARGET static inline __attribute__((always_inline)) float wide_highest_score(size_t count,
                                                                                float *scores) {
  const lanes_f lowest = CK_SPLAT(CK_LOWEST);
  lanes_f top = lowest;
  size_t first = 0;
  for (; first + 16 <= count; first += 16) {
    lanes_f score = CK_LOAD(scores + first);
    top = CK_SELECT(score > top, score, top);
  }
  if (first < count) {
    lanes_f score = CK_SELECT(CK_LANE < (int32_t)(count - first), CK_LOAD(scores + first), lowest);
    CK_STORE(scores + first, score);
    top = CK_SELECT(score > top, score, top);
  }
  return wide_highest(&top);
}

// Replaces `count` scores by exp(score - highest), and lanes past the count by 0; `sums` gets their 16 sums.
CK_TARGET static inline __attribute__((always_inline)) void wide_exponentials(
    size_t count, float *scores, float highest, lanes_f *sums) {
  const size_t together = 16 * CK_EXPONENTIALS;
  size_t first = 0;
  *sums = CK_SPLAT(0.0f);
  for (; first + together <= count; first += together) {
    wide_exponentials_of(scores + first, highest, sums, CK_EXPONENTIALS);
  }
  for (; first + 16 <= count; first += 16) {
    wide_exponentials_of(scores + first, highest, sums, 1);
  }
  if (first < count) {
    lanes_f e = CK_LOAD(scores + first) - highest;
    wide_exp(&e, 1);
    e = (lanes_f)((lanes_i)e & (CK_LANE < (int32_t)(count - first)));
    CK_STORE(scores + first, e);
    *sums = *sums + e;
  }
}

// 1 / the sum of all lanes.
CK_TARGET static inline __attribute__((always_inline)) float wide_inverse_sum(const lanes_f *sums) {
  float lanes[16];
  CK_STORE(lanes, *sums);
  return 1.0f / ck_tree_sum(lanes);
}

// Columns column ..< column + 16 * parts of out (head_size) of `n` queries += the sum over positions
// first ..< end of score * value; `n` and `parts` are constants. The values of as many positions from
// `due` on are asked for.
CK_TARGET static inline __attribute__((always_inline)) void wide_mix(
    const ck_query *queries, const int n, const ck_history *history, const float *scores,
    size_t stride, size_t first, size_t end, size_t due, size_t column, const int parts) {
  lanes_f sums[CK_QUERIES][4];
#pragma clang loop unroll(full)
  for (int q = 0; q < n; q++) {
#pragma clang loop unroll(full)
    for (int part = 0; part < parts; part++) {
      sums[q][part] = CK_LOAD(queries[q].out + column + 16 * part);
    }
  }
  const uint16_t *value = history->values + first * history->head_size + column;
  const size_t ahead = (due - first) * history->head_size;
  for (size_t p = first; p < end; p++, value += history->head_size) {
    __builtin_prefetch(value + ahead);
    if (parts > 2) __builtin_prefetch(value + ahead + 32);
#pragma clang loop unroll(full)
    for (int part = 0; part < parts; part++) {
      lanes_f v = CK_LOAD_HALVES(value + 16 * part);
#pragma clang loop unroll(full)
      for (int q = 0; q < n; q++) {
        sums[q][part] = sums[q][part] + v * scores[(size_t)q * stride + p];
      }
    }
  }
#pragma clang loop unroll(full)
  for (int q = 0; q < n; q++) {
#pragma clang loop unroll(full)
    for (int part = 0; part < parts; part++) {
      CK_STORE(queries[q].out + column + 16 * part, sums[q][part]);
    }
  }
}

// Positions whose values are read column by column before the next ones: a stream of memory still.
#define CK_POSITIONS_TOGETHER 32

CK_TARGET static inline __attribute__((always_inline)) void wide_mix_all(
    const ck_query *queries, const int n, const ck_history *history, const float *scores,
    size_t stride, size_t first, size_t end) {
  const size_t size = history->head_size;
  for (size_t p = first, stop; p < end; p = stop) {
    stop = p + CK_POSITIONS_TOGETHER < end ? p + CK_POSITIONS_TOGETHER : end;
    const size_t ahead = p + CK_ELEMENTS_AHEAD / size, last = end - (stop - p);
    const size_t due = ahead < last ? ahead : last;
    size_t d = 0;
    for (; d + 64 <= size; d += 64) {
      wide_mix(queries, n, history, scores, stride, p, stop, due, d, 4);
    }
    for (; d < size; d += 16) wide_mix(queries, n, history, scores, stride, p, stop, due, d, 1);
  }
}

// `n` queries (a constant) at once: together as far as all of them look, then each on its own.
CK_TARGET static inline __attribute__((always_inline)) void wide_attention(
    const ck_query *queries, const int n, const ck_history *history, float scale, float *scores) {
  size_t most = 0, common = queries[0].count;
  for (int q = 0; q < n; q++) {
    most = queries[q].count > most ? queries[q].count : most;
    common = queries[q].count < common ? queries[q].count : common;
  }
  const size_t stride = (most + 15) / 16 * 16;
  wide_scores(queries, n, most, history, scale, scores, stride);
  float inverses[CK_QUERIES];
  for (int q = 0; q < n; q++) {
    float *own = scores + (size_t)q * stride;
    lanes_f sums;
    wide_exponentials(queries[q].count, own, wide_highest_score(queries[q].count, own), &sums);
    inverses[q] = wide_inverse_sum(&sums);
    for (size_t d = 0; d < history->head_size; d++) queries[q].out[d] = 0.0f;
  }
  wide_mix_all(queries, n, history, scores, stride, 0, common);
  for (int q = 0; q < n; q++) {
    if (queries[q].count > common) {
      wide_mix_all(queries + q, 1, history, scores + (size_t)q * stride, stride, common,
                   queries[q].count);
    }
    for (size_t d = 0; d < history->head_size; d += 16) {
      CK_STORE(queries[q].out + d, CK_LOAD(queries[q].out + d) * inverses[q]);
    }
  }
}

#if CK_SUMS
#include "wide_many.h"
#endif

CK_TARGET static void CK_NAME(ck_attention)(const ck_query *queries, size_t count,
                                            const ck_history *history, float scale,
                                            float *scores) {
#if CK_SUMS
  if (count > CK_ALONE && history->head_size <= CK_MANY_SIZE) {
    wide_attention_of_many(queries, count, history, scale, scores);
    return;
  }
#endif
  size_t q = 0;
  for (; CK_QUERIES > 1 && q + CK_QUERIES <= count; q += CK_QUERIES) {
    wide_attention(queries + q, CK_QUERIES, history, scale, scores);
  }
  for (; q < count; q++) wide_attention(queries + q, 1, history, scale, scores);
}

CK_TARGET static void CK_NAME(ck_store)(const float *key, const float *value, size_t head_size,
                                        size_t lane, uint16_t *keys, uint16_t *values) {
  for (size_t d = 0; d < head_size; d += 16) {
    uint16_t halves[16];
    CK_STORE_HALVES(halves, CK_LOAD(key + d));
    for (size_t i = 0; i < 16; i++) keys[(d + i) * 16 + lane] = halves[i];
    CK_STORE_HALVES(values + d, CK_LOAD(value + d));
  }
}

CK_TARGET static void CK_NAME(ck_rope)(float *x, size_t heads, size_t head_size,
                                       const float *cosines, const float *sines, size_t half,
                                       int neighbours) {
  ck_turn_heads(x, heads, head_size, cosines, sines, half, neighbours);
}
