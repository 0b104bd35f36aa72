// The product of a dense matrix over 16 lanes: a panel of columns is turned into floats once and
// then multiplied with every token. Included after `wide.h`; the same text for every path.
#include "dense.h"

#pragma STDC FP_CONTRACT OFF

typedef int8_t lanes_i8 __attribute__((vector_size(16), aligned(1)));
typedef uint16_t lanes_u16 __attribute__((vector_size(32), aligned(2)));
#define CK_LOAD_SIGNED(p) __builtin_convertvector(*(const lanes_i8 *)(p), lanes_i)

// Where the floats of a column go: to a panel that many tokens share, or at once into the four sums
// of each of a few tokens.
typedef struct {
  float *panel;    // (columns, 16); null where there are few tokens
  const float *x;  // (few, columns)
  size_t x_stride;
  lanes_f sums[CK_FEW][4];
} wide_target;

// `few` tokens, a constant, or a panel where it is 0.
CK_TARGET static inline __attribute__((always_inline)) void wide_take(wide_target *target,
                                                                      const size_t few, size_t c,
                                                                      const lanes_f *value) {
  if (few == 0) CK_STORE(target->panel + c * 16, *value);
#pragma clang loop unroll(full)
  for (size_t t = 0; t < few; t++) {
    lanes_f *sums = target->sums[t];
    sums[c % 4] = sums[c % 4] + *value * target->x[t * target->x_stride + c];
  }
}

// How far ahead blocks are asked for: their pieces are streams too short for the hardware to foresee.
// Past the end is harmless.
#define CK_BYTES_AHEAD 8192

// The lines that hold the codes of eight columns: low bits, of eight-bit codes in two lines, and the
// others from the lowest bit of each byte on.
typedef struct {
  lanes_i low, next, high;
} wide_codes;

CK_TARGET static inline __attribute__((always_inline)) void wide_codes_at(ck_layout layout,
                                                                          const uint8_t *block,
                                                                          size_t eight,
                                                                          wide_codes *codes) {
  const ck_pieces at = ck_pieces_of(layout);
  const ck_code_place place = ck_place_of(layout, eight, 0);
  codes->low = *(const lanes_i *)(block + at.low + place.low);
  if (layout.bits == 8) {
    codes->next = *(const lanes_i *)(block + at.low + place.low + 64);
  } else if (layout.bits > 4) {
    codes->high = *(const lanes_i *)(block + at.high + place.high) >> place.high_bit;
  }
}

// Column i of the eight, as what is multiplied with the scale.
CK_TARGET static inline __attribute__((always_inline)) void wide_code(ck_layout layout,
                                                                      const wide_codes *codes,
                                                                      int i, lanes_i *code) {
  const int byte = i % 4 * 8, four = i / 4;
  if (layout.bits == 8) {
    *code = (four == 0 ? codes->low : codes->next) << (24 - byte) >> 24;
    return;
  }
  const int extra = layout.bits - 4;
  *code = (codes->low >> (byte + four * 4)) & 15;
  if (extra > 0) *code |= ((codes->high >> (byte + four * extra)) & ((1 << extra) - 1)) << 4;
  *code = *code - layout.offset;
}

// One block; `layout` and `few` are constants where this is used.
CK_TARGET static inline __attribute__((always_inline)) void wide_block(
    ck_layout layout, const uint8_t *block, wide_target *target, const size_t few, size_t first) {
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
      const size_t bytes = at.end * 8 / layout.columns;
#pragma clang loop unroll(full)
      for (size_t i = 0; i < bytes; i += 64) {
        __builtin_prefetch(block + CK_BYTES_AHEAD + eight / 8 * bytes + i);
      }
      wide_codes codes;
      wide_codes_at(layout, block, eight, &codes);
#pragma clang loop unroll(full)
      for (int i = 0; i < 8; i++) {
        lanes_i code;
        wide_code(layout, &codes, i, &code);
        lanes_f value = __builtin_convertvector(code, lanes_f) * scale;
        if (layout.has_shift != 0) value = value + shift;
        wide_take(target, few, first + eight + (size_t)i, &value);
      }
    }
  }
}

