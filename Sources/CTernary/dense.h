// How the numbers of dense matrices lie in memory, and one row of them as floats. Every format
// keeps the bits it has in a file, transposed so that 16 rows are the 16 lanes of a register.
#pragma once

#include "scalar.h"

/// A format of blocks. The number at a column is (code - offset) * scale + shift, where scale is
/// the block's f16 times the part's whole number, where there are parts, and shift likewise.
///
/// A block of 16 rows is: scales f16 (16); shifts f16 (16); whole numbers of the parts' scales
/// int8 (parts, 16), then of their shifts; the codes. Codes lie in lines of 64 bytes, of which dword r
/// is row r and byte i of it every fourth column from column i on: the low 4 bits of 8 columns, the
/// first four in the low half; then the other bits of 32 columns (one bit each) or of 16 (two), the
/// lowest column in the lowest bits. 8-bit codes are int8, 4 columns a line. What a format lacks
/// takes no space.
typedef struct {
  size_t columns;     // of a block; 1 for floats
  size_t file_bytes;  // of a row's block in a file
  int bits;           // of a code
  int offset;         // what code stands for 0
  size_t parts;       // parts of a block with whole numbers of their own; 1: it has none
  int has_shift;      // 1: adds what the file holds; -1: subtracts it; 0: none
} ck_layout;

#define CK_LAYOUT_F32 ((ck_layout){1, 4, 32, 0, 1, 0})
#define CK_LAYOUT_F16 ((ck_layout){1, 2, 16, 0, 1, 0})
#define CK_LAYOUT_BF16 ((ck_layout){1, 2, 16, 0, 1, 0})
#define CK_LAYOUT_Q8_0 ((ck_layout){32, 34, 8, 0, 1, 0})
#define CK_LAYOUT_Q4_0 ((ck_layout){32, 18, 4, 8, 1, 0})
#define CK_LAYOUT_Q4_1 ((ck_layout){32, 20, 4, 0, 1, 1})
#define CK_LAYOUT_Q5_0 ((ck_layout){32, 22, 5, 16, 1, 0})
#define CK_LAYOUT_Q5_1 ((ck_layout){32, 24, 5, 0, 1, 1})
#define CK_LAYOUT_Q4_K ((ck_layout){256, 144, 4, 0, 8, -1})
#define CK_LAYOUT_Q5_K ((ck_layout){256, 176, 5, 0, 8, -1})
#define CK_LAYOUT_Q6_K ((ck_layout){256, 210, 6, 32, 16, 0})

/// Where the pieces of a block of 16 rows begin, in bytes.
typedef struct {
  size_t shifts, part_scales, part_shifts, low, high, end;
} ck_pieces;

static inline ck_pieces ck_pieces_of(ck_layout layout) {
  ck_pieces p;
  size_t numbers = layout.parts > 1 ? layout.parts * 16 : 0;
  p.shifts = 32;
  p.part_scales = p.shifts + (layout.has_shift != 0 ? 32 : 0);
  p.part_shifts = p.part_scales + numbers;
  p.low = p.part_shifts + (layout.has_shift != 0 ? numbers : 0);
  p.high = p.low + layout.columns * (layout.bits == 8 ? 16 : 8);
  p.end = p.high + (layout.bits == 8 ? 0 : layout.columns * 2 * (size_t)(layout.bits - 4));
  return p;
}

/// Columns that are turned into floats at a time; a multiple of every block.
#define CK_PANEL_COLUMNS 256
/// Tokens that share one turning into floats.
#define CK_PANEL_TOKENS 64

/// Where in a block's codes a row has the low bits of a column's code, and where its others: the byte
/// from the start of the low or high lines on, and the bit in it.
typedef struct {
  size_t low, high;
  int low_bit, high_bit;
} ck_code_place;

static inline ck_code_place ck_place_of(ck_layout layout, size_t column, size_t lane) {
  const size_t byte = lane * 4 + column % 4;
  if (layout.bits == 8) return (ck_code_place){.low = column / 4 * 64 + byte};
  ck_code_place place = {.low = column / 8 * 64 + byte, .low_bit = (int)(column / 4 % 2 * 4)};
  const size_t extra = (size_t)layout.bits - 4, four = column / 4;
  if (extra > 0) {
    place.high = four * extra / 8 * 64 + byte;
    place.high_bit = (int)(four * extra % 8);
  }
  return place;
}

/// The layout of a format of blocks or of floats.
ck_layout ck_layout_of(ck_dense_format format);
/// Bytes of one column (floats) or one block of 16 rows.
size_t ck_block_bytes(ck_dense_format format);

static inline float ck_bfloat_to_float(uint16_t bits) {
  uint32_t word = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &word, sizeof value);
  return value;
}

/// Where columns `first` … of a group of 16 rows lie; `first` begins a block.
static inline const uint8_t *ck_dense_at(const ck_dense_matrix *matrix, size_t group,
                                         size_t first) {
  if (matrix->format == CK_DENSE_TERNARY) return matrix->data + group * matrix->columns * 4 + first * 4;
  size_t columns = ck_layout_of(matrix->format).columns, bytes = ck_block_bytes(matrix->format);
  return matrix->data + (group * (matrix->columns / columns) + first / columns) * bytes;
}

/// out (count) = columns first ..< first + count of a row; `first` begins a block and so does
/// what follows.
void ck_dense_part(const ck_dense_matrix *matrix, size_t row, size_t first, size_t count,
                   float *out);
