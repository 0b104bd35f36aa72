// The product of a dense matrix over 16 lanes: a panel of columns is turned into floats once and
// then multiplied with every token. Included after `wide.h`; the same text for every path.
#include "dense.h"

#pragma STDC FP_CONTRACT OFF

typedef uint8_t lanes_u8 __attribute__((vector_size(16), aligned(1)));
typedef int8_t lanes_i8 __attribute__((vector_size(16), aligned(1)));
typedef uint16_t lanes_u16 __attribute__((vector_size(32), aligned(2)));
#define CK_LOAD_BYTES(p) __builtin_convertvector(*(const lanes_u8 *)(p), lanes_i)
#define CK_LOAD_SIGNED(p) __builtin_convertvector(*(const lanes_i8 *)(p), lanes_i)

// panel (columns, 16) = one block; `layout` is a constant where this is used.
CK_TARGET static inline __attribute__((always_inline)) void wide_block(ck_layout layout,
                                                                       const uint8_t *block,
                                                                       float *panel) {
  const ck_pieces at = ck_pieces_of(layout);
  const size_t part_columns = layout.columns / layout.parts;
  const lanes_f block_scale = CK_LOAD_HALVES(block);
  lanes_f block_shift = CK_SPLAT(0.0f);
  if (layout.has_shift != 0) {
    block_shift = CK_LOAD_HALVES(block + at.shifts) * (float)layout.has_shift;
  }
  for (size_t part = 0; part < layout.parts; part++) {
    lanes_f scale = block_scale, shift = block_shift;
    if (layout.parts > 1) {
      lanes_i number = CK_LOAD_SIGNED(block + at.part_scales + part * 16);
      scale = scale * __builtin_convertvector(number, lanes_f);
      if (layout.has_shift != 0) {
        number = CK_LOAD_SIGNED(block + at.part_shifts + part * 16);
        shift = shift * __builtin_convertvector(number, lanes_f);
      }
    }
    for (size_t eight = part * part_columns; eight < (part + 1) * part_columns; eight += 8) {
#pragma clang loop unroll(full)
      for (size_t i = 0; i < 8; i++) {
        const size_t c = eight + i;
        lanes_i code;
        if (layout.bits == 8) {
          code = CK_LOAD_SIGNED(block + at.low + c * 16);
        } else {
          code = (CK_LOAD_BYTES(block + at.low + c / 2 * 16) >> (int)(i % 2 * 4)) & 15;
          if (layout.bits == 5) {
            code |= ((CK_LOAD_BYTES(block + at.high + c / 8 * 16) >> (int)i) & 1) << 4;
          } else if (layout.bits == 6) {
            code |= ((CK_LOAD_BYTES(block + at.high + c / 4 * 16) >> (int)(i % 4 * 2)) & 3) << 4;
          }
          code = code - layout.offset;
        }
        lanes_f value = __builtin_convertvector(code, lanes_f) * scale;
        if (layout.has_shift != 0) value = value + shift;
        CK_STORE(panel + c * 16, value);
      }
    }
  }
}

