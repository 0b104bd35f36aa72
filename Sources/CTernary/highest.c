// The likeliest token by a sketch of the head: a scan bounds every row, then the rows that can still
// be the highest are worked out as the whole product would.
#include "highest.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

// Rows of a group, which are worked out together.
#define ROWS CK_GROUP_ROWS
// Where more than one group of so many is still open, the whole product is the shorter way.
#define WHOLE_SHARE 4
// So few tokens are asked about in two parts at once: memory's pace leaves time for that, and fewer
// groups stay open.
#define IN_PARTS 8
// Float sums of so many terms are wrong by less than this share of the sum of magnitudes.
#define SLOPPINESS(terms) (1.0 + (double)(terms) * 1.2e-7)

// What is asked about some tokens, and what then about the rest of their activations.
typedef struct {
  ck_questions first, rest;
} both_questions;

// The norms of what `codes` and, where they are given, `more` keep of x (columns), and of what they
// leave out; that goes to `left`.
static void measure(const float *x, size_t columns, const int8_t *codes, float scale,
                    const int8_t *more, float more_scale, ck_question *question, float *left) {
  double norm = 0.0, residual = 0.0;
  for (size_t c = 0; c < columns; c++) {
    double kept = (double)codes[c] * scale;
    if (more != NULL) kept += (double)more[c] * more_scale;
    const double rest = (double)x[c] - kept;
    norm += kept * kept;
    residual += rest * rest;
    left[c] = (float)rest;
  }
  question->norm = (float)(sqrt(norm) * SLOPPINESS(4));
  question->residual = (float)(sqrt(residual) * SLOPPINESS(4));
}

// Shifts of questions, from their codes.
static void shift(const ck_questions *questions, size_t columns, int32_t *shifts) {
  const int8_t *codes = questions->codes;
  for (size_t part = 0; part < columns / 16; part++, shifts += questions->width) {
    for (size_t q = 0; q < questions->width; q++) shifts[q] = 0;
    for (size_t four = 0; four < 4; four++) {
      for (size_t q = 0; q < questions->width; q++, codes += 4) {
        shifts[q] -= 32 * (codes[0] + codes[1] + codes[2] + codes[3]);
      }
    }
  }
}

// What is asked about each x (tokens, columns), in so many columns as the sketch has; `scratch` has
// room for CK_QUESTION_ROWS rows of codes.
static void ask(const ck_kernels *kernels, const ck_survivors *s, int8_t *scratch,
                both_questions *both) {
  const size_t tokens = s->tokens, columns = s->matrix->columns, room = s->sketch->matrix.columns;
  const size_t parts = tokens <= IN_PARTS ? 2 : 1, asked = tokens * parts;
  const size_t width = asked <= 2 ? 2 : asked <= 4 ? 4 : asked <= 8 ? 8 : 16;
  const float *x = s->x;
  float *left = (float *)(void *)scratch;  // as long as four rows of codes
  int32_t *first_shifts = (int32_t *)(void *)(scratch + 4 * room);
  int32_t *rest_shifts = first_shifts + CK_QUESTIONS_AT_ONCE / 16 * room;
  int8_t *codes = (int8_t *)(rest_shifts + CK_QUESTIONS_AT_ONCE / 16 * room), *more = codes + room;
  int8_t *first = more + room, *rest = first + CK_QUESTIONS_AT_ONCE * room;
  both->first = (ck_questions){
      .codes = first, .shifts = first_shifts, .width = width, .count = tokens, .parts = parts};
  both->rest = (ck_questions){
      .codes = rest, .shifts = rest_shifts, .width = width, .count = tokens, .parts = 1};
  memset(first, 0, room * width);
  if (parts == 1) memset(rest, 0, room * width);
  for (size_t t = 0; t < tokens; t++, x += columns) {
    ck_question *one = &both->first.each[t * parts];
    ck_question *other = parts == 2 ? one + 1 : &both->rest.each[t];
    int8_t *place = first + t * parts * 4;
    int8_t *next = parts == 2 ? place + 4 : rest + t * 4;
    int32_t sum;
    kernels->quantise(x, columns, codes, &one->scale, &sum);
    measure(x, columns, codes, one->scale, NULL, 0.0f, one, left);
    kernels->quantise(left, columns, more, &other->scale, &sum);
    measure(x, columns, codes, one->scale, more, other->scale, other, left);
    for (size_t c = 0; c < columns; c += 4) {
      memcpy(place + c * width, codes + c, 4);
      memcpy(next + c * width, more + c, 4);
    }
  }
  shift(&both->first, room, first_shifts);
  if (parts == 1) shift(&both->rest, room, rest_shifts);
}

// Whether one of a group's rows is not below `least`; a loop that compilers turn into few
// instructions.
static int any_reaches(const float *rows, float least) {
  int found = 0;
  for (size_t i = 0; i < ROWS; i++) found |= !(rows[i] < least);
  return found;
}

