// Products by strips of 16 columns, B read in place, widened in registers where it is bf16 or codes.
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

// Where the strip that comes next lies: one line of it is asked for at each step of K. Strides are in
// bytes.
typedef struct {
  const char *strip;
  long stride;
  int transposed;
} Upcoming;

INLINE void prefetchLine(const char *p) { __builtin_prefetch(p, 0, 1); }

// Where a slice of a strip of B lies, and what its codes mean. The stride is in bytes.
typedef struct {
  const char *elements;
  long stride;
  HoneFormat format;
  float scale;
} Strip;

INLINE long elementSize(const int kind) {
  return kind == HoneWeightsHalf ? 2 : kind == HoneWeightsCodes ? 1 : 4;
}

typedef uint32_t u16 __attribute__((ext_vector_type(16)));
INLINE v16 float16(u16 b) {
  v16 x;
  memcpy(&x, &b, sizeof x);
  return x;
}

// Sixteen codes of a format of at most 8 bits, none of them NaN: `values8`, on more lanes. `scale` is
// 2^(127 - bias) times the block's.
INLINE v16 values16(const char *p, HoneFormat f, v16 scale) {
  typedef uint8_t b16 __attribute__((ext_vector_type(16)));
  typedef int32_t i16 __attribute__((ext_vector_type(16)));
  b16 codes;
  memcpy(&codes, p, sizeof codes);
  const uint32_t width = (uint32_t)(f.exponentBits + f.mantissaBits);
  const uint32_t kept = 0x80000000u | ((1u << width) - 1u) << (23 - f.mantissaBits);
  // The code at the top, moved down with its sign until the exponent ends where a float's ends.
  const u16 top = __builtin_convertvector(codes, u16) << (u16)(31 - width);
  const i16 moved = (i16)top >> (i16)(8 - f.exponentBits);
  return float16((u16)moved & (u16)(kept)) * scale;
}

// Sixteen elements of B as fp32; `scale` is that of codes.
INLINE v16 wide16(const char *p, const int kind, HoneFormat f, v16 scale) {
  if (kind == HoneWeightsFloat) return load16((const float *)p);
  if (kind == HoneWeightsCodes) return values16(p, f, scale);
  typedef uint16_t h16 __attribute__((ext_vector_type(16)));
  h16 h;
  memcpy(&h, p, sizeof h);
  return float16(__builtin_convertvector(h, u16) << (u16)(16));
}

// C (+)= A B over one slice of K, for `rows` x 16 `strips` columns. `first`: C is written, not added
// to.
INLINE void stripTile(const int rows, const int strips, const int kind, long K, const float *a,
                      long aRow, Strip b, float *c, long ldc, int first, Upcoming next,
                      const int transposed, int significant) {
  v16 acc[2 * tallestWideTile > tallestTile ? 2 * tallestWideTile : tallestTile];
  const long step = stripColumns * elementSize(kind);
  for (int i = 0; i < rows * strips; i++) acc[i] = splat16(0);
  const v16 scale = splat16(b.scale);
  for (long k = 0; k < K; k++) {
    v16 x[2];
    if (!transposed) {
      for (int s = 0; s < strips; s++) prefetchLine(next.strip + s * step);
      next.strip += next.stride;
    } else {
      // 16 rows of B, a line of each in turn.
      prefetchLine(next.strip + (k % 16) * next.stride + k / 16 * 64);
    }
    for (int s = 0; s < strips; s++) x[s] = wide16(b.elements + s * step, kind, b.format, scale);
    for (int r = 0; r < rows; r++) {
      const v16 y = splat16(a[r * aRow]);
      for (int s = 0; s < strips; s++)
        acc[r * strips + s] = fma16(y, x[s], acc[r * strips + s]);
    }
    a++;
    b.elements += b.stride;
  }
  for (int r = 0; r < rows; r++)
    for (int s = 0; s < strips; s++) {
      float *p = c + r * ldc + s * stripColumns;
      v16 sum = acc[r * strips + s];
      if (significant < 24) sum = roundSignificand16(sum, significant);
      // 0 + sum, as in `tile`.
      store16(p, (first ? splat16(0) : load16(p)) + sum);
    }
}

#define STRIP(R, S, KIND, T) \
  stripTile(R, S, KIND, K, a, aRow, b, c, ldc, first, next, T, significant)
