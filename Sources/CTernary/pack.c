// Ternary tensors as a file holds them, to the packed layout. Runs once at load.
#include "scalar.h"

static int is_finite_float(float value) { return value - value == 0.0f; }

static uint16_t read_half_bits(const uint8_t *bytes) {
  return (uint16_t)(bytes[0] | (bytes[1] << 8));
}

// Base-3 bytes: a byte is ceil(v * 256 / 243) of its base-3 number v, so trit n, the most
// significant first, is the high part of ((byte * 3^n) mod 256) * 3. Byte m holds weights m, m +
// count, m + 2*count, …
static void unpack_trits(const uint8_t *bytes, int count, int trits, uint8_t *codes) {
  static const uint8_t powers[5] = {1, 3, 9, 27, 81};
  for (int n = 0; n < trits; n++) {
    for (int m = 0; m < count; m++) {
      codes[count * n + m] = (uint8_t)(((uint8_t)(bytes[m] * powers[n]) * 3u) >> 8);
    }
  }
}

// TQ1_0, 54 bytes: 48 bytes of five trits in runs of 32 and 16, 4 bytes of four trits, the scale.
static void unpack_tq1_0(const uint8_t *block, uint8_t *codes) {
  unpack_trits(block, 32, 5, codes);
  unpack_trits(block + 32, 16, 5, codes + 160);
  unpack_trits(block + 48, 4, 4, codes + 240);
}

// PTQ1_0, 28 bytes: the same for 128 weights, in runs of 16 and 8 and 2 bytes of four trits.
static void unpack_ptq1_0(const uint8_t *block, uint8_t *codes) {
  unpack_trits(block, 16, 5, codes);
  unpack_trits(block + 16, 8, 5, codes + 80);
  unpack_trits(block + 24, 2, 4, codes + 120);
}

// TQ2_0, 66 bytes: two runs of 32 bytes, then the scale. In run r, byte m holds weights 128r+m,
// 128r+32+m, 128r+64+m, 128r+96+m from the low bits up.
static void unpack_tq2_0(const uint8_t *block, uint8_t *codes) {
  for (int r = 0; r < 2; r++) {
    for (int k = 0; k < 4; k++) {
      for (int m = 0; m < 32; m++) codes[128 * r + 32 * k + m] = (block[32 * r + m] >> (2 * k)) & 3;
    }
  }
}

// I2_S, 32 bytes: byte m holds weights m, 32+m, 64+m, 96+m from the high bits down.
static void unpack_i2_s(const uint8_t *block, uint8_t *codes) {
  for (int k = 0; k < 4; k++) {
    for (int m = 0; m < 32; m++) codes[32 * k + m] = (block[m] >> (6 - 2 * k)) & 3;
  }
}

// Q2_0: the scale, then four neighbours a byte from the low bits up.
static void unpack_q2_0(const uint8_t *block, int columns, uint8_t *codes) {
  for (int c = 0; c < columns; c++) codes[c] = (block[2 + c / 4] >> (c % 4 * 2)) & 3;
}

// Where a format's blocks begin and end, where their f16 scale is, and the largest code.
typedef struct {
  size_t columns, bytes;
  ptrdiff_t scale;  // -1: the tensor has one scale, not the block
  uint8_t top_code;
} ck_ternary_block;

static ck_ternary_block block_of(ck_ternary_format format) {
  switch (format) {
    case CK_TERNARY_TQ1_0: return (ck_ternary_block){256, 54, 52, 2};
    case CK_TERNARY_TQ2_0: return (ck_ternary_block){256, 66, 64, 2};
    case CK_TERNARY_I2_S: return (ck_ternary_block){128, 32, -1, 2};
    // Code 3 is +2 times the scale.
    case CK_TERNARY_Q2_0_64: return (ck_ternary_block){64, 18, 0, 3};
    case CK_TERNARY_Q2_0_128: return (ck_ternary_block){128, 34, 0, 3};
    case CK_TERNARY_PTQ1_0: return (ck_ternary_block){128, 28, 26, 2};
  }
  return (ck_ternary_block){0};
}

