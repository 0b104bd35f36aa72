// AVX-512 path: a line is one register of 16 rows; vpdpbusd multiplies 4 columns of each by a
// broadcast activation dword and adds straight to int32.
#if defined(__x86_64__)
#include <immintrin.h>

#define CK_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#define CK_NAME(kernel) kernel##_avx512
#define CK_QUERIES 4
#define CK_SUMS 4
#define CK_ALONE 4
#define CK_EXPONENTIALS 4
#define CK_SKETCHES 1
#define CK_FEW 3
#include "choose.h"
#include "wide.h"
#include "wide_dense.h"
#include "zmm.h"

// What `ck_field_masks` leave of a line.
#define CK_FIELDS(line, a, b, c, d)                                                            \
  "vmovdqu64 " line ", %%zmm" d "\n\tvpandd %%zmm" d ", %%zmm28, %%zmm" a                       \
  "\n\tvpandd %%zmm" d ", %%zmm29, %%zmm" b "\n\tvpandd %%zmm" d ", %%zmm30, %%zmm" c          \
  "\n\tvpandd %%zmm" d ", %%zmm31, %%zmm" d "\n\t"
// The 16 codes at x times the fields of two groups' lines (zmm20 to zmm27) into zmm0 to zmm7.
#define CK_DOT_PAIR                                                                       \
  "vpbroadcastd (%[x]), %%zmm8\n\tvpbroadcastd 4(%[x]), %%zmm9\n\t"                      \
  "vpbroadcastd 8(%[x]), %%zmm10\n\tvpbroadcastd 12(%[x]), %%zmm11\n\t"                  \
  "vpdpbusd %%zmm8, %%zmm20, %%zmm0\n\tvpdpbusd %%zmm9, %%zmm21, %%zmm1\n\t"             \
  "vpdpbusd %%zmm10, %%zmm22, %%zmm2\n\tvpdpbusd %%zmm11, %%zmm23, %%zmm3\n\t"           \
  "vpdpbusd %%zmm8, %%zmm24, %%zmm4\n\tvpdpbusd %%zmm9, %%zmm25, %%zmm5\n\t"             \
  "vpdpbusd %%zmm10, %%zmm26, %%zmm6\n\tvpdpbusd %%zmm11, %%zmm27, %%zmm7\n\t"

// Accumulators a to d of a group, the first of them its sum in the end, to 16 results at `out`.
#define CK_FINISH(offset, a, b, c, d)                                                          \
  "vpsrad $2, %%zmm" b ", %%zmm" b "\n\tvpsrad $4, %%zmm" c ", %%zmm" c                         \
  "\n\tvpsrad $6, %%zmm" d ", %%zmm" d "\n\tvpaddd %%zmm" a ", %%zmm" b ", %%zmm" a            \
  "\n\tvpaddd %%zmm" c ", %%zmm" d ", %%zmm" c "\n\tvpaddd %%zmm" a ", %%zmm" c ", %%zmm" a    \
  "\n\t" CK_RESULT(offset, a)

// Pairs of groups by one token, from the codes to the results: short rows would spend as long on
// the way in and out as on their lines.
CK_TARGET static void short_rows_one_token(const uint8_t *codes, const ck_rows *rows,
                                           const float *scales, float *out, size_t pairs) {
  const int8_t *x;
  size_t lines;
  const size_t step = rows->lines * 64;
  __asm__ volatile(
      CK_MASKS CK_TOKEN_SCALE
      "2:\n\t"
      CK_ZERO4("0", "1", "2", "3") CK_ZERO4("4", "5", "6", "7")
      "mov (%[rows]), %[x]\n\tmov 8(%[rows]), %[lines]\n\t"
      "1:\n\t"
      CK_FIELDS("(%[codes])", "20", "21", "22", "23")
      CK_FIELDS("(%[codes],%[step])", "24", "25", "26", "27")
      CK_DOT_PAIR
      "add $64, %[codes]\n\tadd $16, %[x]\n\tdec %[lines]\n\tjnz 1b\n\t"
      CK_FINISH("0", "0", "1", "2", "3") CK_FINISH("64", "4", "5", "6", "7")
      "add %[step], %[codes]\n\tadd $128, %[scales]\n\tadd $128, %[out]\n\t"
      "dec %[pairs]\n\tjnz 2b\n\t"
      : [codes] "+r"(codes), [x] "=&r"(x), [lines] "=&r"(lines), [scales] "+r"(scales),
        [out] "+r"(out), [pairs] "+r"(pairs)
      : [step] "r"(step), [rows] "r"(rows), [masks] "r"(ck_field_masks)
      : CK_CLOBBERS);
}

