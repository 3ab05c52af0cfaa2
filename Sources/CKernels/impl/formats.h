// Small floats: rounding to them, and storing them.
//
// A format is described by its exponent and mantissa bits; one set of formulas serves all of them.
// Rounding is to nearest, ties to even; beyond the largest number it saturates; NaN stays NaN.
// Where tiles are scaled, the scale is a power of two: the smallest that brings the tile's largest
// magnitude into the format's range. Scaling is then exact, and commutes with every later rounding.

INLINE u8 bits8(v8 x) { u8 b; memcpy(&b, &x, sizeof b); return b; }
INLINE v8 float8(u8 b) { v8 x; memcpy(&x, &b, sizeof x); return x; }
INLINE u8 splatBits(uint32_t b) { return (u8){b, b, b, b, b, b, b, b}; }
INLINE v8 magnitude8(v8 x) { return float8(bits8(x) & splatBits(0x7fffffffu)); }

INLINE uint32_t floatBits(float x) { uint32_t b; memcpy(&b, &x, sizeof b); return b; }
// 2^e, for e from -126 to 127.
INLINE float powerOfTwo(int e) {
  const uint32_t b = (uint32_t)(e + 127) << 23;
  float x;
  memcpy(&x, &b, sizeof x);
  return x;
}

// Rounds the significand to `significant` bits, the leading one included: an accumulator's width.
INLINE v8 roundSignificand(v8 x, int significant) {
  const u8 shift = splatBits((uint32_t)(24 - significant));
  const u8 b = bits8(x);
  const u8 half = (splatBits(1) << (shift - splatBits(1))) - splatBits(1);
  const u8 r = ((b + half + ((b >> shift) & splatBits(1))) >> shift) << shift;
  return significant >= 24 ? x : float8(r);
}

INLINE v16 roundSignificand16(v16 x, int significant) {
  const v8 low =
      roundSignificand(__builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7), significant);
  const v8 high =
      roundSignificand(__builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15), significant);
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

INLINE v8 roundToFormat(v8 x, HoneFormat f) {
  const u8 sign = bits8(x) & splatBits(0x80000000u);
  const u8 b = bits8(x) ^ sign;
  const u8 shift = splatBits((uint32_t)(23 - f.mantissaBits));
  const u8 half = (splatBits(1) << (shift - splatBits(1))) - splatBits(1);
  u8 r = ((b + half + ((b >> shift) & splatBits(1))) >> shift) << shift;
  // Below the smallest normal number the step is fixed: adding 1.5 * 2^23 steps rounds to it.
  const v8 magic = splat(1.5f * powerOfTwo(24 - f.bias - f.mantissaBits));
  const v8 small = (float8(b) + magic) - magic;
  const u8 smallest = splatBits((uint32_t)(128 - f.bias) << 23);
  r = b < smallest ? bits8(small) : r;
  const u8 top = splatBits(floatBits(f.maximum));
  r = r > top ? top : r;
  r = b > splatBits(0x7f800000u) ? b : r;
  return float8(r | sign);
}

INLINE v8 roundScaled(v8 x, int exponent, HoneFormat f) {
  return roundToFormat(x * splat(powerOfTwo(-exponent)), f) * splat(powerOfTwo(exponent));
}

INLINE v8 loadSome(const float *p, long n) { return n >= 8 ? load(p) : loadTail(p, n, 0); }
INLINE void storeSome(float *p, long n, v8 x) {
  if (n >= 8) store(p, x); else storeTail(p, n, x);
}

static float largestMagnitude(long rows, long columns, const float *x, long stride) {
  v8 top = splat(0);
  for (long r = 0; r < rows; r++)
    for (long c = 0; c < columns; c += 8)
      top = max8(magnitude8(loadSome(x + r * stride + c, columns - c)), top);
  return maximum8(top);
}

static void roundRows(long rows, long C, float *x, long xStride, long tile, HoneFormat f) {
  for (long r = 0; r < rows; r++, x += xStride)
    for (long t = 0; t < C; t += tile > 0 ? tile : C) {
      const long n = tile > 0 && tile < C - t ? tile : C - t;
      const int e = tile > 0 ? honeTileExponent(largestMagnitude(1, n, x + t, 0), f) : 0;
      for (long c = 0; c < n; c += 8)
        storeSome(x + t + c, n - c, roundScaled(loadSome(x + t + c, n - c), e, f));
    }
}

