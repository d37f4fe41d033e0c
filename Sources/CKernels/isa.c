// Choosing an instruction set, and the public functions: each calls its kernel through the table.

#include "isa.h"
#include "profile.h"

static bool has_avx2(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

static bool has_avx512(void) {
#if defined(__x86_64__)
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw");
#else
  return false;
#endif
}

const ck_isa *ck_isa_select(const char *name) {
#if defined(__x86_64__)
  if (has_avx512() && (!name || !strcmp(name, "avx512"))) return &ck_isa_avx512;
  if (has_avx2() && (!name || !strcmp(name, "avx2"))) return &ck_isa_avx2;
#endif
  if (!name || !strcmp(name, "baseline")) return &ck_isa_baseline;
  return NULL;
}

const char *ck_isa_name(const ck_isa *isa) { return isa->name; }

ptrdiff_t ck_isa_lanes(const ck_isa *isa) { return isa->lanes; }

#if defined(__x86_64__)
uint32_t ck_float_flush_denormals(void) {
  const uint32_t state = _mm_getcsr();
  _mm_setcsr(state | 0x8040);  // flush results to zero, treat operands as zero
  return state;
}

void ck_float_restore(uint32_t state) { _mm_setcsr(state); }

void ck_pause(void) { _mm_pause(); }
#elif defined(__aarch64__)
uint32_t ck_float_flush_denormals(void) {
  uint64_t state;
  __asm__ volatile("mrs %0, fpcr" : "=r"(state));
  __asm__ volatile("msr fpcr, %0" : : "r"(state | (1u << 24)));
  return (uint32_t)state;
}

void ck_float_restore(uint32_t state) {
  __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)state));
}

void ck_pause(void) { __asm__ volatile("yield"); }
#else
uint32_t ck_float_flush_denormals(void) { return 0; }

void ck_float_restore(uint32_t state) { (void)state; }

void ck_pause(void) {}
#endif

/// `count` rounded up to whole vectors.
static ptrdiff_t whole_vectors(const ck_isa *isa, ptrdiff_t count) {
  return (count + isa->lanes - 1) / isa->lanes * isa->lanes;
}

// --- Packed product -------------------------------------------------------------------------

ptrdiff_t ck_panel_width(const ck_isa *isa) { return isa->panel * isa->lanes; }

ptrdiff_t ck_packed_size(const ck_isa *isa, ptrdiff_t k, ptrdiff_t n) {
  return k * whole_vectors(isa, n);
}

void ck_pack(const ck_isa *isa, ck_matrix b, ptrdiff_t k, ptrdiff_t n, ptrdiff_t begin,
             ptrdiff_t end, float *packed) {
  CK_TIMED(PACKING);
  isa->pack(b, k, n, begin, end, packed);
}

ptrdiff_t ck_product_scratch(const ck_isa *isa, ptrdiff_t rows, ptrdiff_t k) {
  return isa->product_scratch(rows, k);
}

void ck_product(const ck_isa *isa, ck_matrix a, const float *packed_b, float *c, ptrdiff_t ldc,
                ptrdiff_t k, ptrdiff_t n, ptrdiff_t row_begin, ptrdiff_t row_end,
                ptrdiff_t panel_begin, ptrdiff_t panel_end, ck_bias bias, bool accumulate,
                float *scratch) {
  CK_TIMED(PRODUCT);
  isa->product(a, packed_b, c, ldc, k, n, row_begin, row_end, panel_begin, panel_end, bias,
               accumulate, scratch);
}

void ck_product_taps(const ck_isa *isa, ck_matrix a, ptrdiff_t taps, ptrdiff_t jump,
                     const float *packed_b, float *c, ptrdiff_t ldc, ptrdiff_t depth, ptrdiff_t n,
                     ptrdiff_t row_begin, ptrdiff_t row_end, const float *bias) {
  CK_TIMED(PRODUCT);
  isa->product_taps(a, taps, jump, packed_b, c, ldc, depth, n, row_begin, row_end, bias);
}

ptrdiff_t ck_few_rows(void) { return FEW_ROWS; }

