// exp, log, sigmoid and tanh within 2 ulp, as polynomials: the same bits on every machine that has
// the instruction set, which libm does not promise. NaN stays NaN; large arguments saturate.
//
// Each step of a function depends on the one before, so one vector alone leaves the machine idle
// most of the time: they work on a few vectors at once, step by step.

/// Most vectors that a function takes at once.
#define ABREAST 4

#define EACH UNROLLED(int w = 0; w < count; w++)

/// 2ⁿ for n in -126...127, and 0 for -127.
INLINE vfloat power_of_two(vuint n) { return (vfloat)((n + 127) << 23); }

INLINE vfloat relu(vfloat x) { return x < 0 ? splat(0) : x; }

/// Splits eˣ into 2ⁿ (1 + p): x = n ln 2 + r with |r| ≤ ln 2 / 2 (Cody and Waite), and p is eʳ − 1,
/// to a precision relative to itself. x comes limited to where n is of use.
INLINE void split_exponential(const int count, const vfloat *x, vuint *n, vfloat *p) {
  const vfloat magic = splat(12582912);  // 1.5 · 2²³: adding it leaves the nearest integer
  vfloat shifted[ABREAST], r[ABREAST], q[ABREAST];
  EACH shifted[w] = x[w] * 1.44269504f + magic;
  EACH q[w] = shifted[w] - magic;
  EACH r[w] = x[w] - q[w] * 0.693359375f;
  EACH r[w] = r[w] + q[w] * 2.12194440e-4f;
  EACH q[w] = r[w] * 0.0013946878f + 0.00836683251f;
  EACH q[w] = q[w] * r[w] + 0.0416662768f;
  EACH q[w] = q[w] * r[w] + 0.166665405f;
  EACH q[w] = q[w] * r[w] + 0.5f;
  EACH n[w] = (vuint)shifted[w] - 0x4B400000;
  EACH p[w] = q[w] * (r[w] * r[w]) + r[w];
}

INLINE void exponential(const int count, vfloat *x) {
  vuint n[ABREAST];
  vfloat p[ABREAST];
  EACH x[w] = x[w] < -105 ? splat(-105) : x[w];
  EACH x[w] = x[w] > 89 ? splat(89) : x[w];
  split_exponential(count, x, n, p);
  EACH {
    vuint half = (vuint)((vint)n[w] >> 1);  // in two steps: n reaches 128 and the denormal numbers
    x[w] = (1 + p[w]) * power_of_two(half) * power_of_two(n[w] - half);
  }
}

/// numerator / (1 + e) with e = scale (1 + p) in [0, 1], without rounding 1 + e: that would cost
/// another ulp.
INLINE void over_one_plus(const int count, const vfloat *numerator, const vfloat *scale,
                          const vfloat *p, vfloat *quotient) {
  vfloat one_plus[ABREAST], sum[ABREAST];
  EACH one_plus[w] = scale[w] + 1;
  EACH sum[w] = scale[w] * p[w] + one_plus[w];
#if FUSED
  // 1 / sum in [½, 1] to 1 %, then to 10⁻⁴; then the remainder of the quotient, which is exact.
  vfloat inverse[ABREAST], rest[ABREAST];
  EACH inverse[w] = sum[w] * 0.323232323f - 1.45454545f;
  EACH inverse[w] = inverse[w] * sum[w] + 2.12121212f;
  EACH sum[w] = 1 - sum[w] * inverse[w];
  EACH inverse[w] = inverse[w] * sum[w] + inverse[w];
  EACH quotient[w] = numerator[w] * inverse[w];
  EACH rest[w] = numerator[w] - quotient[w] * one_plus[w];
  EACH rest[w] = rest[w] - (quotient[w] * scale[w]) * p[w];
  EACH quotient[w] = rest[w] * inverse[w] + quotient[w];
#else
  vfloat lost[ABREAST];
  EACH lost[w] = scale[w] * p[w] + (one_plus[w] - sum[w]);
  EACH quotient[w] = numerator[w] / sum[w];
  EACH quotient[w] = quotient[w] - quotient[w] * lost[w] * (1.457f - 0.5f * sum[w]);
#endif
}

/// eˣ for x ≤ 0 as scale (1 + p). Below -88, scale is 0.
INLINE void decay(const int count, vfloat *x, vfloat *scale, vfloat *p) {
  vuint n[ABREAST];
  EACH x[w] = x[w] < -88 ? splat(-88) : x[w];
  split_exponential(count, x, n, p);
  EACH scale[w] = power_of_two(n[w]);
}

/// Squashes x in place, with e = exp(−|x|): σ(x) = 1 / (1 + e) for x ≥ 0, e / (1 + e) for x < 0.
/// The vectors from `tangent` to `end` become tanh(x) = ±(1 − e) / (1 + e) instead, with
/// e = exp(−2|x|), and with 1 − e from eʳ − 1, which is precise near 0 too.
INLINE void squash(const int count, vfloat *x, const int tangent, const int end) {
  vfloat size[ABREAST], scale[ABREAST], p[ABREAST], numerator[ABREAST];
  EACH {
    size[w] = (vfloat)((vuint)x[w] | 0x80000000);
    if (w >= tangent && w < end) size[w] = 2 * size[w];
  }
  decay(count, size, scale, p);
  EACH {
    vfloat whole = x[w] < 0 ? scale[w] * p[w] + scale[w] : splat(1);
    numerator[w] = w >= tangent && w < end ? (1 - scale[w]) - scale[w] * p[w] : whole;
  }
  over_one_plus(count, numerator, scale, p, size);
  EACH {
    vfloat signed_size = (vfloat)((vuint)size[w] | ((vuint)x[w] & 0x80000000));
    x[w] = w >= tangent && w < end ? signed_size : size[w];
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
