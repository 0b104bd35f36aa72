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

static void store_block(const uint8_t *codes, size_t first, size_t count, size_t columns,
                        size_t row, uint8_t *packed) {
  size_t line = (row / 16) * (columns / CK_LINE_COLUMNS) + first / CK_LINE_COLUMNS;
  uint8_t *dword = packed + line * 64 + (row % 16) * 4;
  for (size_t c = 0; c < count; c += CK_LINE_COLUMNS, dword += 64) {
    uint32_t q[4];
    memcpy(q, codes + c, sizeof q);
    // Codes have two bits, so nothing is carried from one byte into the next.
    uint32_t word = q[0] | (q[1] << 2) | (q[2] << 4) | (q[3] << 6);
    memcpy(dword, &word, sizeof word);
  }
}

ck_pack_status ck_pack_ternary_row(ck_ternary_format format, const uint8_t *source,
                                   size_t columns, size_t row, uint8_t *packed, float *scales,
                                   size_t *bad_block) {
  ck_ternary_block shape = block_of(format);
  for (size_t block = 0; block < columns / shape.columns; block++) {
    const uint8_t *bytes = source + block * shape.bytes;
    uint8_t codes[256], top = 0;
    *bad_block = block;
    unpack(format, bytes, codes);
    for (size_t c = 0; c < shape.columns; c++) top = codes[c] > top ? codes[c] : top;
    if (top > shape.top_code) return CK_PACK_BAD_CODE;
    if (shape.scale >= 0) {
      float scale = ck_half_to_float(read_half_bits(bytes + shape.scale));
      if (!is_finite_float(scale)) return CK_PACK_BAD_SCALE;
      scales[block] = scale;
      // The writer's scale is the block's largest magnitude: this block is all zeros.
      if (scale == 0.0f) memset(codes, 1, sizeof codes);
    }
    store_block(codes, block * shape.columns, shape.columns, columns, row, packed);
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