void ck_product_few(const ck_isa *isa, ck_matrix a, ck_matrix b, float *c, ptrdiff_t ldc,
                    ptrdiff_t rows, ptrdiff_t k, ptrdiff_t begin, ptrdiff_t end,
                    const float *bias) {
  CK_TIMED(PRODUCT);
  isa->product_few(a, b, c, ldc, rows, k, begin, end, bias);
}

void ck_transpose(const ck_isa *isa, const float *from, ptrdiff_t m, ptrdiff_t n, float *to) {
  CK_TIMED(PACKING);
  isa->transposed(from, m, n, to);
}

// --- Recurrent sequences --------------------------------------------------------------------

ptrdiff_t ck_cell_packed_size(const ck_isa *isa, ptrdiff_t gates, ptrdiff_t input,
                              ptrdiff_t hidden) {
  return gates * (input + hidden) * whole_vectors(isa, hidden);
}

void ck_cell_pack(const ck_isa *isa, ptrdiff_t gates, ptrdiff_t input, ptrdiff_t hidden,
                  const float *weight_ih, const float *weight_hh, ptrdiff_t begin, ptrdiff_t end,
                  float *packed) {
  CK_TIMED(PACKING);
  isa->cell_pack(gates, input, hidden, weight_ih, weight_hh, begin, end, packed);
}

ptrdiff_t ck_cell_scratch(const ck_isa *isa, ptrdiff_t gates, ck_sequence s, ptrdiff_t rows) {
  (void)isa;
  // [x, h] of this step and of the next, and the sums of some units: up to four of each
  const ptrdiff_t forward = 2 * (s.input + s.hidden) + 4 * UNITS_ABREAST;
  const ptrdiff_t backward = (gates + 2) * s.hidden;   // dz, and dh and dc from the step after
  return rows * (forward > backward ? forward : backward);
}

void ck_lstm_forward(const ck_isa *isa, ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                     const float *x, const float *h0, const float *c0, const float *packed,
                     const float *bias, ck_lstm_signals out, float *scratch) {
  CK_TIMED(CELL_FORWARD);
  isa->lstm_forward(s, begin, end, x, h0, c0, packed, bias, out, scratch);
}

void ck_lstm_backward(const ck_isa *isa, ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                      ck_lstm_signals saved, const float *c0, const float *packed_back,
                      const float *dh, const float *dh_last, const float *dc_last, float *dz,
                      float *dh0, float *dc0, float *dh_square, float *scratch) {
  CK_TIMED(CELL_BACKWARD);
  isa->lstm_backward(s, begin, end, saved, c0, packed_back, dh, dh_last, dc_last, dz, dh0, dc0,
                     dh_square, scratch);
}

void ck_gru_forward(const ck_isa *isa, ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                    const float *x, const float *h0, const float *packed, const float *bias_ih,
                    const float *bias_hh, ck_gru_signals out, float *scratch) {
  CK_TIMED(CELL_FORWARD);
  isa->gru_forward(s, begin, end, x, h0, packed, bias_ih, bias_hh, out, scratch);
}

void ck_gru_backward(const ck_isa *isa, ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                     ck_gru_signals saved, const float *h0, const float *packed_back,
                     const float *dh, const float *dh_last, float *dz_ih, float *dz_hh,
                     float *dh0, float *dh_square, float *scratch) {
  CK_TIMED(CELL_BACKWARD);
  isa->gru_backward(s, begin, end, saved, h0, packed_back, dh, dh_last, dz_ih, dz_hh, dh0,
                    dh_square, scratch);
}

void ck_rnn_forward(const ck_isa *isa, ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                    ck_activation activation, const float *x, const float *h0,
                    const float *packed, const float *bias, float *h, float *scratch) {
  CK_TIMED(CELL_FORWARD);
  isa->rnn_forward(s, begin, end, activation, x, h0, packed, bias, h, scratch);
}

void ck_rnn_backward(const ck_isa *isa, ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                     ck_activation activation, const float *h, const float *packed_back,
                     const float *dh, const float *dh_last, float *dz, float *dh0,
                     float *dh_square, float *scratch) {
  CK_TIMED(CELL_BACKWARD);
  isa->rnn_backward(s, begin, end, activation, h, packed_back, dh, dh_last, dz, dh0, dh_square,
                    scratch);
}

