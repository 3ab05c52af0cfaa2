// SwiGLU (Shazeer 2020), forward and backward.
//
//   act = g sigmoid(g) u
//   du = dact g sigmoid(g);  dg = dact u sigmoid(g) (1 + g (1 - sigmoid(g)))

INLINE void swigluGradients(v8 g, v8 u, v8 d, v8 *dg, v8 *du) {
  v8 s = sigmoid8(g);
  *du = d * (g * s);
  *dg = d * u * (s * (splat(1.0f) + g * (splat(1.0f) - s)));
}

static void swigluForward(long rows, long F, const float *gateUp, float *act) {
  for (long r = 0; r < rows; r++, gateUp += 2 * F, act += F) {
    long f = 0;
    for (; f + 8 <= F; f += 8) {
      v8 g = load(gateUp + f);
      store(act + f, g * sigmoid8(g) * load(gateUp + F + f));
    }
    if (f < F) {
      v8 g = loadTail(gateUp + f, F - f, 0);
      storeTail(act + f, F - f, g * sigmoid8(g) * loadTail(gateUp + F + f, F - f, 0));
    }
  }
}

static void swigluBackward(long rows, long F, const float *gateUp, const float *dact,
                           float *dGateUp) {
  for (long r = 0; r < rows; r++, gateUp += 2 * F, dact += F, dGateUp += 2 * F) {
    long f = 0;
    v8 dg, du;
    for (; f + 8 <= F; f += 8) {
      swigluGradients(load(gateUp + f), load(gateUp + F + f), load(dact + f), &dg, &du);
      store(dGateUp + f, dg);
      store(dGateUp + F + f, du);
    }
    if (f < F) {
      const long n = F - f;
      swigluGradients(loadTail(gateUp + f, n, 0), loadTail(gateUp + F + f, n, 0),
                      loadTail(dact + f, n, 0), &dg, &du);
      storeTail(dGateUp + f, n, dg);
      storeTail(dGateUp + F + f, n, du);
    }
  }
}
