// The likeliest of many tokens: ways to find them, of which every path has one.
#pragma once

#include "ternary.h"

// Logits looked at together: most of them hold none that is chosen.
#define RUN 16
// Values at most that are put in order by counting how many are above each.
#define COUNTED 128

/// Whether the runs with the highest maxima narrow it down: few of many are found by going through all,
/// and most of few by putting all in order.
static inline int ck_suits_runs(size_t n, size_t kept) {
  const size_t runs = n / RUN;
  return runs <= COUNTED && runs >= kept && runs <= 8 * kept;
}

/// See `top` in `ck_kernels`.
size_t ck_top_by_runs(const float *logits, size_t n, size_t count, int32_t *tokens, float *values);
size_t ck_top_avx512(const float *logits, size_t n, size_t count, int32_t *tokens, float *values);
