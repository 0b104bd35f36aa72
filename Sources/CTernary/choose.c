// The likeliest of many tokens. A comparison of floats is the same on every machine.
#include <math.h>

#include "scalar.h"

// Logits looked at together: most of them hold none that is chosen.
#define RUN 16

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

size_t ck_top(const float *logits, size_t n, size_t count, int32_t *tokens, float *values) {
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
