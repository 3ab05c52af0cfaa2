// What the processor can do and the operating system lets it do.
#include <stdint.h>
#include <string.h>

#include "CKernels.h"

#if defined(__x86_64__)
#include <cpuid.h>

typedef struct {
  const char *name;
  int isThere;
} Feature;

// XCR0: the registers that the system saves when it changes from one process to another. What it does not
// save, no process may use, whatever the processor could do.
static uint64_t savedRegisters(void) {
  uint32_t low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (uint64_t)high << 32 | low;
}

static const char *features(char *text, size_t size) {
  unsigned a, b, c, d, b7 = 0, c7 = 0, d7 = 0, a71 = 0, most = 0;
  text[0] = 0;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return text;
  const int fma = c >> 12 & 1;
  const uint64_t saved = c >> 27 & 1 ? savedRegisters() : 0;
  const int ymm = (saved & 0x6) == 0x6;
  const int zmm = ymm && (saved & 0xe0) == 0xe0;
  const int tiles = (saved & 0x60000) == 0x60000;
  if (__get_cpuid_count(7, 0, &most, &b7, &c7, &d7) && most >= 1) {
    __get_cpuid_count(7, 1, &a71, &b, &c, &d);
  }
  const Feature all[] = {
      {"avx2", ymm && (b7 >> 5 & 1)},          {"fma", ymm && fma},
      {"avx_vnni", ymm && (a71 >> 4 & 1)},     {"avx512f", zmm && (b7 >> 16 & 1)},
      {"avx512dq", zmm && (b7 >> 17 & 1)},     {"avx512bw", zmm && (b7 >> 30 & 1)},
      {"avx512vl", zmm && (b7 >> 31 & 1)},     {"avx512_vnni", zmm && (c7 >> 11 & 1)},
      {"avx512_bf16", zmm && (a71 >> 5 & 1)},  {"amx_tile", tiles && (d7 >> 24 & 1)},
      {"amx_bf16", tiles && (d7 >> 22 & 1)},   {"amx_int8", tiles && (d7 >> 25 & 1)},
  };
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    if (!all[i].isThere || strlen(text) + strlen(all[i].name) + 2 > size) continue;
    if (text[0]) strcat(text, ",");
    strcat(text, all[i].name);
  }
  return text;
}
#endif

void honeCPUFeatures(char *text, long size) {
  if (size < 1) return;
  text[0] = 0;
#if defined(__x86_64__)
  features(text, (size_t)size);
#endif
}
