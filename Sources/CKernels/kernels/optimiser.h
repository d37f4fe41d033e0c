// Optimiser steps, in place. Each returns the sum of squares of the update.

static double sgd(float *w, const float *gradient, float *velocity, ptrdiff_t count, float rate,
                  float clip, float momentum, float decay, bool nesterov) {
  vdouble square = 0;
  FOR_VECTORS(count) {
    const ptrdiff_t rest = count - j;
    vfloat before = load(w + j, rest);
    vfloat g = load(gradient + j, rest) * clip + decay * before;
    vfloat direction = g;
    if (momentum != 0) {
      vfloat v = momentum * load(velocity + j, rest) + g;
      store(velocity + j, rest, v);
      direction = nesterov ? g + momentum * v : v;
    }
    vfloat update = rate * direction;
    store(w + j, rest, before - update);
    square += widen(update) * widen(update);
  }
  return total(square);
}

static double adam(float *w, const float *gradient, float *m, float *v, ptrdiff_t count,
                   float rate, float clip, float beta1, float beta2, double correction1,
                   double correction2, float epsilon, float decay, bool decoupled) {
  const float step = (float)(rate / correction1);
  const float root = (float)(1 / sqrt(correction2));
  const float coupled_decay = decoupled ? 0 : decay, shrink = decoupled ? rate * decay : 0;
  vdouble square = 0;
  FOR_VECTORS(count) {
    const ptrdiff_t rest = count - j;
    vfloat before = load(w + j, rest);
    vfloat g = load(gradient + j, rest) * clip + coupled_decay * before;
    vfloat first = load(m + j, rest);
    first = first + (1 - beta1) * (g - first);
    vfloat second = beta2 * load(v + j, rest) + (1 - beta2) * (g * g);
    vfloat size = __builtin_elementwise_sqrt(second) * root + epsilon;
    vfloat update = step * first / size + shrink * before;
    store(m + j, rest, first);
    store(v + j, rest, second);
    store(w + j, rest, before - update);
    square += widen(update) * widen(update);
  }
  return total(square);
}
