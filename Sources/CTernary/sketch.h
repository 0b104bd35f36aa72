// The scan of a sketch: upper bounds of what each row of a head gives, for up to CK_QUESTIONS_AT_ONCE
// tokens that share the reading of the codes. Included by the path that has registers for it.

// How far ahead codes are asked for: memory's latency. Past the end is harmless.
#define CK_SKETCH_AHEAD 12288

// A register of 4 columns of 16 rows' codes: low bits as they are, high bits shifted into place.
CK_TARGET static inline __attribute__((always_inline)) __m512i sketch_code(__m512i low,
                                                                           __m512i high) {
  const __m512i nibbles = _mm512_set1_epi8(0x0f), pairs = _mm512_set1_epi8(0x30);
  // Bits of `low` where `nibbles` has them, else those of `high`.
  return _mm512_ternarylogic_epi32(nibbles, low, _mm512_and_si512(high, pairs), 0xca);
}

// sums (width) of the codes of a group times `width` questions, with `chains` accumulators each;
// both are constants.
CK_TARGET static inline __attribute__((always_inline)) void sketch_tile(
    const uint8_t *codes, size_t columns, const int8_t *x, const int width, const int chains,
    __m512i *sums) {
  __m512i s[CK_QUESTIONS_AT_ONCE][4];
#pragma clang loop unroll(full)
  for (int t = 0; t < width; t++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < chains; i++) s[t][i] = _mm512_setzero_si512();
  }
  for (size_t c = 0; c < columns; c += 16, codes += 192, x += 16 * width) {
    const char *ahead = (const char *)codes + CK_SKETCH_AHEAD;
    _mm_prefetch(ahead, _MM_HINT_NTA);
    _mm_prefetch(ahead + 64, _MM_HINT_NTA);
    _mm_prefetch(ahead + 128, _MM_HINT_NTA);
    const __m512i a = _mm512_loadu_si512(codes), b = _mm512_loadu_si512(codes + 64);
    const __m512i h = _mm512_loadu_si512(codes + 128);
    const __m512i code[4] = {sketch_code(a, _mm512_slli_epi32(h, 4)),
                             sketch_code(_mm512_srli_epi32(a, 4), _mm512_slli_epi32(h, 2)),
                             sketch_code(b, h),
                             sketch_code(_mm512_srli_epi32(b, 4), _mm512_srli_epi32(h, 2))};
#pragma clang loop unroll(full)
    for (int k = 0; k < 4; k++) {
#pragma clang loop unroll(full)
      for (int t = 0; t < width; t++) {
        const __m512i number = _mm512_set1_epi32(CK_INT32(x + (k * width + t) * 4));
        s[t][k % chains] = _mm512_dpbusd_epi32(s[t][k % chains], code[k], number);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int t = 0; t < width; t++) {
    sums[t] = s[t][0];
#pragma clang loop unroll(full)
    for (int i = 1; i < chains; i++) sums[t] = _mm512_add_epi32(sums[t], s[t][i]);
  }
}

// The sums of a group's codes times all questions.
CK_TARGET static void sketch_sums(const ck_sketch *sketch, const ck_questions *questions,
                                  size_t group, __m512i *sums) {
  const size_t columns = sketch->columns;
  const uint8_t *codes = sketch->codes + group * 12 * columns;
  switch (questions->width) {
    case 2: sketch_tile(codes, columns, questions->codes, 2, 4, sums); break;
    case 4: sketch_tile(codes, columns, questions->codes, 4, 2, sums); break;
    case 8: sketch_tile(codes, columns, questions->codes, 8, 1, sums); break;
    default: sketch_tile(codes, columns, questions->codes, 16, 1, sums); break;
  }
}

// What a group's rows give by the sketch.
CK_TARGET static inline __attribute__((always_inline)) __m512 sketch_value(
    const ck_sketch *sketch, const ck_question *question, size_t group, __m512i sum) {
  const __m512i twice = _mm512_sub_epi32(_mm512_slli_epi32(sum, 1),
                                         _mm512_set1_epi32(63 * question->sum));
  const __m512 step = _mm512_loadu_ps(sketch->steps + group * 16);
  return _mm512_mul_ps(_mm512_cvtepi32_ps(twice),
                       _mm512_mul_ps(step, _mm512_set1_ps(question->scale * 0.5f)));
}

// How far a row of the sketch can be from what it stands for: |w.x - w'.x'| <= |w-w'| |x'| + |w|
// |x-x'| (Cauchy and Schwarz), and the rounding of the float product and of what is done here.
CK_TARGET static inline __attribute__((always_inline)) __m512 sketch_distance(
    const ck_sketch *sketch, const ck_question *question, size_t group) {
  const float rounding = ((float)sketch->columns / 4 + 64) * 1.2e-7f;
  const __m512 residual = _mm512_set1_ps(
      question->residual + rounding * (question->norm + question->residual));
  const __m512 kept = _mm512_set1_ps(question->norm * (1.0f + rounding));
  const __m512 row_norm = _mm512_loadu_ps(sketch->norms + group * 16);
  const __m512 row_residual = _mm512_loadu_ps(sketch->residuals + group * 16);
  __m512 off = _mm512_add_ps(_mm512_mul_ps(row_residual, kept), _mm512_mul_ps(row_norm, residual));
  off = _mm512_mul_ps(off, _mm512_set1_ps(1.00001f));
  return _mm512_add_ps(off, _mm512_set1_ps(1e-30f));
}

CK_TARGET static void CK_NAME(ck_bounds)(const ck_sketch *sketch, const ck_questions *questions,
                                         float *highest, size_t stride, size_t first_group,
                                         size_t end_group) {
  for (size_t group = first_group; group < end_group; group++) {
    __m512i sums[CK_QUESTIONS_AT_ONCE];
    sketch_sums(sketch, questions, group, sums);
    for (size_t t = 0; t < questions->count; t++) {
      const size_t last = (t + 1) * questions->parts - 1;
      __m512 value = sketch_value(sketch, &questions->each[last], group, sums[last]);
      if (questions->parts == 2) {
        value = _mm512_add_ps(
            value, sketch_value(sketch, &questions->each[last - 1], group, sums[last - 1]));
      }
      _mm512_storeu_ps(highest + t * stride + group * 16,
                       _mm512_add_ps(value, sketch_distance(sketch, &questions->each[last], group)));
    }
  }
}

CK_TARGET static void CK_NAME(ck_narrow)(const ck_sketch *sketch, const ck_questions *questions,
                                         const ck_questions *rest, uint32_t tokens, float *highest,
                                         size_t stride, size_t group) {
  __m512i sums[CK_QUESTIONS_AT_ONCE];
  sketch_sums(sketch, rest, group, sums);
  for (size_t t = 0; t < rest->count; t++) {
    if ((tokens >> t & 1) == 0) continue;
    float *rows = highest + t * stride + group * 16;
    const __m512 coarse = sketch_distance(sketch, &questions->each[t], group);
    const __m512 fine = sketch_distance(sketch, &rest->each[t], group);
    const __m512 value = _mm512_add_ps(_mm512_sub_ps(_mm512_loadu_ps(rows), coarse),
                                       sketch_value(sketch, &rest->each[t], group, sums[t]));
    _mm512_storeu_ps(rows, _mm512_add_ps(value, fine));
  }
}
