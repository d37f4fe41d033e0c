#ifndef CK_ISA_H
#define CK_ISA_H

#include <math.h>
#include <string.h>

#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// Most columns that are unfolded into panels at a time.
#define CK_UNFOLDED 1024
/// Most units of a recurrent cell whose sums wait for their gates.
#define UNITS_ABREAST 32
/// Most rows by which a matrix is multiplied as it lies.
#define FEW_ROWS 4

/// What one instruction set offers: its widths, then its kernels (see CKernels.h for each).
struct ck_isa {
  const char *name;
  ptrdiff_t lanes;
  ptrdiff_t panel;  // vectors in one panel of the packed product

  void (*pack)(ck_matrix, ptrdiff_t k, ptrdiff_t n, ptrdiff_t begin, ptrdiff_t end, float *);
  ptrdiff_t (*product_scratch)(ptrdiff_t rows, ptrdiff_t k);
  void (*product)(ck_matrix a, const float *b, float *c, ptrdiff_t ldc, ptrdiff_t k, ptrdiff_t n,
                  ptrdiff_t row_begin, ptrdiff_t row_end, ptrdiff_t panel_begin,
                  ptrdiff_t panel_end, ck_bias bias, bool accumulate, float *scratch);
  void (*product_taps)(ck_matrix a, ptrdiff_t taps, ptrdiff_t jump, const float *b, float *c,
                       ptrdiff_t ldc, ptrdiff_t depth, ptrdiff_t n, ptrdiff_t row_begin,
                       ptrdiff_t row_end, const float *bias);
  void (*product_few)(ck_matrix a, ck_matrix b, float *c, ptrdiff_t ldc, ptrdiff_t rows,
                      ptrdiff_t k, ptrdiff_t begin, ptrdiff_t end, const float *bias);
  void (*transposed)(const float *from, ptrdiff_t m, ptrdiff_t n, float *to);

  void (*cell_pack)(ptrdiff_t gates, ptrdiff_t input, ptrdiff_t hidden, const float *weight_ih,
                    const float *weight_hh, ptrdiff_t begin, ptrdiff_t end, float *packed);
  void (*lstm_forward)(ck_sequence, ptrdiff_t begin, ptrdiff_t end, const float *x,
                       const float *h0, const float *c0, const float *packed, const float *bias,
                       ck_lstm_signals, float *scratch);
  void (*lstm_backward)(ck_sequence, ptrdiff_t begin, ptrdiff_t end, ck_lstm_signals,
                        const float *c0, const float *packed_back, const float *dh,
                        const float *dh_last, const float *dc_last, float *dz, float *dh0,
                        float *dc0, float *dh_square, float *scratch);
  void (*gru_forward)(ck_sequence, ptrdiff_t begin, ptrdiff_t end, const float *x,
                      const float *h0, const float *packed, const float *bias_ih,
                      const float *bias_hh, ck_gru_signals, float *scratch);
  void (*gru_backward)(ck_sequence, ptrdiff_t begin, ptrdiff_t end, ck_gru_signals,
                       const float *h0, const float *packed_back, const float *dh,
                       const float *dh_last, float *dz_ih, float *dz_hh, float *dh0,
                       float *dh_square, float *scratch);
  void (*rnn_forward)(ck_sequence, ptrdiff_t begin, ptrdiff_t end, ck_activation,
                      const float *x, const float *h0, const float *packed, const float *bias,
                      float *h, float *scratch);
  void (*rnn_backward)(ck_sequence, ptrdiff_t begin, ptrdiff_t end, ck_activation,
                       const float *h, const float *packed_back, const float *dh,
                       const float *dh_last, float *dz, float *dh0, float *dh_square,
                       float *scratch);
  void (*conv_lstm_forward)(ptrdiff_t count, const float *z, ptrdiff_t z_gate, const float *bias,
                            ptrdiff_t bias_gate, ck_peepholes, const float *c_before,
                            ck_lstm_signals out);
  double (*conv_lstm_backward)(ptrdiff_t count, ck_lstm_signals saved, const float *c_before,
                               ck_peepholes, const float *dh, const float *dh_after, float *dc,
                               float *dz, ptrdiff_t dz_gate, ck_peephole_sums);