// Two groups by one token; sums: the first group's four fields, then the second's. For rows so
// short that both groups' lines are at hand.
CK_TARGET static void two_groups_one_token(const uint8_t *codes, size_t step, const int8_t *x,
                                           size_t lines, __m512i *sums) {
  __asm__ volatile(
      CK_ZERO4("0", "1", "2", "3") CK_ZERO4("4", "5", "6", "7") CK_MASKS
      "1:\n\t"
      CK_FIELDS("(%[codes])", "20", "21", "22", "23")
      CK_FIELDS("(%[codes],%[step])", "24", "25", "26", "27")
      CK_DOT_PAIR
      "add $64, %[codes]\n\tadd $16, %[x]\n\tdec %[lines]\n\tjnz 1b\n\t"
      CK_SAVE4("0", "0", "1", "2", "3") CK_SAVE4("4", "4", "5", "6", "7")
      : [codes] "+r"(codes), [x] "+r"(x), [lines] "+r"(lines)
      : [step] "r"(step), [sums] "r"(sums), [masks] "r"(ck_field_masks)
      : CK_CLOBBERS);
}

// One group by one token, two lines at a time; sums: the four fields of the even lines, then those
// of the odd ones. One stream of memory, which is what two neighbouring groups are not.
CK_TARGET static void one_group_one_token(const uint8_t *codes, const int8_t *x, size_t pairs,
                                          __m512i *sums) {
  __asm__ volatile(
      CK_ZERO4("0", "1", "2", "3") CK_ZERO4("4", "5", "6", "7") CK_MASKS
      "1:\n\t"
      "prefetchnta " CK_AHEAD "(%[codes])\n\tprefetchnta " CK_AHEAD "+64(%[codes])\n\t"
      CK_FIELDS("(%[codes])", "20", "21", "22", "23")
      CK_FIELDS("64(%[codes])", "24", "25", "26", "27")
      CK_DOT("(%[x])", "0", "20", "21", "22", "23", "0", "1", "2", "3")
      CK_DOT("(%[x])", "16", "24", "25", "26", "27", "4", "5", "6", "7")
      "add $128, %[codes]\n\tadd $32, %[x]\n\tdec %[pairs]\n\tjnz 1b\n\t"
      CK_SAVE4("0", "0", "1", "2", "3") CK_SAVE4("4", "4", "5", "6", "7")
      : [codes] "+r"(codes), [x] "+r"(x), [pairs] "+r"(pairs)
      : [sums] "r"(sums), [masks] "r"(ck_field_masks)
      : CK_CLOBBERS);
}

// One group by two to four tokens; sums: the four fields of each token.
#define CK_DOT_1 CK_DOT("(%[x])", "0", "20", "21", "22", "23", "0", "1", "2", "3")
#define CK_DOT_2 \
  CK_DOT_1 CK_DOT("(%[x],%[stride])", "0", "20", "21", "22", "23", "4", "5", "6", "7")
#define CK_DOT_3 \
  CK_DOT_2 CK_DOT("(%[x],%[stride],2)", "0", "20", "21", "22", "23", "8", "9", "10", "11")
