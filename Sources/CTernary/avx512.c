// AVX-512 path: a line is one register of 16 rows; vpdpbusd multiplies 4 columns of each by a
// broadcast activation dword and adds straight to int32.
#if defined(__x86_64__)
#include <immintrin.h>

#define CK_TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")))
#define CK_NAME(kernel) kernel##_avx512
#define CK_QUERIES 4
#define CK_SKETCHES 1
#include "wide.h"
#include "wide_dense.h"

// The products are assembly because they are nearly all of the program's time and have to be fast
// in unoptimised builds too, where tests run. `codes` is a line of the first group, the second's is
// `step` bytes behind it; the sums of all accumulators are written to `sums`.
#define CK_ZERO4(a, b, c, d)                                                            \
  "vpxord %%zmm" a ", %%zmm" a ", %%zmm" a "\n\tvpxord %%zmm" b ", %%zmm" b ", %%zmm" b   \
  "\n\tvpxord %%zmm" c ", %%zmm" c ", %%zmm" c "\n\tvpxord %%zmm" d ", %%zmm" d         \
  ", %%zmm" d "\n\t"
#define CK_SAVE4(offset, a, b, c, d)                                                \
  "vmovdqu64 %%zmm" a ", (" offset "+0)*64(%[sums])\n\t"                            \
  "vmovdqu64 %%zmm" b ", (" offset "+1)*64(%[sums])\n\t"                            \
  "vmovdqu64 %%zmm" c ", (" offset "+2)*64(%[sums])\n\t"                            \
  "vmovdqu64 %%zmm" d ", (" offset "+3)*64(%[sums])\n\t"
#define CK_CLOBBERS                                                                          \
  "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",    \
      "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "xmm16", "xmm17", "xmm18", \
      "xmm19", "xmm20", "xmm21", "xmm22", "xmm23", "xmm24", "xmm25", "xmm26", "xmm27", "xmm28", \
      "xmm29", "xmm30", "xmm31"

// Products of few tokens: an accumulator for each field of each token and line. Masks leave field
// k of a byte times 4^k, which `field_sum` shifts out of accumulator k.
static const uint32_t field_masks[4] = {0x03030303, 0x0c0c0c0c, 0x30303030, 0xc0c0c0c0};
#define CK_MASKS                                                                       \
  "vpbroadcastd (%[masks]), %%zmm28\n\tvpbroadcastd 4(%[masks]), %%zmm29\n\t"         \
  "vpbroadcastd 8(%[masks]), %%zmm30\n\tvpbroadcastd 12(%[masks]), %%zmm31\n\t"
#define CK_FIELDS(line, a, b, c, d)                                                            \
  "vmovdqu64 " line ", %%zmm" d "\n\tvpandd %%zmm" d ", %%zmm28, %%zmm" a                       \
  "\n\tvpandd %%zmm" d ", %%zmm29, %%zmm" b "\n\tvpandd %%zmm" d ", %%zmm30, %%zmm" c          \
  "\n\tvpandd %%zmm" d ", %%zmm31, %%zmm" d "\n\t"
// Field registers `f…` times the 16 codes at `at`, displaced by `x`, into accumulators `s…`.
#define CK_DOT(at, x, f0, f1, f2, f3, s0, s1, s2, s3)                              \
  "vpdpbusd " x "+0" at "%{1to16%}, %%zmm" f0 ", %%zmm" s0                          \
  "\n\tvpdpbusd " x "+4" at "%{1to16%}, %%zmm" f1 ", %%zmm" s1                     \
  "\n\tvpdpbusd " x "+8" at "%{1to16%}, %%zmm" f2 ", %%zmm" s2                     \
  "\n\tvpdpbusd " x "+12" at "%{1to16%}, %%zmm" f3 ", %%zmm" s3 "\n\t"

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
  "\n\tvpsubd %%zmm16, %%zmm" a ", %%zmm" a "\n\tvcvtdq2ps %%zmm" a ", %%zmm" a               \
  "\n\tvmulps %%zmm17, %%zmm" a ", %%zmm" a "\n\tvmulps " offset "(%[scales]), %%zmm" a        \
  ", %%zmm" a "\n\tvmovups %%zmm" a ", " offset "(%[out])\n\t"

// What a product of short rows by one token is made of: `pairs` pairs of groups, of `lines` lines
// and with one scale a row.
typedef struct {
  const int8_t *x;
  size_t lines;
  int32_t sum;
  float scale;
} short_rows;

