// The few calls of OpenBLAS that Hone makes. Prototypes are written out here so that the
// header of one distribution's BLAS does not become part of ours.
#ifndef COPENBLAS_H
#define COPENBLAS_H

#ifdef __cplusplus
extern "C" {
#endif

enum { COpenBLASRowMajor = 101 };
enum { COpenBLASNoTrans = 111, COpenBLASTrans = 112 };

void cblas_sgemm(int order, int transA, int transB, int m, int n, int k, float alpha,
                 const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);

void openblas_set_num_threads(int threads);
char *openblas_get_config(void);
char *openblas_get_corename(void);

#ifdef __cplusplus
}
#endif
#endif
