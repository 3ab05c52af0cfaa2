// Which kernels this machine can run.
#include <stddef.h>
#include <string.h>

#include "CKernels.h"
#include "impl/scratch.h"

_Thread_local HoneScratch honeScratch;

extern const HoneKernels honePortableKernels;
#if defined(__x86_64__)
extern const HoneKernels honeAVX2Kernels;
extern const HoneKernels honeAVX512Kernels;
#endif

const HoneKernels *honeKernels(const char *name) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  const int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const int avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                     __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                     __builtin_cpu_supports("avx512vl");
  if (avx512 && (name == NULL || strcmp(name, "avx512") == 0)) return &honeAVX512Kernels;
  if (avx2 && (name == NULL || strcmp(name, "avx2") == 0)) return &honeAVX2Kernels;
#endif
  if (name == NULL || strcmp(name, "portable") == 0) return &honePortableKernels;
  return NULL;
}

long honeNextBlock(long remaining) {
  if (remaining >= 640) return 320;
  if (remaining > 320) return (remaining / 2 + 7) / 8 * 8;
  return remaining;
}

long honeAttentionForwardScratch(long keys) { return 12 * keys; }

long honeAttentionBackwardScratch(long keys, long D) { return (D + 2 * 96) * keys + 16; }

int honeTileExponent(float top, HoneFormat format) {
  uint32_t t, m;
  memcpy(&t, &top, sizeof t);
  memcpy(&m, &format.maximum, sizeof m);
  if (!(top > 0) || t >= 0x7f800000u) return 0;
  const int e = (int)(t >> 23) - (int)(m >> 23) + ((t & 0x7fffffu) > (m & 0x7fffffu));
  return e < -100 ? -100 : e > 100 ? 100 : e;
}
