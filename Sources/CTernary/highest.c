// The likeliest tokens by a sketch of the head: a scan bounds every row, then the rows that can still
// be among the highest are worked out as the whole product would.
#include "dense.h"
#include "highest.h"

#include <math.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF

// Rows of a group, which are worked out together.
#define ROWS CK_GROUP_ROWS
// Rows of codes that take as much room as questions and what they are made with.
#define QUESTION_ROWS (6 + 2 * (CK_QUESTIONS_AT_ONCE + CK_QUESTIONS_AT_ONCE / 4))
// Where more than one group of so many is still open, the whole product is the shorter way.
#define WHOLE_SHARE 4
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
// room for QUESTION_ROWS rows of codes.
static void ask(const ck_kernels *kernels, const ck_survivors *s, int8_t *scratch,
                both_questions *both) {
  const size_t tokens = s->tokens, columns = s->matrix->columns, room = s->sketch->matrix.columns;
  // A scan for one token waits for memory and has the time to ask about both parts at once.
  const size_t parts = tokens == 1 ? 2 : 1, asked = tokens * parts;
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

static void work_out(const ck_kernels *kernels, const ck_survivors *s, size_t token, size_t group) {
  const size_t columns = s->matrix->columns;
  kernels->float_matmul(s->matrix, s->x + token * columns, columns, 1,
                        s->out + token * s->out_stride, s->out_stride, group, group + 1);
  __atomic_fetch_or(&s->exact[group], (uint16_t)(1u << token), __ATOMIC_RELAXED);
}

// A bit for each token that a group was worked out for.
static uint32_t exact_tokens(const ck_survivors *s, size_t group) {
  return __atomic_load_n(&s->exact[group], __ATOMIC_RELAXED);
}

// What `keep` rows of a token are at least: those with the highest upper bounds, worked out.
static float least_kept(const ck_kernels *kernels, const ck_survivors *s, size_t token) {
  int32_t likeliest[CK_HIGHEST_AT_MOST];
  float values[CK_HIGHEST_AT_MOST], least = INFINITY;
  const float *rows = s->out + token * s->out_stride;
  const size_t found = kernels->top(rows, s->count, s->keep, likeliest, values);
  for (size_t i = 0; i < found; i++) {
    const size_t row = (size_t)likeliest[i], group = row / ROWS;
    if ((exact_tokens(s, group) >> token & 1) == 0) work_out(kernels, s, token, group);
    // What is not a number is lower than all: then every row may be among the highest.
    if (!(rows[row] >= least)) least = rows[row];
  }
  return least;
}

typedef struct {
  const ck_kernels *kernels;
  ck_survivors *survivors;
} threshold;

static void find_least(void *context, size_t token, size_t thread) {
  (void)thread;
  const threshold *t = context;
  t->survivors->least[token] = least_kept(t->kernels, t->survivors, token);
}

// Groups of all tokens that can hold one of their highest rows.
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
  for (size_t group = first; group < end; group++) {
    const uint32_t exact = exact_tokens(s, group);
    for (size_t t = 0; t < s->tokens; t++) {
      float *highest = s->out + t * s->out_stride, *rows = highest + group * ROWS;
      if ((exact >> t & 1) != 0) continue;
      if (s->rest != NULL && any_reaches(rows, s->least[t])) {
        kernels->narrow(s->sketch, s->questions, s->rest, t, highest, group);
      }
      if (any_reaches(rows, s->least[t])) {
        work_out(kernels, s, t, group);
      } else {
        for (size_t i = 0; i < ROWS; i++) rows[i] = -INFINITY;
      }
    }
  }
}

// At most CK_QUESTIONS_AT_ONCE tokens.
static size_t highest_of(ck_workers *workers, const ck_kernels *kernels, ck_survivors survivors,
                         int8_t *scratch) {
  const ck_dense_matrix *matrix = survivors.matrix;
  both_questions both;
  ask(kernels, &survivors, scratch, &both);
  survivors.exact = (uint16_t *)(void *)(scratch + QUESTION_ROWS * survivors.sketch->matrix.columns);
  memset(survivors.exact, 0, matrix->rows / ROWS * sizeof *survivors.exact);
  survivors.questions = &both.first;
  survivors.rest = both.first.parts == 1 ? &both.rest : NULL;
  ck_workers_bounds(workers, kernels, survivors.sketch, &both.first, survivors.out,
                    survivors.out_stride);
  threshold least = {kernels, &survivors};
  ck_workers_rows(workers, find_least, &least, survivors.tokens,
                  survivors.tokens * survivors.keep * ROWS * matrix->columns);
  if (open_groups(&survivors) * WHOLE_SHARE > survivors.tokens * (matrix->rows / ROWS)) {
    ck_workers_float_matmul(workers, kernels, matrix, survivors.x, matrix->columns,
                            survivors.tokens, survivors.out, survivors.out_stride);
    return survivors.tokens * (matrix->rows / ROWS);
  }
  ck_workers_settle(workers, kernels, &survivors);
  size_t exact = 0;
  for (size_t group = 0; group < matrix->rows / ROWS; group++) {
    exact += (size_t)__builtin_popcount(exact_tokens(&survivors, group));
  }
  return exact;
}

size_t ck_highest_scratch(size_t rows, size_t columns) {
  return QUESTION_ROWS * columns + rows / ROWS * sizeof(uint16_t);
}

size_t ck_workers_highest(ck_workers *workers, const ck_kernels *kernels,
                          const ck_dense_matrix *matrix, const ck_sketch *sketch, const float *x,
                          size_t tokens, size_t count, size_t keep, int8_t *scratch, float *out,
                          size_t out_stride) {
  size_t done = 0;
  for (size_t t = 0; t < tokens; t += CK_QUESTIONS_AT_ONCE) {
    const size_t left = tokens - t;
    const ck_survivors survivors = {
        .matrix = matrix, .sketch = sketch, .x = x + t * matrix->columns,
        .tokens = left < CK_QUESTIONS_AT_ONCE ? left : CK_QUESTIONS_AT_ONCE, .count = count,
        .keep = keep,
        .out = out + t * out_stride, .out_stride = out_stride};
    done += highest_of(workers, kernels, survivors, scratch);
  }
  return done;
}
