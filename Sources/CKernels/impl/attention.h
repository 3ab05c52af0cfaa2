// Causal attention over a parent's keys and then a segment's own (Vaswani et al. 2017, eq. 1).
//
// For one query row: scores by a chain of FMA over D; their maximum; exponentials; their sum in
// eight lanes by absolute key index; then values by a chain of FMA over the keys in order, divided
// by the sum at the end. A row's bits depend on its keys alone: prefill, decode and training rows
// agree. In a tile of several rows, a key that a row must not see has probability 0, and adding
// 0 * value changes nothing.

enum { queryTile = tileRows, queryBlock = 96 };

// Scores -> unnormalised probabilities for one row of n keys; the row is zero-filled to `width`.
// Returns the sum.
INLINE float exponentials(float *row, long n, long width, float scale) {
  v8 top = splat(-INFINITY);
  long j = 0;
  for (; j + 8 <= n; j += 8) top = max8(load(row + j), top);
  if (j < n) top = max8(loadTail(row + j, n - j, -INFINITY), top);
  const float shift = maximum8(top);
  v8 sum = splat(0);
  for (j = 0; j + 8 <= n; j += 8) {
    v8 e = exp8((load(row + j) - splat(shift)) * splat(scale));
    store(row + j, e);
    sum += e;
  }
  if (j < n) {
    v8 e = exp8((loadTail(row + j, n - j, -INFINITY) - splat(shift)) * splat(scale));
    sum += e;
    storeTail(row + j, n - j, e);
  }
  for (j = n; j < width; j++) row[j] = 0;
  return sum8(sum);
}

// Keys as the caches hold them: blocks of 16 positions, [D, 16].
INLINE Panels keyBlocks(const float *keys, long D) {
  return (Panels){keys, tileColumns, D * tileColumns};
}

// Scores of `rows` query rows (stride qStride) against parent and the first `own` own keys.
INLINE void scores(long rows, long D, const float *q, long qStride, const HoneAttentionKeys *keys,
                   long own, float *to, long toStride) {
  chainMultiply(rows, keys->parentLength, D, q, qStride, 1, keyBlocks(keys->parentKeys, D), to,
                toStride, HoneSet, 1);
  chainMultiply(rows, own, D, q, qStride, 1, keyBlocks(keys->ownKeys, D),
                to + keys->parentLength, toStride, HoneSet, 1);
}

static void attentionForward(long rows, long heads, long D, const float *q, long qStride,
                             HoneAttentionKeys keys, long firstOwn, float scale, float *out,
                             long outStride, float *scratch) {
  // A single row: its heads are the rows of the products. Several rows: one head after another.
  const int single = rows == 1;
  const long count = single ? heads : rows;
  const long outer = single ? 1 : heads;
  const long qStep = single ? D : qStride, outStep = single ? D : outStride;
  for (long h = 0; h < outer; h++)
    for (long r = 0; r < count; r += queryTile) {
      const long n = count - r < queryTile ? count - r : queryTile;
      const long own = single ? firstOwn + 1 : firstOwn + r + n;
      const long width = keys.parentLength + own;
      float sums[queryTile];
      scores(n, D, q + h * D + r * qStep, qStep, &keys, own, scratch, width);
      for (long i = 0; i < n; i++) {
        const long seen = single ? width : keys.parentLength + firstOwn + r + i + 1;
        sums[i] = exponentials(scratch + i * width, seen, width, scale);
      }
      float *to = out + h * D + r * outStep;
      chainMultiply(n, D, keys.parentLength, scratch, width, 1,
                    plainRows(keys.parentValues, keys.parentValueStride), to, outStep, HoneSet, 0);
      chainMultiply(n, D, own, scratch + keys.parentLength, width, 1,
                    plainRows(keys.ownValues, keys.ownValueStride), to, outStep, HoneContinue, 0);
      for (long i = 0; i < n; i++) {
        const float inverse = 1.0f / sums[i];
        for (long d = 0; d < D; d++) to[i * outStep + d] *= inverse;
      }
    }
}

// C += A^T B, where A is [K, rows] (stride aStride).
INLINE void addTransposed(long rows, long columns, long K, const float *a, long aStride,
                          const float *b, long ldb, float *c, long ldc) {
  chainMultiply(rows, columns, K, a, 1, aStride, plainRows(b, ldb), c, ldc, HoneAdd, 0);
}

