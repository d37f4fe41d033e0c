// Elementwise operations.

#define FOR_VECTORS(count) for (ptrdiff_t j = 0; j < (count); j += LANES)

#define POINTWISE2(expression)                                    \
  FOR_VECTORS(count) {                                            \
    vfloat x = load(a + j, count - j), y = load(b + j, count - j); \
    store(out + j, count - j, expression);                        \
  }                                                               \
  return

static void pointwise2(ck_binary op, const float *a, const float *b, float *out,
                       ptrdiff_t count) {
  switch (op) {
    case CK_ADD: POINTWISE2(x + y);
    case CK_SUBTRACT: POINTWISE2(x - y);
    case CK_MULTIPLY: POINTWISE2(x * y);
    case CK_DIVIDE: POINTWISE2(x / y);
  }
}

#define POINTWISE1(expression)             \
  FOR_VECTORS(count) {                     \
    vfloat x = load(a + j, count - j);     \
    store(out + j, count - j, expression); \
  }                                        \
  return

/// out = function(a), some vectors abreast, then one by one.
#define APPLY(function, a, out, count)                                           \
  do {                                                                           \
    ptrdiff_t j = 0;                                                             \
    for (; j + ABREAST * LANES <= (count); j += ABREAST * LANES) {               \
      vfloat x[ABREAST];                                                         \
      UNROLLED(int w = 0; w < ABREAST; w++) x[w] = load((a) + j + w * LANES, LANES); \
      function(ABREAST, x);                                                      \
      UNROLLED(int w = 0; w < ABREAST; w++) store((out) + j + w * LANES, LANES, x[w]); \
    }                                                                            \
    for (; j < (count); j += LANES) {                                            \
      vfloat x = load((a) + j, (count) - j);                                     \
      function(1, &x);                                                           \
      store((out) + j, (count) - j, x);                                          \
    }                                                                            \
  } while (0)

static void pointwise1(ck_unary op, const float *a, float *out, ptrdiff_t count) {
  switch (op) {
    case CK_EXP: APPLY(exponential, a, out, count); return;
    case CK_LOG: APPLY(logarithm, a, out, count); return;
    case CK_SIGMOID: APPLY(sigmoid, a, out, count); return;
    case CK_TANH_OF: APPLY(hyperbolic_tangent, a, out, count); return;
    case CK_RELU_OF: POINTWISE1(relu(x));
    case CK_SQRT: POINTWISE1(__builtin_elementwise_sqrt(x));
  }
}

/// e⁻ʸ: the derivative of the logarithm, from the logarithm.
INLINE vfloat inverse_of_logarithm(vfloat y) {
  y = -y;
  exponential(1, &y);
  return y;
}

#define POINTWISE_BACK(expression)                                  \
  FOR_VECTORS(count) {                                              \
    vfloat f = load(y + j, count - j), d = load(dy + j, count - j); \
    store(out + j, count - j, expression);                          \
  }                                                                 \
  return

static void pointwise1_back(ck_unary op, const float *y, const float *dy, float *out,
                            ptrdiff_t count) {
  switch (op) {
    case CK_EXP: POINTWISE_BACK(d * f);
    case CK_LOG: POINTWISE_BACK(d * inverse_of_logarithm(f));
    case CK_SIGMOID: POINTWISE_BACK(d * f * (1 - f));
    case CK_TANH_OF: POINTWISE_BACK(d * (1 - f * f));
    case CK_RELU_OF: POINTWISE_BACK(f > 0 ? d : splat(0));
    case CK_SQRT: POINTWISE_BACK(0.5f * d / f);
  }
}

static void affine(const float *a, float scale, float offset, float *out, ptrdiff_t count) {
  FOR_VECTORS(count) store(out + j, count - j, load(a + j, count - j) * scale + offset);
}

static void add_scaled(const float *a, float scale, float *out, ptrdiff_t count) {
  FOR_VECTORS(count) {
    store(out + j, count - j, load(out + j, count - j) + load(a + j, count - j) * scale);
  }
}