// The blocks of one panel.
#define CK_BLOCKS(format)                                                               \
  case CK_DENSE_##format:                                                               \
    for (size_t c = 0; c < count; c += CK_LAYOUT_##format.columns) {                    \
      wide_block(CK_LAYOUT_##format, data, panel + c * 16);                             \
      data += ck_pieces_of(CK_LAYOUT_##format).end;                                     \
    }                                                                                   \
    break;

// panel (count, 16) = 16 columns of ternary codes a line, times the scales at those columns.
CK_TARGET static void wide_ternary_panel(const ck_dense_matrix *matrix, size_t group,
                                         size_t first, size_t count, float *panel) {
  const uint8_t *lines = ck_dense_at(matrix, group, first);
  size_t blocks = matrix->columns / matrix->scale_columns;
  for (size_t c = 0; c < count; c += 16) {
    lanes_f scale = CK_LOAD(
        matrix->scales + (group * blocks + (first + c) / matrix->scale_columns) * 16);
    lanes_i line = *(const lanes_i *)(lines + c * 4);
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
      lanes_i code = ((line >> (i % 4 * 8 + i / 4 * 2)) & 3) - 1;
      CK_STORE(panel + (c + (size_t)i) * 16, __builtin_convertvector(code, lanes_f) * scale);
    }
  }
}

// The floats of columns first ..< first + count of a group: in place, or in `panel`.
CK_TARGET static const float *wide_panel(const ck_dense_matrix *matrix, size_t group,
                                         size_t first, size_t count, float *panel) {
  const uint8_t *data = ck_dense_at(matrix, group, first);
  switch (matrix->format) {
    case CK_DENSE_F32: return (const float *)(const void *)data;
    case CK_DENSE_F16:
      for (size_t c = 0; c < count; c++) CK_STORE(panel + c * 16, CK_LOAD_HALVES(data + c * 32));
      break;
    case CK_DENSE_BF16:
      for (size_t c = 0; c < count; c++) {
        lanes_i bits = __builtin_convertvector(*(const lanes_u16 *)(data + c * 32), lanes_i);
        CK_STORE(panel + c * 16, (lanes_f)(bits << 16));
      }
      break;
    case CK_DENSE_TERNARY: wide_ternary_panel(matrix, group, first, count, panel); break;
    CK_BLOCKS(Q8_0)
    CK_BLOCKS(Q4_0)
    CK_BLOCKS(Q4_1)
    CK_BLOCKS(Q5_0)
    CK_BLOCKS(Q5_1)
    CK_BLOCKS(Q4_K)
    CK_BLOCKS(Q5_K)
    CK_BLOCKS(Q6_K)
  }
  return panel;
}

// sums (tokens, 4, 16) += a panel (columns, 16) times `tokens` (1 to 4) rows of x.
CK_TARGET static inline __attribute__((always_inline)) void wide_float_tile(
    const float *panel, size_t columns, const float *x, size_t x_stride, size_t tokens,
    float *totals) {
  lanes_f sums[4][4];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
#pragma clang loop unroll(full)
    for (size_t k = 0; k < 4; k++) sums[t][k] = CK_LOAD(totals + (t * 4 + k) * 16);
  }
  for (size_t c = 0; c < columns; c += 4) {
#pragma clang loop unroll(full)
    for (size_t k = 0; k < 4; k++) {
      lanes_f w = CK_LOAD(panel + (c + k) * 16);
#pragma clang loop unroll(full)
      for (size_t t = 0; t < tokens; t++) {
        sums[t][k] = sums[t][k] + w * x[t * x_stride + c + k];
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
#pragma clang loop unroll(full)
    for (size_t k = 0; k < 4; k++) CK_STORE(totals + (t * 4 + k) * 16, sums[t][k]);
  }
}

// One group of 16 rows times at most CK_PANEL_TOKENS tokens.
CK_TARGET static void wide_float_group(const ck_dense_matrix *matrix, size_t group,
                                       const float *x, size_t x_stride, size_t tokens,
                                       float *out, size_t out_stride) {
  float buffer[CK_PANEL_COLUMNS * 16] __attribute__((aligned(64)));
  float totals[CK_PANEL_TOKENS * 64] __attribute__((aligned(64)));
  memset(totals, 0, tokens * 64 * sizeof *totals);
  for (size_t c = 0; c < matrix->columns; c += CK_PANEL_COLUMNS) {
    size_t left = matrix->columns - c, t = 0;
    size_t count = left < CK_PANEL_COLUMNS ? left : CK_PANEL_COLUMNS;
    const float *panel = wide_panel(matrix, group, c, count, buffer);
    for (; t + 4 <= tokens; t += 4) {
      wide_float_tile(panel, count, x + t * x_stride + c, x_stride, 4, totals + t * 64);
    }
    for (; t < tokens; t++) {
      wide_float_tile(panel, count, x + t * x_stride + c, x_stride, 1, totals + t * 64);
    }
  }
  for (size_t t = 0; t < tokens; t++) {
    const float *s = totals + t * 64;
    CK_STORE(out + t * out_stride,
             (CK_LOAD(s) + CK_LOAD(s + 16)) + (CK_LOAD(s + 32) + CK_LOAD(s + 48)));
  }
}

CK_TARGET static void CK_NAME(ck_float_matmul)(const ck_dense_matrix *matrix, const float *x,
                                               size_t x_stride, size_t tokens, float *out,
                                               size_t out_stride, size_t first_group,
                                               size_t end_group) {
  for (size_t group = first_group; group < end_group; group++) {
    for (size_t t = 0; t < tokens; t += CK_PANEL_TOKENS) {
      size_t count = tokens - t < CK_PANEL_TOKENS ? tokens - t : CK_PANEL_TOKENS;
      wide_float_group(matrix, group, x + t * x_stride, x_stride, count,
                       out + t * out_stride + group * 16, out_stride);
    }
  }
}
