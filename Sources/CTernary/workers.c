// Threads that share the rows of one product. They live as long as the pool; between products
// they spin for a moment, since the next one is microseconds away, and then sleep.
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

// Contiguous parts: each thread reads one stream of weights.
static void run_part(const ck_workers *workers, size_t index) {
  const job *j = &workers->job;
  size_t first = j->groups * index / workers->count;
  size_t end = j->groups * (index + 1) / workers->count;
  if (j->ternary != NULL) {
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
