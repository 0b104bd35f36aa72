// Pieces of the AVX-512 products. They are assembly because they are nearly all of the program's time
// and have to be fast in unoptimised builds too, where tests run. `codes` is a line of the first group,
// the second's is `step` bytes behind it; the sums of all accumulators are written to `sums`.
#pragma once

#include <immintrin.h>

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
      "xmm29", "xmm30", "xmm31", "k1", "k2"

// Products of few tokens: an accumulator for each field of each token and line. Masks leave field
// k of a byte times 4^k, which is shifted out of accumulator k in the end.
static const uint32_t ck_field_masks[4] = {0x03030303, 0x0c0c0c0c, 0x30303030, 0xc0c0c0c0};
#define CK_MASKS                                                                       \
  "vpbroadcastd (%[masks]), %%zmm28\n\tvpbroadcastd 4(%[masks]), %%zmm29\n\t"         \
  "vpbroadcastd 8(%[masks]), %%zmm30\n\tvpbroadcastd 12(%[masks]), %%zmm31\n\t"
// Field registers `f…` times the 16 codes at `at`, displaced by `x`, into accumulators `s…`.
#define CK_DOT(at, x, f0, f1, f2, f3, s0, s1, s2, s3)                              \
  "vpdpbusd " x "+0" at "%{1to16%}, %%zmm" f0 ", %%zmm" s0                          \
  "\n\tvpdpbusd " x "+4" at "%{1to16%}, %%zmm" f1 ", %%zmm" s1                     \
  "\n\tvpdpbusd " x "+8" at "%{1to16%}, %%zmm" f2 ", %%zmm" s2                     \
  "\n\tvpdpbusd " x "+12" at "%{1to16%}, %%zmm" f3 ", %%zmm" s3 "\n\t"

// How far ahead a long stream of lines is asked for: memory's latency. Past the end is harmless.
#define CK_AHEAD "12288"

// Products of many tokens: two groups by five to twelve, one accumulator for each group of each
// token (zmm8 and up). Fields zmm2 and zmm3.
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

// One group by two to four tokens, a line at a time: `decode` takes the line at `codes` apart into
// zmm20 and up, `CK_DOT_`tokens multiplies, and zmm0 to zmm15 are written, and what `save` adds. A line
// has `columns`; `place` is what the asm calls tables.
#define CK_ONE_GROUP(tokens, constants, decode, columns, save, place)                         \
  CK_TARGET static void one_group_##tokens##_tokens(const uint8_t *codes, const int8_t *x,    \
                                                    size_t stride, size_t lines,              \
                                                    __m512i *sums) {                          \
    __asm__ volatile(                                                                         \
        CK_ZERO4("0", "1", "2", "3") CK_ZERO4("4", "5", "6", "7")                             \
        CK_ZERO4("8", "9", "10", "11") CK_ZERO4("12", "13", "14", "15")                       \
        constants                                                                             \
        "1:\n\tprefetchnta " CK_AHEAD "(%[codes])\n\t"                                       \
        decode CK_DOT_##tokens                                                                \
        "add $64, %[codes]\n\tadd $" columns ", %[x]\n\tdec %[lines]\n\tjnz 1b\n\t"         \
        CK_SAVE4("0", "0", "1", "2", "3") CK_SAVE4("4", "4", "5", "6", "7")                   \
        CK_SAVE4("8", "8", "9", "10", "11") CK_SAVE4("12", "12", "13", "14", "15")            \
        save                                                                                  \
        : [codes] "+r"(codes), [x] "+r"(x), [lines] "+r"(lines)                               \
        : [stride] "r"(stride), [stride3] "r"(3 * stride), [sums] "r"(sums),                  \
          [masks] "r"(ck_field_masks), [tables] "r"(place)                                    \
        : CK_CLOBBERS);                                                                       \
  }