static void roundColumns(long rows, long C, float *x, long xStride, long tile, HoneFormat f) {
  if (tile <= 0) {
    roundRows(rows, C, x, xStride, 0, f);
    return;
  }
  for (long t = 0; t < rows; t += tile) {
    const long n = rows - t < tile ? rows - t : tile;
    for (long c = 0; c < C; c += 8) {
      const long left = C - c;
      float *column = x + t * xStride + c;
      v8 top = splat(0);
      for (long r = 0; r < n; r++)
        top = max8(magnitude8(loadSome(column + r * xStride, left)), top);
      float tops[8];
      store(tops, top);
      v8 up, down;
      for (int i = 0; i < 8; i++) {
        const int e = honeTileExponent(tops[i], f);
        up[i] = powerOfTwo(e);
        down[i] = powerOfTwo(-e);
      }
      for (long r = 0; r < n; r++) {
        float *at = column + r * xStride;
        storeSome(at, left, roundToFormat(loadSome(at, left) * down, f) * up);
      }
    }
  }
}

// Eight codes in 32-bit lanes. The bias moves exponents so that the code's bits are a float's bits.
INLINE u8 codes8(v8 x, HoneFormat f) {
  const v8 r = roundToFormat(x, f);
  const u8 sign = bits8(r) >> splatBits(31);
  const v8 moved = magnitude8(r) * splat(powerOfTwo(f.bias - 127));
  u8 c = bits8(moved) >> splatBits((uint32_t)(23 - f.mantissaBits));
  c = bits8(magnitude8(r)) > splatBits(0x7f800000u)
          ? splatBits((1u << (f.exponentBits + f.mantissaBits)) - 1u) : c;
  return c | (sign << splatBits((uint32_t)(f.exponentBits + f.mantissaBits)));
}

INLINE v8 values8(u8 codes, HoneFormat f) {
  const uint32_t width = (uint32_t)(f.exponentBits + f.mantissaBits);
  const u8 mask = splatBits((1u << width) - 1u);
  const u8 sign = (codes >> splatBits(width)) << splatBits(31);
  const u8 b = (codes & mask) << splatBits((uint32_t)(23 - f.mantissaBits));
  const v8 x = float8(b) * splat(powerOfTwo(127 - f.bias));
  // All ones is NaN in every format: rounding saturates, so nothing else is stored there.
  const u8 r = (codes & mask) == mask ? splatBits(0x7fc00000u) : bits8(x);
  return float8(r | sign);
}

INLINE void storeCodes(uint8_t *to, u8 c, int bits) {
  if (bits == 8) {
    for (int i = 0; i < 8; i++) to[i] = (uint8_t)c[i];
  } else if (bits == 16) {
    uint16_t h[8];
    for (int i = 0; i < 8; i++) h[i] = (uint16_t)c[i];
    memcpy(to, h, sizeof h);
  } else {  // 12: eight codes in twelve bytes, the low bits first
    for (int i = 0; i < 8; i += 2) {
      const uint32_t pair = c[i] | c[i + 1] << 12;
      to[0] = (uint8_t)pair, to[1] = (uint8_t)(pair >> 8), to[2] = (uint8_t)(pair >> 16);
      to += 3;
    }
  }
}

INLINE u8 loadCodes(const uint8_t *from, int bits) {
  u8 c;
  if (bits == 8) {
    typedef uint8_t b8 __attribute__((ext_vector_type(8)));
    b8 b;
    memcpy(&b, from, sizeof b);
    c = __builtin_convertvector(b, u8);
  } else if (bits == 16) {
    typedef uint16_t h8 __attribute__((ext_vector_type(8)));
    h8 h;
    memcpy(&h, from, sizeof h);
    c = __builtin_convertvector(h, u8);
  } else {
    for (int i = 0; i < 8; i += 2, from += 3) {
      const uint32_t pair = from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16;
      c[i] = pair & 0xfffu;
      c[i + 1] = pair >> 12;
    }
  }
  return c;
}

INLINE int storageBits(HoneFormat f) {
  const int bits = 1 + f.exponentBits + f.mantissaBits;
  return bits <= 8 ? 8 : bits <= 12 ? 12 : 16;
}

