// Rows of dense tensors as a file holds them, to the layouts of `dense.h`. Runs once at load.
#include "dense.h"

// One block of a row, taken apart: the codes as they are stored, the parts' whole numbers.
typedef struct {
  uint8_t codes[256];
  int8_t scales[16], shifts[16];
  const uint8_t *scale, *shift;  // f16
} row_block;

static int finite_half(const uint8_t *bytes) { return (bytes[1] & 0x7c) != 0x7c; }

// Low nibbles are the first half of a block of 32, high nibbles the second.
static void nibbles_of_32(const uint8_t *bytes, uint8_t *codes) {
  for (int j = 0; j < 16; j++) {
    codes[j] = bytes[j] & 15;
    codes[16 + j] = bytes[j] >> 4;
  }
}

static void fifth_bits_of_32(const uint8_t *bits, uint8_t *codes) {
  for (int j = 0; j < 32; j++) codes[j] |= (uint8_t)(((bits[j / 8] >> (j % 8)) & 1) << 4);
}

// Q4_K and Q5_K: eight 6-bit scales and eight 6-bit shifts in 12 bytes.
static void parts_of_k(const uint8_t *bytes, row_block *block) {
  for (int j = 0; j < 4; j++) {
    block->scales[j] = bytes[j] & 63;
    block->shifts[j] = bytes[4 + j] & 63;
    block->scales[4 + j] = (int8_t)((bytes[8 + j] & 15) | (bytes[j] >> 6 << 4));
    block->shifts[4 + j] = (int8_t)((bytes[8 + j] >> 4) | (bytes[4 + j] >> 6 << 4));
  }
}

// Runs of 64: low nibbles of 32 bytes, then their high nibbles.
static void nibbles_of_k(const uint8_t *bytes, uint8_t *codes) {
  for (int run = 0; run < 4; run++) {
    for (int l = 0; l < 32; l++) {
      codes[64 * run + l] = bytes[32 * run + l] & 15;
      codes[64 * run + 32 + l] = bytes[32 * run + l] >> 4;
    }
  }
}

static void codes_of_q6_k(const uint8_t *low, const uint8_t *high, uint8_t *codes) {
  for (int half = 0; half < 2; half++) {
    for (int l = 0; l < 32; l++) {
      for (int quarter = 0; quarter < 4; quarter++) {
        uint8_t byte = low[64 * half + quarter % 2 * 32 + l];
        uint8_t four = quarter < 2 ? byte & 15 : byte >> 4;
        uint8_t two = (high[32 * half + l] >> (2 * quarter)) & 3;
        codes[128 * half + 32 * quarter + l] = (uint8_t)(four | (two << 4));
      }
    }
  }
}

static void take_apart(const uint8_t *source, ck_dense_format format, row_block *block) {
  block->scale = source;
  block->shift = source + 2;
  switch (format) {
    case CK_DENSE_Q8_0: memcpy(block->codes, source + 2, 32); break;
    case CK_DENSE_Q4_0: nibbles_of_32(source + 2, block->codes); break;
    case CK_DENSE_Q4_1: nibbles_of_32(source + 4, block->codes); break;
    case CK_DENSE_Q5_0:
      nibbles_of_32(source + 6, block->codes);
      fifth_bits_of_32(source + 2, block->codes);
      break;
    case CK_DENSE_Q5_1:
      nibbles_of_32(source + 8, block->codes);
      fifth_bits_of_32(source + 4, block->codes);
      break;
    case CK_DENSE_Q4_K:
      parts_of_k(source + 4, block);
      nibbles_of_k(source + 16, block->codes);
      break;
    case CK_DENSE_Q5_K:
      parts_of_k(source + 4, block);
      nibbles_of_k(source + 48, block->codes);
      for (int c = 0; c < 256; c++) {
        block->codes[c] |= (uint8_t)(((source[16 + c % 32] >> (c / 32)) & 1) << 4);
      }
      break;
    case CK_DENSE_Q6_K:
      codes_of_q6_k(source, source + 128, block->codes);
      memcpy(block->scales, source + 192, 16);
      block->scale = source + 208;
      break;
    default: break;
  }
}

// Four columns make a dword of a line; `low` and `high` are the row's first ones.
static void pack_codes(ck_layout layout, const uint8_t *codes, uint8_t *low, uint8_t *high) {
  if (layout.bits == 8) {
    for (size_t c = 0; c < layout.columns; c += 4) memcpy(low + c * 16, codes + c, 4);
    return;
  }
  for (size_t c = 0; c < layout.columns; c += 8) {
    uint32_t first, second;
    memcpy(&first, codes + c, 4);
    memcpy(&second, codes + c + 4, 4);
    const uint32_t word = (first & 0x0f0f0f0fu) | (second & 0x0f0f0f0fu) << 4;
    memcpy(low + c * 8, &word, 4);
  }
  // The bits above the lowest four: one of 32 columns, or two of 16, make a line.
  const size_t extra = (size_t)layout.bits - 4, together = extra == 0 ? layout.columns : 32 / extra;
  for (size_t c = 0; extra > 0 && c < layout.columns; c += together) {
    uint32_t word = 0;
    for (size_t i = 0; i < together; i += 4) {
      uint32_t four;
      memcpy(&four, codes + c + i, 4);
      word |= (four >> 4 & 0x0f0f0f0fu) << (i / 4 * extra);
    }
    memcpy(high + c / together * 64, &word, 4);
  }
}

