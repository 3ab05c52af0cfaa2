// The few calls of OpenBLAS that Hone makes, through a library that is loaded when it is first needed.
//
// Linked, the library would start a thread for every processor before `main`, in programs that never
// multiply; and where the system refuses those threads or their memory, it hangs or ends the program.
#ifndef COPENBLAS_H
#define COPENBLAS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { COpenBLASNoTrans = 111, COpenBLASTrans = 112 };

// What became of loading it.
enum { COpenBLASLoaded = 0, COpenBLASMissing = 1, COpenBLASRefused = 2 };

// Loads the library, once for the process, without threads of its own; COpenBLASLoaded, or what kept
// it from being used, in words under `copenblas_failure`.
int copenblas_load(void);
const char *copenblas_failure(void);

// Sees to it that so many threads may multiply at the same time: each needs a buffer of the library's,
// for which the library would wait for ever where the system refuses it. 0, or the bytes refused.
size_t copenblas_prepare(int threads);

// Row-major products, as cblas_sgemm has them. Only after both of the above.
void copenblas_sgemm(int transA, int transB, int m, int n, int k, float alpha, const float *a,
                     int lda, const float *b, int ldb, float beta, float *c, int ldc);

// What the library says of itself; NULL where it is not there.
const char *copenblas_config(void);
const char *copenblas_corename(void);

#ifdef __cplusplus
}
#endif
#endif
