// The gates of a convolutional LSTM, forward and backward: those of an LSTM at every place of an
// image, one channel at a time. Convolutions make the pre-activations and take their gradients.

/// What the peephole `weights` (NULL: none) of one channel add at place j, for a cell `c`.
INLINE vfloat peep(const float *weights, bool each_place, ptrdiff_t j, ptrdiff_t left, vfloat c) {
  if (!weights) return splat(0);
  return (each_place ? load(weights + j, left) : splat(weights[0])) * c;
}

static void conv_lstm_forward(ptrdiff_t count, const float *z, ptrdiff_t z_gate,
                              const float *bias, ptrdiff_t bias_gate, ck_peepholes p,
                              const float *c_before, ck_lstm_signals out) {
  for (ptrdiff_t j = 0; j < count; j += LANES) {
    const ptrdiff_t left = count - j;
    const vfloat before = load(c_before + j, left);
    vfloat gate[4];
    UNROLLED(int g = 0; g < 4; g++) {
      gate[g] = load(z + g * z_gate + j, left) + bias[g * bias_gate];
    }
    gate[0] += peep(p.i, p.each_place, j, left, before);
    gate[1] += peep(p.f, p.each_place, j, left, before);
    squash(3, gate, 2, 3);
    const vfloat c = gate[1] * before + gate[0] * gate[2];
    vfloat last[2] = {gate[3] + peep(p.o, p.each_place, j, left, c), c};
    squash(2, last, 1, 2);
    store(out.i + j, left, gate[0]);
    store(out.f + j, left, gate[1]);
    store(out.g + j, left, gate[2]);
    store(out.o + j, left, last[0]);
    store(out.c + j, left, c);
    store(out.tanh_c + j, left, last[1]);
    store(out.h + j, left, last[0] * last[1]);
  }
}

/// Adds the gradient `change` of a peephole at place j to `sum` (NULL: there is no peephole).
INLINE void peep_back(float *sum, ptrdiff_t j, ptrdiff_t left, vfloat change) {
  if (sum) store(sum + j, left, load(sum + j, left) + change);
}

static double conv_lstm_backward(ptrdiff_t count, ck_lstm_signals saved, const float *c_before,
                                 ck_peepholes p, const float *dh, const float *dh_after,
                                 float *dc, float *dz, ptrdiff_t dz_gate, ck_peephole_sums sums) {
  vdouble square = {0};
  for (ptrdiff_t j = 0; j < count; j += LANES) {
    const ptrdiff_t left = count - j;
    const vfloat i = load(saved.i + j, left), f = load(saved.f + j, left);
    const vfloat g = load(saved.g + j, left), o = load(saved.o + j, left);
    const vfloat c = load(saved.c + j, left), tanh_c = load(saved.tanh_c + j, left);
    const vfloat before = load(c_before + j, left);
    const vfloat dh_total = load_gradient(dh, j, left) + load(dh_after + j, left);
    square += widen(dh_total * dh_total);
    const vfloat dz_o = dh_total * tanh_c * o * (1 - o);
    const vfloat dc_total = load(dc + j, left) + dh_total * o * (1 - tanh_c * tanh_c) +
                            peep(p.o, p.each_place, j, left, dz_o);
    const vfloat dz_i = dc_total * g * i * (1 - i);
    const vfloat dz_f = dc_total * before * f * (1 - f);
    store(dc + j, left,
          dc_total * f + peep(p.i, p.each_place, j, left, dz_i) +
              peep(p.f, p.each_place, j, left, dz_f));
    store(dz + j, left, dz_i);
    store(dz + dz_gate + j, left, dz_f);
    store(dz + 2 * dz_gate + j, left, dc_total * i * (1 - g * g));
    store(dz + 3 * dz_gate + j, left, dz_o);
    peep_back(sums.i, j, left, dz_i * before);
    peep_back(sums.f, j, left, dz_f * before);
    peep_back(sums.o, j, left, dz_o * c);
  }
  return total(square);
}
