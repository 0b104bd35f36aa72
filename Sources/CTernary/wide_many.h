// Attention of more queries than the registers hold at once, which share the turning of keys and values
// into floats: a panel of some positions is made once and read by all, four queries at a time. Included
// by `wide.h` where CK_SUMS says how many registers of 16 each of the four sums in (1 or 4). Every sum
// has the order that it has for a query by itself.
#pragma once

// Positions of a panel, in blocks of 16, and the widest head that has one: half of the nearest cache.
#define CK_MANY_BLOCKS (CK_SUMS == 1 ? 2 : 4)
#define CK_MANY_POSITIONS (CK_MANY_BLOCKS * 16)
#define CK_MANY_SIZE 128

// Four queries that share a panel. Where there are fewer, the last one stands for those missing: it is
// then worked out several times, and comes out the same each time.
typedef struct {
  const float *query[4];  // (size)
  float *scores[4];       // (positions)
  float *out[4];          // (size)
  size_t common, most;    // positions that all of them look at, and that one of them does
} wide_four;

// Meanwhile as many of the halves behind them are asked for, if `left` has them. Half a line more than
// `count` is harmless: streams and panels end with whole blocks of 16 positions.
CK_TARGET static void wide_panel_of_halves(const uint16_t *halves, size_t count, size_t left,
                                           float *panel) {
  const size_t ahead = 2 * count <= left ? count : 0;
  for (size_t i = 0; i < count; i += 32) {
    __builtin_prefetch(halves + i + ahead, 0, 2);
    CK_STORE(panel + i, CK_LOAD_HALVES(halves + i));
    CK_STORE(panel + i + 16, CK_LOAD_HALVES(halves + i + 16));
  }
}

// Sums k ..< k + `sums` of the four that each score of `blocks` blocks of a panel of keys (blocks, size, 16)
// has, to sums (4, 4 queries, blocks, 16). `blocks` and `sums` are constants, so few that all stay in
// registers.
CK_TARGET static inline __attribute__((always_inline)) void wide_sums_of_four(
    const wide_four *four, const float *panel, size_t size, const int blocks, const int sums,
    size_t k, float *out) {
  lanes_f s[4][4][CK_MANY_BLOCKS];
#pragma clang loop unroll(full)
  for (int i = 0; i < sums * 4 * blocks; i++) {
    s[i / blocks / 4][i / blocks % 4][i % blocks] = CK_SPLAT(0.0f);
  }
  for (size_t d = k; d < size; d += 4) {
#pragma clang loop unroll(full)
    for (int i = 0; i < sums; i++) {
      const size_t column = d + (size_t)i;
#pragma clang loop unroll(full)
      for (int q = 0; q < 4; q++) {
        const float x = four->query[q][column];
#pragma clang loop unroll(full)
        for (int b = 0; b < blocks; b++) {
          s[i][q][b] = s[i][q][b] + CK_LOAD(panel + ((size_t)b * size + column) * 16) * x;
        }
      }
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < sums * 4 * blocks; i++) {
    CK_STORE(out + ((int)k * 4 * blocks + i) * 16, s[i / blocks / 4][i / blocks % 4][i % blocks]);
  }
}

// Scores of so many blocks, `sums` of their four sums at a time.
#define CK_SCORES_OF(blocks, sums)                                                               \
  CK_TARGET static __attribute__((noinline)) void wide_sums_of_##blocks(                         \
      const wide_four *four, const float *panel, size_t size, size_t k, float *out) {            \
    wide_sums_of_four(four, panel, size, blocks, sums, k, out);                                  \
  }                                                                                              \
  CK_TARGET static void wide_scores_of_##blocks(const wide_four *four, const float *panel,       \
                                                size_t size, float scale, size_t first) {        \
    float s[4][4][blocks][16] __attribute__((aligned(64)));                                      \
    for (size_t k = 0; k < 4; k += sums) {                                                       \
      wide_sums_of_##blocks(four, panel, size, k, &s[0][0][0][0]);                               \
    }                                                                                            \
    _Pragma("clang loop unroll(full)") for (int i = 0; i < 4 * blocks; i++) {                    \
      const int q = i / blocks, b = i % blocks;                                                  \
      const lanes_f low = CK_LOAD(s[0][q][b]) + CK_LOAD(s[1][q][b]);                             \
      const lanes_f high = CK_LOAD(s[2][q][b]) + CK_LOAD(s[3][q][b]);                            \
      CK_STORE(four->scores[q] + first + 16 * b, (low + high) * scale);                          \
    }                                                                                            \
  }