#define CK_DOT_4 \
  CK_DOT_3 CK_DOT("(%[x],%[stride3])", "0", "20", "21", "22", "23", "12", "13", "14", "15")
#define CK_FIELD_GROUP(tokens) \
  CK_ONE_GROUP(tokens, CK_MASKS, CK_FIELDS("(%[codes])", "20", "21", "22", "23"), "16", "", 0)
CK_EACH_FEW(CK_FIELD_GROUP)

// Products of many tokens: two groups by five to twelve, one accumulator for each group of each
// token (zmm8 and up), the fields shifted down. Lines zmm0 and zmm1, fields zmm2 and zmm3.
#define CK_LINES                                                                \
  "vmovdqu64 (%[codes]), %%zmm0\n\tvmovdqu64 (%[codes],%[step]), %%zmm1\n\t"    \
  "vpandd %%zmm4, %%zmm0, %%zmm2\n\tvpandd %%zmm4, %%zmm1, %%zmm3\n\t"
#define CK_FIELD_GROUPS(tokens) CK_TWO_GROUPS(tokens, CK_LINES, "", "16", 0)
CK_EACH_MANY(CK_FIELD_GROUPS)

// Adds the result of the block from line `line` on to `out` (16); the last one finishes it. Not
// inlined: rows with one scale are nearly all there are.
CK_TARGET static __attribute__((noinline)) void add_block(const ck_ternary_matrix *matrix,
                                                          const ck_activations *a, size_t group,
                                                          size_t token, size_t line,
                                                          __m512i sum, float *out) {
  const size_t blocks = matrix->columns / matrix->scale_columns;
  const size_t block = line * CK_LINE_COLUMNS / matrix->scale_columns;
  int32_t all = ck_activation_sum(a, token, matrix, line * CK_LINE_COLUMNS);
  __m512 dot = _mm512_cvtepi32_ps(_mm512_sub_epi32(sum, _mm512_set1_epi32(all)));
  __m512 scale = _mm512_loadu_ps(matrix->scales + (group * blocks + block) * 16);
  __m512 value = block == 0 ? _mm512_setzero_ps() : _mm512_loadu_ps(out);
  value = _mm512_add_ps(value, _mm512_mul_ps(dot, scale));
  if (block + 1 == blocks) value = _mm512_mul_ps(value, _mm512_set1_ps(a->scales[token]));
  _mm512_storeu_ps(out, value);
}

CK_TARGET static inline __attribute__((always_inline)) void write_block(
    const ck_ternary_matrix *matrix, const ck_activations *a, size_t group, size_t token,
    size_t line, __m512i sum, float *out) {
  if (matrix->scale_columns != matrix->columns) {
    add_block(matrix, a, group, token, line, sum, out);
    return;
  }
  __m512i dot = _mm512_sub_epi32(sum, _mm512_set1_epi32(a->sums[token]));
  __m512 value = _mm512_mul_ps(_mm512_cvtepi32_ps(dot), _mm512_set1_ps(a->scales[token]));
  __m512 row_scale = _mm512_loadu_ps(matrix->scales + group * 16);
  _mm512_storeu_ps(out, _mm512_mul_ps(value, row_scale));
}

static const ck_products field_products = CK_PRODUCTS(4);

// The sum of a token's codes times its activations, from its fields'.
CK_TARGET static inline __attribute__((always_inline)) __m512i field_sum(const __m512i *s,
                                                                         size_t fields) {
  __m512i low = _mm512_add_epi32(s[0], _mm512_srai_epi32(s[1], 2));
  __m512i high = _mm512_srai_epi32(s[3], 6);
  // The fifth is the fourth's neighbour: both are times 4^3.
  if (fields == 5) high = _mm512_add_epi32(high, _mm512_srai_epi32(s[4], 6));
  return _mm512_add_epi32(low, _mm512_add_epi32(_mm512_srai_epi32(s[2], 4), high));
}

// Lines of a group from which on it is a stream of its own.
#define CK_LONG_LINES 64