// The blocks of some columns.
#define CK_BLOCKS(format)                                               \
  case CK_DENSE_##format:                                               \
    for (size_t c = 0; c < count; c += CK_LAYOUT_##format.columns) {    \
      wide_block(CK_LAYOUT_##format, data, target, few, c);          \
      data += ck_pieces_of(CK_LAYOUT_##format).end;                     \
    }                                                                   \
    break;

// 16 columns of ternary codes a line, times the scales at those columns.
CK_TARGET static inline __attribute__((always_inline)) void wide_ternary(
    const ck_dense_matrix *matrix, size_t group, size_t first, size_t count, wide_target *target,
    const size_t few) {
  const uint8_t *lines = ck_dense_at(matrix, group, first);
  size_t blocks = matrix->columns / matrix->scale_columns;
  for (size_t c = 0; c < count; c += 16) {
    lanes_f scale = CK_LOAD(
        matrix->scales + (group * blocks + (first + c) / matrix->scale_columns) * 16);
    lanes_i line = *(const lanes_i *)(lines + c * 4);
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
      lanes_i code = ((line >> (i % 4 * 8 + i / 4 * 2)) & 3) - 1;
      lanes_f value = __builtin_convertvector(code, lanes_f) * scale;
      wide_take(target, few, c + (size_t)i, &value);
    }
  }
}

// Columns that are taken together, so that the sum of each is known at compile time.
#define CK_COLUMNS(load, bytes)                                              \
  for (size_t c = 0; c < count; c += 16) {                                   \
    _Pragma("clang loop unroll(full)") for (size_t i = 0; i < 16; i++) {     \
      lanes_f value = load(data + (c + i) * bytes);                          \
      wide_take(target, few, c + i, &value);                              \
    }                                                                        \
  }
#define CK_LOAD_FLOATS(p) CK_LOAD(p)
#define CK_LOAD_BFLOATS(p) \
  ((lanes_f)(__builtin_convertvector(*(const lanes_u16 *)(p), lanes_i) << 16))

// Columns first ..< first + count of a group.
CK_TARGET static inline __attribute__((always_inline)) void wide_columns(
    const ck_dense_matrix *matrix, size_t group, size_t first, size_t count, wide_target *target,
    const size_t few) {
  const uint8_t *data = ck_dense_at(matrix, group, first);
  switch (matrix->format) {
    case CK_DENSE_F32: CK_COLUMNS(CK_LOAD_FLOATS, 64) break;
    case CK_DENSE_F16: CK_COLUMNS(CK_LOAD_HALVES, 32) break;
    case CK_DENSE_BF16: CK_COLUMNS(CK_LOAD_BFLOATS, 32) break;
    case CK_DENSE_TERNARY: wide_ternary(matrix, group, first, count, target, few); break;
    CK_BLOCKS(Q8_0)
    CK_BLOCKS(Q4_0)
    CK_BLOCKS(Q4_1)
    CK_BLOCKS(Q5_0)
    CK_BLOCKS(Q5_1)
    CK_BLOCKS(Q4_K)
    CK_BLOCKS(Q5_K)
    CK_BLOCKS(Q6_K)
  }
}

// The floats of columns first ..< first + count of a group: in place, or in `panel`.
CK_TARGET static const float *wide_panel(const ck_dense_matrix *matrix, size_t group,
                                         size_t first, size_t count, float *panel) {
  if (matrix->format == CK_DENSE_F32) {
    return (const float *)(const void *)ck_dense_at(matrix, group, first);
  }
  wide_target target = {.panel = panel};
  wide_columns(matrix, group, first, count, &target, 0);
  return panel;
}

// One group of 16 rows times `few` tokens: no number is written before it is used.
CK_TARGET static inline __attribute__((always_inline)) void wide_float_few(
    const ck_dense_matrix *matrix, size_t group, const size_t few, const float *x, size_t x_stride,
    float *out, size_t out_stride) {
  wide_target target = {.x = x, .x_stride = x_stride};
#pragma clang loop unroll(full)
  for (size_t t = 0; t < few; t++) {
#pragma clang loop unroll(full)
    for (int k = 0; k < 4; k++) target.sums[t][k] = CK_SPLAT(0.0f);
  }
  wide_columns(matrix, group, 0, matrix->columns, &target, few);
#pragma clang loop unroll(full)
  for (size_t t = 0; t < few; t++) {
    const lanes_f *s = target.sums[t];
    CK_STORE(out + t * out_stride, (s[0] + s[1]) + (s[2] + s[3]));
  }
}

// More tokens than these are faster with a panel.
#define CK_FLOAT_FEW(few)                                                                        \
  CK_TARGET static void wide_float_##few(const ck_dense_matrix *matrix, size_t group,            \
                                         const float *x, size_t x_stride, float *out,            \
                                         size_t out_stride) {                                    \
    wide_float_few(matrix, group, few, x, x_stride, out, out_stride);                            \
  }
