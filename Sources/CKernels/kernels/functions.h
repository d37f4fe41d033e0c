// exp, log, sigmoid and tanh within 2 ulp, as polynomials: the same bits on every machine that has
// the instruction set, which libm does not promise. NaN stays NaN; large arguments saturate.

INLINE vfloat at_least(vfloat x, float bound) { return x < bound ? splat(bound) : x; }

INLINE vfloat at_most(vfloat x, float bound) { return x > bound ? splat(bound) : x; }

/// 2ⁿ for n in -126...127.
INLINE vfloat power_of_two(vuint n) { return (vfloat)((n + 127) << 23); }

/// Splits eˣ into 2ⁿ (1 + result): x = n ln 2 + r with |r| ≤ ln 2 / 2 (Cody and Waite), and the
/// result is eʳ − 1, to a precision relative to itself.
INLINE vfloat exp_reduced(vfloat x, vuint *n) {
  const vfloat magic = splat(12582912);  // 1.5 · 2²³: adding it leaves the nearest integer
  vfloat shifted = x * 1.44269504f + magic;
  vfloat whole = shifted - magic;
  vfloat r = x - whole * 0.693359375f;
  r = r + whole * 2.12194440e-4f;
  vfloat q = splat(0.0013946878f);
  q = q * r + 0.00836683251f;
  q = q * r + 0.0416662768f;
  q = q * r + 0.166665405f;
  q = q * r + 0.5f;
  *n = (vuint)shifted - 0x4B400000;
  return q * (r * r) + r;
}

INLINE vfloat exponential(vfloat x) {
  vuint n;
  vfloat p = exp_reduced(at_most(at_least(x, -105), 89), &n);
  vuint half = (vuint)((vint)n >> 1);  // in two steps: n reaches 128 and the denormal numbers
  return (1 + p) * power_of_two(half) * power_of_two(n - half);
}

/// e⁻ˣ for x ≥ 0 as 2ⁿ (1 + p). Beyond 88, 2ⁿ is 0.
typedef struct {
  vfloat p, scale;
} decay;

INLINE decay decaying(vfloat x) {
  vuint n;
  vfloat p = exp_reduced(at_least(-x, -88), &n);
  return (decay){p, power_of_two(n)};
}

/// numerator / (1 + e), where what rounding 1 + e loses is put back: without that, 3 ulp.
INLINE vfloat over_one_plus(vfloat numerator, decay e) {
  vfloat one_plus = e.scale + 1;
  vfloat sum = e.scale * e.p + one_plus;
  vfloat lost = e.scale * e.p + (one_plus - sum);
  vfloat quotient = numerator / sum;
  return quotient - quotient * lost * (1.457f - 0.5f * sum);  // 1 / sum, roughly
}

/// σ(x) = 1 / (1 + e) for x ≥ 0 and e / (1 + e) for x < 0, with e = exp(−|x|).
INLINE vfloat sigmoid(vfloat x) {
  decay e = decaying((vfloat)((vuint)x & 0x7FFFFFFF));
  return over_one_plus(x < 0 ? e.scale * e.p + e.scale : splat(1), e);
}

/// tanh(x) = (1 − e) / (1 + e) with e = exp(−2|x|), and 1 − e from eʳ − 1: precise near 0 too.
INLINE vfloat hyperbolic_tangent(vfloat x) {
  const vuint sign = (vuint)x & 0x80000000;
  decay e = decaying(2 * (vfloat)((vuint)x ^ sign));
  vfloat size = over_one_plus((1 - e.scale) - e.scale * e.p, e);
  return (vfloat)((vuint)size | sign);
}

/// ln x: x = 2ⁿ m with m in [√½, √2), and a polynomial in f = m − 1.
INLINE vfloat logarithm(vfloat x) {
  const vint tiny = x < 1.17549435e-38f;
  vfloat scaled = tiny ? x * 8388608 : x;
  vuint bits = (vuint)scaled - 0x3F3504F3;  // √½
  vfloat n = __builtin_convertvector((vint)bits >> 23, vfloat);
  n = tiny ? n - 23 : n;
  vfloat f = (vfloat)((bits & 0x007FFFFF) + 0x3F3504F3) - 1;
  vfloat q = splat(7.0376836292e-2f);
  q = q * f - 1.1514610310e-1f;
  q = q * f + 1.1676998740e-1f;
  q = q * f - 1.2420140846e-1f;
  q = q * f + 1.4249322787e-1f;
  q = q * f - 1.6668057665e-1f;
  q = q * f + 2.0000714765e-1f;
  q = q * f - 2.4999993993e-1f;
  q = q * f + 3.3333331174e-1f;
  vfloat square = f * f;
  vfloat y = f * square * q - n * 2.12194440e-4f;
  y = y - 0.5f * square;
  y = (f + y) + n * 0.693359375f;
  y = x == 0 ? splat(-INFINITY) : y;
  y = x < 0 ? splat(NAN) : y;
  return x < INFINITY ? y : x;  // infinity and NaN as they are
}
