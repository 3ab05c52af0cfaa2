// The kernels for x86-64 with AVX2 and FMA. The attribute stands for compiler flags, which a
// manifest must not set; nothing here runs before dispatch.c has asked the CPU.
#if defined(__x86_64__)
#include <math.h>
#include <stdint.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "impl/all.h"
#pragma clang attribute pop

const HoneKernels honeAVX2Kernels = HONE_KERNEL_TABLE("avx2");
#else
typedef int honeNoAVX2Here;
#endif
