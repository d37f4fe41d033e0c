// exp, log, sigmoid and tanh within 2 ulp, as polynomials: the same bits on every machine that has
// the instruction set, which libm does not promise. NaN stays NaN; large arguments saturate.
//
// Each step of a function depends on the one before, so one vector alone leaves the machine idle
// most of the time: they work on a few vectors at once, step by step.

/// Most vectors that a function takes at once.
#define ABREAST 6

#define EACH UNROLLED(int w = 0; w < count; w++)

/// 1.5 · 2²³ + 127. Added to a number, it leaves the nearest integer n in the low bits as n + 127,
/// which is the exponent of 2ⁿ.
#define TO_EXPONENT 12583039.0f

/// 2ⁿ for n in -126...127, and 0 for -127, from a sum with TO_EXPONENT.
INLINE vfloat power_of_two(vfloat sum) { return (vfloat)((vuint)sum << 23); }

INLINE vfloat relu(vfloat x) { return x < 0 ? splat(0) : x; }

INLINE vfloat size_of(vfloat x) { return (vfloat)((vuint)x & 0x7FFFFFFF); }

INLINE vfloat within(vfloat x, float low, float high) {
  x = x < low ? splat(low) : x;
  return x > high ? splat(high) : x;
}

/// Splits eˣ into 2ⁿ (1 + p): x = n ln 2 + r with |r| ≤ ln 2 / 2 (Cody and Waite), and p is eʳ − 1,
/// to a precision relative to itself. `n` becomes its sum with TO_EXPONENT; x comes limited to
/// where that is of use.
INLINE void split_exponential(const int count, const vfloat *x, vfloat *n, vfloat *p) {
  vfloat r[ABREAST], q[ABREAST];
  EACH n[w] = x[w] * 1.44269504f + TO_EXPONENT;
  EACH q[w] = n[w] - TO_EXPONENT;
  EACH r[w] = x[w] - q[w] * 0.693359375f;
  EACH r[w] = r[w] + q[w] * 2.12194440e-4f;
  EACH q[w] = r[w] * 0.0013946878f + 0.00836683251f;
  EACH q[w] = q[w] * r[w] + 0.0416662768f;
  EACH q[w] = q[w] * r[w] + 0.166665405f;
  EACH q[w] = q[w] * r[w] + 0.5f;
  EACH p[w] = q[w] * (r[w] * r[w]) + r[w];
}

INLINE void exponential(const int count, vfloat *x) {
  vfloat n[ABREAST], p[ABREAST];
  EACH x[w] = within(x[w], -105, 89);
  split_exponential(count, x, n, p);
  EACH {
    // In two steps: n reaches 128 and the denormal numbers.
    const vuint exponent = (vuint)n[w] - (vuint)splat(TO_EXPONENT);
    const vuint half = (vuint)((vint)exponent >> 1);
    const vfloat first = (vfloat)((half + 127) << 23);
    x[w] = (1 + p[w]) * first * (vfloat)((exponent - half + 127) << 23);
  }
}

/// eˣ as scale (1 + p), for |x| ≤ 88.
INLINE void scaled_exponential(const int count, const vfloat *x, vfloat *scale, vfloat *p) {
  vfloat n[ABREAST];
  split_exponential(count, x, n, p);
  EACH scale[w] = power_of_two(n[w]);
}

/// Squashes x in place. σ(x) = 1 / (1 + e) with e = exp(−x); the vectors from `tangent` to `end`
/// become tanh(x) = ±(1 − e) / (1 + e) instead, with e = exp(−2|x|), and with 1 − e from eʳ − 1,
/// which is precise near 0 too. One division costs less here than what would replace it.
INLINE void squash(const int count, vfloat *x, const int tangent, const int end) {
  vfloat power[ABREAST], scale[ABREAST], p[ABREAST];
  EACH {
    const bool is_tangent = w >= tangent && w < end;
    const vfloat twice = -size_of(x[w] + x[w]);
    power[w] = is_tangent ? (twice < -20 ? splat(-20) : twice) : within(-x[w], -88, 88);
  }
  scaled_exponential(count, power, scale, p);
  EACH {
    if (w >= tangent && w < end) {
      const vfloat size = ((1 - scale[w]) - scale[w] * p[w]) / (scale[w] * p[w] + (1 + scale[w]));
      x[w] = (vfloat)((vuint)size | ((vuint)x[w] & 0x80000000));
    } else {
      x[w] = 1 / ((scale[w] * p[w] + 1) + scale[w]);
    }
  }
}

INLINE void sigmoid(const int count, vfloat *x) { squash(count, x, 0, 0); }

INLINE void hyperbolic_tangent(const int count, vfloat *x) { squash(count, x, 0, count); }

/// ln x: x = 2ⁿ m with m in [√½, √2), and a polynomial in f = m − 1.
INLINE void logarithm(const int count, vfloat *x) {
  vfloat n[ABREAST], f[ABREAST], q[ABREAST], y[ABREAST];
  EACH {
    const vint tiny = x[w] < 1.17549435e-38f;
    vfloat scaled = tiny ? x[w] * 8388608 : x[w];
    vuint bits = (vuint)scaled - 0x3F3504F3;  // √½
    n[w] = __builtin_convertvector((vint)bits >> 23, vfloat);
    n[w] = tiny ? n[w] - 23 : n[w];
    f[w] = (vfloat)((bits & 0x007FFFFF) + 0x3F3504F3) - 1;
  }
  EACH q[w] = f[w] * 7.0376836292e-2f - 1.1514610310e-1f;
  EACH q[w] = q[w] * f[w] + 1.1676998740e-1f;
  EACH q[w] = q[w] * f[w] - 1.2420140846e-1f;
  EACH q[w] = q[w] * f[w] + 1.4249322787e-1f;
  EACH q[w] = q[w] * f[w] - 1.6668057665e-1f;
  EACH q[w] = q[w] * f[w] + 2.0000714765e-1f;
  EACH q[w] = q[w] * f[w] - 2.4999993993e-1f;
  EACH q[w] = q[w] * f[w] + 3.3333331174e-1f;
  EACH y[w] = f[w] * (f[w] * f[w]) * q[w] - n[w] * 2.12194440e-4f;
  EACH y[w] = y[w] - 0.5f * (f[w] * f[w]);
  EACH y[w] = (f[w] + y[w]) + n[w] * 0.693359375f;
  EACH y[w] = x[w] == 0 ? splat(-INFINITY) : y[w];
  EACH y[w] = x[w] < 0 ? splat(NAN) : y[w];
  EACH x[w] = x[w] < INFINITY ? y[w] : x[w];  // infinity and NaN as they are
}
