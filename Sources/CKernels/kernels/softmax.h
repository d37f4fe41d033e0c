// Softmax and its cross entropy, row by row.

INLINE float row_largest(const float *a, ptrdiff_t n) {
  vfloat most = splat(-INFINITY);
  FOR_VECTORS(n) {
    vfloat x = load_filled(a + j, n - j, -INFINITY);
    most = x > most ? x : most;
  }
  return largest(most);
}

/// The sum of exp(a − most) over a row; the terms go to `out` unless it is NULL.
INLINE float row_exponentials(const float *a, ptrdiff_t n, float most, float *out) {
  vfloat sum = splat(0);
  ptrdiff_t j = 0;
  for (; j + 4 * LANES <= n; j += 4 * LANES) {  // four abreast, added one by one all the same
    vfloat e[4];
    UNROLLED(int i = 0; i < 4; i++) e[i] = load(a + j + i * LANES, LANES) - most;
    exponential(4, e);
    UNROLLED(int i = 0; i < 4; i++) {
      sum += e[i];
      if (out) store(out + j + i * LANES, LANES, e[i]);
    }
  }
  for (; j < n; j += LANES) {
    vfloat e = load_filled(a + j, n - j, -INFINITY) - most;
    exponential(1, &e);
    sum += e;
    if (out) store(out + j, n - j, e);
  }
  return (float)total(widen(sum));
}

INLINE float logarithm_of(float x) {
  vfloat y = splat(x);
  logarithm(1, &y);
  return y[0];
}

static void softmax_cross_entropy(const float *logits, const int32_t *target, const float *weight,
                                  float smoothing, ptrdiff_t classes, ptrdiff_t begin,
                                  ptrdiff_t end, float *loss, float *dlogits) {
  const float spread = smoothing / (float)classes;
  for (ptrdiff_t m = begin; m < end; m++) {
    const float scale = weight ? weight[m] : 1;
    float *gradient = dlogits ? dlogits + m * classes : NULL;
    if (scale == 0) {
      loss[m] = 0;
      if (gradient) memset(gradient, 0, (size_t)classes * sizeof(float));
      continue;
    }
    const float *row = logits + m * classes;
    const float most = row_largest(row, classes);
    const float terms = row_exponentials(row, classes, most, gradient);
    const float wanted = row[target[m]];
    loss[m] = logarithm_of(terms) + (most - wanted);
    if (smoothing > 0) loss[m] += smoothing * wanted - spread * (float)sum(row, classes);
    if (gradient) {
      affine(gradient, scale / terms, -scale * spread, gradient, classes);
      gradient[target[m]] -= scale * (1 - smoothing);
    }
  }
}

static void softmax(const float *a, ptrdiff_t n, ptrdiff_t begin, ptrdiff_t end, float *out) {
  for (ptrdiff_t m = begin; m < end; m++) {
    const float most = row_largest(a + m * n, n);
    const float sum = row_exponentials(a + m * n, n, most, out + m * n);
    affine(out + m * n, 1 / sum, 0, out + m * n, n);
  }
}