  void (*pointwise2)(ck_binary, const float *a, const float *b, float *out, ptrdiff_t count);
  void (*pointwise1)(ck_unary, const float *a, float *out, ptrdiff_t count);
  void (*pointwise1_back)(ck_unary, const float *y, const float *dy, float *out, ptrdiff_t count);
  void (*activate)(ck_function, float alpha, const float *x, float *out, ptrdiff_t count);
  void (*activate_back)(ck_function, float alpha, const float *x, const float *dy, float *out,
                        ptrdiff_t count);
  void (*affine)(const float *a, float scale, float offset, float *out, ptrdiff_t count);
  void (*add_scaled)(const float *a, float scale, float *out, ptrdiff_t count);

  void (*sum_rows)(const float *a, ptrdiff_t m, ptrdiff_t n, ptrdiff_t begin, ptrdiff_t end,
                   float *out, bool accumulate);
  double (*sum)(const float *a, ptrdiff_t count);
  double (*sum_squares)(const float *a, ptrdiff_t count);
  bool (*all_finite)(const float *a, ptrdiff_t count);
  void (*softmax_cross_entropy)(const float *logits, const int32_t *target, const float *weight,
                                float smoothing, ptrdiff_t classes, ptrdiff_t begin,
                                ptrdiff_t end, float *loss, float *dlogits);
  void (*softmax)(const float *a, ptrdiff_t n, ptrdiff_t begin, ptrdiff_t end, float *out);

  void (*uniform)(uint64_t key, uint64_t stream, ptrdiff_t begin, ptrdiff_t end, float *out);
  void (*dropout_mask)(uint64_t key, uint64_t stream, float rate, ptrdiff_t begin, ptrdiff_t end,
                       float *out);

  double (*sgd)(float *w, const float *gradient, float *velocity, ptrdiff_t count, ck_treatment,
                float rate, float momentum, bool nesterov);
  double (*adam)(float *w, const float *gradient, float *m, float *v, float *peak, ptrdiff_t count,
                 ck_treatment, float rate, float beta1, float beta2, double correction1,
                 double correction2, float epsilon);
  double (*rms)(float *w, const float *gradient, float *v, float *mean, float *velocity,
                ptrdiff_t count, ck_treatment, float rate, float scale, float momentum, float keep,
                float add, float epsilon, bool inside);

  void (*unfold)(const ck_window *, const float *image, ptrdiff_t first, ptrdiff_t count, float *to,
                 ptrdiff_t ld);
  void (*unfold_panels)(const ck_window *, const float *image, ptrdiff_t first, ptrdiff_t count,
                        float *to, ptrdiff_t row, ptrdiff_t depth);
  void (*fold)(const ck_window *, float *from, ptrdiff_t ld, ptrdiff_t first,
               ptrdiff_t count, float *image);

  double (*multiply_adds)(ptrdiff_t rounds, float a, float b, float *sum);
};

extern const ck_isa ck_isa_baseline;
#if defined(__x86_64__)
extern const ck_isa ck_isa_avx2;
extern const ck_isa ck_isa_avx512;
#endif

/// The table of the set whose kernels the including file has just compiled.
#define CK_ISA_TABLE(set_name)                                                            \
  {                                                                                       \
    .name = set_name, .lanes = LANES, .panel = PANEL, .pack = pack,                       \
    .product_scratch = product_scratch, .product = product,                               \
    .product_taps = product_taps, .product_few = product_few, .transposed = transposed,   \
    .cell_pack = cell_pack,                                                               \
    .lstm_forward = lstm_forward, .lstm_backward = lstm_backward,                         \
    .gru_forward = gru_forward, .gru_backward = gru_backward, .rnn_forward = rnn_forward, \
    .rnn_backward = rnn_backward, .conv_lstm_forward = conv_lstm_forward,                 \
    .conv_lstm_backward = conv_lstm_backward, .pointwise2 = pointwise2,                   \
    .pointwise1 = pointwise1, .pointwise1_back = pointwise1_back, .activate = activate,   \
    .activate_back = activate_back, .affine = affine, .add_scaled = add_scaled,           \
    .sum_rows = sum_rows, .sum = sum, .sum_squares = sum_squares,                         \
    .all_finite = all_finite, .softmax_cross_entropy = softmax_cross_entropy,             \
    .softmax = softmax, .uniform = uniform, .dropout_mask = dropout_mask, .sgd = sgd,     \
    .adam = adam, .rms = rms, .unfold = unfold, .unfold_panels = unfold_panels,           \
    .fold = fold, .multiply_adds = multiply_adds                                          \
  }

#endif
