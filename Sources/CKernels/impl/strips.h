// Products by strips of 16 columns, B read in place.
//
// With few rows, as in decoding, every element of B meets few elements of A, so the time is that of
// reading B: it is read once for every `tallestTile` rows, a whole cache line at a time, and asked
// for in advance: while one strip is multiplied, the next one comes into the second-level cache. The
// hardware does not do that by itself, since every step down a strip is on another page.

// The rows that fit into registers with 16 columns, and with 32; and up to how many rows strips of a
// plain B are faster than panels. (24 rows would fit into 32 registers, their addresses would not.)
#ifdef HONE_32_REGISTERS
enum { tallestTile = 16, tallestWideTile = 10, mostStripRows = 192 };
#else
enum { tallestTile = 6, tallestWideTile = 3, mostStripRows = 48 };
#endif
enum { stripColumns = 16 };

// Where the strip that comes next lies: one line of it is asked for at each step of K.
typedef struct {
  const float *strip;
  long ldb;
  int transposed;
} Upcoming;

INLINE void prefetchLine(const float *p) { __builtin_prefetch(p, 0, 1); }

// C (+)= A B over one block of K, for `rows` x 16 `strips` columns. `first`: C is written, not
// added to.
INLINE void stripTile(const int rows, const int strips, long K, const float *a, long aRow,
                      const float *b, long ldb, float *c, long ldc, int first, Upcoming next,
                      const int transposed) {
  v16 acc[2 * tallestWideTile > tallestTile ? 2 * tallestWideTile : tallestTile];
  for (int i = 0; i < rows * strips; i++) acc[i] = splat16(0);
  for (long k = 0; k < K; k++) {
    v16 x[2];
    if (!transposed) {
      for (int s = 0; s < strips; s++) prefetchLine(next.strip + s * stripColumns);
      next.strip += next.ldb;
    } else {
      // 16 rows of B, a line of each in turn.
      prefetchLine(next.strip + (k % 16) * next.ldb + k / 16 * 16);
    }
    for (int s = 0; s < strips; s++) x[s] = load16(b + s * stripColumns);
    for (int r = 0; r < rows; r++) {
      const v16 y = splat16(a[r * aRow]);
      for (int s = 0; s < strips; s++)
        acc[r * strips + s] = fma16(y, x[s], acc[r * strips + s]);
    }
    a++;
    b += ldb;
  }
  for (int r = 0; r < rows; r++)
    for (int s = 0; s < strips; s++) {
      float *p = c + r * ldc + s * stripColumns;
      // 0 + sum, as in `tile`.
      store16(p, (first ? splat16(0) : load16(p)) + acc[r * strips + s]);
    }
}

#define WIDE(R)                                                                              \
  case R: stripTile(R, 2, K, a, aRow, b, ldb, c, ldc, first, next, 0); break;
#define NARROW(R)                                                                            \
  case R:                                                                                    \
    if (next.transposed) stripTile(R, 1, K, a, aRow, b, ldb, c, ldc, first, next, 1);        \
    else stripTile(R, 1, K, a, aRow, b, ldb, c, ldc, first, next, 0);                        \
    break;

// All rows of 32 columns (`strips` 2, plain B) or of 16.
static __attribute__((noinline)) void strip(long rows, int strips, long K, const float *a,
                                            long aRow, const float *b, long ldb, float *c,
                                            long ldc, int first, Upcoming next) {
  if (strips == 2) {
    switch (rows) {
      WIDE(1) WIDE(2) WIDE(3)
#ifdef HONE_32_REGISTERS
      WIDE(4) WIDE(5) WIDE(6) WIDE(7) WIDE(8) WIDE(9) WIDE(10)
#endif
    }
    return;
  }
  const long tiles = (rows + tallestTile - 1) / tallestTile;
  for (long t = 0; t < tiles; t++) {
    const long from = rows * t / tiles, height = rows * (t + 1) / tiles - from;
    switch (height) {
      NARROW(1) NARROW(2) NARROW(3) NARROW(4) NARROW(5) NARROW(6)
#ifdef HONE_32_REGISTERS
      NARROW(7) NARROW(8) NARROW(9) NARROW(10) NARROW(11) NARROW(12) NARROW(13) NARROW(14)
      NARROW(15) NARROW(16)
#endif
    }
    a += height * aRow;
    c += height * ldc;
  }
}
#undef WIDE
#undef NARROW

// A B in the house order, for a number of columns that is a multiple of 16; A's rows lie in one piece.
static void matmulByStrips(long rows, long columns, long K, const float *a, long aRow,
                           const float *b, long ldb, int transposedB, float *c, long ldc,
                           int mode) {
  static _Thread_local float packed[stripColumns * longestBlock] __attribute__((aligned(64)));
  // Columns further on where the same worker probably takes its next task. Only a hint.
  const long ahead = 2 * columns;
  const long column = transposedB ? ldb : 1, down = transposedB ? 1 : ldb;
  int first = mode == HoneSet;
  for (long k = 0; k < K;) {
    const long block = honeNextBlock(K - k);
    const float *from = b + k * down;
    // After the last strip of a block the next block's first, then the next task's.
    const float *after = k + block < K ? from + block * down : b + ahead * column;
    for (long n = 0; n < columns;) {
      const int strips = !transposedB && rows <= tallestWideTile && columns - n >= 32 ? 2 : 1;
      const long end = n + strips * stripColumns;
      const Upcoming next = {end < columns ? from + end * column : after, ldb, transposedB};
      if (transposedB) packPanels(block, stripColumns, from + n * ldb, ldb, 1, packed);
      strip(rows, strips, block, a + k, aRow, transposedB ? packed : from + n,
            transposedB ? stripColumns : ldb, c + n, ldc, first, next);
      n = end;
    }
    first = 0;
    k += block;
  }
}
