// Threads that share the rows of one product. They live as long as the pool; between products
// they spin for a moment, since the next one is microseconds away, and then sleep.
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "ternary.h"

// About 50 us: longer than the work between two products of a step, shorter than a time slice.
#define SPINS 2000

typedef struct {
  const ck_kernels *kernels;
  const ck_ternary_matrix *ternary;  // null for a float product
  const ck_activations *activations;
  const ck_dense_matrix *dense;
  const float *x;
  size_t x_stride, tokens;
  float *out;
  size_t out_stride, groups;
  const ck_attention_step *attention;  // null for a product
  const ck_sketch *sketch;             // made of `dense`, or asked
  const ck_question *question;         // null where the sketch is made
  float *lowest, *highest;
} job;

struct ck_workers {
  size_t count;  // threads, the caller among them
  pthread_t *threads;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  job job;
  atomic_size_t started;   // products handed out; the job is written before it grows
  atomic_size_t finished;  // parts done of the product at hand
  atomic_int stopping;
};

typedef struct {
  ck_workers *workers;
  size_t index;
} worker;

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Rows of one slot that a thread takes at a time: they find the head's keys and values in the
// nearest cache.
#define ROWS_TOGETHER 16

static void attend(const ck_kernels *kernels, const ck_attention_step *s, size_t first, size_t end,
                   size_t head, float *scores) {
  const size_t block = s->head_size * 32;
  uint16_t *keys = s->places[first].cache + s->layer + head * block;
  const ck_history history = {keys, keys + s->head_size * 16, s->key_heads * block, s->head_size};
  ck_query queries[CK_QUERIES_AT_ONCE];
  size_t count = 0;
  for (size_t row = first; row < end; row++) {
    for (size_t q = head * s->queries_per_key; q < (head + 1) * s->queries_per_key; q++) {
      queries[count++] = (ck_query){s->queries + row * s->query_stride + q * s->head_size,
                                    s->out + row * s->out_stride + q * s->head_size,
                                    s->places[row].position + 1};
      if (count < CK_QUERIES_AT_ONCE) continue;
      kernels->attention(queries, count, &history, s->scale, scores);
      count = 0;
    }
  }
  if (count > 0) kernels->attention(queries, count, &history, s->scale, scores);
}

// Runs of rows times key heads, dealt out in turn.
static void attend_part(const ck_workers *workers, size_t index) {
  const ck_attention_step *s = workers->job.attention;
  float *scores = s->scores + index * s->scores_stride;
  size_t dealt = 0;
  for (size_t first = 0, end; first < s->count; first = end) {
    for (end = first + 1; end < s->count && end < first + ROWS_TOGETHER &&
                          s->places[end].cache == s->places[first].cache;) {
      end++;
    }
    for (size_t head = 0; head < s->key_heads; head++) {
      if (dealt++ % workers->count == index) {
        attend(workers->job.kernels, s, first, end, head, scores);
      }
    }
  }
}

// Contiguous parts: each thread reads one stream of weights.
static void run_part(const ck_workers *workers, size_t index) {
  const job *j = &workers->job;
  if (j->attention != NULL) {
    attend_part(workers, index);
    return;
  }
  size_t first = j->groups * index / workers->count;
  size_t end = j->groups * (index + 1) / workers->count;
  if (j->question != NULL) {
    j->kernels->bounds(j->sketch, j->question, j->lowest, j->highest, first, end);
  } else if (j->sketch != NULL) {
    j->kernels->sketch(j->dense, j->sketch, first, end);
  } else if (j->ternary != NULL) {
    j->kernels->ternary_matmul(j->ternary, j->activations, j->out, j->out_stride, first, end);
  } else {
    j->kernels->float_matmul(j->dense, j->x, j->x_stride, j->tokens, j->out, j->out_stride,
                             first, end);
  }
}

static void wait_for_start(ck_workers *workers, size_t seen) {
  for (int spin = 0; spin < SPINS; spin++) {
    if (atomic_load_explicit(&workers->started, memory_order_acquire) != seen) return;
    pause_briefly();
  }
  pthread_mutex_lock(&workers->mutex);
  while (atomic_load_explicit(&workers->started, memory_order_acquire) == seen) {
    pthread_cond_wait(&workers->wake, &workers->mutex);
  }
  pthread_mutex_unlock(&workers->mutex);
}

static void *work(void *argument) {
  worker self = *(worker *)argument;
  free(argument);
  for (size_t seen = 0;; seen++) {
    wait_for_start(self.workers, seen);
    if (atomic_load_explicit(&self.workers->stopping, memory_order_acquire)) return NULL;
    run_part(self.workers, self.index);
    atomic_fetch_add_explicit(&self.workers->finished, 1, memory_order_release);
  }
}

static void start_all(ck_workers *workers) {
  atomic_store_explicit(&workers->finished, 0, memory_order_relaxed);
  pthread_mutex_lock(&workers->mutex);
  atomic_fetch_add_explicit(&workers->started, 1, memory_order_release);
  pthread_cond_broadcast(&workers->wake);
  pthread_mutex_unlock(&workers->mutex);
}

