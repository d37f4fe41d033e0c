// Optimiser steps, in place. Each returns the sum of squares of the update.

/// The gradient that a rule sees: scaled, cut element by element, with the L2 penalty of `before`.
INLINE vfloat treated(vfloat gradient, vfloat before, ck_treatment how) {
  vfloat g = gradient * how.clip;
  g = g > how.limit ? splat(how.limit) : g;
  g = g < -how.limit ? splat(-how.limit) : g;
  return g + how.decay * before;
}

static double sgd(float *w, const float *gradient, float *velocity, ptrdiff_t count,
                  ck_treatment how, float rate, float momentum, bool nesterov) {
  vdouble square = 0;
  FOR_VECTORS(count) {
    const ptrdiff_t rest = count - j;
    vfloat before = load(w + j, rest);
    vfloat g = treated(load(gradient + j, rest), before, how);
    vfloat direction = g;
    if (momentum != 0) {
      vfloat v = momentum * load(velocity + j, rest) + g;
      store(velocity + j, rest, v);
      direction = nesterov ? g + momentum * v : v;
    }
    vfloat update = rate * direction + how.shrink * before;
    store(w + j, rest, before - update);
    square += widen(update) * widen(update);
  }
  return total(square);
}

static double adam(float *w, const float *gradient, float *m, float *v, float *peak,
                   ptrdiff_t count, ck_treatment how, float rate, float beta1, float beta2,
                   double correction1, double correction2, float epsilon) {
  const float step = (float)(rate / correction1);
  const float root = (float)(1 / sqrt(correction2));
  vdouble square = 0;
  FOR_VECTORS(count) {
    const ptrdiff_t rest = count - j;
    vfloat before = load(w + j, rest);
    vfloat g = treated(load(gradient + j, rest), before, how);
    vfloat first = load(m + j, rest);
    first = first + (1 - beta1) * (g - first);
    vfloat second = beta2 * load(v + j, rest) + (1 - beta2) * (g * g);
    store(m + j, rest, first);
    store(v + j, rest, second);
    if (peak) {
      vfloat highest = load(peak + j, rest);
      second = second > highest ? second : highest;
      store(peak + j, rest, second);
    }
    vfloat size = __builtin_elementwise_sqrt(second) * root + epsilon;
    vfloat update = step * first / size + how.shrink * before;
    store(w + j, rest, before - update);
    square += widen(update) * widen(update);
  }
  return total(square);
}

static double rms(float *w, const float *gradient, float *v, float *mean, float *velocity,
                  ptrdiff_t count, ck_treatment how, float rate, float scale, float momentum,
                  float keep, float add, float epsilon, bool inside) {
  vdouble square = 0;
  FOR_VECTORS(count) {
    const ptrdiff_t rest = count - j;
    vfloat before = load(w + j, rest);
    vfloat g = treated(load(gradient + j, rest), before, how);
    vfloat second = keep * load(v + j, rest) + add * (g * g);
    store(v + j, rest, second);
    if (mean) {
      vfloat first = keep * load(mean + j, rest) + add * g;
      store(mean + j, rest, first);
      second = __builtin_elementwise_max(second - first * first, splat(0));
    }
    vfloat size = inside ? __builtin_elementwise_sqrt(second + epsilon)
                         : __builtin_elementwise_sqrt(second) + epsilon;
    vfloat direction = scale * g / size;
    if (momentum != 0) {
      direction = momentum * load(velocity + j, rest) + direction;
      store(velocity + j, rest, direction);
    }
    vfloat update = rate * direction + how.shrink * before;
    store(w + j, rest, before - update);
    square += widen(update) * widen(update);
  }
  return total(square);
}