// With P the probabilities, dP = dO V^T and delta = rowsum(P dP):
//   dS = P (dP - delta) scale;  dQ = dS K;  dK += dS^T Q;  dV += P^T dO.
static void attentionBackward(long rows, long heads, long D, const float *q, long qStride,
                              HoneAttentionKeys keys, const float *ownKeyRows, long keyRowStride,
                              const float *parentKeyRows, long parentKeyRowStride, float scale,
                              const float *dout, long doutStride, float *dq, long dqStride,
                              float *dOwnKeys, float *dOwnValues, long dKeyStride,
                              float *dParentKeys, float *dParentValues, float *scratch) {
  const long parent = keys.parentLength, total = parent + rows;
  // Values transposed, so that dP is the same kind of product as the scores.
  float *valuesT = scratch;                       // [D, total], 16 readable past the end
  float *p = valuesT + D * total + tileColumns;   // [queryBlock, width]
  float *dp = p + queryBlock * total;             // [queryBlock, width]
  transpose(parent, D, keys.parentValues, keys.parentValueStride, valuesT, total);
  transpose(rows, D, keys.ownValues, keys.ownValueStride, valuesT + parent, total);
  for (long h = 0; h < heads; h++)
    for (long r = 0; r < rows; r += queryBlock) {
      const long n = rows - r < queryBlock ? rows - r : queryBlock;
      const long own = r + n, width = parent + own;
      const float *qh = q + h * D + r * qStride;
      const float *doh = dout + h * D + r * doutStride;
      // What a query must not see has probability 0: a tile of queries ends with its last one's keys.
      for (long i = 0; i < n; i += queryTile) {
        const long m = n - i < queryTile ? n - i : queryTile, seen = parent + r + i + m;
        scores(m, D, qh + i * qStride, qStride, &keys, r + i + m, p + i * width, width);
        chainMultiply(m, seen, D, doh + i * doutStride, doutStride, 1, plainRows(valuesT, total),
                      dp + i * width, width, HoneSet, 1);
        for (long row = i; row < i + m; row++)
          memset(dp + row * width + seen, 0, (size_t)(width - seen) * sizeof(float));
      }
      for (long i = 0; i < n; i++) {
        float *pi = p + i * width, *di = dp + i * width;
        const float inverse = 1.0f / exponentials(pi, parent + r + i + 1, width, scale);
        v8 sum = splat(0);
        long j = 0;
        for (; j + 8 <= width; j += 8) {
          v8 x = load(pi + j) * splat(inverse);
          store(pi + j, x);
          sum = fma8(x, load(di + j), sum);
        }
        if (j < width) {
          v8 x = loadTail(pi + j, width - j, 0) * splat(inverse);
          storeTail(pi + j, width - j, x);
          sum = fma8(x, loadTail(di + j, width - j, 0), sum);
        }
        const float delta = sum8(sum);
        for (j = 0; j + 8 <= width; j += 8)
          store(di + j, load(pi + j) * (load(di + j) - splat(delta)) * splat(scale));
        for (; j < width; j++) di[j] = pi[j] * (di[j] - delta) * scale;
      }
      for (long i = 0; i < n; i += queryTile) {
        const long m = n - i < queryTile ? n - i : queryTile;
        const float *dpi = dp + i * width;
        float *dqi = dq + h * D + (r + i) * dqStride;
        chainMultiply(m, D, parent, dpi, width, 1, plainRows(parentKeyRows, parentKeyRowStride), dqi,
                      dqStride, HoneSet, 0);
        chainMultiply(m, D, r + i + m, dpi + parent, width, 1, plainRows(ownKeyRows, keyRowStride),
                      dqi, dqStride, HoneContinue, 0);
      }
      if (parent > 0) {
        addTransposed(parent, D, n, dp, width, qh, qStride, dParentKeys, D);
        addTransposed(parent, D, n, p, width, doh, doutStride, dParentValues, D);
      }
      // Likewise a tile of keys begins with the first query that sees one of them.
      for (long t = 0; t < own; t += queryTile) {
        const long m = own - t < queryTile ? own - t : queryTile, i = t > r ? t - r : 0;
        const long at = i * width + parent + t;
        addTransposed(m, D, n - i, dp + at, width, qh + i * qStride, qStride,
                      dOwnKeys + t * dKeyStride, dKeyStride);
        addTransposed(m, D, n - i, p + at, width, doh + i * doutStride, doutStride,
                      dOwnValues + t * dKeyStride, dKeyStride);
      }
    }
}