void ck_conv_lstm_forward(const ck_isa *isa, ptrdiff_t count, const float *z, ptrdiff_t z_gate,
                          const float *bias, ptrdiff_t bias_gate, ck_peepholes p,
                          const float *c_before, ck_lstm_signals out) {
  CK_TIMED(GATES);
  isa->conv_lstm_forward(count, z, z_gate, bias, bias_gate, p, c_before, out);
}

double ck_conv_lstm_backward(const ck_isa *isa, ptrdiff_t count, ck_lstm_signals saved,
                             const float *c_before, ck_peepholes p, const float *dh,
                             const float *dh_after, float *dc, float *dz, ptrdiff_t dz_gate,
                             ck_peephole_sums sums) {
  CK_TIMED(GATES);
  return isa->conv_lstm_backward(count, saved, c_before, p, dh, dh_after, dc, dz, dz_gate, sums);
}

// --- Pointwise, rows and reductions -----------------------------------------------------------

void ck_pointwise2(const ck_isa *isa, ck_binary op, const float *a, const float *b, float *out,
                   ptrdiff_t count) {
  CK_TIMED(ARITHMETIC);
  isa->pointwise2(op, a, b, out, count);
}

void ck_pointwise1(const ck_isa *isa, ck_unary op, const float *a, float *out, ptrdiff_t count) {
  CK_TIMED(ACTIVATION);
  isa->pointwise1(op, a, out, count);
}

void ck_pointwise1_back(const ck_isa *isa, ck_unary op, const float *y, const float *dy,
                        float *out, ptrdiff_t count) {
  CK_TIMED(ACTIVATION);
  isa->pointwise1_back(op, y, dy, out, count);
}

void ck_activate(const ck_isa *isa, ck_function function, float alpha, const float *x, float *out,
                 ptrdiff_t count) {
  CK_TIMED(ACTIVATION);
  isa->activate(function, alpha, x, out, count);
}

void ck_activate_back(const ck_isa *isa, ck_function function, float alpha, const float *x,
                      const float *dy, float *out, ptrdiff_t count) {
  CK_TIMED(ACTIVATION);
  isa->activate_back(function, alpha, x, dy, out, count);
}

void ck_affine(const ck_isa *isa, const float *a, float scale, float offset, float *out,
               ptrdiff_t count) {
  CK_TIMED(ARITHMETIC);
  isa->affine(a, scale, offset, out, count);
}

void ck_add_scaled(const ck_isa *isa, const float *a, float scale, float *out, ptrdiff_t count) {
  CK_TIMED(ARITHMETIC);
  isa->add_scaled(a, scale, out, count);
}

void ck_sum_rows(const ck_isa *isa, const float *a, ptrdiff_t m, ptrdiff_t n, ptrdiff_t begin,
                 ptrdiff_t end, float *out, bool accumulate) {
  CK_TIMED(SUMS);
  isa->sum_rows(a, m, n, begin, end, out, accumulate);
}

double ck_sum(const ck_isa *isa, const float *a, ptrdiff_t count) {
  CK_TIMED(SUMS);
  return isa->sum(a, count);
}

double ck_sum_squares(const ck_isa *isa, const float *a, ptrdiff_t count) {
  CK_TIMED(SUMS);
  return isa->sum_squares(a, count);
}

bool ck_all_finite(const ck_isa *isa, const float *a, ptrdiff_t count) {
  CK_TIMED(SUMS);
  return isa->all_finite(a, count);
}

void ck_softmax_cross_entropy(const ck_isa *isa, const float *logits, const int32_t *target,
                              const float *weight, float smoothing, ptrdiff_t classes,
                              ptrdiff_t begin, ptrdiff_t end, float *loss, float *dlogits) {
  CK_TIMED(SOFTMAX);
  isa->softmax_cross_entropy(logits, target, weight, smoothing, classes, begin, end, loss,
                             dlogits);
}