CK_SCORES_OF(1, CK_SUMS)
#if CK_SUMS == 4
CK_SCORES_OF(2, 2)
CK_SCORES_OF(3, 1)
CK_SCORES_OF(4, 1)
#endif

// Scores of the first `blocks` blocks of a panel whose first position is `first`.
CK_TARGET static void wide_scores_of_panel(const wide_four *four, const float *panel, size_t size,
                                           float scale, size_t first, size_t blocks) {
#if CK_SUMS == 4
  void (*const each[CK_MANY_BLOCKS])(const wide_four *, const float *, size_t, float, size_t) = {
      wide_scores_of_1, wide_scores_of_2, wide_scores_of_3, wide_scores_of_4};
  if (blocks > 0) each[blocks - 1](four, panel, size, scale, first);
#else
  for (size_t b = 0; b < blocks; b++) {
    wide_scores_of_1(four, panel + b * 16 * size, size, scale, first + b * 16);
  }
#endif
}

// Columns column ..< column + 16 * parts of the results of queries first ..< end (all but the panel's
// positions are constants) += the sum over a panel's `positions` of score * value.
CK_TARGET static inline __attribute__((always_inline)) void wide_mix_columns(
    const wide_four *four, const int first, const int end, const float *panel, size_t size,
    size_t score, size_t positions, size_t column, const int parts) {
  lanes_f sums[4][4];
#pragma clang loop unroll(full)
  for (int i = first * parts; i < end * parts; i++) {
    sums[i / parts][i % parts] = CK_LOAD(four->out[i / parts] + column + 16 * (i % parts));
  }
  for (size_t p = 0; p < positions; p++) {
#pragma clang loop unroll(full)
    for (int q = first; q < end; q++) {
      const float weight = four->scores[q][score + p];
#pragma clang loop unroll(full)
      for (int part = 0; part < parts; part++) {
        sums[q][part] = sums[q][part] + CK_LOAD(panel + p * size + column + 16 * part) * weight;
      }
    }
  }
#pragma clang loop unroll(full)
  for (int i = first * parts; i < end * parts; i++) {
    CK_STORE(four->out[i / parts] + column + 16 * (i % parts), sums[i / parts][i % parts]);
  }
}

CK_TARGET static inline __attribute__((always_inline)) void wide_mix_panel(
    const wide_four *four, const int first, const int end, const float *panel, size_t size,
    size_t score, size_t positions) {
  size_t d = 0;
  for (; d + 16 * CK_SUMS <= size; d += 16 * CK_SUMS) {
    wide_mix_columns(four, first, end, panel, size, score, positions, d, CK_SUMS);
  }
  for (; d < size; d += 16) {
    wide_mix_columns(four, first, end, panel, size, score, positions, d, 1);
  }
}

CK_TARGET static void wide_mix_four(const wide_four *four, const float *panel, size_t size,
                                    size_t score, size_t positions) {
  wide_mix_panel(four, 0, 4, panel, size, score, positions);
}

CK_TARGET static void wide_mix_one(const wide_four *four, int q, const float *panel, size_t size,
                                   size_t score, size_t positions) {
  const wide_four one = {.scores = {four->scores[q]}, .out = {four->out[q]}};
  wide_mix_panel(&one, 0, 1, panel, size, score, positions);
}

