// Matrix multiply in the house order of additions.
//
// A tile of up to 6 rows x 16 columns of C (12 rows, with AVX-512) stays in registers while K runs.
// B is copied once into panels of 16 columns, so the inner loop reads it in order whatever its layout
// was, and so columns past the end are zeros rather than a special case.

enum { tileColumns = 16 };
#ifdef HONE_32_REGISTERS
enum { tileRows = 12 };
#else
enum { tileRows = 6 };
#endif

// acc += A B over K for one tile; `stop` (<= 16) columns are stored.
//
// `significant` (a constant here) rounds the sum to an accumulator's width before it is added; 24
// leaves it as it is.
INLINE void tile(const int rows, long K, const float *a, long aRow, long aColumn, const float *b,
                 long ldb, float *c, long ldc, int mode, long stop, const int significant) {
  v16 acc[tileRows];
  float edge[tileRows * tileColumns];
  float *out = c;
  long outStride = ldc;
  if (stop < tileColumns) {
    out = edge;
    outStride = tileColumns;
    if (mode != HoneSet)
      for (int r = 0; r < rows; r++)
        for (long n = 0; n < tileColumns; n++) edge[r * tileColumns + n] = n < stop ? c[r * ldc + n] : 0;
  }
  for (int r = 0; r < rows; r++)
    acc[r] = mode == HoneContinue ? load16(out + r * outStride) : splat16(0);
  for (long k = 0; k < K; k++) {
    const v16 x = load16(b);
    b += ldb;
    for (int r = 0; r < rows; r++) acc[r] = fma16(splat16(a[r * aRow]), x, acc[r]);
    a += aColumn;
  }
  for (int r = 0; r < rows; r++) {
    float *p = out + r * outStride;
    if (mode == HoneContinue)
      store16(p, acc[r]);
    else  // 0 + sum, not sum: BLAS adds to a zeroed C, which turns -0 into +0.
      store16(p, (mode == HoneAdd ? load16(p) : splat16(0)) +
                     (significant < 24 ? roundSignificand16(acc[r], significant) : acc[r]));
  }
  if (stop < tileColumns)
    for (int r = 0; r < rows; r++)
      for (long n = 0; n < stop; n++) c[r * ldc + n] = edge[r * tileColumns + n];
}

// All rows of one 16-column panel. Tall tiles where they fit; the last two share the rest evenly.
INLINE void panelRows(long rows, long K, const float *a, long aRow, long aColumn, const float *b,
                      long ldb, float *c, long ldc, int mode, long stop, const int significant) {
  while (rows > 0) {
    long height = rows >= 2 * tileRows || rows == tileRows ? tileRows
                  : rows > tileRows                         ? (rows + 1) / 2
                                                            : rows;
    switch (height) {
#ifdef HONE_32_REGISTERS
      case 12: tile(12, K, a, aRow, aColumn, b, ldb, c, ldc, mode, stop, significant); break;
      case 11: tile(11, K, a, aRow, aColumn, b, ldb, c, ldc, mode, stop, significant); break;
      case 10: tile(10, K, a, aRow, aColumn, b, ldb, c, ldc, mode, stop, significant); break;
      case 9: tile(9, K, a, aRow, aColumn, b, ldb, c, ldc, mode, stop, significant); break;
      case 8: tile(8, K, a, aRow, aColumn, b, ldb, c, ldc, mode, stop, significant); break;
      case 7: tile(7, K, a, aRow, aColumn, b, ldb, c, ldc, mode, stop, significant); break;
#endif
      case 6: tile(6, K, a, aRow, aColumn, b, ldb, c, ldc, mode, stop, significant); break;
      case 5: tile(5, K, a, aRow, aColumn, b, ldb, c, ldc, mode, stop, significant); break;
      case 4: tile(4, K, a, aRow, aColumn, b, ldb, c, ldc, mode, stop, significant); break;
      case 3: tile(3, K, a, aRow, aColumn, b, ldb, c, ldc, mode, stop, significant); break;
      case 2: tile(2, K, a, aRow, aColumn, b, ldb, c, ldc, mode, stop, significant); break;
      default: tile(1, K, a, aRow, aColumn, b, ldb, c, ldc, mode, stop, significant); break;
    }
    rows -= height;
    a += height * aRow;
    c += height * ldc;
  }
}

