// The likeliest of many tokens. A comparison of floats is the same on every machine.
#include "choose.h"

#include <math.h>

static float logit_at(const float *logits, size_t index) {
  return logits[index] != logits[index] ? -INFINITY : logits[index];
}

// Whether one of RUN logits is above `least`; a loop that compilers turn into few instructions.
static int any_above(const float *logits, float least) {
  int found = 0;
  for (int i = 0; i < RUN; i++) found |= logits[i] > least;
  return found;
}

static void insert(int32_t token, float logit, size_t held, int32_t *tokens, float *values) {
  size_t place = held;
  for (; place > 0 && logit > values[place - 1]; place--) {
    tokens[place] = tokens[place - 1];
    values[place] = values[place - 1];
  }
  tokens[place] = token;
  values[place] = logit;
}

size_t ck_top_reference(const float *logits, size_t n, size_t count, int32_t *tokens,
                        float *values) {
  const size_t kept = count < n ? count : n;
  size_t index = 0;
  for (; index < kept; index++) {
    insert((int32_t)index, logit_at(logits, index), index, tokens, values);
  }
  while (kept > 0 && index < n) {
    if (index + RUN <= n && !any_above(logits + index, values[kept - 1])) {
      index += RUN;
      continue;
    }
    const size_t end = index + RUN < n ? index + RUN : n;
    for (; index < end; index++) {
      // An equal one behind has the higher id, and what is not a number is above nothing.
      if (logits[index] > values[kept - 1]) {
        insert((int32_t)index, logits[index], kept - 1, tokens, values);
      }
    }
  }
  return kept;
}

// The highest of each run of logits; what is not a number does not count.
static void run_maxima(const float *logits, size_t runs, float *maxima) {
  for (size_t run = 0; run < runs; run++) {
    float lanes[4] = {-INFINITY, -INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < RUN; i += 4) {
      for (size_t lane = 0; lane < 4; lane++) {
        const float logit = logits[run * RUN + i + lane];
        lanes[lane] = logit > lanes[lane] ? logit : lanes[lane];
      }
    }
    const float low = lanes[0] > lanes[1] ? lanes[0] : lanes[1];
    const float high = lanes[2] > lanes[3] ? lanes[2] : lanes[3];
    maxima[run] = low > high ? low : high;
  }
}

// How many of COUNTED values are above one; what is no value is -infinity.
static size_t above(const float *values, size_t count, float value) {
  int32_t found = 0;
  for (size_t i = 0; i < (count + RUN - 1) / RUN * RUN; i++) found += values[i] > value;
  return (size_t)found;
}

// The lowest of the `kept` highest.
static float last_of_highest(const float *values, size_t count, size_t kept) {
  float least = INFINITY;
  for (size_t i = 0; i < count; i++) {
    if (values[i] < least && above(values, count, values[i]) < kept) least = values[i];
  }
  return least;
}

// Gathers what is at least `least`, in the order of the ids. Returns how many, or COUNTED + 1 where they
// are more than that.
static size_t gather(const float *logits, size_t n, const float *maxima, float least,
                     float found[COUNTED + RUN], int32_t ids[COUNTED + RUN]) {
  size_t count = 0;
  for (size_t first = 0; first < n && count <= COUNTED; first += RUN) {
    const size_t end = first + RUN < n ? first + RUN : n;
    if (first + RUN <= n && maxima[first / RUN] < least) continue;
    // Each is written; the next one takes its place where it is too low.
    for (size_t index = first; index < end; index++) {
      found[count] = logits[index];
      ids[count] = (int32_t)index;
      count += logits[index] >= least;
    }
  }
  return count <= COUNTED ? count : COUNTED + 1;
}

// The runs with the highest maxima hold as many logits at least as high as the last of these maxima,
// so that no lower one is among the likeliest. Gathers what is as high, and puts it in order. Returns
// 0 where that does not narrow it down enough.
static size_t top_by_runs(const float *logits, size_t n, size_t kept, int32_t *tokens,
                          float *values) {
  float maxima[COUNTED], found[COUNTED + RUN];
  int32_t ids[COUNTED + RUN];
  uint8_t taken[COUNTED] = {0};
  const size_t runs = n / RUN;
  for (size_t i = runs; i < COUNTED; i++) maxima[i] = -INFINITY;
  run_maxima(logits, runs, maxima);
  const float least = last_of_highest(maxima, runs, kept);
  const size_t count = gather(logits, n, maxima, least, found, ids);
  if (count < kept || count > COUNTED) return 0;
  for (size_t i = 0; i < RUN; i++) found[count + i] = -INFINITY;
  for (size_t i = 0; i < count; i++) {
    size_t place = above(found, count, found[i]);
    // Equals come in the order of their ids.
    for (; place < kept && taken[place] != 0; place++) continue;
    if (place >= kept) continue;
    taken[place] = 1;
    tokens[place] = ids[i];
    values[place] = found[i];
  }
  return kept;
}

size_t ck_top_by_runs(const float *logits, size_t n, size_t count, int32_t *tokens, float *values) {
  const size_t kept = count < n ? count : n;
  const size_t found = ck_suits_runs(n, kept) ? top_by_runs(logits, n, kept, tokens, values) : 0;
  return found > 0 ? found : ck_top_reference(logits, n, count, tokens, values);
}
