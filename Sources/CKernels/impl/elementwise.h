// Sums along rows and columns, and the optimiser's arithmetic.

static void add(long n, const float *x, float *y) {
  long i = 0;
  for (; i + 8 <= n; i += 8) store(y + i, load(y + i) + load(x + i));
  for (; i < n; i++) y[i] += x[i];
}

static void addBias(long rows, long C, const float *bias, float *y, long yStride) {
  for (long r = 0; r < rows; r++) add(C, bias, y + r * yStride);
}

static void biasGradient(long rows, long c0, long c1, const float *dy, long dyStride,
                         float *dbias) {
  for (long r = 0; r < rows; r++) add(c1 - c0, dy + r * dyStride + c0, dbias + c0);
}

static double sumOfSquares(long n, const float *x) {
  double lanes[8] = {0};
  long i = 0;
  for (; i + 8 <= n; i += 8)
    for (int j = 0; j < 8; j++) lanes[j] += (double)x[i + j] * (double)x[i + j];
  for (int j = 0; i < n; i++, j++) lanes[j] += (double)x[i] * (double)x[i];
  double sum = 0;
  for (int j = 0; j < 8; j++) sum += lanes[j];
  return sum;
}

INLINE void adamWLanes(v8 *p, v8 g, v8 *m, v8 *v, float gradientScale, float decayFactor,
                       double beta1, double beta2, float stepSize, float sqrtBias2,
                       float epsilon) {
  g *= splat(gradientScale);
  *p *= splat(decayFactor);
  // 1 - beta in double: in float, 1 - 0.999f is wrong by 1e-5 of itself.
  *m = *m * splat((float)beta1) + g * splat((float)(1 - beta1));
  *v = *v * splat((float)beta2) + g * g * splat((float)(1 - beta2));
  v8 denominator = __builtin_elementwise_sqrt(*v) / splat(sqrtBias2) + splat(epsilon);
  *p -= splat(stepSize) * (*m / denominator);
}

static void adamW(long n, float *p, const float *g, float *m, float *v, float gradientScale,
                  float decayFactor, double beta1, double beta2, float stepSize, float sqrtBias2,
                  float epsilon) {
  for (long i = 0; i < n; i += 8) {
    const long left = n - i < 8 ? n - i : 8;
    const int whole = left == 8;
    v8 pi = whole ? load(p + i) : loadTail(p + i, left, 0);
    v8 gi = whole ? load(g + i) : loadTail(g + i, left, 0);
    v8 mi = whole ? load(m + i) : loadTail(m + i, left, 0);
    v8 vi = whole ? load(v + i) : loadTail(v + i, left, 0);
    adamWLanes(&pi, gi, &mi, &vi, gradientScale, decayFactor, beta1, beta2, stepSize, sqrtBias2,
               epsilon);
    if (whole) {
      store(p + i, pi); store(m + i, mi); store(v + i, vi);
    } else {
      storeTail(p + i, left, pi); storeTail(m + i, left, mi); storeTail(v + i, left, vi);
    }
  }
}
