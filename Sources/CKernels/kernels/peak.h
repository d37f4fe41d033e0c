// The most multiply-adds that a core does: chains of them in registers, and nothing else.

/// Chains that do not wait for each other: more than a core has under way at once.
#if REGISTERS == 32
#define CHAINS 24
#else
#define CHAINS 12
#endif

static double multiply_adds(ptrdiff_t rounds, float a, float b, float *sum) {
  vfloat x[CHAINS];
  const vfloat factor = splat(a), term = splat(b);
  UNROLLED(int i = 0; i < CHAINS; i++) x[i] = splat((float)i);
  for (ptrdiff_t round = 0; round < rounds; round++) {
    UNROLLED(int i = 0; i < CHAINS; i++) x[i] = x[i] * factor + term;
  }
  vdouble all = widen(x[0]);
  UNROLLED(int i = 1; i < CHAINS; i++) all += widen(x[i]);
  *sum = (float)total(all);
  return 2.0 * CHAINS * LANES * (double)rounds;
}
