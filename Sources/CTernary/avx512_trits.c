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
#define CK_TRIT_GROUP(tokens)                                                              \
  CK_ONE_GROUP(tokens, CK_ZERO4("16", "17", "18", "19") CK_TRIT_CONSTANTS,                 \
               CK_TRITS("(%[codes])", "20", "21", "22", "23", "24"), "20",                 \
               CK_SAVE4("16", "16", "17", "18", "19"), &tables)
CK_EACH_FEW(CK_TRIT_GROUP)

// Line `line` (a register, lost to its first field) as four trits a byte in `four` and one in `fifth`.
#define CK_TRIT_BYTES(line, four, fifth, above)                                                \
  "vpcmpub $5, 256(%[tables]), %%zmm" line ", %%" above "\n\t"                                \
  "vpermb (%[tables]), %%zmm" line ", %%zmm" four "\n\t"                                      \
  "vpermb 64(%[tables]), %%zmm" line ", %%zmm" four "%{%%" above "%}\n\t"                     \
  "vpsrld $6, %%zmm" line ", %%zmm" fifth "\n\tvpandd %%zmm4, %%zmm" fifth ", %%zmm" fifth     \
  "\n\tvpermb 192(%[tables]), %%zmm" line ", %%zmm" fifth "%{%%" above "%}\n\t"               \
  "vpandd %%zmm4, %%zmm" four ", %%zmm" line "\n\t"
#define CK_LINES                                                                              \
  "vmovdqu64 (%[codes]), %%zmm2\n\tvmovdqu64 (%[codes],%[step]), %%zmm3\n\t"                  \
  CK_TRIT_BYTES("2", "0", "6", "k1") CK_TRIT_BYTES("3", "1", "7", "k2")
#define CK_FIFTHS_OF(tokens) \
  "vmovdqa64 %%zmm6, %%zmm2\n\tvmovdqa64 %%zmm7, %%zmm3\n\t" CK_TOKENS_##tokens("16")
#define CK_TRIT_GROUPS(tokens) CK_TWO_GROUPS(tokens, CK_LINES, CK_FIFTHS_OF(tokens), "20", &tables)
CK_EACH_MANY(CK_TRIT_GROUPS)

const ck_products ck_trit_products = CK_PRODUCTS(5);
#endif