// Pairs of groups by one token, from the codes to the results: short rows would spend as long on
// the way in and out as on their lines.
CK_TARGET static void short_rows_one_token(const uint8_t *codes, const short_rows *rows,
                                           const float *scales, float *out, size_t pairs) {
  const int8_t *x;
  size_t lines;
  const size_t step = rows->lines * 64;
  __asm__ volatile(
      CK_MASKS
      "vpbroadcastd 16(%[rows]), %%zmm16\n\tvbroadcastss 20(%[rows]), %%zmm17\n\t"
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
      : [step] "r"(step), [rows] "r"(rows), [masks] "r"(field_masks)
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
      : [step] "r"(step), [sums] "r"(sums), [masks] "r"(field_masks)
      : CK_CLOBBERS);
}

// How far ahead a long stream of lines is asked for: memory's latency. Past the end is harmless.
#define CK_AHEAD "12288"

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
      : [sums] "r"(sums), [masks] "r"(field_masks)
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
#define CK_ONE_GROUP(tokens)                                                                  \
  CK_TARGET static void one_group_##tokens##_tokens(const uint8_t *codes, const int8_t *x,    \
                                                    size_t stride, size_t lines,              \
                                                    __m512i *sums) {                          \
    __asm__ volatile(                                                                         \
        CK_ZERO4("0", "1", "2", "3") CK_ZERO4("4", "5", "6", "7")                             \
        CK_ZERO4("8", "9", "10", "11") CK_ZERO4("12", "13", "14", "15") CK_MASKS              \
        "1:\n\tprefetchnta " CK_AHEAD "(%[codes])\n\t"                                       \
        CK_FIELDS("(%[codes])", "20", "21", "22", "23") CK_DOT_##tokens                       \
        "add $64, %[codes]\n\tadd $16, %[x]\n\tdec %[lines]\n\tjnz 1b\n\t"                  \
        CK_SAVE4("0", "0", "1", "2", "3") CK_SAVE4("4", "4", "5", "6", "7")                   \
        CK_SAVE4("8", "8", "9", "10", "11") CK_SAVE4("12", "12", "13", "14", "15")            \
        : [codes] "+r"(codes), [x] "+r"(x), [lines] "+r"(lines)                               \
        : [stride] "r"(stride), [stride3] "r"(3 * stride), [sums] "r"(sums),                  \
          [masks] "r"(field_masks)                                                            \
        : CK_CLOBBERS);                                                                       \
  }
CK_ONE_GROUP(2)
CK_ONE_GROUP(3)
CK_ONE_GROUP(4)

// Products of many tokens: two groups by five to twelve, one accumulator for each group of each
// token (zmm8 and up), the fields shifted down. Lines zmm0 and zmm1, fields zmm2 and zmm3.
#define CK_TOKEN(x, low, high)                                              \
  "vpbroadcastd " x ", %%zmm5\n\tvpdpbusd %%zmm5, %%zmm2, %%zmm" low        \
  "\n\tvpdpbusd %%zmm5, %%zmm3, %%zmm" high "\n\t"
#define CK_TOKENS_5(k)                                                                      \
  CK_TOKEN(k "(%[x0])", "8", "9") CK_TOKEN(k "(%[x0],%[stride])", "10", "11")               \
  CK_TOKEN(k "(%[x0],%[stride],2)", "12", "13") CK_TOKEN(k "(%[x3])", "14", "15")           \
  CK_TOKEN(k "(%[x3],%[stride])", "16", "17")
#define CK_TOKENS_6(k) CK_TOKENS_5(k) CK_TOKEN(k "(%[x3],%[stride],2)", "18", "19")
#define CK_TOKENS_7(k) CK_TOKENS_6(k) CK_TOKEN(k "(%[x6])", "20", "21")
#define CK_TOKENS_8(k) CK_TOKENS_7(k) CK_TOKEN(k "(%[x6],%[stride])", "22", "23")
#define CK_TOKENS_9(k) CK_TOKENS_8(k) CK_TOKEN(k "(%[x6],%[stride],2)", "24", "25")
#define CK_TOKENS_10(k) CK_TOKENS_9(k) CK_TOKEN(k "(%[x9])", "26", "27")
#define CK_TOKENS_11(k) CK_TOKENS_10(k) CK_TOKEN(k "(%[x9],%[stride])", "28", "29")
#define CK_TOKENS_12(k) CK_TOKENS_11(k) CK_TOKEN(k "(%[x9],%[stride],2)", "30", "31")
#define CK_FIELD(shift)                                                        \
  "vpsrld $" shift ", %%zmm0, %%zmm2\n\tvpandd %%zmm4, %%zmm2, %%zmm2\n\t"     \
  "vpsrld $" shift ", %%zmm1, %%zmm3\n\tvpandd %%zmm4, %%zmm3, %%zmm3\n\t"
