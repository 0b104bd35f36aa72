// AVX-512 products of five weights a byte: 320 weights a line, where two bits a weight give 256. Memory
// gives a line no sooner than the line before is worked out: vpermb looks a byte's weights up.
#if defined(__x86_64__)
#include "ternary.h"
#include "zmm.h"

#define CK_TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni,avx512vbmi")))

// vpermb takes the low six bits of a byte. Below 192 they are the first four trits as a number under 63,
// and the two above are the fifth; from 192 on they are that number less 63, plus 18 times the fifth.
#define CK_FOUR(u) ((u) % 3 | (u) / 3 % 3 << 2 | (u) / 9 % 3 << 4 | (u) / 27 << 6)
#define CK_EACH4(f, i) f(i), f(i + 1), f(i + 2), f(i + 3)
#define CK_EACH16(f, i) CK_EACH4(f, i), CK_EACH4(f, i + 4), CK_EACH4(f, i + 8), CK_EACH4(f, i + 12)
#define CK_EACH64(f) CK_EACH16(f, 0), CK_EACH16(f, 16), CK_EACH16(f, 32), CK_EACH16(f, 48)
#define CK_HIGH_FOUR(l) CK_FOUR(63 + (l) % 18)
#define CK_HIGH_FIFTH(l) ((l) / 18)
#define CK_HIGH_FIFTH_64(l) ((l) / 18 * 64)
#define CK_192(l) 192
static const struct {
  uint8_t four[64], high_four[64], high_fifth_64[64], high_fifth[64], high[64];
} __attribute__((aligned(64))) tables = {
    {CK_EACH64(CK_FOUR)}, {CK_EACH64(CK_HIGH_FOUR)}, {CK_EACH64(CK_HIGH_FIFTH_64)},
    {CK_EACH64(CK_HIGH_FIFTH)}, {CK_EACH64(CK_192)},
};

// The line at `line` as fields a to d, times 4^k, and its fifth trits e, times 64.
#define CK_TRITS(line, a, b, c, d, e)                                                           \
  "vmovdqu64 " line ", %%zmm" a "\n\tvpcmpub $5, %%zmm27, %%zmm" a ", %%k1\n\t"                \
  "vpermb (%[tables]), %%zmm" a ", %%zmm" d "\n\t"                                             \
  "vpermb 64(%[tables]), %%zmm" a ", %%zmm" d "%{%%k1%}\n\t"                                   \
  "vpandd %%zmm27, %%zmm" a ", %%zmm" e "\n\t"                                                 \
  "vpermb 128(%[tables]), %%zmm" a ", %%zmm" e "%{%%k1%}\n\t"                                  \
  "vpandd %%zmm" d ", %%zmm28, %%zmm" a "\n\tvpandd %%zmm" d ", %%zmm29, %%zmm" b "\n\t"        \
  "vpandd %%zmm" d ", %%zmm30, %%zmm" c "\n\tvpandd %%zmm" d ", %%zmm31, %%zmm" d "\n\t"
#define CK_DOT_FIFTH(at, x, f, s) "vpdpbusd " x "+16" at "%{1to16%}, %%zmm" f ", %%zmm" s "\n\t"
#define CK_TRIT_CONSTANTS CK_MASKS "vmovdqa64 256(%[tables]), %%zmm27\n\t"