// Columns of one scale: lines `line` ..< line + `lines` of all groups.
typedef struct {
  const ck_ternary_matrix *matrix;
  const ck_products *products;
  const ck_activations *a;
  float *out;
  size_t out_stride, group_bytes, line, lines;
} part;

CK_TARGET static inline __attribute__((always_inline)) const uint8_t *lines_of(const part *p,
                                                                               size_t group) {
  return p->matrix->codes + group * p->group_bytes + p->line * 64;
}

// A token's activations of the part. Only matrices of two bits have several parts.
CK_TARGET static inline __attribute__((always_inline)) const int8_t *codes_of(const part *p,
                                                                              size_t token) {
  return p->a->codes + token * p->a->stride + p->line * CK_LINE_COLUMNS;
}

CK_TARGET static inline __attribute__((always_inline)) void write(const part *p, size_t group,
                                                                  size_t token, __m512i sum) {
  write_block(p->matrix, p->a, group, token, p->line, sum,
              p->out + token * p->out_stride + group * 16);
}

// One token, of one or two short groups.
CK_TARGET static void one_token(const part *p, size_t group, size_t groups) {
  // A single group is multiplied twice; the second result is not written.
  const size_t step = groups == 2 ? p->group_bytes : 0;
  __m512i sums[8];
  two_groups_one_token(lines_of(p, group), step, codes_of(p, 0), p->lines, sums);
  write(p, group, 0, field_sum(sums, 4));
  if (groups == 2) write(p, group + 1, 0, field_sum(sums + 4, 4));
}

// One token of a long group, or two to four of any.
CK_TARGET static void few_tokens(const part *p, size_t group, size_t count) {
  const size_t fields = p->products->fields;
  __m512i sums[20];
  if (count == 1) {
    one_group_one_token(lines_of(p, group), codes_of(p, 0), p->lines / 2, sums);
    write(p, group, 0, _mm512_add_epi32(field_sum(sums, 4), field_sum(sums + 4, 4)));
    return;
  }
  p->products->few[count - 2](lines_of(p, group), codes_of(p, 0), p->a->stride, p->lines, sums);
  for (size_t t = 0; t < count; t++) write(p, group, t, field_sum(sums + fields * t, fields));
}

// The results of a tile whose rows have one scale each: what does not change from one token to the next
// is read once.
CK_TARGET static inline __attribute__((always_inline)) void write_tile(
    const part *p, size_t group, size_t groups, size_t first, size_t count, const __m512i *sums) {
  const int32_t *totals = p->a->sums + first;
  const float *scales = p->a->scales + first;
  const __m512 low_scale = _mm512_loadu_ps(p->matrix->scales + group * 16);
  const __m512 high_scale = _mm512_loadu_ps(p->matrix->scales + (group + groups - 1) * 16);
  float *out = p->out + first * p->out_stride + group * 16;
  const size_t stride = p->out_stride;
  for (size_t t = 0; t < count; t++, out += stride) {
    const __m512i total = _mm512_set1_epi32(totals[t]);
    const __m512 scale = _mm512_set1_ps(scales[t]);
    const __m512 low = _mm512_cvtepi32_ps(_mm512_sub_epi32(sums[2 * t], total));
    _mm512_storeu_ps(out, _mm512_mul_ps(_mm512_mul_ps(low, scale), low_scale));
    if (groups == 2) {
      const __m512 high = _mm512_cvtepi32_ps(_mm512_sub_epi32(sums[2 * t + 1], total));
      _mm512_storeu_ps(out + 16, _mm512_mul_ps(_mm512_mul_ps(high, scale), high_scale));
    }
  }
}

