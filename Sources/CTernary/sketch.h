// The scan of a sketch: upper bounds of what each row of a head gives, for up to CK_QUESTIONS_AT_ONCE
// tokens that share the reading of the codes. Included after `wide.h` and the path's `sketch_tile`, which
// gives the products of some blocks with `width` (a constant) of the questions, before their scales.

// What a group's rows give by the sketch for each question.
CK_TARGET static void sketch_values(const ck_sketch *sketch, const ck_questions *questions,
                                    size_t group, lanes_f *values) {
  const size_t blocks = sketch->matrix.columns / 256;
  const uint8_t *block = ck_dense_at(&sketch->matrix, group, 0);
  switch (questions->width) {
    case 2: sketch_tile(block, blocks, questions, 0, 2, values); break;
    case 4: sketch_tile(block, blocks, questions, 0, 4, values); break;
    case 8: sketch_tile(block, blocks, questions, 0, 8, values); break;
    default: sketch_tile(block, blocks, questions, 0, 16, values); break;
  }
  for (size_t q = 0; q < questions->count * questions->parts; q++) {
    values[q] = values[q] * questions->each[q].scale;
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
    lanes_f values[CK_QUESTIONS_AT_ONCE];
    sketch_values(sketch, questions, group, values);
    for (size_t t = 0; t < questions->count; t++) {
      const size_t last = (t + 1) * parts - 1;
      const float off = sketch_distance(sketch, &questions->each[last], group);
      lanes_f value = values[last];
      if (parts == 2) value = value + values[last - 1];
      CK_STORE(highest + t * stride + group * 16, value + off);
    }
  }
}

CK_TARGET static void CK_NAME(ck_narrow)(const ck_sketch *sketch, const ck_questions *questions,
                                         const ck_questions *rest, size_t token, float *highest,
                                         size_t group) {
  float *rows = highest + group * 16;
  lanes_f value;
  sketch_tile(ck_dense_at(&sketch->matrix, group, 0), sketch->matrix.columns / 256, rest, token, 1,
              &value);
  const float coarse = sketch_distance(sketch, &questions->each[token], group);
  const float fine = sketch_distance(sketch, &rest->each[token], group);
  const lanes_f before = CK_LOAD(rows) - coarse;
  CK_STORE(rows, before + value * rest->each[token].scale + fine);
}
