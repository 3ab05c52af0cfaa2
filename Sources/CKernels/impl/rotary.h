// Rotary position embedding (Su et al. 2021, eq. 34), in the half-split layout of Llama and Qwen.
// The backward pass of a rotation is the rotation back (`inverse`).

static void rotary(long rows, long heads, long D, const int32_t *positions, const float *table,
                   float *x, long xStride, int inverse) {
  const long half = D / 2;
  for (long r = 0; r < rows; r++) {
    const float *cosine = table + (long)positions[r] * D;
    const float *sine = cosine + half;
    for (long h = 0; h < heads; h++) {
      float *first = x + r * xStride + h * D;
      float *second = first + half;
      long i = 0;
      for (; i + 8 <= half; i += 8) {
        v8 a = load(first + i), b = load(second + i);
        v8 c = load(cosine + i), s = inverse ? -load(sine + i) : load(sine + i);
        store(first + i, a * c - b * s);
        store(second + i, b * c + a * s);
      }
      for (; i < half; i++) {
        float a = first[i], b = second[i];
        float c = cosine[i], s = inverse ? -sine[i] : sine[i];
        first[i] = a * c - b * s;
        second[i] = b * c + a * s;
      }
    }
  }
}