static void store_block(ck_layout layout, const row_block *block, size_t lane, uint8_t *packed) {
  ck_pieces at = ck_pieces_of(layout);
  memcpy(packed + 2 * lane, block->scale, 2);
  if (layout.has_shift != 0) memcpy(packed + at.shifts + 2 * lane, block->shift, 2);
  for (size_t part = 0; layout.parts > 1 && part < layout.parts; part++) {
    packed[at.part_scales + part * 16 + lane] = (uint8_t)block->scales[part];
    if (layout.has_shift != 0) {
      packed[at.part_shifts + part * 16 + lane] = (uint8_t)block->shifts[part];
    }
  }
  pack_codes(layout, block->codes, packed + at.low + 4 * lane, packed + at.high + 4 * lane);
}

static ptrdiff_t pack_floats(const uint8_t *source, ck_dense_format format, size_t columns,
                             size_t lane, uint8_t *packed) {
  size_t bytes = ck_layout_of(format).file_bytes;
  // The bits of the exponent are all ones in what is not finite.
  uint32_t exponent = format == CK_DENSE_F16 ? 0x7c00u : format == CK_DENSE_BF16 ? 0x7f80u : 0x7f800000u;
  for (size_t c = 0; c < columns; c++) {
    uint32_t word = 0;
    memcpy(&word, source + c * bytes, bytes);
    if ((word & exponent) == exponent) return (ptrdiff_t)c;
    memcpy(packed + (c * 16 + lane) * bytes, source + c * bytes, bytes);
  }
  return -1;
}

ptrdiff_t ck_pack_dense_row(const uint8_t *source, ck_dense_format format, size_t columns,
                            size_t row, uint8_t *packed) {
  ck_layout layout = ck_layout_of(format);
  size_t bytes = ck_block_bytes(format), lane = row % 16;
  uint8_t *group = packed + row / 16 * (columns / layout.columns) * bytes;
  if (layout.columns == 1) return pack_floats(source, format, columns, lane, group);
  for (size_t c = 0; c < columns; c += layout.columns) {
    row_block block = {.scale = source, .shift = source};
    take_apart(source, format, &block);
    if (!finite_half(block.scale) || (layout.has_shift != 0 && !finite_half(block.shift))) {
      return (ptrdiff_t)c;
    }
    store_block(layout, &block, lane, group);
    source += layout.file_bytes;
    group += bytes;
  }
  return -1;
}

// Floats of up to 16 rows: panels of a few columns stay in the nearest cache while each row's
// numbers go to their places 16 apart.
#define CK_PANEL 64
#define CK_PACK_FLOATS(name, type, exponent)                                                    \
  static ptrdiff_t name(const uint8_t *source, size_t columns, size_t first_row, size_t rows,   \
                        uint8_t *data) {                                                        \
    for (size_t row = 0; row < rows; row += 16 - (first_row + row) % 16) {                      \
      size_t end = row + 16 - (first_row + row) % 16;                                           \
      type *group = (type *)data + (first_row + row) / 16 * columns * 16;                       \
      for (size_t panel = 0; panel < columns; panel += CK_PANEL) {                              \
        size_t count = columns - panel < CK_PANEL ? columns - panel : CK_PANEL;                 \
        for (size_t r = row; r < (end < rows ? end : rows); r++) {                              \
          const uint8_t *from = source + (r * columns + panel) * sizeof(type);                  \
          type *to = group + panel * 16 + (first_row + r) % 16;                                 \
          int infinite = 0;                                                                     \
          for (size_t c = 0; c < count; c++) {                                                  \
            type word;                                                                          \
            memcpy(&word, from + c * sizeof word, sizeof word);                                 \
            infinite |= (word & (exponent)) == (exponent);                                      \
            to[c * 16] = word;                                                                  \
          }                                                                                     \
          if (infinite) return (ptrdiff_t)r;                                                    \
        }                                                                                       \
      }                                                                                         \
    }                                                                                           \
    return -1;                                                                                  \
  }

CK_PACK_FLOATS(pack_f16_rows, uint16_t, 0x7c00u)
CK_PACK_FLOATS(pack_bf16_rows, uint16_t, 0x7f80u)
CK_PACK_FLOATS(pack_f32_rows, uint32_t, 0x7f800000u)

ptrdiff_t ck_pack_dense_rows(const uint8_t *source, ck_dense_format format, size_t columns,
                             size_t first_row, size_t rows, uint8_t *data) {
  switch (format) {
    case CK_DENSE_F16: return pack_f16_rows(source, columns, first_row, rows, data);
    case CK_DENSE_BF16: return pack_bf16_rows(source, columns, first_row, rows, data);
    case CK_DENSE_F32: return pack_f32_rows(source, columns, first_row, rows, data);
    default: break;
  }
  ck_layout layout = ck_layout_of(format);
  size_t row_bytes = columns / layout.columns * layout.file_bytes;
  for (size_t row = 0; row < rows; row++) {
    if (ck_pack_dense_row(source + row * row_bytes, format, columns, first_row + row, data) >= 0) {
      return (ptrdiff_t)row;
    }
  }
  return -1;
}