static void unpack(ck_ternary_format format, const uint8_t *block, uint8_t *codes) {
  switch (format) {
    case CK_TERNARY_TQ1_0: unpack_tq1_0(block, codes); break;
    case CK_TERNARY_TQ2_0: unpack_tq2_0(block, codes); break;
    case CK_TERNARY_I2_S: unpack_i2_s(block, codes); break;
    case CK_TERNARY_Q2_0_64: unpack_q2_0(block, 64, codes); break;
    case CK_TERNARY_Q2_0_128: unpack_q2_0(block, 128, codes); break;
    case CK_TERNARY_PTQ1_0: unpack_ptq1_0(block, codes); break;
  }
}

size_t ck_lines(ck_ternary_layout layout, size_t columns) {
  // Pairs of lines: 40 columns.
  return layout == CK_FIVE_TRITS ? (columns + 39) / 40 * 2 : columns / CK_LINE_COLUMNS;
}

// Four bytes of a line from the codes of 16 or 20 columns. No byte ever carries into the next.
static uint32_t packed_dword(ck_ternary_layout layout, const uint8_t *codes) {
  uint32_t q[5];
  memcpy(q, codes, layout == CK_FIVE_TRITS ? 20 : 16);
  if (layout == CK_TWO_BITS) return q[0] | (q[1] << 2) | (q[2] << 4) | (q[3] << 6);
  const uint32_t u = q[0] + 3 * q[1] + 9 * q[2] + 27 * q[3];
  const uint32_t above = ((u + 0x41414141u) & 0x80808080u) >> 7;  // a byte is 1 from 63 on
  const uint32_t mask = above * 0xff, low = u + (q[4] << 6), high = u + 0x81818181u + 18 * q[4];
  return (low & ~mask) | (high & mask);
}

ck_pack_status ck_pack_ternary_row(ck_ternary_format format, const uint8_t *source,
                                   size_t columns, size_t row, ck_ternary_layout layout,
                                   uint8_t *packed, float *scales, size_t *bad_block) {
  const ck_ternary_block shape = block_of(format);
  const size_t width = layout == CK_FIVE_TRITS ? 20 : CK_LINE_COLUMNS;
  const size_t lines = ck_lines(layout, columns);
  uint8_t *dword = packed + row / 16 * lines * 64 + row % 16 * 4, *end = dword + lines * 64;
  uint8_t codes[20 + 256];
  size_t held = 0;  // codes of a line that is not full yet
  for (size_t block = 0; block < columns / shape.columns; block++) {
    const uint8_t *bytes = source + block * shape.bytes;
    uint8_t *new = codes + held, top = 0;
    *bad_block = block;
    unpack(format, bytes, new);
    for (size_t c = 0; c < shape.columns; c++) top = new[c] > top ? new[c] : top;
    if (top > shape.top_code) return CK_PACK_BAD_CODE;
    if (shape.scale >= 0) {
      float scale = ck_half_to_float(read_half_bits(bytes + shape.scale));
      if (!is_finite_float(scale)) return CK_PACK_BAD_SCALE;
      scales[block] = scale;
      // The writer's scale is the block's largest magnitude: this block is all zeros.
      if (scale == 0.0f) memset(new, 1, shape.columns);
    }
    held += shape.columns;
    size_t done = 0;
    for (; done + width <= held; done += width, dword += 64) {
      const uint32_t word = packed_dword(layout, codes + done);
      memcpy(dword, &word, sizeof word);
    }
    held -= done;
    memmove(codes, codes + done, held);
  }
  for (; dword < end; dword += 64, held = 0) {
    memset(codes + held, 0, width - held);
    const uint32_t word = packed_dword(layout, codes);
    memcpy(dword, &word, sizeof word);
  }
  return CK_PACKED;
}

int ck_ternary_row_scale(ck_ternary_format format, const uint8_t *source, size_t columns,
                         float *scale) {
  ck_ternary_block shape = block_of(format);
  uint16_t found = 0;
  *scale = 0.0f;
  for (size_t block = 0; shape.scale >= 0 && block < columns / shape.columns; block++) {
    uint16_t bits = read_half_bits(source + block * shape.bytes + shape.scale);
    if ((bits & 0x7fff) == 0 || bits == found) continue;
    if (found != 0) return 0;
    found = bits;
    *scale = ck_half_to_float(bits);
  }
  return 1;
}