// Two groups by five to twelve tokens: `decode` takes a line of each apart into four fields of zmm0
// and zmm1, the first of them in zmm2 and zmm3; `fifth` multiplies what a line holds besides.
#define CK_TWO_GROUPS(tokens, decode, fifth, columns, place)                                  \
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
        decode CK_TOKENS_##tokens("0") CK_FIELD("2") CK_TOKENS_##tokens("4") CK_FIELD("4")    \
        CK_TOKENS_##tokens("8") CK_FIELD("6") CK_TOKENS_##tokens("12") fifth                  \
        "add $64, %[codes]\n\tadd $128, %[ahead]\n\tadd $" columns ", %[x0]\n\t"             \
        "add $" columns ", %[x3]\n\tadd $" columns ", %[x6]\n\tadd $" columns ", %[x9]\n\t"   \
        "dec %[lines]\n\tjnz 1b\n\t"                                                          \
        CK_SAVE4("0", "8", "9", "10", "11") CK_SAVE4("4", "12", "13", "14", "15")             \
        CK_SAVE4("8", "16", "17", "18", "19") CK_SAVE4("12", "20", "21", "22", "23")          \
        CK_SAVE4("16", "24", "25", "26", "27") CK_SAVE4("20", "28", "29", "30", "31")         \
        : [codes] "+r"(codes), [ahead] "+r"(ahead), [x0] "+r"(x0), [x3] "+r"(x3),             \
          [x6] "+r"(x6), [x9] "+r"(x9), [lines] "+r"(lines)                                   \
        : [step] "r"(step), [stride] "r"(stride), [sums] "r"(sums),                           \
          [masks] "r"(ck_field_masks), [tables] "r"(place)                                    \
        : CK_CLOBBERS);                                                                       \
  }

// All of them in order.
#define CK_EACH_FEW(product) product(2) product(3) product(4)
#define CK_EACH_MANY(product)                                                               \
  product(5) product(6) product(7) product(8) product(9) product(10) product(11) product(12)
#define CK_PRODUCTS(fields)                                                                 \
  {                                                                                         \
    {one_group_2_tokens, one_group_3_tokens, one_group_4_tokens},                           \
        {two_groups_5_tokens, two_groups_6_tokens, two_groups_7_tokens, two_groups_8_tokens, \
         two_groups_9_tokens, two_groups_10_tokens, two_groups_11_tokens,                   \
         two_groups_12_tokens},                                                             \
        fields                                                                              \
  }

// The products of one layout of codes.
typedef struct {
  // One group by two to four tokens; sums: the fields of each token.
  void (*few[3])(const uint8_t *codes, const int8_t *x, size_t stride, size_t lines, __m512i *sums);
  // Two groups by five to twelve tokens; sums: those of both groups for each token.
  void (*many[8])(const uint8_t *codes, size_t step, const int8_t *x, size_t stride, size_t lines,
                  __m512i *sums);
  // What a line holds of a row is split into so many fields, of which `few` adds up each by itself, field
  // k times 4^k but for the fifth, which is times 4^3.
  size_t fields;
} ck_products;

// What a product of rows with one scale each by one token is made of: groups of `lines` lines.
typedef struct {
  const int8_t *x;
  size_t lines;
  int32_t sum;
  float scale;
} ck_rows;

// The token's sum and scale, for CK_RESULT.
#define CK_TOKEN_SCALE \
  "vpbroadcastd 16(%[rows]), %%zmm16\n\tvbroadcastss 20(%[rows]), %%zmm17\n\t"
// Sums `a` of 16 rows to 16 results at `out`, both displaced by `offset`.
#define CK_RESULT(offset, a)                                                            \
  "vpsubd %%zmm16, %%zmm" a ", %%zmm" a "\n\tvcvtdq2ps %%zmm" a ", %%zmm" a             \
  "\n\tvmulps %%zmm17, %%zmm" a ", %%zmm" a "\n\tvmulps " offset "(%[scales]), %%zmm" a \
  ", %%zmm" a "\n\tvmovups %%zmm" a ", " offset "(%[out])\n\t"

extern const ck_products ck_trit_products;
// Groups by one token, one after the other: one stream of memory, which two neighbours are not.
void ck_trit_rows(const uint8_t *codes, const ck_rows *rows, const float *scales, float *out,
                  size_t groups);
