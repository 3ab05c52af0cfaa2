// What the head needs of one row of logits: statistics, gradient, a sample. With l = logits / T:
//
//   log p_i = l_i - max - log(sum),  H = log(sum) + max - sum_i p_i l_i
//   d log p_t / d l_i = [i = t] - p_i,  dH / d l_i = -p_i (log p_i + H)

// x where p > 0, else 0: a token that is ruled out by a logit of -infinity has p x = 0 in the sums.
INLINE v8 wherePossible(v8 p, v8 x) { return p > splat(0) ? x : splat(0); }

static void softmaxStatistics(long V, const float *logits, float inverseTemperature, float *out) {
  const v8 scale = splat(inverseTemperature);
  v8 top = splat(-INFINITY);
  long i = 0;
  for (; i + 8 <= V; i += 8) top = max8(load(logits + i) * scale, top);
  if (i < V) top = max8(loadTail(logits + i, V - i, -INFINITY) * scale, top);
  const float maximum = maximum8(top);
  v8 sum = splat(0), weighted = splat(0);
  for (i = 0; i + 8 <= V; i += 8) {
    v8 x = load(logits + i) * scale - splat(maximum);
    v8 e = exp8(x);
    sum += e;
    weighted = fma8(e, wherePossible(e, x), weighted);
  }
  if (i < V) {
    v8 x = loadTail(logits + i, V - i, 0) * scale - splat(maximum);
    v8 e = exp8(x);
    for (int lane = (int)(V - i); lane < 8; lane++) e[lane] = 0;
    sum += e;
    weighted = fma8(e, wherePossible(e, x), weighted);
  }
  out[0] = maximum;
  out[1] = sum8(sum);
  out[2] = logf(out[1]) - sum8(weighted) / out[1];
}

static void softmaxBackward(long V, float *logits, float inverseTemperature, float maximum,
                            float sum, float entropy, int32_t target, float logprobCoefficient,
                            float entropyCoefficient) {
  const float inverse = 1.0f / sum, logSum = logf(sum);
  const v8 scale = splat(inverseTemperature);
  const float pick = logits[target];
  for (long i = 0; i < V; i += 8) {
    const long n = V - i < 8 ? V - i : 8;
    v8 x = (n == 8 ? load(logits + i) : loadTail(logits + i, n, 0)) * scale - splat(maximum);
    v8 p = exp8(x) * splat(inverse);
    v8 g = -p * splat(logprobCoefficient);
    if (entropyCoefficient != 0)
      g -= p * wherePossible(p, (x - splat(logSum)) + splat(entropy)) * splat(entropyCoefficient);
    g *= scale;
    if (n == 8) store(logits + i, g); else storeTail(logits + i, n, g);
  }
  // The target's own term once more, with 1 - p from the same p.
  v8 x = splat(pick) * scale - splat(maximum);
  v8 p = exp8(x) * splat(inverse);
  float g = (1.0f - p[0]) * logprobCoefficient;
  if (entropyCoefficient != 0) g -= p[0] * ((x[0] - logSum) + entropy) * entropyCoefficient;
  logits[target] = g * inverseTemperature;
}

static int32_t sampleRow(long V, const float *logits, float inverseTemperature, float maximum,
                         double uniform) {
  const v8 scale = splat(inverseTemperature);
  double total = 0;
  for (int pass = 0; pass < 2; pass++) {
    const double threshold = uniform * total;
    double running = 0;
    int32_t last = 0;
    for (long i = 0; i < V; i += 8) {
      const long n = V - i < 8 ? V - i : 8;
      v8 x = n == 8 ? load(logits + i) : loadTail(logits + i, n, -INFINITY);
      float e[8];
      store(e, exp8(x * scale - splat(maximum)));
      for (long j = 0; j < n; j++) {
        running += (double)e[j];
        if (pass == 1 && running > threshold) return (int32_t)(i + j);
        if (e[j] > 0) last = (int32_t)(i + j);
      }
    }
    if (pass == 1) return last;  // rounding left the threshold at the very end
    total = running;
  }
  return 0;
}