// Tokens first ..< first + count, five to twelve, of one or two groups.
CK_TARGET static void tile(const part *p, size_t group, size_t groups, size_t first,
                           size_t count) {
  const size_t step = groups == 2 ? p->group_bytes : 0;
  __m512i sums[24];
  p->products->many[count - 5](lines_of(p, group), step, codes_of(p, first), p->a->stride, p->lines,
                               sums);
  if (p->matrix->scale_columns == p->matrix->columns) {
    write_tile(p, group, groups, first, count, sums);
    return;
  }
  for (size_t t = 0; t < count; t++) {
    write(p, group, first + t, sums[2 * t]);
    if (groups == 2) write(p, group + 1, first + t, sums[2 * t + 1]);
  }
}

CK_TARGET static void ck_ternary_matmul_avx512(const ck_ternary_matrix *matrix,
                                               const ck_activations *activations, float *out,
                                               size_t out_stride, size_t first_group,
                                               size_t end_group) {
  const size_t count = activations->count, tiles = (count + 11) / 12;
  const size_t all = ck_lines(matrix->layout, matrix->columns), group_bytes = all * 64;
  const int trits = matrix->layout == CK_FIVE_TRITS;
  const ck_products *products = trits ? &ck_trit_products : &field_products;
  const size_t lines = trits ? all : matrix->scale_columns / CK_LINE_COLUMNS;
  const int one_short = count == 1 && !trits && (lines < CK_LONG_LINES || lines % 2 != 0);
  const size_t at_once = one_short || count > 4 ? 2 : 1;
  const ck_rows rows = {activations->codes, lines, activations->sums[0], activations->scales[0]};
  if (trits && count == 1) {
    ck_trit_rows(matrix->codes + first_group * group_bytes, &rows,
                 matrix->scales + first_group * 16, out + first_group * 16,
                 end_group - first_group);
    return;
  }
  if (one_short && lines == all && end_group > first_group + 1) {
    const size_t pairs = (end_group - first_group) / 2;
    short_rows_one_token(matrix->codes + first_group * group_bytes, &rows,
                         matrix->scales + first_group * 16, out + first_group * 16, pairs);
    first_group += 2 * pairs;
  }
  for (size_t group = first_group; group < end_group && count > 0; group += at_once) {
    const size_t groups = group + at_once <= end_group ? at_once : 1;
    for (size_t line = 0; line < all; line += lines) {
      const part p = {matrix, products, activations, out, out_stride, group_bytes, line, lines};
      if (one_short) {
        one_token(&p, group, groups);
      } else if (count <= 4) {
        few_tokens(&p, group, count);
      } else {
        // Tiles of nearly equal size.
        for (size_t i = 0; i < tiles; i++) {
          const size_t first = count * i / tiles, end = count * (i + 1) / tiles;
          tile(&p, group, groups, first, end - first);
        }
      }
    }
  }
}

// A register of 4 columns of 16 rows' codes: low bits as they are, high bits shifted into place.
CK_TARGET static inline __attribute__((always_inline)) __m512i sketch_code(__m512i low,
                                                                           __m512i high) {
  const __m512i nibbles = _mm512_set1_epi8(0x0f), pairs = _mm512_set1_epi8(0x30);
  // Bits of `low` where `nibbles` has them, else those of `high`.
  return _mm512_ternarylogic_epi32(nibbles, low, _mm512_and_si512(high, pairs), 0xca);
}

// How many blocks ahead they are asked for, in the order they lie in: memory's latency. Past the end is
// harmless.
#define CK_BLOCKS_AHEAD 3

