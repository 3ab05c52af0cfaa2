#define _GNU_SOURCE
#include "COpenBLAS.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

typedef void (*sgemm_call)(int, int, int, int, int, int, float, const float *, int, const float *,
                           int, float, float *, int);

static struct {
  int state;
  char failure[512];
  sgemm_call sgemm;
  char *(*config)(void);
  char *(*corename)(void);
  // Its buffers, one a thread that multiplies. Not every version shows these two.
  void *(*take_buffer)(int);
  void (*give_buffer)(void *);
} blas = {.state = COpenBLASMissing};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t preparing = PTHREAD_MUTEX_INITIALIZER;
static int prepared = 0;

// OpenBLAS's BUFFER_SIZE (32 << 22) and what it adds, on the machines that it has kernels for.
static const size_t buffer_bytes = ((size_t)32 << 22) + (1 << 16);
enum { most_buffers = 1024 };

// Whether the system would give so much now.
static bool is_given(size_t bytes) {
  void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  munmap(memory, bytes);
  return true;
}

// Opens the library with one thread: its own pool is not even begun.
static void *open_library(const char *name) {
  static const char *const variable = "OPENBLAS_NUM_THREADS";
  const char *set = getenv(variable);
  char *before = set ? strdup(set) : NULL;
  setenv(variable, "1", 1);
  void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (before) {
    setenv(variable, before, 1);
  } else {
    unsetenv(variable);
  }
  free(before);
  return library;
}

static void fail(int state, const char *reason) {
  blas.state = state;
  snprintf(blas.failure, sizeof blas.failure, "%s", reason ? reason : "it cannot be loaded");
}

static void load(void) {
  static const char *const names[] = {"libopenblas.so.0", "libopenblas.so"};
  void *library = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++) {
    library = open_library(names[i]);
    if (library) break;
    const char *reason = dlerror();
    // The loader says "failed to map segment" where it was refused memory, and no number with it.
    bool is_refused = reason && (strstr(reason, "failed to map") || strstr(reason, "cannot allocate")
                                 || strstr(reason, "Cannot allocate"));
    if (i == 0 || is_refused) fail(is_refused ? COpenBLASRefused : COpenBLASMissing, reason);
    if (is_refused) return;
  }
  if (!library) return;
  blas.sgemm = (sgemm_call)dlsym(library, "cblas_sgemm");
  blas.config = (char *(*)(void))dlsym(library, "openblas_get_config");
  blas.corename = (char *(*)(void))dlsym(library, "openblas_get_corename");
  blas.take_buffer = (void *(*)(int))dlsym(library, "blas_memory_alloc");
  blas.give_buffer = (void (*)(void *))dlsym(library, "blas_memory_free");
  void (*set_threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
  if (!blas.sgemm || !set_threads) {
    fail(COpenBLASMissing, "the library lacks cblas_sgemm or openblas_set_num_threads");
    return;
  }
  // Builds on OpenMP do not look at the variable.
  set_threads(1);
  blas.state = COpenBLASLoaded;
}

int copenblas_load(void) {
  pthread_once(&once, load);
  return blas.state;
}

const char *copenblas_failure(void) { return blas.failure; }

size_t copenblas_prepare(int threads) {
  if (threads > most_buffers) threads = most_buffers;
  if (__atomic_load_n(&prepared, __ATOMIC_ACQUIRE) >= threads) return 0;
  size_t refused = 0;
  pthread_mutex_lock(&preparing);
  if (prepared < threads) {
    size_t wanted = (size_t)(threads - prepared) * buffer_bytes;
    if (is_given(wanted)) {
      // Held all at once, so that there are so many; the library keeps them for who comes.
      void *held[most_buffers];
      int count = blas.take_buffer && blas.give_buffer ? threads : 0;
      for (int i = 0; i < count; i++) held[i] = blas.take_buffer(0);
      for (int i = 0; i < count; i++) blas.give_buffer(held[i]);
      __atomic_store_n(&prepared, threads, __ATOMIC_RELEASE);
    } else {
      refused = wanted;
    }
  }
  pthread_mutex_unlock(&preparing);
  return refused;
}

void copenblas_sgemm(int transA, int transB, int m, int n, int k, float alpha, const float *a,
                     int lda, const float *b, int ldb, float beta, float *c, int ldc) {
  enum { row_major = 101 };
  blas.sgemm(row_major, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

const char *copenblas_config(void) {
  return copenblas_load() == COpenBLASLoaded && blas.config ? blas.config() : NULL;
}

const char *copenblas_corename(void) {
  return copenblas_load() == COpenBLASLoaded && blas.corename ? blas.corename() : NULL;
}
