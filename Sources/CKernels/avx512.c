// The kernels for x86-64 with AVX-512: those of AVX2, bit for bit, with twice the registers.
#if defined(__x86_64__)
#include <math.h>
#include <stdint.h>
#include <string.h>

#define HONE_32_REGISTERS
#pragma clang attribute push(__attribute__((target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl"))), \
                             apply_to = function)
#include "impl/all.h"
#pragma clang attribute pop

const HoneKernels honeAVX512Kernels = HONE_KERNEL_TABLE("avx512");
#else
typedef int honeNoAVX512Here;
#endif
