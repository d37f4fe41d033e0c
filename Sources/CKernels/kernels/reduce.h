// Sums over rows and over everything, in one fixed order.

static void sum_rows(const float *a, ptrdiff_t m, ptrdiff_t n, ptrdiff_t begin, ptrdiff_t end,
                     float *out, bool accumulate) {
  for (ptrdiff_t j = begin; j < end; j += 4 * LANES) {
    const ptrdiff_t count = smaller(4 * LANES, end - j);
    vfloat sum[4] = {splat(0), splat(0), splat(0), splat(0)};
    for (ptrdiff_t i = 0; i < m; i++) {
      const float *row = a + i * n + j;
      if (count == 4 * LANES) {
        for (int v = 0; v < 4; v++) sum[v] += load(row + v * LANES, LANES);
      } else {
        for (int v = 0; v * LANES < count; v++) sum[v] += load(row + v * LANES, count - v * LANES);
      }
    }
    for (int v = 0; v * LANES < count; v++) {
      float *to = out + j + v * LANES;
      const ptrdiff_t rest = count - v * LANES;
      store(to, rest, accumulate ? load(to, rest) + sum[v] : sum[v]);
    }
  }
}

static double sum(const float *a, ptrdiff_t count) {
  vdouble even = 0, odd = 0;
  for (ptrdiff_t j = 0; j < count; j += 2 * LANES) {
    even += widen(load(a + j, count - j));
    if (count - j > LANES) odd += widen(load(a + j + LANES, count - j - LANES));
  }
  return total(even + odd);
}

static double sum_squares(const float *a, ptrdiff_t count) {
  vdouble even = 0, odd = 0;
  for (ptrdiff_t j = 0; j < count; j += 2 * LANES) {
    vdouble x = widen(load(a + j, count - j));
    even += x * x;
    if (count - j > LANES) {
      vdouble y = widen(load(a + j + LANES, count - j - LANES));
      odd += y * y;
    }
  }
  return total(even + odd);
}

static bool all_finite(const float *a, ptrdiff_t count) {
  const ptrdiff_t stretch = 64 * LANES;  // looks up now and then, to stop early
  for (ptrdiff_t begin = 0; begin < count; begin += stretch) {
    vint bad = 0;
    for (ptrdiff_t j = begin; j < smaller(count, begin + stretch); j += LANES) {
      bad |= ((vint)load(a + j, count - j) & 0x7F800000) == 0x7F800000;
    }
    if (__builtin_reduce_or(bad)) return false;
  }
  return true;
}