CK_FLOAT_FEW(1)
#if CK_FEW == 3
CK_FLOAT_FEW(2)
CK_FLOAT_FEW(3)
#endif

// sums (tokens, 4, 16) += a panel (columns, 16) times `tokens` (1 to 4) rows of x; the first panel's start
// at 0.
CK_TARGET static inline __attribute__((always_inline)) void wide_float_tile(
    const float *panel, size_t columns, const float *x, size_t x_stride, size_t tokens,
    int is_first, float *totals) {
  lanes_f sums[4][4];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < tokens; t++) {
#pragma clang loop unroll(full)
    for (size_t k = 0; k < 4; k++) {
      sums[t][k] = is_first ? CK_SPLAT(0.0f) : CK_LOAD(totals + (t * 4 + k) * 16);
    }
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
  for (size_t c = 0; c < matrix->columns; c += CK_PANEL_COLUMNS) {
    size_t left = matrix->columns - c, t = 0;
    size_t count = left < CK_PANEL_COLUMNS ? left : CK_PANEL_COLUMNS;
    const float *panel = wide_panel(matrix, group, c, count, buffer);
    for (; t + 4 <= tokens; t += 4) {
      wide_float_tile(panel, count, x + t * x_stride + c, x_stride, 4, c == 0, totals + t * 64);
    }
    for (; t < tokens; t++) {
      wide_float_tile(panel, count, x + t * x_stride + c, x_stride, 1, c == 0, totals + t * 64);
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
    float *rows = out + group * 16;
    switch (tokens) {
      case 1: wide_float_1(matrix, group, x, x_stride, rows, out_stride); continue;
#if CK_FEW == 3
      case 2: wide_float_2(matrix, group, x, x_stride, rows, out_stride); continue;
      case 3: wide_float_3(matrix, group, x, x_stride, rows, out_stride); continue;
#endif
      default: break;
    }
    for (size_t t = 0; t < tokens; t += CK_PANEL_TOKENS) {
      size_t count = tokens - t < CK_PANEL_TOKENS ? tokens - t : CK_PANEL_TOKENS;
      wide_float_group(matrix, group, x + t * x_stride, x_stride, count,
                       out + t * out_stride + group * 16, out_stride);
    }
  }
}

#if CK_SKETCHES
typedef int8_t lanes_b __attribute__((vector_size(16), aligned(1)));
// Codes of a sketch reach as far in both directions; the widest part of a block has this number.
#define CK_SKETCH_CODE 31.0f
#define CK_SKETCH_NUMBER 127.0f

// The codes of a part (16 columns of 16 rows) at `scale`; adds the squares of what they leave out to
// `residual`.
CK_TARGET static inline __attribute__((always_inline)) void wide_sketch_part(
    const float *panel, const lanes_f *scale, lanes_f *residual, uint8_t *low, uint8_t *high) {
  const lanes_f zero = CK_SPLAT(0.0f), top = CK_SPLAT(CK_SKETCH_CODE);
  const lanes_f inverse = CK_SELECT(*scale > zero, 1.0f / *scale, zero);
  lanes_i lows[2] = {{0}, {0}}, highs = {0};
#pragma clang loop unroll(full)
  for (int c = 0; c < 16; c++) {
    const lanes_f weight = CK_LOAD(panel + c * 16);
    lanes_f code = (weight * inverse + CK_ROUND_MAGIC) - CK_ROUND_MAGIC;
    code = CK_SELECT(code < top, code, top);
    code = CK_SELECT(code > -top, code, -top);
    const lanes_f left = weight - code * *scale;
    *residual = *residual + left * left;
    const lanes_i bits = __builtin_convertvector(code, lanes_i) + CK_LAYOUT_Q6_K.offset;
    lows[c / 8] |= (bits & 15) << (c % 4 * 8 + c / 4 % 2 * 4);
    highs |= (bits >> 4) << (c % 4 * 8 + c / 4 * 2);
  }
  *(lanes_i *)low = lows[0];
  *(lanes_i *)(low + 64) = lows[1];
  *(lanes_i *)high = highs;
}

// A block of Q6_K of a panel (256, 16), as near to it as a simple rule gets.
CK_TARGET static void wide_sketch_block(const float *panel, lanes_f *residual, uint8_t *block) {
  const ck_pieces at = ck_pieces_of(CK_LAYOUT_Q6_K);
  lanes_f tops[16], most = {0};
  for (size_t part = 0; part < 16; part++) {
    lanes_f top = {0};
    for (size_t c = part * 16; c < part * 16 + 16; c++) {
      const lanes_f magnitude = (lanes_f)((lanes_i)CK_LOAD(panel + c * 16) & 0x7fffffff);
      top = CK_SELECT(magnitude > top, magnitude, top);
    }
    tops[part] = top;
    most = CK_SELECT(top > most, top, most);
  }
  const lanes_f zero = CK_SPLAT(0.0f), half_max = CK_SPLAT(65504.0f);
  lanes_f unit = most * (1.0f / (CK_SKETCH_CODE * CK_SKETCH_NUMBER));
  CK_STORE_HALVES(block, CK_SELECT(unit < half_max, unit, half_max));
  unit = CK_LOAD_HALVES(block);
  for (size_t part = 0; part < 16; part++) {
    // Rounded up, so that the part's codes reach its widest number.
    lanes_f number = tops[part] / (unit * CK_SKETCH_CODE) + 0.5f;
    number = CK_SELECT(number < CK_SPLAT(CK_SKETCH_NUMBER), number, CK_SPLAT(CK_SKETCH_NUMBER));
    number = CK_SELECT(unit > zero, (number + CK_ROUND_MAGIC) - CK_ROUND_MAGIC, zero);
    const lanes_i whole = __builtin_convertvector(number, lanes_i);
    *(lanes_b *)(block + at.part_scales + part * 16) = __builtin_convertvector(whole, lanes_b);
    const lanes_f scale = unit * number;
    wide_sketch_part(panel + part * 256, &scale, residual, block + at.low + part * 128,
                     block + at.high + part * 64);
  }
}

// At least the root of the largest of some sums of squares, which are a little off in floats.
CK_TARGET static float wide_largest_root(const lanes_f *squares, size_t columns) {
  float largest = 0.0f;
  for (int lane = 0; lane < 16; lane++) {
    const float root = 1.0f / ck_inverse_root((*squares)[lane] + 1e-30f);
    largest = root > largest ? root : largest;
  }
  return largest * (1.0f + (float)columns * 2e-7f);
}

CK_TARGET static void CK_NAME(ck_sketch)(const ck_dense_matrix *matrix, const ck_sketch *sketch,
                                         size_t first_group, size_t end_group) {
  float buffer[CK_PANEL_COLUMNS * 16] __attribute__((aligned(64)));
  const size_t columns = matrix->columns, block_bytes = ck_pieces_of(CK_LAYOUT_Q6_K).end;
  for (size_t group = first_group; group < end_group; group++) {
    lanes_f squares = {0}, residual = {0};
    for (size_t c = 0; c < columns; c += CK_PANEL_COLUMNS) {
      const size_t count = columns - c < CK_PANEL_COLUMNS ? columns - c : CK_PANEL_COLUMNS;
      const float *panel = wide_panel(matrix, group, c, count, buffer);
      for (size_t i = 0; i < count; i++) {
        squares = squares + CK_LOAD(panel + i * 16) * CK_LOAD(panel + i * 16);
      }
      if (sketch->own == NULL) continue;
      if (panel != buffer) memcpy(buffer, panel, count * 16 * sizeof *buffer);
      memset(buffer + count * 16, 0, (CK_PANEL_COLUMNS - count) * 16 * sizeof *buffer);
      const size_t block = group * (sketch->matrix.columns / 256) + c / CK_PANEL_COLUMNS;
      wide_sketch_block(buffer, &residual, sketch->own + block * block_bytes);
    }
    sketch->norms[group] = wide_largest_root(&squares, columns);
    sketch->residuals[group] =
        sketch->own == NULL ? 0.0f : wide_largest_root(&residual, columns);
  }
}
#endif
