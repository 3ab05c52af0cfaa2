// RMSNorm (Zhang & Sennrich 2019, eq. 4), forward and backward.
//
//   y_c = w_c x_c s,  s = 1 / sqrt(mean(x^2) + epsilon)
//   dx_c = s (w_c dy_c - x_c s^2 mean_j(w_j dy_j x_j)),  dw_c = sum_rows dy_c x_c s

static void rmsNormForward(long rows, long C, const float *x, long xStride, const float *weight,
                           float epsilon, float *y, long yStride, float *rstd, long rstdStride) {
  for (long r = 0; r < rows; r++, x += xStride, y += yStride) {
    v8 squares = splat(0);
    long c = 0;
    for (; c + 8 <= C; c += 8) squares = fma8(load(x + c), load(x + c), squares);
    if (c < C) {
      v8 tail = loadTail(x + c, C - c, 0);
      squares = fma8(tail, tail, squares);
    }
    const float s = 1.0f / sqrtf(sum8(squares) / (float)C + epsilon);
    rstd[r * rstdStride] = s;
    for (c = 0; c + 8 <= C; c += 8) store(y + c, load(x + c) * splat(s) * load(weight + c));
    for (; c < C; c++) y[c] = x[c] * s * weight[c];
  }
}

static void rmsNormBackward(long rows, long C, const float *x, long xStride, const float *weight,
                            const float *rstd, long rstdStride, const float *dy, long dyStride,
                            float *dx, long dxStride, int accumulate) {
  for (long r = 0; r < rows; r++, x += xStride, dy += dyStride, dx += dxStride) {
    v8 dot = splat(0);
    long c = 0;
    for (; c + 8 <= C; c += 8) dot = fma8(load(weight + c) * load(dy + c), load(x + c), dot);
    if (c < C)
      dot = fma8(loadTail(weight + c, C - c, 0) * loadTail(dy + c, C - c, 0),
                 loadTail(x + c, C - c, 0), dot);
    const float s = rstd[r * rstdStride];
    const float mean = sum8(dot) / (float)C * s * s;
    for (c = 0; c + 8 <= C; c += 8) {
      v8 g = splat(s) * (load(weight + c) * load(dy + c) - load(x + c) * splat(mean));
      store(dx + c, accumulate ? load(dx + c) + g : g);
    }
    for (; c < C; c++) {
      float g = s * (weight[c] * dy[c] - x[c] * mean);
      dx[c] = accumulate ? dx[c] + g : g;
    }
  }
}

static void rmsNormWeightGradient(long rows, long c0, long c1, const float *x, long xStride,
                                  const float *rstd, long rstdStride, const float *dy,
                                  long dyStride, float *dweight) {
  for (long r = 0; r < rows; r++, x += xStride, dy += dyStride) {
    const float s = rstd[r * rstdStride];
    long c = c0;
    for (; c + 8 <= c1; c += 8)
      store(dweight + c, fma8(load(dy + c), load(x + c) * splat(s), load(dweight + c)));
    for (; c < c1; c++) dweight[c] = fmaf(dy[c], x[c] * s, dweight[c]);
  }
}