// The smaller, and how far `a` is above `b`.
static size_t ck_least(size_t a, size_t b) { return a < b ? a : b; }
static size_t ck_above(size_t a, size_t b) { return a > b ? a - b : 0; }

// Adds a panel of values from position `first` on to the results of the queries of a four.
CK_TARGET static void wide_mix_values(const wide_four *four, const ck_query *queries, size_t count,
                                      const float *panel, size_t size, size_t first,
                                      size_t positions) {
  const size_t together = ck_least(ck_above(four->common, first), positions);
  if (together > 0) wide_mix_four(four, panel, size, first, together);
  for (size_t q = 0; q < count; q++) {
    const size_t end = ck_least(ck_above(queries[q].count, first), positions);
    if (end <= together) continue;
    wide_mix_one(four, (int)q, panel + together * size, size, first + together, end - together);
  }
}

// At most CK_QUERIES_AT_ONCE queries of a head that is at most CK_MANY_SIZE wide.
CK_TARGET static void wide_attention_of_many(const ck_query *queries, size_t count,
                                             const ck_history *history, float scale,
                                             float *scores) {
  float panel[CK_MANY_POSITIONS * CK_MANY_SIZE] __attribute__((aligned(64)));
  wide_four fours[(CK_QUERIES_AT_ONCE + 3) / 4];
  const size_t size = history->head_size;
  size_t most = 0;
  for (size_t q = 0; q < count; q++) most = queries[q].count > most ? queries[q].count : most;
  const size_t stride = (most + 15) / 16 * 16;
  for (size_t q = 0; q < (count + 3) / 4 * 4; q++) {
    const size_t real = q < count ? q : count - 1, looks = queries[real].count;
    wide_four *four = &fours[q / 4];
    four->query[q % 4] = queries[real].query;
    four->out[q % 4] = queries[real].out;
    four->scores[q % 4] = scores + real * stride;
    four->common = q % 4 == 0 || looks < four->common ? looks : four->common;
    four->most = q % 4 == 0 || looks > four->most ? looks : four->most;
  }
  for (size_t first = 0; first < most; first += CK_MANY_POSITIONS) {
    const size_t blocks = ck_least((most - first + 15) / 16, CK_MANY_BLOCKS);
    wide_panel_of_halves(history->keys + first * size, blocks * 16 * size,
                         (most - first) * size, panel);
    for (size_t q = 0; q < count; q += 4) {
      const size_t own = ck_least((ck_above(fours[q / 4].most, first) + 15) / 16, blocks);
      wide_scores_of_panel(&fours[q / 4], panel, size, scale, first, own);
    }
  }
  // Step by step: what one query waits for, another one's step fills.
  float highest[CK_QUERIES_AT_ONCE], inverses[CK_QUERIES_AT_ONCE];
  lanes_f sums[CK_QUERIES_AT_ONCE];
  for (size_t q = 0; q < count; q++) {
    highest[q] = wide_highest_score(queries[q].count, scores + q * stride);
  }
  for (size_t q = 0; q < count; q++) {
    wide_exponentials(queries[q].count, scores + q * stride, highest[q], &sums[q]);
  }
  for (size_t q = 0; q < count; q++) {
    inverses[q] = wide_inverse_sum(&sums[q]);
    for (size_t d = 0; d < size; d += 16) CK_STORE(queries[q].out + d, CK_SPLAT(0.0f));
  }
  for (size_t first = 0; first < most; first += CK_MANY_POSITIONS) {
    const size_t positions = ck_least(most - first, CK_MANY_POSITIONS);
    wide_panel_of_halves(history->values + first * size, positions * size, (most - first) * size,
                         panel);
    for (size_t q = 0; q < count; q += 4) {
      wide_mix_values(&fours[q / 4], queries + q, ck_least(count - q, 4), panel, size, first,
                      positions);
    }
  }
  for (size_t q = 0; q < count; q++) {
    for (size_t d = 0; d < size; d += 16) {
      CK_STORE(queries[q].out + d, CK_LOAD(queries[q].out + d) * inverses[q]);
    }
  }
}
