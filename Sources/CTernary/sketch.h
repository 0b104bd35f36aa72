// The scan of a sketch: upper bounds of what each row of a head gives, for up to CK_QUESTIONS_AT_ONCE
// tokens that share the reading of the codes. Included by the path that has registers for it.

// A register of 4 columns of 16 rows' codes: low bits as they are, high bits shifted into place.
CK_TARGET static inline __attribute__((always_inline)) __m512i sketch_code(__m512i low,
                                                                           __m512i high) {
  const __m512i nibbles = _mm512_set1_epi8(0x0f), pairs = _mm512_set1_epi8(0x30);
  // Bits of `low` where `nibbles` has them, else those of `high`.
  return _mm512_ternarylogic_epi32(nibbles, low, _mm512_and_si512(high, pairs), 0xca);
}

// How many blocks ahead they are asked for, in the order they lie in: memory's latency. Past the end is
// harmless.
#define CK_BLOCKS_AHEAD 3

// sums (width) of `blocks` blocks times `width` (a constant) of the questions from `first` on, before
// their scales.
CK_TARGET static inline __attribute__((always_inline)) void sketch_tile(
    const uint8_t *block, size_t blocks, const ck_questions *questions, size_t first,
    const size_t width, __m512 *sums) {
  const ck_pieces at = ck_pieces_of(CK_LAYOUT_Q6_K);
  const size_t stride = width == 1 ? questions->width : width;
  const int8_t *x = questions->codes + first * 4;
  const int32_t *shifts = questions->shifts + first;
  __m512 s[CK_QUESTIONS_AT_ONCE];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < width; t++) s[t] = _mm512_setzero_ps();
  for (; blocks > 0; blocks--, block += at.end) {
    const __m512 unit = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)block));
    const size_t ahead = CK_BLOCKS_AHEAD * at.end;
    for (size_t i = 0; i < at.low; i += 64) {
      _mm_prefetch((const char *)block + ahead + i, _MM_HINT_NTA);
    }
    for (size_t part = 0; part < 16; part++, x += 16 * stride, shifts += stride) {
      const uint8_t *low = block + at.low + part * 128;
      const uint8_t *high = block + at.high + part * 64;
      for (size_t i = 0; i < 192; i += 64) {
        _mm_prefetch((const char *)block + ahead + at.low + part * 192 + i, _MM_HINT_NTA);
      }
      const __m512i a = _mm512_loadu_si512(low), b = _mm512_loadu_si512(low + 64);
      const __m512i h = _mm512_loadu_si512(high);
      const __m512i code[4] = {sketch_code(a, _mm512_slli_epi32(h, 4)),
                               sketch_code(_mm512_srli_epi32(a, 4), _mm512_slli_epi32(h, 2)),
                               sketch_code(b, h),
                               sketch_code(_mm512_srli_epi32(b, 4), _mm512_srli_epi32(h, 2))};
      const __m128i numbers =
          _mm_loadu_si128((const __m128i *)(const void *)(block + at.part_scales + part * 16));
      const __m512 scale = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(numbers)), unit);
#pragma clang loop unroll(full)
      for (size_t t = 0; t < width; t++) {
        __m512i dot = _mm512_set1_epi32(shifts[t]);
#pragma clang loop unroll(full)
        for (size_t k = 0; k < 4; k++) {
          const __m512i number = _mm512_set1_epi32(CK_INT32(x + (k * stride + t) * 4));
          dot = _mm512_dpbusd_epi32(dot, code[k], number);
        }
        s[t] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dot), scale, s[t]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < width; t++) sums[t] = s[t];
}

// What a group's rows give by the sketch for each question.
CK_TARGET static void sketch_values(const ck_sketch *sketch, const ck_questions *questions,
                                    size_t group, __m512 *values) {
  const size_t blocks = sketch->matrix.columns / 256;
  const uint8_t *block = ck_dense_at(&sketch->matrix, group, 0);
  switch (questions->width) {
    case 2: sketch_tile(block, blocks, questions, 0, 2, values); break;
    case 4: sketch_tile(block, blocks, questions, 0, 4, values); break;
    case 8: sketch_tile(block, blocks, questions, 0, 8, values); break;
    default: sketch_tile(block, blocks, questions, 0, 16, values); break;
  }
  for (size_t q = 0; q < questions->count * questions->parts; q++) {
    values[q] = _mm512_mul_ps(values[q], _mm512_set1_ps(questions->each[q].scale));
  }
}

// How far a row of the sketch can be from what it stands for: |w.x - w'.x'| <= |w-w'| |x'| + |w|
// |x-x'| (Cauchy and Schwarz), and the rounding of the float product and of what is done here.
static inline float sketch_distance(const ck_sketch *sketch, const ck_question *question,
                                    size_t group) {
  const float rounding = ((float)sketch->matrix.columns / 4 + 64) * 1.2e-7f;
  const float residual = question->residual + rounding * (question->norm + question->residual);
  const float off = sketch->residuals[group] * (question->norm * (1.0f + rounding)) +
                    sketch->norms[group] * residual;
  return off * 1.00001f + 1e-30f;
}

CK_TARGET static void CK_NAME(ck_bounds)(const ck_sketch *sketch, const ck_questions *questions,
                                         float *highest, size_t stride, size_t first_group,
                                         size_t end_group) {
  const size_t parts = questions->parts;
  for (size_t group = first_group; group < end_group; group++) {
    __m512 values[CK_QUESTIONS_AT_ONCE];
    sketch_values(sketch, questions, group, values);
    for (size_t t = 0; t < questions->count; t++) {
      const size_t last = (t + 1) * parts - 1;
      const float off = sketch_distance(sketch, &questions->each[last], group);
      __m512 value = values[last];
      if (parts == 2) value = _mm512_add_ps(value, values[last - 1]);
      _mm512_storeu_ps(highest + t * stride + group * 16,
                       _mm512_add_ps(value, _mm512_set1_ps(off)));
    }
  }
}

CK_TARGET static void CK_NAME(ck_narrow)(const ck_sketch *sketch, const ck_questions *questions,
                                         const ck_questions *rest, size_t token, float *highest,
                                         size_t group) {
  float *rows = highest + group * 16;
  __m512 value;
  sketch_tile(ck_dense_at(&sketch->matrix, group, 0), sketch->matrix.columns / 256, rest, token, 1,
              &value);
  value = _mm512_mul_ps(value, _mm512_set1_ps(rest->each[token].scale));
  const float coarse = sketch_distance(sketch, &questions->each[token], group);
  const float fine = sketch_distance(sketch, &rest->each[token], group);
  const __m512 before = _mm512_sub_ps(_mm512_loadu_ps(rows), _mm512_set1_ps(coarse));
  _mm512_storeu_ps(rows, _mm512_add_ps(_mm512_add_ps(before, value), _mm512_set1_ps(fine)));
}