static __attribute__((noinline)) void panel(long rows, long K, const float *a, long aRow,
                                            long aColumn, const float *b, long ldb, float *c,
                                            long ldc, int mode, long stop) {
  // The common layouts get loops of their own: the compiler then knows the steps.
  if (aColumn == 1)
    panelRows(rows, K, a, aRow, 1, b, ldb, c, ldc, mode, stop, 24);
  else if (aRow == 1)
    panelRows(rows, K, a, 1, aColumn, b, ldb, c, ldc, mode, stop, 24);
  else
    panelRows(rows, K, a, aRow, aColumn, b, ldb, c, ldc, mode, stop, 24);
}

// The same with the sum rounded to `significant` bits.
static __attribute__((noinline)) void roundingPanel(long rows, long K, const float *a, long aRow,
                                                    long aColumn, const float *b, long ldb,
                                                    float *c, long ldc, int mode, long stop,
                                                    int significant) {
  if (aColumn == 1)
    panelRows(rows, K, a, aRow, 1, b, ldb, c, ldc, mode, stop, significant);
  else
    panelRows(rows, K, a, 1, aColumn, b, ldb, c, ldc, mode, stop, significant);
}

// Columns [n0, n0 + columns) of B from row k0 on, [K, columns <= 64], into panels [K, 16] one after
// another, zero-padded; widened to fp32 on the way. The first level of caches holds a panel.
INLINE void packPanels(const HoneWeights *w, const int kind, long k0, long n0, long K, long columns,
                       float *packed) {
  const long panels = (columns + tileColumns - 1) / tileColumns;
  const long whole = columns / tileColumns;
  if (!w->transposed) {
    for (long k = 0; k < K; k++) {
      for (long p = 0; p < whole; p++) {
        float *to = packed + (p * K + k) * tileColumns;
        store(to, weights8(w, kind, k0 + k, n0 + p * tileColumns));
        store(to + 8, weights8(w, kind, k0 + k, n0 + p * tileColumns + 8));
      }
      for (long n = whole * tileColumns; n < panels * tileColumns; n++)
        packed[(whole * K + k) * tileColumns + n - whole * tileColumns] =
            n < columns ? weight1(w, kind, k0 + k, n0 + n) : 0;
    }
    return;
  }
  for (long n = 0; n < panels * tileColumns; n += 8) {
    float *to = packed + (n / tileColumns) * K * tileColumns + n % tileColumns;
    long k = 0;
    if (n + 8 <= columns)
      for (; k + 8 <= K; k += 8) {
        v8 r[8];
        for (int i = 0; i < 8; i++) r[i] = weights8(w, kind, n0 + n + i, k0 + k);
        transpose8(r);
        for (int j = 0; j < 8; j++) store(to + (k + j) * tileColumns, r[j]);
      }
    for (; k < K; k++)
      for (long i = 0; i < 8; i++)
        to[k * tileColumns + i] = n + i < columns ? weight1(w, kind, n0 + n + i, k0 + k) : 0;
  }
}

static __attribute__((noinline)) void pack(const HoneWeights *w, long k0, long n0, long K,
                                           long columns, float *packed) {
  switch (w->kind) {
    case HoneWeightsHalf: packPanels(w, HoneWeightsHalf, k0, n0, K, columns, packed); break;
    case HoneWeightsBlocks: packPanels(w, HoneWeightsBlocks, k0, n0, K, columns, packed); break;
    case HoneWeightsCodes: packPanels(w, HoneWeightsCodes, k0, n0, K, columns, packed); break;
    default: packPanels(w, HoneWeightsFloat, k0, n0, K, columns, packed); break;
  }
}