// The group with the highest upper bound.
static size_t likeliest_group(const float *highest, size_t groups) {
  size_t best = 0;
  float top = -INFINITY;
  for (size_t group = 0; group < groups; group++) {
    const float *rows = highest + group * ROWS;
    if (!any_reaches(rows, top)) continue;
    for (size_t i = 0; i < ROWS; i++) {
      if (rows[i] > top) {
        top = rows[i];
        best = group;
      }
    }
  }
  return best;
}

// Works out a group of a token and returns the highest of its rows, if that is more than `least`.
static float work_out(const ck_kernels *kernels, const ck_survivors *s, size_t token, size_t group,
                      float least) {
  const size_t columns = s->matrix->columns;
  float *out = s->out + token * s->out_stride;
  kernels->float_matmul(s->matrix, s->x + token * columns, columns, 1, out, s->out_stride, group,
                        group + 1);
  for (size_t row = group * ROWS; row < (group + 1) * ROWS && row < s->count; row++) {
    least = out[row] > least ? out[row] : least;
  }
  return least;
}

// A bit for each token whose highest row a group can hold.
static uint32_t open_tokens(const ck_survivors *s, size_t group, const float *least) {
  uint32_t open = 0;
  for (size_t t = 0; t < s->tokens; t++) {
    const int reaches = any_reaches(s->out + t * s->out_stride + group * ROWS, least[t]);
    if (reaches && group != s->first[t]) open |= 1u << t;
  }
  return open;
}

// Groups of all tokens that can hold a highest row.
static size_t open_groups(const ck_survivors *s) {
  size_t open = 0;
  for (size_t t = 0; t < s->tokens; t++) {
    const float *rows = s->out + t * s->out_stride;
    for (size_t group = 0; group < s->matrix->rows / ROWS; group++) {
      open += (size_t)any_reaches(rows + group * ROWS, s->least[t]);
    }
  }
  return open;
}

void ck_settle(const ck_kernels *kernels, const ck_survivors *s, size_t first, size_t end) {
  float least[CK_QUESTIONS_AT_ONCE];
  size_t done = 0;
  memcpy(least, s->least, sizeof least);
  for (size_t group = first; group < end; group++) {
    const uint32_t open = open_tokens(s, group, least);
    if (open != 0 && s->rest != NULL) {
      kernels->narrow(s->sketch, s->questions, s->rest, open, s->out, s->out_stride, group);
    }
    for (size_t t = 0; t < s->tokens; t++) {
      float *rows = s->out + t * s->out_stride + group * ROWS;
      if (group == s->first[t]) continue;
      if ((open >> t & 1) != 0 && any_reaches(rows, least[t])) {
        least[t] = work_out(kernels, s, t, group, least[t]);
        done += 1;
      } else {
        for (size_t i = 0; i < ROWS; i++) rows[i] = -INFINITY;
      }
    }
  }
  atomic_fetch_add_explicit(s->done, done, memory_order_relaxed);
}

// At most CK_QUESTIONS_AT_ONCE tokens.
static size_t highest_of(ck_workers *workers, const ck_kernels *kernels, ck_survivors survivors,
                         int8_t *scratch) {
  const ck_dense_matrix *matrix = survivors.matrix;
  both_questions both;
  ask(kernels, &survivors, scratch, &both);
  survivors.questions = &both.first;
  survivors.rest = both.first.parts == 1 ? &both.rest : NULL;
  ck_workers_bounds(workers, kernels, survivors.sketch, &both.first, survivors.out,
                    survivors.out_stride);
  for (size_t t = 0; t < survivors.tokens; t++) {
    const float *highest = survivors.out + t * survivors.out_stride;
    survivors.first[t] = likeliest_group(highest, matrix->rows / ROWS);
    survivors.least[t] = work_out(kernels, &survivors, t, survivors.first[t], -INFINITY);
  }
  if (open_groups(&survivors) * WHOLE_SHARE > survivors.tokens * (matrix->rows / ROWS)) {
    ck_workers_float_matmul(workers, kernels, matrix, survivors.x, matrix->columns,
                            survivors.tokens, survivors.out, survivors.out_stride);
    return survivors.tokens * (matrix->rows / ROWS);
  }
  atomic_size_t done = survivors.tokens;
  survivors.done = &done;
  ck_workers_settle(workers, kernels, &survivors);
  return atomic_load(&done);
}

size_t ck_workers_highest(ck_workers *workers, const ck_kernels *kernels,
                          const ck_dense_matrix *matrix, const ck_sketch *sketch, const float *x,
                          size_t tokens, size_t count, int8_t *scratch, float *out,
                          size_t out_stride) {
  size_t done = 0;
  for (size_t t = 0; t < tokens; t += CK_QUESTIONS_AT_ONCE) {
    const size_t left = tokens - t;
    const ck_survivors survivors = {
        .matrix = matrix, .sketch = sketch, .x = x + t * matrix->columns,
        .tokens = left < CK_QUESTIONS_AT_ONCE ? left : CK_QUESTIONS_AT_ONCE, .count = count,
        .out = out + t * out_stride, .out_stride = out_stride};
    done += highest_of(workers, kernels, survivors, scratch);
  }
  return done;
}
