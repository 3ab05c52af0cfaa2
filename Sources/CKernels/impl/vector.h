// Eight floats at a time, and the exponential over them.
//
// No contraction: a product and a sum are fused only where fma() says so, so that every
// instruction set rounds at the same places.
#include <math.h>
#include <stdint.h>
#include <string.h>

#pragma STDC FP_CONTRACT OFF
// Everything that passes a vector by value is inlined, so there is no calling convention to differ.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))

typedef float v8 __attribute__((ext_vector_type(8)));
typedef uint32_t u8 __attribute__((ext_vector_type(8)));
typedef float v8u __attribute__((ext_vector_type(8), aligned(4), may_alias));

INLINE v8 load(const float *p) { return *(const v8u *)p; }
INLINE void store(float *p, v8 x) { *(v8u *)p = x; }
INLINE v8 splat(float x) { return (v8){x, x, x, x, x, x, x, x}; }
INLINE v8 fma8(v8 a, v8 b, v8 c) { return __builtin_elementwise_fma(a, b, c); }
// Sixteen, where the kernel holds few of them: two registers, or one of AVX-512.
typedef float v16 __attribute__((ext_vector_type(16)));
typedef float v16u __attribute__((ext_vector_type(16), aligned(4), may_alias));

INLINE v16 load16(const float *p) { return *(const v16u *)p; }
INLINE void store16(float *p, v16 x) { *(v16u *)p = x; }
INLINE v16 splat16(float x) { return (v16)(x); }
INLINE v16 fma16(v16 a, v16 b, v16 c) { return __builtin_elementwise_fma(a, b, c); }

INLINE v8 max8(v8 a, v8 b) { return a > b ? a : b; }

// The lanes added as ((0+4)+(2+6)) + ((1+5)+(3+7)).
INLINE float sum8(v8 x) {
  return ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]));
}

INLINE float maximum8(v8 x) {
  float m = x[0];
  for (int i = 1; i < 8; i++) m = x[i] > m ? x[i] : m;
  return m;
}

// Eight rows of eight become eight columns, in place.
INLINE void transpose8(v8 r[8]) {
  v8 s[8], t[8];
  for (int i = 0; i < 8; i += 2) {
    s[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 2, 10, 4, 12, 6, 14);
    s[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 8; i += 4)
    for (int j = 0; j < 2; j++) {
      t[i + j] = __builtin_shufflevector(s[i + j], s[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      t[i + j + 2] = __builtin_shufflevector(s[i + j], s[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (int j = 0; j < 4; j++) {
    r[j] = __builtin_shufflevector(t[j], t[j + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    r[j + 4] = __builtin_shufflevector(t[j], t[j + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

// The first n (< 8) elements of p; the other lanes hold `fill`.
INLINE v8 loadTail(const float *p, long n, float fill) {
  float lanes[8];
  for (int i = 0; i < 8; i++) lanes[i] = i < n ? p[i] : fill;
  return load(lanes);
}

INLINE void storeTail(float *p, long n, v8 x) {
  float lanes[8];
  store(lanes, x);
  for (long i = 0; i < n; i++) p[i] = lanes[i];
}

// exp(x) to about 1 ulp: x = n ln 2 + r, Cephes' polynomial in r, times 2^n. Arguments above 88
// are taken as 88; below -87.3 the result is 0. NaN stays NaN.
INLINE v8 exp8(v8 x) {
  const v8 top = splat(88.0f), bottom = splat(-87.3f);
  v8 y = x > top ? top : x;
  y = y < bottom ? bottom : y;
  // Adding 1.5 * 2^23 rounds to the nearest integer, which the lowest bits of the sum then hold.
  const v8 magic = splat(12582912.0f);
  v8 rounded = y * splat(1.44269504088896341f) + magic;
  v8 n = rounded - magic;
  v8 r = fma8(n, splat(-0.693359375f), y);
  r = fma8(n, splat(2.12194440e-4f), r);
  v8 p = splat(1.9875691500e-4f);
  p = fma8(p, r, splat(1.3981999507e-3f));
  p = fma8(p, r, splat(8.3334519073e-3f));
  p = fma8(p, r, splat(4.1665795894e-2f));
  p = fma8(p, r, splat(1.6666665459e-1f));
  p = fma8(p, r, splat(5.0000001201e-1f));
  p = fma8(p, r * r, r) + splat(1.0f);
  u8 exponent;
  memcpy(&exponent, &rounded, sizeof exponent);
  exponent = (exponent - 0x4b400000u + 127u) << 23;
  v8 power;
  memcpy(&power, &exponent, sizeof power);
  v8 result = p * power;
  return x < bottom ? splat(0.0f) : result;
}

INLINE v8 sigmoid8(v8 x) { return splat(1.0f) / (splat(1.0f) + exp8(-x)); }