static void encode(long n, const float *x, long tile, HoneFormat f, uint8_t *codes,
                   int8_t *exponents) {
  const int bits = storageBits(f);
  int e = 0;
  for (long c = 0; c < n; c += 8) {
    if (tile > 0 && c % tile == 0) {
      const long width = n - c < tile ? n - c : tile;
      e = honeTileExponent(largestMagnitude(1, width, x + c, 0), f);
      *exponents++ = (int8_t)e;
    }
    const u8 some = codes8(loadSome(x + c, n - c) * splat(powerOfTwo(-e)), f);
    if (n - c >= 8) {
      storeCodes(codes, some, bits);
    } else {
      uint8_t edge[16];
      storeCodes(edge, some, bits);
      memcpy(codes, edge, (size_t)((n - c) * bits + 7) / 8);
    }
    codes += bits;
  }
}

static int encodeScaled(long n, const float *x, const int8_t *exponents, HoneFormat f,
                        uint8_t *codes) {
  u8 nans = splatBits(0);
  for (long c = 0; c < n; c += 8) {
    const v8 y = loadSome(x + c, n - c) * splat(powerOfTwo(-exponents[c / honeBlock]));
    const u8 some = codes8(y, f);
    nans |= (u8)(y != y);
    if (n - c >= 8) {
      storeCodes(codes + c, some, 8);
    } else {
      for (long i = 0; i < n - c; i++) codes[c + i] = (uint8_t)some[i];
    }
  }
  uint32_t any = 0;
  for (int i = 0; i < 8; i++) any |= nans[i];
  return any != 0;
}

static void decode(long n, const uint8_t *codes, const int8_t *exponents, long tile, HoneFormat f,
                   float *x) {
  const int bits = storageBits(f);
  int e = 0;
  for (long c = 0; c < n; c += 8, codes += bits) {
    if (tile > 0 && c % tile == 0) e = *exponents++;
    uint8_t edge[16] = {0};
    if (n - c < 8) memcpy(edge, codes, (size_t)((n - c) * bits + 7) / 8);
    const v8 v = values8(loadCodes(n - c >= 8 ? codes : edge, bits), f);
    storeSome(x + c, n - c, v * splat(powerOfTwo(e)));
  }
}

INLINE int blockExponent(const HoneWeights *w, long row, long column) {
  return w->exponents[(row / honeBlock) * w->exponentStride + column / honeBlock];
}

// A weight matrix as the products read it: eight elements of stored row `row` from `column` on, all
// of them in one block. `kind` is a constant where this is inlined.
INLINE v8 weights8(const HoneWeights *w, const int kind, long row, long column) {
  if (kind == HoneWeightsFloat) return load((const float *)w->data + row * w->stride + column);
  if (kind == HoneWeightsHalf) {
    const uint16_t *p = (const uint16_t *)w->data + row * w->stride + column;
    return float8(loadCodes((const uint8_t *)p, 16) << splatBits(16));
  }
  const int e = blockExponent(w, row, column);
  if (kind == HoneWeightsCodes) {
    const uint8_t *p = (const uint8_t *)w->data + row * w->stride + column;
    return values8(loadCodes(p, 8), w->format) * splat(powerOfTwo(e));
  }
  return roundScaled(load((const float *)w->data + row * w->stride + column), e, w->format);
}

INLINE float weight1(const HoneWeights *w, const int kind, long row, long column) {
  if (kind == HoneWeightsFloat) return ((const float *)w->data)[row * w->stride + column];
  if (kind == HoneWeightsHalf) {
    const uint32_t b = (uint32_t)((const uint16_t *)w->data)[row * w->stride + column] << 16;
    float x;
    memcpy(&x, &b, sizeof x);
    return x;
  }
  const int e = blockExponent(w, row, column);
  if (kind == HoneWeightsCodes) {
    const uint32_t code = ((const uint8_t *)w->data)[row * w->stride + column];
    return (values8(splatBits(code), w->format) * splat(powerOfTwo(e)))[0];
  }
  return roundScaled(splat(((const float *)w->data)[row * w->stride + column]), e, w->format)[0];
}

static void readWeights(const HoneWeights *w, long row, long column, long n, float *x) {
  for (long c = 0; c < n; c++) x[c] = weight1(w, w->kind, row, column + c);
}
