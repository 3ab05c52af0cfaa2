// The kernels for any CPU that C compiles for; fma() is the C library's, slow but the same bits.
#include "impl/all.h"

const HoneKernels honePortableKernels = HONE_KERNEL_TABLE("portable");