#define CK_TWO_GROUPS(tokens)                                                                 \
  CK_TARGET static void two_groups_##tokens##_tokens(const uint8_t *codes, size_t step,       \
                                                     const int8_t *x0, size_t stride,         \
                                                     size_t lines, __m512i *sums) {           \
    const uint8_t *ahead = codes + 2 * step;                                                  \
    const int8_t *x3 = x0 + 3 * stride, *x6 = x0 + 6 * stride, *x9 = x0 + 9 * stride;         \
    __asm__ volatile(                                                                         \
        CK_ZERO4("8", "9", "10", "11") CK_ZERO4("12", "13", "14", "15")                       \
        CK_ZERO4("16", "17", "18", "19") CK_ZERO4("20", "21", "22", "23")                     \
        CK_ZERO4("24", "25", "26", "27") CK_ZERO4("28", "29", "30", "31")                     \
        "vpbroadcastd (%[masks]), %%zmm4\n\t"                                                 \
        "1:\n\tprefetchnta (%[ahead])\n\tprefetchnta 64(%[ahead])\n\t"                        \
        "vmovdqu64 (%[codes]), %%zmm0\n\tvmovdqu64 (%[codes],%[step]), %%zmm1\n\t"            \
        "vpandd %%zmm4, %%zmm0, %%zmm2\n\tvpandd %%zmm4, %%zmm1, %%zmm3\n\t"                  \
        CK_TOKENS_##tokens("0") CK_FIELD("2") CK_TOKENS_##tokens("4") CK_FIELD("4")           \
        CK_TOKENS_##tokens("8") CK_FIELD("6") CK_TOKENS_##tokens("12")                        \
        "add $64, %[codes]\n\tadd $128, %[ahead]\n\tadd $16, %[x0]\n\tadd $16, %[x3]\n\t"     \
        "add $16, %[x6]\n\tadd $16, %[x9]\n\tdec %[lines]\n\tjnz 1b\n\t"                      \
        CK_SAVE4("0", "8", "9", "10", "11") CK_SAVE4("4", "12", "13", "14", "15")             \
        CK_SAVE4("8", "16", "17", "18", "19") CK_SAVE4("12", "20", "21", "22", "23")          \
        CK_SAVE4("16", "24", "25", "26", "27") CK_SAVE4("20", "28", "29", "30", "31")         \
        : [codes] "+r"(codes), [ahead] "+r"(ahead), [x0] "+r"(x0), [x3] "+r"(x3),             \
          [x6] "+r"(x6), [x9] "+r"(x9), [lines] "+r"(lines)                                   \
        : [step] "r"(step), [stride] "r"(stride), [sums] "r"(sums), [masks] "r"(field_masks)  \
        : CK_CLOBBERS);                                                                       \
  }
CK_TWO_GROUPS(5)
CK_TWO_GROUPS(6)
CK_TWO_GROUPS(7)
CK_TWO_GROUPS(8)
CK_TWO_GROUPS(9)
CK_TWO_GROUPS(10)
CK_TWO_GROUPS(11)
CK_TWO_GROUPS(12)

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

// The sum of a token's codes times its activations, from its four fields'.
CK_TARGET static inline __attribute__((always_inline)) __m512i field_sum(const __m512i *s) {
  __m512i low = _mm512_add_epi32(s[0], _mm512_srai_epi32(s[1], 2));
  __m512i high = _mm512_add_epi32(_mm512_srai_epi32(s[2], 4), _mm512_srai_epi32(s[3], 6));
  return _mm512_add_epi32(low, high);
}

// Lines of a group from which on it is a stream of its own.
#define CK_LONG_LINES 64

// Columns of one scale: lines `line` ..< line + `lines` of all groups.
typedef struct {
  const ck_ternary_matrix *matrix;
  const ck_activations *a;
  float *out;
  size_t out_stride, line, lines;
} part;

