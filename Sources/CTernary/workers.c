// Threads that share one product, in chunks that each takes as it gets on: a thread that the system
// keeps waiting keeps nobody waiting. They live as long as the pool; between products they spin for a
// moment, since the next one is microseconds away, and then sleep.
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "highest.h"

// About 50 us: longer than the work between two products of a step, shorter than a time slice.
#define SPINS 2000
// Chunks of a product for each thread.
#define CHUNKS 4

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
  const ck_questions *questions;       // null where the sketch is made
  const ck_survivors *survivors;       // null but where the highest rows are worked out
  void (*row_step)(void *context, size_t row, size_t thread);  // null for all of the above
  void *context;
} job;

struct ck_workers {
  size_t count;       // threads, the caller among them
  size_t work_least;  // products that a chunk is worth making for
  pthread_t *threads;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  job job;
  // How many chunks there are, and how many were taken from the front and from the back: see
  // `claim`. The job is written before there are any, and read only by who took one.
  atomic_uint_least64_t state;
  atomic_size_t finished;  // chunks done of the product at hand
  atomic_size_t sleepers;
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
  const uint16_t *keys = s->places[first].cache + s->layer + head * 2 * s->stream;
  const ck_history history = {keys, keys + s->stream, s->head_size};
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

// The end of a run: rows from `first` on that are attended together.
static size_t end_of_run(const ck_attention_step *s, size_t first) {
  size_t end = first + 1;
  while (end < s->count && end < first + ROWS_TOGETHER &&
         s->places[end].cache == s->places[first].cache) {
    end++;
  }
  return end;
}

// Chunk `chunk` of `chunks`: key heads times runs of rows, a head's runs one after the other, since
// rows of one slot read the same keys and values. `thread` says whose scratch it is.
static void attend_chunk(const job *j, size_t chunk, size_t chunks, size_t thread) {
  const ck_attention_step *s = j->attention;
  float *scores = s->scores + thread * s->scores_stride;
  size_t runs = 0;
  for (size_t first = 0; first < s->count; first = end_of_run(s, first)) runs++;
  const size_t pairs = runs * s->key_heads;
  const size_t begin = pairs * chunk / chunks, stop = pairs * (chunk + 1) / chunks;
  for (size_t head = 0; head < s->key_heads; head++) {
    size_t pair = head * runs;
    if (pair + runs <= begin || pair >= stop) continue;
    for (size_t first = 0, end; first < s->count; first = end, pair++) {
      end = end_of_run(s, first);
      if (pair >= begin && pair < stop) attend(j->kernels, s, first, end, head, scores);
    }
  }
}

// Contiguous pairs of groups: each thread reads one stream of weights.
static void run_chunk(const job *j, size_t chunk, size_t chunks, size_t thread) {
  if (j->row_step != NULL) {
    for (size_t row = j->groups * chunk / chunks; row < j->groups * (chunk + 1) / chunks; row++) {
      j->row_step(j->context, row, thread);
    }
    return;
  }
  if (j->attention != NULL) {
    attend_chunk(j, chunk, chunks, thread);
    return;
  }
  const size_t pairs = (j->groups + 1) / 2;
  size_t first = pairs * chunk / chunks * 2, end = pairs * (chunk + 1) / chunks * 2;
  if (end > j->groups) end = j->groups;
  if (j->survivors != NULL) {
    ck_settle(j->kernels, j->survivors, first, end);
  } else if (j->questions != NULL) {
    j->kernels->bounds(j->sketch, j->questions, j->out, j->out_stride, first, end);
  } else if (j->sketch != NULL) {
    j->kernels->sketch(j->dense, j->sketch, first, end);
  } else if (j->ternary != NULL) {
    j->kernels->ternary_matmul(j->ternary, j->activations, j->out, j->out_stride, first, end);
  } else {
    j->kernels->float_matmul(j->dense, j->x, j->x_stride, j->tokens, j->out, j->out_stride,
                             first, end);
  }
}

static uint64_t state_of(uint64_t chunks, uint64_t front, uint64_t back) {
  return chunks << 32 | front << 16 | back;
}
static size_t chunks_of(uint64_t state) { return (size_t)(state >> 32); }
static size_t front_of(uint64_t state) { return (size_t)(state >> 16 & 0xffff); }
static size_t back_of(uint64_t state) { return (size_t)(state & 0xffff); }
static int has_chunks(uint64_t state) {
  return front_of(state) + back_of(state) < chunks_of(state);
}

// Takes a chunk, if there is one: even threads from the front, odd ones from the back, so that two
// of them read two streams. Taking it is what makes the job readable: a job is not replaced before
// all its chunks are done.
static int claim(ck_workers *workers, size_t thread, size_t *chunk, size_t *chunks) {
  uint64_t state = atomic_load_explicit(&workers->state, memory_order_acquire);
  while (has_chunks(state)) {
    const size_t front = front_of(state), back = back_of(state);
    *chunks = chunks_of(state);
    *chunk = thread % 2 == 0 ? front : *chunks - 1 - back;
    const uint64_t next = thread % 2 == 0 ? state_of(*chunks, front + 1, back)
                                          : state_of(*chunks, front, back + 1);
    if (atomic_compare_exchange_weak_explicit(&workers->state, &state, next, memory_order_acq_rel,
                                              memory_order_acquire)) {
      return 1;
    }
  }
  return 0;
}

static void take_chunks(ck_workers *workers, size_t thread) {
  size_t chunk, chunks;
  while (claim(workers, thread, &chunk, &chunks)) {
    run_chunk(&workers->job, chunk, chunks, thread);
    atomic_fetch_add_explicit(&workers->finished, 1, memory_order_release);
  }
}

static int is_wanted(ck_workers *workers) {
  return atomic_load(&workers->stopping) || has_chunks(atomic_load(&workers->state));
}

static void wait_for_work(ck_workers *workers) {
  for (int spin = 0; spin < SPINS; spin++) {
    if (is_wanted(workers)) return;
    pause_briefly();
  }
  pthread_mutex_lock(&workers->mutex);
  atomic_fetch_add(&workers->sleepers, 1);
  while (!is_wanted(workers)) pthread_cond_wait(&workers->wake, &workers->mutex);
  atomic_fetch_sub(&workers->sleepers, 1);
  pthread_mutex_unlock(&workers->mutex);
}

static void *work(void *argument) {
  worker self = *(worker *)argument;
  free(argument);
  for (;;) {
    wait_for_work(self.workers);
    if (atomic_load(&self.workers->stopping)) return NULL;
    take_chunks(self.workers, self.index);
  }
}

// Who is about to sleep counts itself before it looks for work, and work is there before anybody is
// counted here: one of the two is seen.
static void wake_sleepers(ck_workers *workers) {
  if (atomic_load(&workers->sleepers) == 0) return;
  pthread_mutex_lock(&workers->mutex);
  pthread_cond_broadcast(&workers->wake);
  pthread_mutex_unlock(&workers->mutex);
}

ck_workers *ck_workers_create(size_t count, size_t work_least) {
  ck_workers *workers = calloc(1, sizeof *workers);
  if (workers == NULL) return NULL;
  workers->work_least = work_least;
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
  atomic_store(&workers->stopping, 1);
  wake_sleepers(workers);
  for (size_t index = 1; index < workers->count; index++) {
    pthread_join(workers->threads[index], NULL);
  }
  pthread_cond_destroy(&workers->wake);
  pthread_mutex_destroy(&workers->mutex);
  free(workers->threads);
  free(workers);
}

// Does the job: `work` products in at most `pieces` pieces.
static void run(ck_workers *workers, size_t work, size_t pieces) {
  size_t chunks = workers->count * CHUNKS;
  if (workers->work_least > 0 && work / workers->work_least < chunks) {
    chunks = work / workers->work_least;
  }
  if (pieces < chunks) chunks = pieces;
  if (workers->count == 1 || chunks < 2) {
    run_chunk(&workers->job, 0, 1, 0);
    return;
  }
  atomic_store_explicit(&workers->finished, 0, memory_order_relaxed);
  atomic_store(&workers->state, state_of(chunks, 0, 0));
  wake_sleepers(workers);
  take_chunks(workers, 0);
  // With more threads than processors the one waited for needs this one's place.
  for (int spin = 0;
       atomic_load_explicit(&workers->finished, memory_order_acquire) != chunks; spin++) {
    if (spin < SPINS) {
      pause_briefly();
    } else {
      sched_yield();
    }
  }
}

static void run_groups(ck_workers *workers, size_t columns, size_t tokens) {
  const size_t groups = workers->job.groups;
  run(workers, groups * 16 * columns * tokens, (groups + 1) / 2);
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
  run_groups(workers, matrix->columns, activations->count);
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
  run_groups(workers, matrix->columns, tokens);
}

void ck_workers_attention(ck_workers *workers, const ck_kernels *kernels,
                          const ck_attention_step *step) {
  workers->job = (job){.kernels = kernels, .attention = step};
  size_t positions = 0;
  for (size_t row = 0; row < step->count; row++) positions += step->places[row].position + 1;
  const size_t heads = step->key_heads * step->queries_per_key;
  run(workers, 2 * positions * heads * step->head_size,
      step->key_heads * ((step->count + ROWS_TOGETHER - 1) / ROWS_TOGETHER));
}

void ck_workers_sketch(ck_workers *workers, const ck_kernels *kernels,
                       const ck_dense_matrix *matrix, const ck_sketch *sketch) {
  workers->job = (job){
      .kernels = kernels, .dense = matrix, .sketch = sketch, .groups = matrix->rows / 16};
  run_groups(workers, matrix->columns, 1);
}

void ck_workers_bounds(ck_workers *workers, const ck_kernels *kernels, const ck_sketch *sketch,
                       const ck_questions *questions, float *highest, size_t stride) {
  workers->job = (job){.kernels = kernels, .sketch = sketch, .questions = questions, .out = highest,
                       .out_stride = stride, .groups = sketch->matrix.rows / CK_GROUP_ROWS};
  run_groups(workers, sketch->matrix.columns, questions->count);
}

void ck_workers_settle(ck_workers *workers, const ck_kernels *kernels,
                       const ck_survivors *survivors) {
  const ck_dense_matrix *matrix = survivors->matrix;
  workers->job =
      (job){.kernels = kernels, .survivors = survivors, .groups = matrix->rows / CK_GROUP_ROWS};
  run_groups(workers, matrix->columns, survivors->tokens);
}

void ck_workers_rows(ck_workers *workers,
                     void (*step)(void *context, size_t row, size_t thread), void *context,
                     size_t rows, size_t work) {
  workers->job = (job){.row_step = step, .context = context, .groups = rows};
  run(workers, work, rows);
}