#define WIDE(R)                                                                              \
  case R:                                                                                    \
    if (kind == HoneWeightsHalf) STRIP(R, 2, HoneWeightsHalf, 0);                            \
    else if (kind == HoneWeightsCodes) STRIP(R, 2, HoneWeightsCodes, 0);                     \
    else STRIP(R, 2, HoneWeightsFloat, 0);                                                   \
    break;
#define NARROW(R)                                                                            \
  case R:                                                                                    \
    if (kind == HoneWeightsHalf) STRIP(R, 1, HoneWeightsHalf, 0);                            \
    else if (kind == HoneWeightsCodes) STRIP(R, 1, HoneWeightsCodes, 0);                     \
    else if (next.transposed) STRIP(R, 1, HoneWeightsFloat, 1);                              \
    else STRIP(R, 1, HoneWeightsFloat, 0);                                                   \
    break;

// All rows of 32 columns (`strips` 2, plain B) or of 16.
static __attribute__((noinline)) void strip(long rows, int strips, int kind, long K,
                                            const float *a, long aRow, Strip b, float *c,
                                            long ldc, int first, Upcoming next,
                                            int significant) {
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
#undef STRIP
#undef WIDE
#undef NARROW

// Rows of A that lie a multiple of 4 KiB apart fall into the same few sets of the first-level cache
// and drive each other out: products with them ran at half speed until they were copied.
INLINE int collide(long rows, long aRow) { return rows > 4 && aRow % 1024 == 0; }

// A B for `columns` columns of B from `n0` on, a multiple of 16; A's rows lie in one piece.
static void matmulByStrips(long rows, long n0, long columns, long K, const float *a, long aRow,
                           const HoneWeights *w, float *c, long ldc, int mode,
                           HoneAccumulation accumulation) {
  float *packed = honeScratch.packed, *copied = honeScratch.rows;
  const int copiesRows = rows <= mostRows && collide(rows, aRow);
  const long size = elementSize(w->kind), stride = w->stride * size;
  // Where it lies, B is read as rows of fp32, bf16 or codes (if no slice of the sum meets two blocks);
  // else, and where many rows would widen the same elements again and again, each strip is copied.
  const long chunk = accumulation.chunk;
  const int isNarrow = w->kind == HoneWeightsHalf ||
                       (w->kind == HoneWeightsCodes && chunk > 0 && honeBlock % chunk == 0);
  const int inPlace =
      !w->transposed && (w->kind == HoneWeightsFloat || (isNarrow && rows <= tallestTile));
  const int kind = inPlace ? w->kind : HoneWeightsFloat;
  // Columns further on where the same worker probably takes its next task. Only a hint.
  const long ahead = 2 * columns;
  const long column = w->transposed ? stride : size, down = w->transposed ? size : stride;
  const char *start = (const char *)w->data + n0 * column;
  int first = mode == HoneSet;
  for (long k = 0; k < K;) {
    const long block = nextSlice(K - k, accumulation);
    const char *from = start + k * down;
    const float *slice = a + k;
    if (copiesRows) {
      for (long r = 0; r < rows; r++)
        memcpy(copied + r * copiedRow, slice + r * aRow, (size_t)block * sizeof(float));
      slice = copied;
    }
    // After the last strip of a slice the next slice's first, then the next task's.
    const char *after = k + block < K ? from + block * down : start + ahead * column;
    for (long n = 0; n < columns;) {
      const int strips = inPlace && rows <= tallestWideTile && columns - n >= 32 ? 2 : 1;
      const long end = n + strips * stripColumns;
      const Upcoming next = {end < columns ? from + end * column : after, stride, w->transposed};
      if (!inPlace) pack(w, k, n0 + n, block, stripColumns, packed);
      Strip b = {.elements = inPlace ? from + n * column : (const char *)packed,
                 .stride = inPlace ? stride : (long)(stripColumns * sizeof(float))};
      if (kind == HoneWeightsCodes) {
        b.format = w->format;
        b.scale = powerOfTwo(127 - w->format.bias + blockExponent(w, k, n0 + n));
      }
      strip(rows, strips, kind, block, slice, copiesRows ? copiedRow : aRow, b, c + n, ldc, first, next,
            accumulation.significant);
      n = end;
    }
    first = 0;
    k += block;
  }
}