ck_workers *ck_workers_create(size_t count) {
  ck_workers *workers = calloc(1, sizeof *workers);
  if (workers == NULL) return NULL;
  workers->threads = calloc(count, sizeof *workers->threads);
  pthread_mutex_init(&workers->mutex, NULL);
  pthread_cond_init(&workers->wake, NULL);
  workers->count = 1;
  for (size_t index = 1; index < count && workers->threads != NULL; index++) {
    worker *argument = malloc(sizeof *argument);
    if (argument == NULL) break;
    *argument = (worker){workers, index};
    // Where the system gives no more threads, fewer share the work; the results are the same.
    if (pthread_create(&workers->threads[index], NULL, work, argument) != 0) {
      free(argument);
      break;
    }
    workers->count += 1;
  }
  return workers;
}

void ck_workers_destroy(ck_workers *workers) {
  atomic_store_explicit(&workers->stopping, 1, memory_order_release);
  start_all(workers);
  for (size_t index = 1; index < workers->count; index++) {
    pthread_join(workers->threads[index], NULL);
  }
  pthread_cond_destroy(&workers->wake);
  pthread_mutex_destroy(&workers->mutex);
  free(workers->threads);
  free(workers);
}

static void run(ck_workers *workers) {
  if (workers->count > 1) start_all(workers);
  run_part(workers, 0);
  size_t others = workers->count - 1;
  // With more threads than processors the one waited for needs this one's place.
  for (int spin = 0;
       atomic_load_explicit(&workers->finished, memory_order_acquire) != others; spin++) {
    if (spin < SPINS) {
      pause_briefly();
    } else {
      sched_yield();
    }
  }
}

void ck_workers_ternary_matmul(ck_workers *workers, const ck_kernels *kernels,
                               const ck_ternary_matrix *matrix,
                               const ck_activations *activations, float *out,
                               size_t out_stride) {
  workers->job = (job){.kernels = kernels,
                       .ternary = matrix,
                       .activations = activations,
                       .out = out,
                       .out_stride = out_stride,
                       .groups = matrix->rows / CK_GROUP_ROWS};
  run(workers);
}

void ck_workers_float_matmul(ck_workers *workers, const ck_kernels *kernels,
                             const ck_dense_matrix *matrix, const float *x, size_t x_stride,
                             size_t tokens, float *out, size_t out_stride) {
  workers->job = (job){.kernels = kernels,
                       .dense = matrix,
                       .x = x,
                       .x_stride = x_stride,
                       .tokens = tokens,
                       .out = out,
                       .out_stride = out_stride,
                       .groups = matrix->rows / CK_GROUP_ROWS};
  run(workers);
}

void ck_workers_attention(ck_workers *workers, const ck_kernels *kernels,
                          const ck_attention_step *step) {
  workers->job = (job){.kernels = kernels, .attention = step};
  run(workers);
}

void ck_workers_sketch(ck_workers *workers, const ck_kernels *kernels,
                       const ck_dense_matrix *matrix, const ck_sketch *sketch) {
  workers->job = (job){
      .kernels = kernels, .dense = matrix, .sketch = sketch, .groups = matrix->rows / 16};
  run(workers);
}

// Float sums of so many terms are wrong by less than this share of the sum of magnitudes.
#define SLOPPINESS(terms) (1.0 + (double)(terms) * 1.2e-7)

ck_question ck_question_of(const ck_kernels *kernels, const float *x, size_t columns,
                           int8_t *codes) {
  ck_question question = {.codes = codes};
  kernels->quantise(x, columns, codes, &question.scale, &question.sum);
  double norm = 0.0, residual = 0.0;
  for (size_t c = 0; c < columns; c++) {
    double kept = (double)codes[c] * question.scale, left = (double)x[c] - kept;
    norm += kept * kept;
    residual += left * left;
  }
  question.norm = (float)(sqrt(norm) * SLOPPINESS(4));
  question.residual = (float)(sqrt(residual) * SLOPPINESS(4));
  return question;
}

size_t ck_workers_highest(ck_workers *workers, const ck_kernels *kernels,
                          const ck_dense_matrix *matrix, const ck_sketch *sketch, const float *x,
                          size_t count, int8_t *codes, float *scratch, float *out) {
  const ck_question question = ck_question_of(kernels, x, matrix->columns, codes);
  float *lowest = scratch, *highest = scratch + matrix->rows;
  const size_t groups = matrix->rows / 16;
  workers->job = (job){.kernels = kernels, .sketch = sketch, .question = &question,
                       .lowest = lowest, .highest = highest, .groups = groups};
  run(workers);
  // No row whose upper bound is below another's lower bound can be the highest; nor one below what
  // was worked out already.
  size_t first = 0, done = 0;
  for (size_t row = 1; row < count; row++) first = lowest[row] > lowest[first] ? row : first;
  float least = lowest[first];
  for (size_t step = 0; step <= groups; step++) {
    // The likeliest group goes before the others.
    const size_t group = step == 0 ? first / 16 : step - 1;
    if (step > 0 && group == first / 16) continue;
    int can_be = step == 0;
    for (size_t row = group * 16; row < group * 16 + 16; row++) {
      can_be |= !(highest[row] < least);
      out[row] = -INFINITY;
    }
    if (!can_be) continue;
    kernels->float_matmul(matrix, x, matrix->columns, 1, out, matrix->rows, group, group + 1);
    done += 1;
    for (size_t row = group * 16; row < group * 16 + 16 && row < count; row++) {
      least = out[row] > least ? out[row] : least;
    }
  }
  return done;
}