// The length of the next slice of a sum of which `left` elements are left.
INLINE long nextSlice(long left, HoneAccumulation accumulation) {
  const long chunk = accumulation.chunk;
  return chunk == 0 ? honeNextBlock(left) : left < chunk ? left : chunk;
}

#include "strips.h"

static void matmul(long m0, long m1, long n0, long n1, long K, const float *a, long aRow,
                   long aColumn, const HoneWeights *w, float *c, long ldc, int mode,
                   HoneAccumulation accumulation) {
  float *packed = honeScratch.packed;
  const long rows = m1 - m0;
  a += m0 * aRow;
  c += m0 * ldc + n0;
  if (K == 0 && mode == HoneSet)
    for (long m = 0; m < rows; m++) memset(c + m * ldc, 0, (size_t)(n1 - n0) * sizeof(float));
  if (aColumn == 1 && mode != HoneContinue && (w->transposed || rows <= mostStripRows)) {
    const long whole = (n1 - n0) / stripColumns * stripColumns;
    matmulByStrips(rows, n0, whole, K, a, aRow, w, c, ldc, mode, accumulation);
    n0 += whole;
    c += whole;
    if (n0 == n1) return;
  }
  const long columns = n1 - n0;
  for (long k = 0; k < K;) {
    const long block = nextSlice(K - k, accumulation);
    pack(w, k, n0, block, columns, packed);
    for (long n = 0; n < columns; n += tileColumns) {
      const long stop = columns - n < tileColumns ? columns - n : tileColumns;
      const float *panelOfB = packed + n * block, *from = a + k * aColumn;
      if (accumulation.significant >= 24)
        panel(rows, block, from, aRow, aColumn, panelOfB, tileColumns, c + n, ldc, mode, stop);
      else
        roundingPanel(rows, block, from, aRow, aColumn, panelOfB, tileColumns, c + n, ldc, mode,
                      stop, accumulation.significant);
    }
    if (mode == HoneSet) mode = HoneAdd;
    k += block;
  }
}

// Where a matrix of fp32 lies: element (k, n) at data[n / 16 * panel + k * row + n % 16]. Plain rows have
// panels 16 apart; attention's keys lie in blocks, a panel after the other.
typedef struct {
  const float *data;
  long row, panel;
} Panels;

INLINE Panels plainRows(const float *data, long stride) {
  return (Panels){data, stride, tileColumns};
}
INLINE const float *panelAt(Panels b, long n) { return b.data + n / tileColumns * b.panel; }

// A few rows x up to 4 panels, the last of which stores `stop` columns: one row of 16 columns would
// wait for each of its own additions. Such products are those of decoding and read each element
// once, out of memory that no cache holds, so that rows further down are asked for in advance.
enum { rowsAhead = 16 };
INLINE void wideTile(const int rows, const int panels, long K, const float *a, long aRow,
                     long aColumn, Panels b, float *c, long ldc, int mode, long stop) {
  v16 acc[4 * 3];
  for (int r = 0; r < rows; r++)
    for (int s = 0; s < panels; s++)
      acc[panels * r + s] = mode == HoneContinue ? load16(c + r * ldc + 16 * s) : splat16(0);
  for (long k = 0; k < K; k++) {
    for (int s = 0; s < panels; s++) {
      const float *p = b.data + s * b.panel;
      __builtin_prefetch(p + rowsAhead * b.row, 0, 1);
      const v16 x = load16(p);
      for (int r = 0; r < rows; r++)
        acc[panels * r + s] = fma16(splat16(a[r * aRow]), x, acc[panels * r + s]);
    }
    a += aColumn;
    b.data += b.row;
  }
  for (int r = 0; r < rows; r++)
    for (int s = 0; s < panels; s++) {
      float *p = c + r * ldc + 16 * s;
      v16 sum = acc[panels * r + s];
      if (mode != HoneContinue) sum = (mode == HoneAdd ? load16(p) : splat16(0)) + sum;
      if (s < panels - 1 || stop == tileColumns) {
        store16(p, sum);
      } else {
        float lanes[tileColumns];
        store16(lanes, sum);
        for (long n = 0; n < stop; n++) p[n] = lanes[n];
      }
    }
}

