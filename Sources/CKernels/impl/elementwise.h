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

// Philox 4x32-10 (Salmon and others 2011) of one counter: four words, eight times 16 random bits.
INLINE u8 random16(uint64_t counter, const uint32_t key[2]) {
  uint32_t c0 = (uint32_t)counter, c1 = (uint32_t)(counter >> 32), c2 = 0, c3 = 0;
  uint32_t k0 = key[0], k1 = key[1];
  for (int i = 0; i < 10; i++) {
    const uint64_t p0 = (uint64_t)c0 * 0xD2511F53u, p1 = (uint64_t)c2 * 0xCD9E8D57u;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c1 = (uint32_t)p1;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c3 = (uint32_t)p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return (u8){c0 & 0xffff, c0 >> 16, c1 & 0xffff, c1 >> 16, c2 & 0xffff, c2 >> 16, c3 & 0xffff,
              c3 >> 16};
}

INLINE v8 loadHalf(const uint16_t *p, long n) {
  uint16_t h[8] = {0};
  memcpy(h, p, (size_t)(n < 8 ? n : 8) * sizeof *p);
  return float8(loadCodes((const uint8_t *)h, 16) << splatBits(16));
}

INLINE void storeHalf(uint16_t *p, long n, u8 high) {
  uint16_t h[8];
  for (int i = 0; i < 8; i++) h[i] = (uint16_t)high[i];
  memcpy(p, h, (size_t)(n < 8 ? n : 8) * sizeof *p);
}

// bf16 bits of x: what is cut off carries with random bits, or at half a step (ties to even).
INLINE u8 cutToHalf(v8 x, int stochastic, u8 random) {
  const u8 b = bits8(x);
  const u8 nearest = splatBits(0x7fff) + ((b >> splatBits(16)) & splatBits(1));
  const u8 r = (b + (stochastic ? random : nearest)) >> splatBits(16);
  // NaN and infinity as they are: adding to them could carry into another number.
  return (b & splatBits(0x7f800000u)) == splatBits(0x7f800000u) ? b >> splatBits(16) : r;
}

// fp32 from its two halves, and back: bits = high * 65536 + low, low signed.
INLINE v8 joinHalves(const uint16_t *high, const uint16_t *low, long n) {
  uint16_t l[8] = {0};
  memcpy(l, low, (size_t)(n < 8 ? n : 8) * sizeof *l);
  const u8 rest = loadCodes((const uint8_t *)l, 16);
  const u8 borrow = (rest >> splatBits(15)) << splatBits(16);
  return float8(bits8(loadHalf(high, n)) + rest - borrow);
}

INLINE void splitHalves(v8 x, uint16_t *high, uint16_t *low, long n) {
  const u8 b = bits8(x);
  storeHalf(high, n, (b + splatBits(0x8000)) >> splatBits(16));
  storeHalf(low, n, b & splatBits(0xffff));
}

static void splitWeights(long n, const float *x, uint16_t *high, uint16_t *low) {
  for (long i = 0; i < n; i += 8) splitHalves(loadSome(x + i, n - i), high + i, low + i, n - i);
}

static void joinWeights(long n, const uint16_t *high, const uint16_t *low, float *x) {
  for (long i = 0; i < n; i += 8)
    storeSome(x + i, n - i, joinHalves(high + i, low + i, n - i));
}

static void addToHalf(long n, float *x, uint16_t *y) {
  for (long i = 0; i < n; i += 8) {
    const v8 sum = loadHalf(y + i, n - i) + loadSome(x + i, n - i);
    storeHalf(y + i, n - i, cutToHalf(sum, 0, splatBits(0)));
    storeSome(x + i, n - i, splat(0));
  }
}

static int adamW(long n, HoneAdamState s, float gradientScale, float decayFactor, double beta1,
                 double beta2, float stepSize, float sqrtBias2, float epsilon) {
  // An exponent of ones: infinity or NaN.
  const u8 exponent = splatBits(0x7f800000u);
  u8 bad = splatBits(0);
  for (long i = 0; i < n; i += 8) {
    const long left = n - i;
    const v8 g = s.gradients16 ? loadHalf(s.gradients16 + i, left) : loadSome(s.gradients + i, left);
    v8 p = s.low    ? joinHalves(s.high + i, s.low + i, left)
           : s.high ? loadHalf(s.high + i, left)
                    : loadSome(s.parameters + i, left);
    v8 m = s.first16 ? loadHalf(s.first16 + i, left) : loadSome(s.first + i, left);
    v8 v = s.second16 ? loadHalf(s.second16 + i, left) : loadSome(s.second + i, left);
    adamWLanes(&p, g, &m, &v, gradientScale, decayFactor, beta1, beta2, stepSize, sqrtBias2,
               epsilon);
    u8 isBad = (u8)((bits8(p) & exponent) == exponent) | (u8)((bits8(m) & exponent) == exponent) |
               (u8)((bits8(v) & exponent) == exponent);
    for (long j = left; j < 8; j++) isBad[j] = 0;
    bad |= isBad;
    const uint64_t block = (s.element + (uint64_t)i) / 8;
    if (s.low)
      splitHalves(p, s.high + i, s.low + i, left);
    else if (s.high)
      storeHalf(s.high + i, left, cutToHalf(p, 1, random16(block, s.weightKey)));
    else
      storeSome(s.parameters + i, left, p);
    u8 random1 = splatBits(0), random2 = splatBits(0);
    if (s.stochastic) {
      random1 = random16(2 * block, s.key);
      random2 = random16(2 * block + 1, s.key);
    }
    if (s.first16)
      storeHalf(s.first16 + i, left, cutToHalf(m, s.stochastic, random1));
    else
      storeSome(s.first + i, left, m);
    if (s.second16)
      storeHalf(s.second16 + i, left, cutToHalf(v, s.stochastic, random2));
    else
      storeSome(s.second + i, left, v);
  }
  uint32_t any = 0;
  for (int j = 0; j < 8; j++) any |= bad[j];
  return any == 0;
}

static void transpose(long rows, long columns, const float *x, long xStride, float *y,
                      long yStride) {
  const long whole = rows / 8 * 8;
  for (long c = 0; c < columns; c += 8) {
    const long some = columns - c < 8 ? columns - c : 8;
    if (some == 8)
      for (long i = 0; i < whole; i += 8) {
        v8 r[8];
        for (int j = 0; j < 8; j++) r[j] = load(x + (i + j) * xStride + c);
        transpose8(r);
        for (int j = 0; j < 8; j++) store(y + (c + j) * yStride + i, r[j]);
      }
    for (long i = some == 8 ? whole : 0; i < rows; i++)
      for (long j = 0; j < some; j++) y[(c + j) * yStride + i] = x[i * xStride + c + j];
  }
}
