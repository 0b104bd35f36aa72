// The ternary product in tiles of 16 rows by CK_TOKENS_AT_ONCE (4) tokens. Included after the path's `tile`,
// which works out some tokens (a constant) of the lines of a group that share a scale.
CK_TARGET static void CK_NAME(ck_ternary_matmul)(const ck_ternary_matrix *matrix,
                                                 const ck_activations *activations, float *out,
                                                 size_t out_stride, size_t first_group,
                                                 size_t end_group) {
  if (matrix->layout != CK_TWO_BITS) {
    // Never chosen for this path: see `ck_layout_at`.
    ck_ternary_matmul_reference(matrix, activations, out, out_stride, first_group, end_group);
    return;
  }
  const size_t lines = matrix->columns / CK_LINE_COLUMNS;
  const size_t block = matrix->scale_columns / CK_LINE_COLUMNS;
  for (size_t group = first_group; group < end_group; group++) {
    for (size_t line = 0; line < lines; line += block) {
      size_t t = 0, end = line + block;
      for (; t + CK_TOKENS_AT_ONCE <= activations->count; t += CK_TOKENS_AT_ONCE) {
        tile(matrix, activations, group, t, CK_TOKENS_AT_ONCE, line, end, out, out_stride);
      }
      switch (activations->count - t) {
        case 3: tile(matrix, activations, group, t, 3, line, end, out, out_stride); break;
        case 2: tile(matrix, activations, group, t, 2, line, end, out, out_stride); break;
        case 1: tile(matrix, activations, group, t, 1, line, end, out, out_stride); break;
        default: break;
      }
    }
  }
}
