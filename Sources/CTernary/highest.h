// Which rows of a head can be the highest, and what they are: the second half of a draw that looks at
// few of them.
#pragma once

#include "ternary.h"

/// Tokens whose rows have upper bounds.
typedef struct {
  const ck_dense_matrix *matrix;
  const ck_sketch *sketch;
  const ck_questions *questions;
  const ck_questions *rest;  // see `narrow`; null where both parts were asked at once
  const float *x;  // (tokens, columns)
  size_t tokens;   // at most CK_QUESTIONS_AT_ONCE
  size_t count;    // rows that are there, without those of the padding
  size_t keep;     // so many of the highest are wanted
  float *out;      // (tokens, out_stride): upper bounds first, then what was worked out
  size_t out_stride;
  float least[CK_QUESTIONS_AT_ONCE];  // `keep` rows of the token are at least this
  uint16_t *exact;                    // (groups): a bit for each token that a group was worked out for
} ck_survivors;

/// Works out groups first ..< end of each token where they can hold one of its highest rows.
void ck_settle(const ck_kernels *kernels, const ck_survivors *survivors, size_t first, size_t end);

/// See `bounds`; all rows.
void ck_workers_bounds(ck_workers *workers, const ck_kernels *kernels, const ck_sketch *sketch,
                       const ck_questions *questions, float *highest, size_t stride);
/// See `ck_settle`; all groups.
void ck_workers_settle(ck_workers *workers, const ck_kernels *kernels,
                       const ck_survivors *survivors);
