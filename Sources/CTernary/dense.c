// Dense matrices: what a row's numbers are, and the scalar twin of their product.
#include "dense.h"

#pragma STDC FP_CONTRACT OFF

ck_layout ck_layout_of(ck_dense_format format) {
  switch (format) {
    case CK_DENSE_F32: return CK_LAYOUT_F32;
    case CK_DENSE_F16: return CK_LAYOUT_F16;
    case CK_DENSE_BF16: return CK_LAYOUT_BF16;
    case CK_DENSE_Q8_0: return CK_LAYOUT_Q8_0;
    case CK_DENSE_Q4_0: return CK_LAYOUT_Q4_0;
    case CK_DENSE_Q4_1: return CK_LAYOUT_Q4_1;
    case CK_DENSE_Q5_0: return CK_LAYOUT_Q5_0;
    case CK_DENSE_Q5_1: return CK_LAYOUT_Q5_1;
    case CK_DENSE_Q4_K: return CK_LAYOUT_Q4_K;
    case CK_DENSE_Q5_K: return CK_LAYOUT_Q5_K;
    case CK_DENSE_Q6_K: return CK_LAYOUT_Q6_K;
    case CK_DENSE_TERNARY: break;
  }
  return CK_LAYOUT_F32;
}

size_t ck_block_bytes(ck_dense_format format) {
  ck_layout layout = ck_layout_of(format);
  return layout.columns == 1 ? 2 * (size_t)layout.bits : ck_pieces_of(layout).end;
}

size_t ck_dense_bytes(ck_dense_format format, size_t rows, size_t columns) {
  return rows / 16 * (columns / ck_layout_of(format).columns) * ck_block_bytes(format);
}

static uint16_t half_at(const uint8_t *halves, size_t lane) {
  uint16_t bits;
  memcpy(&bits, halves + 2 * lane, sizeof bits);
  return bits;
}

static int code_at(ck_layout layout, const uint8_t *block, size_t column, size_t lane) {
  ck_pieces at = ck_pieces_of(layout);
  const ck_code_place place = ck_place_of(layout, column, lane);
  if (layout.bits == 8) return (int8_t)block[at.low + place.low];
  int code = (block[at.low + place.low] >> place.low_bit) & 15;
  if (layout.bits > 4) {
    const int others = (1 << (layout.bits - 4)) - 1;
    code |= ((block[at.high + place.high] >> place.high_bit) & others) << 4;
  }
  return code - layout.offset;
}

static void block_part(ck_layout layout, const uint8_t *block, size_t lane, float *out) {
  ck_pieces at = ck_pieces_of(layout);
  size_t part_columns = layout.columns / layout.parts;
  for (size_t part = 0; part < layout.parts; part++) {
    float scale = ck_half_to_float(half_at(block, lane)), shift = 0.0f;
    if (layout.parts > 1) scale = scale * (float)(int8_t)block[at.part_scales + part * 16 + lane];
    if (layout.has_shift != 0) {
      shift = (float)layout.has_shift * ck_half_to_float(half_at(block + at.shifts, lane));
      if (layout.parts > 1) shift = shift * (float)(int8_t)block[at.part_shifts + part * 16 + lane];
    }
    for (size_t c = part * part_columns; c < (part + 1) * part_columns; c++) {
      float value = (float)code_at(layout, block, c, lane) * scale;
      out[c] = layout.has_shift != 0 ? value + shift : value;
    }
  }
}

static void ternary_part(const ck_dense_matrix *matrix, size_t row, size_t first, size_t count,
                         float *out) {
  size_t blocks = matrix->columns / matrix->scale_columns;
  const float *scales = matrix->scales + row / 16 * blocks * 16 + row % 16;
  const uint8_t *lines = ck_dense_at(matrix, row / 16, 0) + row % 16 * 4;
  for (size_t c = first; c < first + count; c++) {
    uint8_t byte = lines[c / 16 * 64 + c % 4];
    int code = (byte >> (2 * (c % 16 / 4))) & 3;
    out[c - first] = (float)(code - 1) * scales[c / matrix->scale_columns * 16];
  }
}

void ck_dense_part(const ck_dense_matrix *matrix, size_t row, size_t first, size_t count,
                   float *out) {
  if (matrix->format == CK_DENSE_TERNARY) {
    ternary_part(matrix, row, first, count, out);
    return;
  }
  ck_layout layout = ck_layout_of(matrix->format);
  size_t lane = row % 16, bytes = ck_block_bytes(matrix->format);
  const uint8_t *block = ck_dense_at(matrix, row / 16, first);
  for (size_t c = 0; c < count; c += layout.columns, block += bytes) {
    switch (matrix->format) {
      case CK_DENSE_F32: memcpy(out + c, block + 4 * lane, sizeof *out); break;
      case CK_DENSE_F16: out[c] = ck_half_to_float(half_at(block, lane)); break;
      case CK_DENSE_BF16: out[c] = ck_bfloat_to_float(half_at(block, lane)); break;
      default: block_part(layout, block, lane, out + c); break;
    }
  }
}

void ck_dense_row(const ck_dense_matrix *matrix, size_t row, float *out) {
  ck_dense_part(matrix, row, 0, matrix->columns, out);
}

void ck_float_matmul_reference(const ck_dense_matrix *matrix, const float *x, size_t x_stride,
                               size_t tokens, float *out, size_t out_stride, size_t first_group,
                               size_t end_group) {
  for (size_t row = first_group * 16; row < end_group * 16; row++) {
    for (size_t first = 0; first < tokens; first += CK_PANEL_TOKENS) {
      size_t end = first + CK_PANEL_TOKENS < tokens ? first + CK_PANEL_TOKENS : tokens;
      float sums[CK_PANEL_TOKENS][4] = {0}, panel[CK_PANEL_COLUMNS];
      for (size_t c = 0; c < matrix->columns; c += CK_PANEL_COLUMNS) {
        size_t left = matrix->columns - c;
        size_t count = left < CK_PANEL_COLUMNS ? left : CK_PANEL_COLUMNS;
        ck_dense_part(matrix, row, c, count, panel);
        for (size_t t = first; t < end; t++) {
          float *s = sums[t - first];
          for (size_t k = 0; k < count; k++) s[k % 4] = s[k % 4] + panel[k] * x[t * x_stride + c + k];
        }
      }
      for (size_t t = first; t < end; t++) {
        const float *s = sums[t - first];
        out[t * out_stride + row] = (s[0] + s[1]) + (s[2] + s[3]);
      }
    }
  }
}