CK_TARGET static inline __attribute__((always_inline)) const uint8_t *lines_of(const part *p,
                                                                               size_t group) {
  return p->matrix->codes + (group * (p->matrix->columns / CK_LINE_COLUMNS) + p->line) * 64;
}

CK_TARGET static inline __attribute__((always_inline)) void write(const part *p, size_t group,
                                                                  size_t token, __m512i sum) {
  write_block(p->matrix, p->a, group, token, p->line, sum,
              p->out + token * p->out_stride + group * 16);
}

// One token, of one or two short groups.
CK_TARGET static void one_token(const part *p, size_t group, size_t groups) {
  const int8_t *x = p->a->codes + p->line * CK_LINE_COLUMNS;
  // A single group is multiplied twice; the second result is not written.
  const size_t step = groups == 2 ? p->matrix->columns / CK_LINE_COLUMNS * 64 : 0;
  __m512i sums[8];
  two_groups_one_token(lines_of(p, group), step, x, p->lines, sums);
  write(p, group, 0, field_sum(sums));
  if (groups == 2) write(p, group + 1, 0, field_sum(sums + 4));
}

// One token of a long group, or two to four of any.
CK_TARGET static void few_tokens(const part *p, size_t group, size_t count) {
  const int8_t *x = p->a->codes + p->line * CK_LINE_COLUMNS;
  const uint8_t *codes = lines_of(p, group);
  const size_t stride = p->a->stride;
  __m512i sums[16];
  switch (count) {
    case 1:
      one_group_one_token(codes, x, p->lines / 2, sums);
      write(p, group, 0, _mm512_add_epi32(field_sum(sums), field_sum(sums + 4)));
      return;
    case 2: one_group_2_tokens(codes, x, stride, p->lines, sums); break;
    case 3: one_group_3_tokens(codes, x, stride, p->lines, sums); break;
    default: one_group_4_tokens(codes, x, stride, p->lines, sums); break;
  }
  for (size_t t = 0; t < count; t++) write(p, group, t, field_sum(sums + 4 * t));
}

// Tokens first ..< first + count, five to twelve, of one or two groups.
CK_TARGET static void tile(const part *p, size_t group, size_t groups, size_t first,
                           size_t count) {
  const uint8_t *codes = lines_of(p, group);
  const size_t stride = p->a->stride;
  const size_t step = groups == 2 ? p->matrix->columns / CK_LINE_COLUMNS * 64 : 0;
  const int8_t *x = p->a->codes + first * stride + p->line * CK_LINE_COLUMNS;
  __m512i sums[24];
  switch (count) {
    case 5: two_groups_5_tokens(codes, step, x, stride, p->lines, sums); break;
    case 6: two_groups_6_tokens(codes, step, x, stride, p->lines, sums); break;
    case 7: two_groups_7_tokens(codes, step, x, stride, p->lines, sums); break;
    case 8: two_groups_8_tokens(codes, step, x, stride, p->lines, sums); break;
    case 9: two_groups_9_tokens(codes, step, x, stride, p->lines, sums); break;
    case 10: two_groups_10_tokens(codes, step, x, stride, p->lines, sums); break;
    case 11: two_groups_11_tokens(codes, step, x, stride, p->lines, sums); break;
    default: two_groups_12_tokens(codes, step, x, stride, p->lines, sums); break;
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
  const size_t all = matrix->columns / CK_LINE_COLUMNS;
  const size_t lines = matrix->scale_columns / CK_LINE_COLUMNS;
  const int one_short = count == 1 && (lines < CK_LONG_LINES || lines % 2 != 0);
  const size_t at_once = one_short || count > 4 ? 2 : 1;
  if (one_short && lines == all && end_group > first_group + 1) {
    const short_rows rows = {activations->codes, lines, activations->sums[0],
                             activations->scales[0]};
    const size_t pairs = (end_group - first_group) / 2;
    short_rows_one_token(matrix->codes + first_group * lines * 64, &rows,
                         matrix->scales + first_group * 16, out + first_group * 16, pairs);
    first_group += 2 * pairs;
  }
  for (size_t group = first_group; group < end_group && count > 0; group += at_once) {
    const size_t groups = group + at_once <= end_group ? at_once : 1;
    for (size_t line = 0; line < all; line += lines) {
      const part p = {matrix, activations, out, out_stride, line, lines};
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
    ck_store_avx512,    ck_sketch_avx512,         ck_bounds_avx512,
    ck_narrow_avx512,   ck_multiply_at_peak_avx512,
};
#endif