// sums (width) of `blocks` blocks times `width` (a constant) of the questions from `first` on, before
// their scales.
CK_TARGET static inline __attribute__((always_inline)) void sketch_tile(
    const uint8_t *block, size_t blocks, const ck_questions *questions, size_t first,
    const size_t width, lanes_f *sums) {
  const ck_pieces at = ck_pieces_of(CK_LAYOUT_Q6_K);
  const size_t stride = width == 1 ? questions->width : width;
  const int8_t *x = questions->codes + first * 4;
  const int32_t *shifts = questions->shifts + first;
  __m512 s[CK_QUESTIONS_AT_ONCE];
#pragma clang loop unroll(full)
  for (size_t t = 0; t < width; t++) s[t] = _mm512_setzero_ps();
  for (; blocks > 0; blocks--, block += at.end) {
    const __m512 unit = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(const void *)block));
    const size_t ahead = CK_BLOCKS_AHEAD * at.end;
    for (size_t i = 0; i < at.low; i += 64) {
      _mm_prefetch((const char *)block + ahead + i, _MM_HINT_NTA);
    }
    for (size_t part = 0; part < 16; part++, x += 16 * stride, shifts += stride) {
      const uint8_t *low = block + at.low + part * 128;
      const uint8_t *high = block + at.high + part * 64;
      for (size_t i = 0; i < 192; i += 64) {
        _mm_prefetch((const char *)block + ahead + at.low + part * 192 + i, _MM_HINT_NTA);
      }
      const __m512i a = _mm512_loadu_si512(low), b = _mm512_loadu_si512(low + 64);
      const __m512i h = _mm512_loadu_si512(high);
      const __m512i code[4] = {sketch_code(a, _mm512_slli_epi32(h, 4)),
                               sketch_code(_mm512_srli_epi32(a, 4), _mm512_slli_epi32(h, 2)),
                               sketch_code(b, h),
                               sketch_code(_mm512_srli_epi32(b, 4), _mm512_srli_epi32(h, 2))};
      const __m128i numbers =
          _mm_loadu_si128((const __m128i *)(const void *)(block + at.part_scales + part * 16));
      const __m512 scale = _mm512_mul_ps(_mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(numbers)), unit);
#pragma clang loop unroll(full)
      for (size_t t = 0; t < width; t++) {
        __m512i dot = _mm512_set1_epi32(shifts[t]);
#pragma clang loop unroll(full)
        for (size_t k = 0; k < 4; k++) {
          const __m512i number = _mm512_set1_epi32(CK_INT32(x + (k * stride + t) * 4));
          dot = _mm512_dpbusd_epi32(dot, code[k], number);
        }
        s[t] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dot), scale, s[t]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (size_t t = 0; t < width; t++) sums[t] = (lanes_f)s[t];
}

#include "sketch.h"

#define CK_PEAK4(a, b, c, d)                                                      \
  "vpdpbusd %%zmm0, %%zmm1, %%zmm" a "\n\tvpdpbusd %%zmm0, %%zmm1, %%zmm" b        \
  "\n\tvpdpbusd %%zmm0, %%zmm1, %%zmm" c "\n\tvpdpbusd %%zmm0, %%zmm1, %%zmm" d "\n\t"
CK_TARGET static size_t ck_multiply_at_peak_avx512(size_t rounds) {
  size_t left = rounds;
  __asm__ volatile(
      CK_ZERO4("0", "1", "2", "3") CK_ZERO4("8", "9", "10", "11") CK_ZERO4("12", "13", "14", "15")
      CK_ZERO4("16", "17", "18", "19")
      "1:\n\t"
      CK_PEAK4("8", "9", "10", "11") CK_PEAK4("12", "13", "14", "15")
      CK_PEAK4("16", "17", "18", "19")
      "dec %[left]\n\tjnz 1b\n\t"
      : [left] "+r"(left)
      :
      : CK_CLOBBERS);
  return rounds * 12 * 64;
}

const ck_kernels ck_kernels_avx512 = {
    "avx512",           ck_ternary_matmul_avx512, ck_float_matmul_avx512,
    ck_rms_norm_avx512, ck_quantise_avx512,       ck_silu_multiply_avx512,
    ck_squared_relu_multiply_avx512,
    ck_add_avx512,      ck_attention_avx512,
    ck_store_avx512,    ck_rope_avx512,           ck_top_avx512,
    ck_sketch_avx512,   ck_bounds_avx512,         ck_narrow_avx512,
    ck_multiply_at_peak_avx512,
};
#endif
