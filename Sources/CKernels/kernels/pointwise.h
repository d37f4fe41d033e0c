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

static void pointwise1(ck_unary op, const float *a, float *out, ptrdiff_t count) {
  switch (op) {
    case CK_EXP: POINTWISE1(exponential(x));
    case CK_LOG: POINTWISE1(logarithm(x));
    case CK_SIGMOID: POINTWISE1(sigmoid(x));
    case CK_TANH_OF: POINTWISE1(hyperbolic_tangent(x));
    case CK_RELU_OF: POINTWISE1(relu(x));
    case CK_SQRT: POINTWISE1(__builtin_elementwise_sqrt(x));
  }
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
    case CK_LOG: POINTWISE_BACK(d * exponential(-f));
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
