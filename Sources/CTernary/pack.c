// File blocks to the layouts the kernels read. Runs once at load.
#include "scalar.h"

#define BLOCK_COLUMNS 256

static uint16_t read_half_bits(const uint8_t *bytes) {
  return (uint16_t)(bytes[0] | (bytes[1] << 8));
}

static int is_finite_float(float value) { return value - value == 0.0f; }

// TQ2_0, 66 bytes: two runs of 32 bytes, then an f16 scale. In run r, byte m holds weights
// 128r+m, 128r+32+m, 128r+64+m, 128r+96+m from the low bits up.
static int unpack_tq2_0(const uint8_t *block, uint8_t *codes, uint16_t *scale) {
  uint8_t bad = 0;
  for (int r = 0; r < 2; r++) {
    for (int m = 0; m < 32; m++) {
      uint8_t byte = block[32 * r + m];
      bad |= byte & (byte >> 1) & 0x55;
      for (int k = 0; k < 4; k++) codes[128 * r + 32 * k + m] = (byte >> (2 * k)) & 3;
    }
  }
  *scale = read_half_bits(block + 64);
  return bad == 0;
}

// TQ1_0, 54 bytes: 48 bytes of five trits, 4 bytes of four trits, an f16 scale. A byte is
// ceil(v * 256 / 243) of its base-3 number v, so trit n is the high part of
// ((byte * 3^n) mod 256) * 3.
static int unpack_tq1_0(const uint8_t *block, uint8_t *codes, uint16_t *scale) {
  static const uint8_t powers[5] = {1, 3, 9, 27, 81};
  for (int n = 0; n < 5; n++) {
    for (int m = 0; m < 32; m++) {
      codes[32 * n + m] = (uint8_t)(((uint8_t)(block[m] * powers[n]) * 3u) >> 8);
    }
    for (int m = 0; m < 16; m++) {
      codes[160 + 16 * n + m] = (uint8_t)(((uint8_t)(block[32 + m] * powers[n]) * 3u) >> 8);
    }
  }
  for (int n = 0; n < 4; n++) {
    for (int j = 0; j < 4; j++) {
      codes[240 + 4 * n + j] = (uint8_t)(((uint8_t)(block[48 + j] * powers[n]) * 3u) >> 8);
    }
  }
  *scale = read_half_bits(block + 52);
  return 1;
}

static void store_block(const uint8_t *codes, size_t block, size_t columns, size_t row,
                        uint8_t *packed) {
  size_t lines = columns / CK_LINE_COLUMNS;
  for (size_t b = 0; b < BLOCK_COLUMNS / CK_LINE_COLUMNS; b++) {
    size_t line = (row / 16) * lines + block * (BLOCK_COLUMNS / CK_LINE_COLUMNS) + b;
    uint8_t *dword = packed + line * 64 + (row % 16) * 4;
    const uint8_t *c = codes + 16 * b;
    for (int i = 0; i < 4; i++) {
      dword[i] = (uint8_t)(c[i] | (c[4 + i] << 2) | (c[8 + i] << 4) | (c[12 + i] << 6));
    }
  }
}

typedef int (*unpack_function)(const uint8_t *block, uint8_t *codes, uint16_t *scale);

static ck_pack_status pack_row(const uint8_t *source, size_t columns, size_t row,
                               uint8_t *packed, float *row_scale, size_t *bad_block,
                               unpack_function unpack, size_t block_bytes) {
  float scale_of_row = 0.0f;
  for (size_t block = 0; block < columns / BLOCK_COLUMNS; block++) {
    uint8_t codes[BLOCK_COLUMNS];
    uint16_t bits;
    *bad_block = block;
    if (!unpack(source + block * block_bytes, codes, &bits)) return CK_PACK_BAD_CODE;
    float scale = ck_half_to_float(bits);
    if (!is_finite_float(scale)) return CK_PACK_BAD_SCALE;
    if (scale == 0.0f) {
      // The writer's scale is the block's largest magnitude: this block is all zeros.
      memset(codes, 1, sizeof codes);
    } else if (scale_of_row == 0.0f) {
      scale_of_row = scale;
    } else if (scale != scale_of_row) {
      return CK_PACK_UNEQUAL_SCALES;
    }
    store_block(codes, block, columns, row, packed);
  }
  *row_scale = scale_of_row;
  return CK_PACKED;
}

ck_pack_status ck_pack_row_tq2_0(const uint8_t *source, size_t columns, size_t row,
                                 uint8_t *codes, float *scale, size_t *bad_block) {
  return pack_row(source, columns, row, codes, scale, bad_block, unpack_tq2_0, 66);
}

ck_pack_status ck_pack_row_tq1_0(const uint8_t *source, size_t columns, size_t row,
                                 uint8_t *codes, float *scale, size_t *bad_block) {
  return pack_row(source, columns, row, codes, scale, bad_block, unpack_tq1_0, 54);
}