#define CK_ADD(a, b) "vpaddd %%zmm" b ", %%zmm" a ", %%zmm" a "\n\t"
CK_TARGET void ck_trit_rows(const uint8_t *codes, const ck_rows *rows, const float *scales,
                            float *out, size_t groups) {
  const int8_t *x;
  size_t pairs;
  if (groups == 0) return;
  __asm__ volatile(
      CK_TRIT_CONSTANTS CK_TOKEN_SCALE
      "2:\n\t"
      CK_ZERO4("0", "1", "2", "3") CK_ZERO4("4", "5", "6", "7") CK_ZERO4("8", "9", "10", "11")
      "mov (%[rows]), %[x]\n\tmov 8(%[rows]), %[pairs]\n\tshr %[pairs]\n\t"
      "1:\n\t"
      "prefetchnta " CK_AHEAD "(%[codes])\n\tprefetchnta " CK_AHEAD "+64(%[codes])\n\t"
      CK_TRITS("(%[codes])", "20", "21", "22", "23", "24")
      CK_TRITS("64(%[codes])", "11", "12", "13", "14", "15")
      CK_DOT("(%[x])", "0", "20", "21", "22", "23", "0", "1", "2", "3")
      CK_DOT_FIFTH("(%[x])", "0", "24", "4")
      CK_DOT("(%[x])", "20", "11", "12", "13", "14", "5", "6", "7", "8")
      CK_DOT_FIFTH("(%[x])", "20", "15", "9")
      "add $128, %[codes]\n\tadd $40, %[x]\n\tdec %[pairs]\n\tjnz 1b\n\t"
      // Fields of both lines, then their sum.
      CK_ADD("0", "5") CK_ADD("1", "6") CK_ADD("2", "7") CK_ADD("3", "8") CK_ADD("4", "9")
      CK_ADD("3", "4")
      "vpsrad $2, %%zmm1, %%zmm1\n\tvpsrad $4, %%zmm2, %%zmm2\n\tvpsrad $6, %%zmm3, %%zmm3\n\t"
      CK_ADD("0", "1") CK_ADD("2", "3") CK_ADD("0", "2") CK_RESULT("0", "0")
      "add $64, %[scales]\n\tadd $64, %[out]\n\tdec %[groups]\n\tjnz 2b\n\t"
      : [codes] "+r"(codes), [x] "=&r"(x), [pairs] "=&r"(pairs), [scales] "+r"(scales),
        [out] "+r"(out), [groups] "+r"(groups)
      : [rows] "r"(rows), [masks] "r"(ck_field_masks), [tables] "r"(&tables)
      : CK_CLOBBERS);
}

#define CK_FIFTHS(at, x, s0, s1, s2, s3, s4)                                             \
  CK_DOT(at, x, "20", "21", "22", "23", s0, s1, s2, s3) CK_DOT_FIFTH(at, x, "24", s4)
#define CK_DOT_1 CK_FIFTHS("(%[x])", "0", "0", "1", "2", "3", "4")
#define CK_DOT_2 CK_DOT_1 CK_FIFTHS("(%[x],%[stride])", "0", "5", "6", "7", "8", "9")
#define CK_DOT_3 CK_DOT_2 CK_FIFTHS("(%[x],%[stride],2)", "0", "10", "11", "12", "13", "14")
#define CK_DOT_4 CK_DOT_3 CK_FIFTHS("(%[x],%[stride3])", "0", "15", "16", "17", "18", "19")
#define CK_ONE_GROUP(tokens)                                                                  \
  CK_TARGET static void one_group_##tokens##_tokens(const uint8_t *codes, const int8_t *x,    \
                                                    size_t stride, size_t lines,              \
                                                    __m512i *sums) {                          \
    __asm__ volatile(                                                                         \
        CK_ZERO4("0", "1", "2", "3") CK_ZERO4("4", "5", "6", "7")                             \
        CK_ZERO4("8", "9", "10", "11") CK_ZERO4("12", "13", "14", "15")                       \
        CK_ZERO4("16", "17", "18", "19") CK_TRIT_CONSTANTS                                    \
        "1:\n\tprefetchnta " CK_AHEAD "(%[codes])\n\t"                                       \
        CK_TRITS("(%[codes])", "20", "21", "22", "23", "24") CK_DOT_##tokens                  \
        "add $64, %[codes]\n\tadd $20, %[x]\n\tdec %[lines]\n\tjnz 1b\n\t"                  \
        CK_SAVE4("0", "0", "1", "2", "3") CK_SAVE4("4", "4", "5", "6", "7")                   \
        CK_SAVE4("8", "8", "9", "10", "11") CK_SAVE4("12", "12", "13", "14", "15")            \
        CK_SAVE4("16", "16", "17", "18", "19")                                                \
        : [codes] "+r"(codes), [x] "+r"(x), [lines] "+r"(lines)                               \
        : [stride] "r"(stride), [stride3] "r"(3 * stride), [sums] "r"(sums),                  \
          [masks] "r"(ck_field_masks), [tables] "r"(&tables)                                  \
        : CK_CLOBBERS);                                                                       \
  }
