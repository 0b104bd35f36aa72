// Which paths this machine can run.
#include "ternary.h"

#if defined(__aarch64__) && defined(__linux__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

static const ck_kernels reference = {
    "reference",           ck_ternary_matmul_reference, ck_float_matmul_reference,
    ck_rms_norm_reference, ck_quantise_reference,       ck_silu_multiply_reference,
    ck_squared_relu_multiply_reference,
    ck_add_reference,      ck_attention_reference,
    ck_store_reference,    ck_rope_reference,           ck_top_reference,
    0,                     0,                           0, 0,
};

#if defined(__x86_64__)
extern const ck_kernels ck_kernels_avx2, ck_kernels_avx512;

const ck_kernels *ck_kernels_at(size_t index) {
  switch (index) {
    case 0: return &reference;
    case 1:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c")
                 ? &ck_kernels_avx2
                 : 0;
    case 2:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                     __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                     __builtin_cpu_supports("avx512vnni")
                 ? &ck_kernels_avx512
                 : 0;
    default: return 0;
  }
}
#elif defined(__aarch64__)
extern const ck_kernels ck_kernels_neon;

static int has_dot_products(void) {
#if defined(__linux__)
  return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#else
  return 1;  // every Apple machine of this architecture
#endif
}

const ck_kernels *ck_kernels_at(size_t index) {
  switch (index) {
    case 0: return &reference;
    case 1: return has_dot_products() ? &ck_kernels_neon : 0;
    default: return 0;
  }
}
#else
const ck_kernels *ck_kernels_at(size_t index) { return index == 0 ? &reference : 0; }
#endif

ck_ternary_layout ck_layout_at(size_t index) {
#if defined(__x86_64__)
  if (index == 2 && __builtin_cpu_supports("avx512vbmi")) return CK_FIVE_TRITS;
#endif
  (void)index;
  return CK_TWO_BITS;
}
