// The likeliest of some thousand tokens, by registers of 16: what `top_by_runs` finds, without a branch
// that depends on a logit.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>

#include "choose.h"

#define CK_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))

// Bits of the lanes of `registers` (at most 8) that hold more than `value`, those of the second half in
// `bits[1]`; and of those that hold as much.
CK_TARGET static inline __attribute__((always_inline)) void compare(const __m512 *values,
                                                                    size_t registers, float value,
                                                                    uint64_t above[2],
                                                                    uint64_t equal[2]) {
  const __m512 all = _mm512_set1_ps(value);
  above[0] = above[1] = equal[0] = equal[1] = 0;
  for (size_t i = 0; i < registers; i++) {
    const uint64_t more = _mm512_cmp_ps_mask(values[i], all, _CMP_GT_OQ);
    const uint64_t same = _mm512_cmp_ps_mask(values[i], all, _CMP_EQ_OQ);
    above[i / 4] |= more << (i % 4 * 16);
    equal[i / 4] |= same << (i % 4 * 16);
  }
}

static inline size_t ones(const uint64_t bits[2]) {
  return (size_t)(__builtin_popcountll(bits[0]) + __builtin_popcountll(bits[1]));
}

// The highest of each run; what is not a number does not count.
CK_TARGET static void run_maxima_avx512(const float *logits, size_t runs, float *maxima) {
  for (size_t run = 0; run < runs; run++) {
    const __m512 v = _mm512_loadu_ps(logits + run * RUN);
    const __mmask16 numbers = _mm512_cmp_ps_mask(v, v, _CMP_ORD_Q);
    maxima[run] = _mm512_reduce_max_ps(_mm512_mask_mov_ps(_mm512_set1_ps(-INFINITY), numbers, v));
  }
}

// The lowest of the `kept` highest; `values` is filled up with -infinity.
CK_TARGET static float last_of_highest_avx512(const float *values, size_t count, size_t kept) {
  __m512 all[COUNTED / RUN];
  const size_t registers = (count + RUN - 1) / RUN;
  for (size_t i = 0; i < registers; i++) all[i] = _mm512_loadu_ps(values + i * RUN);
  float least = INFINITY;
  for (size_t i = 0; i < count; i++) {
    uint64_t above[2], equal[2];
    compare(all, registers, values[i], above, equal);
    const float candidate = ones(above) < kept ? values[i] : INFINITY;
    least = candidate < least ? candidate : least;
  }
  return least;
}

// See `gather`.
CK_TARGET static size_t gather_avx512(const float *logits, size_t n, float least,
                                      float found[COUNTED + RUN], int32_t ids[COUNTED + RUN]) {
  const __m512 bound = _mm512_set1_ps(least);
  __m512i id = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  size_t count = 0;
  for (size_t first = 0; first < n && count <= COUNTED; first += RUN) {
    const size_t left = n - first;
    const __mmask16 inside = left >= RUN ? 0xffff : (__mmask16)((1u << left) - 1);
    const __m512 v = _mm512_maskz_loadu_ps(inside, logits + first);
    const __mmask16 taken = _mm512_mask_cmp_ps_mask(inside, v, bound, _CMP_GE_OQ);
    _mm512_storeu_ps(found + count, _mm512_maskz_compress_ps(taken, v));
    _mm512_storeu_si512(ids + count, _mm512_maskz_compress_epi32(taken, id));
    count += (size_t)__builtin_popcount(taken);
    id = _mm512_add_epi32(id, _mm512_set1_epi32(RUN));
  }
  return count <= COUNTED ? count : COUNTED + 1;
}

// See `top_by_runs`.
CK_TARGET static size_t top_by_runs_avx512(const float *logits, size_t n, size_t kept,
                                           int32_t *tokens, float *values) {
  float maxima[COUNTED], found[COUNTED + RUN];
  int32_t ids[COUNTED + RUN];
  const size_t runs = n / RUN;
  for (size_t i = runs; i < COUNTED; i++) maxima[i] = -INFINITY;
  run_maxima_avx512(logits, runs, maxima);
  const float least = last_of_highest_avx512(maxima, runs, kept);
  const size_t count = gather_avx512(logits, n, least, found, ids);
  if (count < kept || count > COUNTED) return 0;
  _mm512_storeu_ps(found + count, _mm512_set1_ps(-INFINITY));
  __m512 all[COUNTED / RUN];
  const size_t registers = (count + RUN - 1) / RUN;
  for (size_t i = 0; i < registers; i++) all[i] = _mm512_loadu_ps(found + i * RUN);
  for (size_t i = 0; i < count; i++) {
    uint64_t above[2], equal[2];
    compare(all, registers, found[i], above, equal);
    // Equals come in the order of their ids.
    equal[i / 64] &= ((uint64_t)1 << i % 64) - 1;
    if (i < 64) equal[1] = 0;
    const size_t place = ones(above) + ones(equal);
    if (place >= kept) continue;
    tokens[place] = ids[i];
    values[place] = found[i];
  }
  return kept;
}

size_t ck_top_avx512(const float *logits, size_t n, size_t count, int32_t *tokens, float *values) {
  const size_t kept = count < n ? count : n;
  const size_t found = ck_suits_runs(n, kept) ? top_by_runs_avx512(logits, n, kept, tokens, values) : 0;
  return found > 0 ? found : ck_top_reference(logits, n, count, tokens, values);
}
#endif