CK_ONE_GROUP(2)
CK_ONE_GROUP(3)
CK_ONE_GROUP(4)

// Line `line` (a register, lost to its first field) as four trits a byte in `four` and one in `fifth`.
#define CK_TRIT_BYTES(line, four, fifth, above)                                                \
  "vpcmpub $5, 256(%[tables]), %%zmm" line ", %%" above "\n\t"                                \
  "vpermb (%[tables]), %%zmm" line ", %%zmm" four "\n\t"                                      \
  "vpermb 64(%[tables]), %%zmm" line ", %%zmm" four "%{%%" above "%}\n\t"                     \
  "vpsrld $6, %%zmm" line ", %%zmm" fifth "\n\tvpandd %%zmm4, %%zmm" fifth ", %%zmm" fifth     \
  "\n\tvpermb 192(%[tables]), %%zmm" line ", %%zmm" fifth "%{%%" above "%}\n\t"               \
  "vpandd %%zmm4, %%zmm" four ", %%zmm" line "\n\t"
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
        "vmovdqu64 (%[codes]), %%zmm2\n\tvmovdqu64 (%[codes],%[step]), %%zmm3\n\t"            \
        CK_TRIT_BYTES("2", "0", "6", "k1") CK_TRIT_BYTES("3", "1", "7", "k2")                 \
        CK_TOKENS_##tokens("0") CK_FIELD("2") CK_TOKENS_##tokens("4") CK_FIELD("4")           \
        CK_TOKENS_##tokens("8") CK_FIELD("6") CK_TOKENS_##tokens("12")                        \
        "vmovdqa64 %%zmm6, %%zmm2\n\tvmovdqa64 %%zmm7, %%zmm3\n\t" CK_TOKENS_##tokens("16")   \
        "add $64, %[codes]\n\tadd $128, %[ahead]\n\tadd $20, %[x0]\n\tadd $20, %[x3]\n\t"     \
        "add $20, %[x6]\n\tadd $20, %[x9]\n\tdec %[lines]\n\tjnz 1b\n\t"                      \
        CK_SAVE4("0", "8", "9", "10", "11") CK_SAVE4("4", "12", "13", "14", "15")             \
        CK_SAVE4("8", "16", "17", "18", "19") CK_SAVE4("12", "20", "21", "22", "23")          \
        CK_SAVE4("16", "24", "25", "26", "27") CK_SAVE4("20", "28", "29", "30", "31")         \
        : [codes] "+r"(codes), [ahead] "+r"(ahead), [x0] "+r"(x0), [x3] "+r"(x3),             \
          [x6] "+r"(x6), [x9] "+r"(x9), [lines] "+r"(lines)                                   \
        : [step] "r"(step), [stride] "r"(stride), [sums] "r"(sums),                           \
          [masks] "r"(ck_field_masks), [tables] "r"(&tables)                                  \
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

const ck_products ck_trit_products = {
    {one_group_2_tokens, one_group_3_tokens, one_group_4_tokens},
    {two_groups_5_tokens, two_groups_6_tokens, two_groups_7_tokens, two_groups_8_tokens,
     two_groups_9_tokens, two_groups_10_tokens, two_groups_11_tokens, two_groups_12_tokens},
    5,
};
#endif