#ifdef HONE_32_REGISTERS
enum { mostWideRows = 3 };
#else
enum { mostWideRows = 1 };
#endif

// wideTile over `columns`, of which only the last panel's may be fewer than 16 (then HoneSet).
static __attribute__((noinline)) void wideColumns(long rows, long columns, long K, const float *a,
                                                  long aRow, long aColumn, Panels b, float *c,
                                                  long ldc, int mode) {
  while (columns > 0) {
    const long panels = columns >= 64 ? 4 : (columns + tileColumns - 1) / tileColumns;
    const long taken = columns < panels * tileColumns ? columns : panels * tileColumns;
    const long stop = taken - (panels - 1) * tileColumns;
#define WIDE(R, S) \
  case 4 * R + S - 1: wideTile(R, S, K, a, aRow, aColumn, b, c, ldc, mode, stop); break;
    switch (4 * rows + panels - 1) {
      WIDE(1, 1) WIDE(1, 2) WIDE(1, 3) WIDE(1, 4)
#ifdef HONE_32_REGISTERS
      WIDE(2, 1) WIDE(2, 2) WIDE(2, 3) WIDE(2, 4)
      WIDE(3, 1) WIDE(3, 2) WIDE(3, 3) WIDE(3, 4)
#endif
    }
#undef WIDE
    b.data = panelAt(b, taken + tileColumns - 1);
    c += taken;
    columns -= taken;
  }
}

// Products inside attention: any K in one chain (continuing from C, or from zero), B read in place
// by whole panels. Columns past the end are read in place too where B's rows are known to be
// readable up to a multiple of 16 (`padded`, with HoneSet: what is read there is never stored); else
// copied.
INLINE void chainMultiply(long rows, long columns, long K, const float *a, long aRow, long aColumn,
                          Panels b, float *c, long ldc, int mode, int padded) {
  float *edge = honeScratch.packed;
  if (K == 0) {
    if (mode == HoneSet)
      for (long r = 0; r < rows; r++) memset(c + r * ldc, 0, (size_t)columns * sizeof(float));
    return;
  }
  const long whole = padded ? columns : columns / tileColumns * tileColumns;
  if (rows <= mostWideRows)
    wideColumns(rows, whole, K, a, aRow, aColumn, b, c, ldc, mode);
  else
    for (long n = 0; n < whole; n += tileColumns) {
      const long stop = columns - n < tileColumns ? columns - n : tileColumns;
      panel(rows, K, a, aRow, aColumn, panelAt(b, n), b.row, c + n, ldc, mode, stop);
    }
  if (whole >= columns) return;
  // One chain, cut where the copy ends. HoneAdd adds a whole chain, so it is summed apart first.
  const float *last = panelAt(b, whole);
  float sums[16 * tileColumns];
  for (long r = 0; r < rows; r += 16) {
    const long n = rows - r < 16 ? rows - r : 16;
    const long stop = columns - whole;
    float *out = mode == HoneAdd ? sums : c + r * ldc + whole;
    const long outStride = mode == HoneAdd ? tileColumns : ldc;
    for (long k = 0; k < K; k += longestBlock) {
      const long block = K - k < longestBlock ? K - k : longestBlock;
      for (long i = 0; i < block; i++)
        for (long j = 0; j < tileColumns; j++)
          edge[i * tileColumns + j] = j < stop ? last[(k + i) * b.row + j] : 0;
      panel(n, block, a + r * aRow + k * aColumn, aRow, aColumn, edge, tileColumns, out, outStride,
            k > 0 || mode == HoneContinue ? HoneContinue : HoneSet, stop);
    }
    if (mode == HoneAdd)
      for (long i = 0; i < n; i++)
        for (long j = 0; j < stop; j++) c[(r + i) * ldc + whole + j] += sums[i * tileColumns + j];
  }
}
