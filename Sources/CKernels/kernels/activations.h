// Activations whose derivative follows from x rather than from y: value and derivative side by side.

/// eˣ − 1 for x ≤ 0, precise near 0 too.
INLINE vfloat exponential_minus_one(vfloat x) {
  vfloat scale, p;
  x = within(x, -88, 0);
  scaled_exponential(1, &x, &scale, &p);
  return (scale - 1) + scale * p;
}

INLINE vfloat sigmoid_of(vfloat x) {
  sigmoid(1, &x);
  return x;
}

INLINE vfloat tanh_of(vfloat x) {
  hyperbolic_tangent(1, &x);
  return x;
}

/// ln(1 + eˣ) = max(x, 0) + ln(1 + e) with e = exp(−|x|). The quotient repairs the rounding of 1 + e.
INLINE vfloat softplus(vfloat x) {
  vfloat e = -size_of(x);
  exponential(1, &e);
  const vfloat sum = 1 + e, rounded = sum - 1;
  vfloat log = sum;
  logarithm(1, &log);
  return relu(x) + (rounded == 0 ? e : log * (e / (rounded == 0 ? splat(1) : rounded)));
}

/// The error function as a quotient of polynomials in x², within 4 ulp; it is ±1 from ±4 on.
INLINE vfloat error_function(vfloat x) {
  x = within(x, -4, 4);
  const vfloat s = x * x;
  vfloat above = s * -2.72614225801306e-10f + 2.77068142495902e-08f;
  above = above * s - 2.10102402082508e-06f;
  above = above * s - 5.69250639462346e-05f;
  above = above * s - 7.34990630326855e-04f;
  above = above * s - 2.95459980854025e-03f;
  above = above * s - 1.60960333262415e-02f;
  vfloat below = s * -1.45660718464996e-05f - 2.13374055278905e-04f;
  below = below * s - 1.68282697438203e-03f;
  below = below * s - 7.37332916720468e-03f;
  below = below * s - 1.42647390514189e-02f;
  return within(x * above / below, -1, 1);
}

/// The distribution function of the standard normal distribution.
INLINE vfloat normal_below(vfloat x) { return 0.5f + 0.5f * error_function(x * 0.707106781f); }

/// Its density.
INLINE vfloat normal_density(vfloat x) {
  vfloat e = -0.5f * x * x;
  exponential(1, &e);
  return 0.398942280f * e;
}

/// √(2/π) (x + 0.044715 x³), whose tanh stands in for the error function.
INLINE vfloat gelu_argument(vfloat x) {
  return 0.797884561f * x * (1 + 0.044715f * x * x);
}

/// tanh(softplus(x)) = n / (n + 2) with n = eˣ (eˣ + 2); it is 1 from 20 on.
INLINE vfloat tanh_of_softplus(vfloat x) {
  vfloat e = within(x, -105, 20);
  exponential(1, &e);
  const vfloat n = e * (e + 2);
  return n / (n + 2);
}

/// α (eˣ − 1) for x < 0, else x.
INLINE vfloat exponential_unit(float alpha, vfloat x) {
  return x < 0 ? alpha * exponential_minus_one(x < 0 ? x : splat(0)) : x;
}

INLINE vfloat exponential_unit_slope(float alpha, vfloat x) {
  return x > 0 ? splat(1) : alpha + alpha * exponential_minus_one(x < 0 ? x : splat(0));
}

#define SELU_SCALE 1.05070098735548049f
#define SELU_ALPHA 1.67326324235437728f

INLINE vfloat activation(ck_function function, float alpha, vfloat x) {
  switch (function) {
    case CK_LEAKY_RELU: return x < 0 ? alpha * x : x;
    case CK_ELU: return exponential_unit(alpha, x);
    case CK_SELU: return SELU_SCALE * exponential_unit(SELU_ALPHA, x);
    case CK_GELU: return x * normal_below(x);
    case CK_GELU_TANH: return x * (0.5f + 0.5f * tanh_of(gelu_argument(x)));
    case CK_SILU: return x * sigmoid_of(x);
    case CK_MISH: return x * tanh_of_softplus(x);
    case CK_SOFTPLUS: return softplus(x);
    case CK_HARD_SIGMOID: return within(x * 0.166666667f + 0.5f, 0, 1);
    case CK_HARD_TANH: return within(x, -1, 1);
    case CK_SOFTSIGN: return x / (1 + size_of(x));
  }
}

INLINE vfloat derivative(ck_function function, float alpha, vfloat x) {
  switch (function) {
    case CK_LEAKY_RELU: return x > 0 ? splat(1) : splat(alpha);
    case CK_ELU: return exponential_unit_slope(alpha, x);
    case CK_SELU: return SELU_SCALE * exponential_unit_slope(SELU_ALPHA, x);
    case CK_GELU: return normal_below(x) + x * normal_density(x);
    case CK_GELU_TANH: {
      const vfloat t = tanh_of(gelu_argument(x));
      const vfloat slope = 0.797884561f * (1 + 3 * 0.044715f * x * x);
      return 0.5f + 0.5f * t + 0.5f * x * (1 - t * t) * slope;
    }
    case CK_SILU: {
      const vfloat s = sigmoid_of(x);
      return s * (1 + x * (1 - s));
    }
    case CK_MISH: {
      const vfloat t = tanh_of_softplus(x);
      return t + x * (1 - t * t) * sigmoid_of(x);
    }
    case CK_SOFTPLUS: return sigmoid_of(x);
    case CK_HARD_SIGMOID: return size_of(x) < 3 ? splat(0.166666667f) : splat(0);
    case CK_HARD_TANH: return size_of(x) < 1 ? splat(1) : splat(0);
    case CK_SOFTSIGN: {
      const vfloat share = 1 / (1 + size_of(x));
      return share * share;
    }
  }
}

static void activate(ck_function function, float alpha, const float *x, float *out,
                     ptrdiff_t count) {
  FOR_VECTORS(count) {
    store(out + j, count - j, activation(function, alpha, load(x + j, count - j)));
  }
}

static void activate_back(ck_function function, float alpha, const float *x, const float *dy,
                          float *out, ptrdiff_t count) {
  FOR_VECTORS(count) {
    const vfloat slope = derivative(function, alpha, load(x + j, count - j));
    store(out + j, count - j, load(dy + j, count - j) * slope);
  }
}