void ck_softmax(const ck_isa *isa, const float *a, ptrdiff_t n, ptrdiff_t begin, ptrdiff_t end,
                float *out) {
  CK_TIMED(SOFTMAX);
  isa->softmax(a, n, begin, end, out);
}

// --- Random numbers and optimiser steps ---------------------------------------------------------

void ck_uniform(const ck_isa *isa, uint64_t key, uint64_t stream, ptrdiff_t begin, ptrdiff_t end,
                float *out) {
  CK_TIMED(RANDOM);
  isa->uniform(key, stream, begin, end, out);
}

void ck_dropout_mask(const ck_isa *isa, uint64_t key, uint64_t stream, float rate, ptrdiff_t begin,
                     ptrdiff_t end, float *out) {
  CK_TIMED(RANDOM);
  isa->dropout_mask(key, stream, rate, begin, end, out);
}

double ck_sgd(const ck_isa *isa, float *w, const float *gradient, float *velocity, ptrdiff_t count,
              ck_treatment how, float rate, float momentum, bool nesterov) {
  CK_TIMED(OPTIMISER);
  return isa->sgd(w, gradient, velocity, count, how, rate, momentum, nesterov);
}

double ck_adam(const ck_isa *isa, float *w, const float *gradient, float *m, float *v, float *peak,
               ptrdiff_t count, ck_treatment how, float rate, float beta1, float beta2,
               double correction1, double correction2, float epsilon) {
  CK_TIMED(OPTIMISER);
  return isa->adam(w, gradient, m, v, peak, count, how, rate, beta1, beta2, correction1,
                   correction2, epsilon);
}

double ck_rms(const ck_isa *isa, float *w, const float *gradient, float *v, float *mean,
              float *velocity, ptrdiff_t count, ck_treatment how, float rate, float scale,
              float momentum, float keep, float add, float epsilon, bool inside) {
  CK_TIMED(OPTIMISER);
  return isa->rms(w, gradient, v, mean, velocity, count, how, rate, scale, momentum, keep, add,
                  epsilon, inside);
}

// --- Windows over images ------------------------------------------------------------------------

void ck_unfold(const ck_isa *isa, const ck_window *w, const float *image, ptrdiff_t first,
               ptrdiff_t count, float *to, ptrdiff_t ld) {
  CK_TIMED(UNFOLDING);
  isa->unfold(w, image, first, count, to, ld);
}

void ck_unfold_panels(const ck_isa *isa, const ck_window *w, const float *image, ptrdiff_t first,
                      ptrdiff_t count, float *to, ptrdiff_t row, ptrdiff_t depth) {
  CK_TIMED(UNFOLDING);
  isa->unfold_panels(w, image, first, count, to, row, depth);
}

ptrdiff_t ck_unfolded_columns(void) { return CK_UNFOLDED; }

void ck_fold(const ck_isa *isa, const ck_window *w, float *from, ptrdiff_t ld,
             ptrdiff_t first, ptrdiff_t count, float *image) {
  CK_TIMED(UNFOLDING);
  isa->fold(w, from, ld, first, count, image);
}

double ck_multiply_adds(const ck_isa *isa, ptrdiff_t rounds, float a, float b, float *sum) {
  return isa->multiply_adds(rounds, a, b, sum);
}

void ck_philox(const uint32_t key[2], const uint32_t counter[4], uint32_t out[4]) {
  uint32_t c[4], key0 = key[0], key1 = key[1];
  memcpy(c, counter, sizeof c);
  for (int round = 0; round < 10; round++) {
    const uint64_t p0 = (uint64_t)c[0] * 0xD2511F53, p2 = (uint64_t)c[2] * 0xCD9E8D57;
    c[0] = (uint32_t)(p2 >> 32) ^ c[1] ^ key0;
    c[2] = (uint32_t)(p0 >> 32) ^ c[3] ^ key1;
    c[1] = (uint32_t)p2, c[3] = (uint32_t)p0;
    key0 += 0x9E3779B9, key1 += 0xBB67AE85;
  }
  memcpy(out, c, sizeof c);
}
