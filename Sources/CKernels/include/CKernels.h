#ifndef CKERNELS_H
#define CKERNELS_H

// Loops over `float *`. No allocation, no threads, no globals that change but the counters of a
// profile: the caller owns every buffer, cuts the work into parts and calls once per part. All
// matrices are row-major.
//
// One source is compiled once per instruction set; `ck_isa` is the table of its functions.
// Bits: an output element is accumulated in one fixed order over k, whatever the tile, the part or
// the number of threads, so any partition of rows or columns gives the same bits.
//
// Letters: B batch, T time steps, I input features, H hidden units, M N K product sizes.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The kernels of one instruction set.
typedef struct ck_isa ck_isa;

/// The best set that this machine runs, or the one called `name` ("baseline", "avx2", "avx512");
/// NULL when the machine lacks it or the name is unknown. `name` may be NULL: the best.
const ck_isa *ck_isa_select(const char *name);
const char *ck_isa_name(const ck_isa *isa);
/// Floats in one vector register: 4, 8 or 16.
ptrdiff_t ck_isa_lanes(const ck_isa *isa);

/// Flushes denormal numbers to zero on this thread; returns the state that `ck_float_restore` takes.
uint32_t ck_float_flush_denormals(void);
void ck_float_restore(uint32_t state);
/// A short pause of a thread that waits for another without sleeping.
void ck_pause(void);

// --- Packed product -------------------------------------------------------------------------
// C[M,N] = A[M,K] · B[K,N] (+ C) (+ bias[N]). A and B may be transposed: element (i, j) of a
// matrix stands at data[i * row + j * column].

typedef struct {
  const float *data;
  ptrdiff_t row, column;  // strides, in floats
} ck_matrix;

/// Columns in one packed panel of B.
ptrdiff_t ck_panel_width(const ck_isa *isa);
/// Floats that packed B takes: all panels, the last one possibly narrower inside.
ptrdiff_t ck_packed_size(const ck_isa *isa, ptrdiff_t k, ptrdiff_t n);
/// Packs panels [begin, end) of B[K,N]; panel p holds columns from p * width.
void ck_pack(const ck_isa *isa, ck_matrix b, ptrdiff_t k, ptrdiff_t n, ptrdiff_t begin,
             ptrdiff_t end, float *packed);
/// Floats of scratch that one call of `ck_product` needs.
ptrdiff_t ck_product_scratch(const ck_isa *isa, ptrdiff_t rows, ptrdiff_t k);
/// What every sum begins with: a number for each column of C, or for each row, or (both NULL) 0.
typedef struct {
  const float *of_columns, *of_rows;
} ck_bias;
/// Rows [row_begin, row_end) and panels [panel_begin, panel_end) of C = A B + bias, which has `ldc`
/// floats a row; `accumulate` adds to what C holds.
void ck_product(const ck_isa *isa, ck_matrix a, const float *packed_b, float *c, ptrdiff_t ldc,
                ptrdiff_t k, ptrdiff_t n, ptrdiff_t row_begin, ptrdiff_t row_end,
                ptrdiff_t panel_begin, ptrdiff_t panel_end, ck_bias bias, bool accumulate,
                float *scratch);
/// Rows [row_begin, row_end) of C = Σ A_tap B_tap + bias over `taps` matrices A_tap[M, depth], each
/// `jump` floats after the last. Packed B[taps · depth, N] has the rows of all taps; `bias` is one
/// of columns, or NULL.
void ck_product_taps(const ck_isa *isa, ck_matrix a, ptrdiff_t taps, ptrdiff_t jump,
                     const float *packed_b, float *c, ptrdiff_t ldc, ptrdiff_t depth, ptrdiff_t n,
                     ptrdiff_t row_begin, ptrdiff_t row_end, const float *bias);
/// Most rows of A that `ck_product_few` takes.
ptrdiff_t ck_few_rows(void);
/// Columns [begin, end) of C = A B + bias, which has `ldc` floats a row, for a few rows of A and a B
/// that is not packed. The same bits as `ck_product`; `bias` is one of columns, or NULL.
void ck_product_few(const ck_isa *isa, ck_matrix a, ck_matrix b, float *c, ptrdiff_t ldc,
                    ptrdiff_t rows, ptrdiff_t k, ptrdiff_t begin, ptrdiff_t end,
                    const float *bias);
/// to[N, M] = from[M, N] transposed.
void ck_transpose(const ck_isa *isa, const float *from, ptrdiff_t m, ptrdiff_t n, float *to);

// --- Recurrent sequences --------------------------------------------------------------------
// Each call runs batch rows [begin, end) through all T steps. Sequences are [B, T, ·], states
// [B, H]. Gates are stacked in rows as PyTorch stacks them: LSTM i, f, g, o; GRU r, z, n.
// The packed weights hold, for each block of hidden units and each k over [x, h], the gates of
// that block side by side; both products accumulate into the same registers.

/// With `given`, what the input adds to the pre-activations is known: `input` is 0, and the (input)
/// bias of a forward call is [B, T, G·H], one for every sequence and time step.
typedef struct {
  ptrdiff_t batch, time, input, hidden;
  bool given;
} ck_sequence;

typedef enum { CK_TANH = 0, CK_RELU = 1 } ck_activation;

/// Gates of a cell: RNN 1, GRU 3, LSTM 4.
/// Floats of packed forward weights, and packing of weight_ih [G·H, I] and weight_hh [G·H, H] for
/// panels [begin, end) of units.
/// (GRU keeps the recurrent product of n apart from its input product.)
ptrdiff_t ck_cell_packed_size(const ck_isa *isa, ptrdiff_t gates, ptrdiff_t input,
                              ptrdiff_t hidden);
void ck_cell_pack(const ck_isa *isa, ptrdiff_t gates, ptrdiff_t input, ptrdiff_t hidden,
                  const float *weight_ih, const float *weight_hh, ptrdiff_t begin, ptrdiff_t end,
                  float *packed);
/// Floats of scratch that one forward or backward call over `rows` batch rows needs.
ptrdiff_t ck_cell_scratch(const ck_isa *isa, ptrdiff_t gates, ck_sequence s, ptrdiff_t rows);

/// Going back, `packed_back` is weight_hh [G·H, H] as `ck_pack` packs the right side of dz · W_hh.

/// LSTM:  i, f, o = σ(·), g = tanh(·), c = f c' + i g, h = o tanh c.
/// `bias` [4H] is b_ih + b_hh. Every output is [B, T, H].
typedef struct {
  float *i, *f, *g, *o, *c, *tanh_c, *h;
} ck_lstm_signals;
void ck_lstm_forward(const ck_isa *isa, ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                     const float *x, const float *h0, const float *c0, const float *packed,
                     const float *bias, ck_lstm_signals out, float *scratch);
/// Writes dz [B, T, 4H] (gradient of the pre-activations, gates i, f, g, o), dh0 and dc0 [B, H],
/// and `dh_square` [B, T] = ‖dL/dh_t‖² with everything that reaches h_t. `dh`, the gradient of the
/// outputs [B, T, H], and `dh_last`, `dc_last` [B, H], those of the final state, may be NULL:
/// zeros.
void ck_lstm_backward(const ck_isa *isa, ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                      ck_lstm_signals saved, const float *c0, const float *packed_back,
                      const float *dh, const float *dh_last, const float *dc_last, float *dz,
                      float *dh0, float *dc0, float *dh_square, float *scratch);

/// GRU:  r, z = σ(·), n = tanh(W x + b + r q), q = U h' + c, h = (1 − z) n + z h'.
/// `bias_ih`, `bias_hh` [3H]. `q` is the recurrent part of n before the reset gate.
typedef struct {
  float *r, *z, *n, *q, *h;
} ck_gru_signals;
void ck_gru_forward(const ck_isa *isa, ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                    const float *x, const float *h0, const float *packed, const float *bias_ih,
                    const float *bias_hh, ck_gru_signals out, float *scratch);
/// Writes dz_ih [B, T, 3H], the gradient of W x + b, and dz_hh [B, T, 3H], that of U h' + c
/// (they differ in n only), dh0 and dh_square as above.
void ck_gru_backward(const ck_isa *isa, ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                     ck_gru_signals saved, const float *h0, const float *packed_back,
                     const float *dh, const float *dh_last, float *dz_ih, float *dz_hh,
                     float *dh0, float *dh_square, float *scratch);

/// RNN:  h = tanh or relu (W x + U h' + bias). `bias` [H] is b_ih + b_hh.
void ck_rnn_forward(const ck_isa *isa, ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                    ck_activation activation, const float *x, const float *h0,
                    const float *packed, const float *bias, float *h, float *scratch);
void ck_rnn_backward(const ck_isa *isa, ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                     ck_activation activation, const float *h, const float *packed_back,
                     const float *dh, const float *dh_last, float *dz, float *dh0,
                     float *dh_square, float *scratch);

/// Convolutional LSTM at `count` places of one channel; everything points at the first of them.
/// Peepholes of the channel, one weight for all places or one for each; NULL: none.
typedef struct {
  const float *i, *f, *o;
  bool each_place;
} ck_peepholes;
/// Sums of the peepholes' gradients at each place; NULL: none.
typedef struct {
  float *i, *f, *o;
} ck_peephole_sums;
/// i, f = σ(z + b + p c'), g = tanh(z + b), c = f c' + i g, o = σ(z + b + p c), h = o tanh c.
/// The gates' `z` are `z_gate` floats apart, their biases `bias_gate`.
void ck_conv_lstm_forward(const ck_isa *isa, ptrdiff_t count, const float *z, ptrdiff_t z_gate,
                          const float *bias, ptrdiff_t bias_gate, ck_peepholes p,
                          const float *c_before, ck_lstm_signals out);
/// Writes dz and adds to `sums`; `dc` holds what reaches c from the step after, and then what
/// reaches the step before. `dh` may be NULL: zeros. Returns ‖dL/dh‖² of these places.
double ck_conv_lstm_backward(const ck_isa *isa, ptrdiff_t count, ck_lstm_signals saved,
                             const float *c_before, ck_peepholes p, const float *dh,
                             const float *dh_after, float *dc, float *dz, ptrdiff_t dz_gate,
                             ck_peephole_sums sums);

// --- Pointwise, over `count` floats; `out` may be one of the inputs ---------------------------

typedef enum { CK_ADD, CK_SUBTRACT, CK_MULTIPLY, CK_DIVIDE } ck_binary;
typedef enum { CK_EXP, CK_LOG, CK_SIGMOID, CK_TANH_OF, CK_RELU_OF, CK_SQRT } ck_unary;
void ck_pointwise2(const ck_isa *isa, ck_binary op, const float *a, const float *b, float *out,
                   ptrdiff_t count);
void ck_pointwise1(const ck_isa *isa, ck_unary op, const float *a, float *out, ptrdiff_t count);
/// out = dy · f'(x), from y = f(x): sigmoid, tanh, relu and exp only need y.
void ck_pointwise1_back(const ck_isa *isa, ck_unary op, const float *y, const float *dy, float *out,
                        ptrdiff_t count);
/// Activations whose derivative follows from x; `alpha` is the slope of leaky relu below 0 and the
/// limit of elu. GELU is the exact one, with the error function, or the one with tanh.
typedef enum {
  CK_LEAKY_RELU, CK_ELU, CK_SELU, CK_GELU, CK_GELU_TANH, CK_SILU, CK_MISH, CK_SOFTPLUS,
  CK_HARD_SIGMOID, CK_HARD_TANH, CK_SOFTSIGN
} ck_function;
void ck_activate(const ck_isa *isa, ck_function function, float alpha, const float *x, float *out,
                 ptrdiff_t count);
/// out = dy · f'(x).
void ck_activate_back(const ck_isa *isa, ck_function function, float alpha, const float *x,
                      const float *dy, float *out, ptrdiff_t count);
/// out = a · scale + offset.
void ck_affine(const ck_isa *isa, const float *a, float scale, float offset, float *out,
               ptrdiff_t count);
/// out += a · scale.
void ck_add_scaled(const ck_isa *isa, const float *a, float scale, float *out, ptrdiff_t count);

// --- Rows and reductions ----------------------------------------------------------------------

/// out[N] (+)= sum over the M rows of a[M, N], columns [begin, end), in row order.
void ck_sum_rows(const ck_isa *isa, const float *a, ptrdiff_t m, ptrdiff_t n, ptrdiff_t begin,
                 ptrdiff_t end, float *out, bool accumulate);
/// Sum and sum of squares in double, in one fixed order of lanes.
double ck_sum(const ck_isa *isa, const float *a, ptrdiff_t count);
double ck_sum_squares(const ck_isa *isa, const float *a, ptrdiff_t count);
/// Whether every float is finite.
bool ck_all_finite(const ck_isa *isa, const float *a, ptrdiff_t count);
/// Softmax cross entropy of rows [begin, end) of logits [M, V]: loss[m] = logsumexp(z_m) − Σ_v q_v z_v
/// and, when `dlogits` is not NULL, dlogits = (softmax − q) · weight[m], where q is 1 − `smoothing` at
/// the target plus smoothing / V everywhere. `weight` (NULL: ones)
/// is the mask times the scale; where it is 0, loss and gradient are 0 and the target is not read.
/// Loss is not weighted. Targets are class numbers; they must be valid where the weight is not 0.
void ck_softmax_cross_entropy(const ck_isa *isa, const float *logits, const int32_t *target,
                              const float *weight, float smoothing, ptrdiff_t classes,
                              ptrdiff_t begin, ptrdiff_t end, float *loss, float *dlogits);
/// Softmax of rows [begin, end) of a[M, N].
void ck_softmax(const ck_isa *isa, const float *a, ptrdiff_t n, ptrdiff_t begin, ptrdiff_t end,
                float *out);

// --- Random numbers -----------------------------------------------------------------------------

/// Philox 4x32-10: out[4] = block `counter` of the generator keyed by `key`.
void ck_philox(const uint32_t key[2], const uint32_t counter[4], uint32_t out[4]);
/// Elements [begin, end) of the uniform stream (key, stream): element e is word e % 4 of the block
/// with counter (e / 4 low, e / 4 high, stream low, stream high), mapped to [0, 1) by 24 bits.
void ck_uniform(const ck_isa *isa, uint64_t key, uint64_t stream, ptrdiff_t begin, ptrdiff_t end,
                float *out);
/// The same stream as a dropout mask: 0 where the uniform number is < rate, else 1 / (1 − rate).
void ck_dropout_mask(const ck_isa *isa, uint64_t key, uint64_t stream, float rate, ptrdiff_t begin,
                     ptrdiff_t end, float *out);

// --- Optimiser steps, in place ------------------------------------------------------------------

/// What a rule sees of a gradient, and what else happens to the weights:
/// g = cut(clip · gradient, ±limit) + decay · w, and w loses shrink · w besides the rule's update.
typedef struct {
  float clip;    // factor on the gradient
  float limit;   // largest size of an element after that; INFINITY: any
  float decay;   // L2 penalty
  float shrink;  // decoupled weight decay, times the learning rate
} ck_treatment;

/// SGD: v = momentum v + g; w −= rate (nesterov ? g + momentum v : v).
/// With momentum 0, `velocity` may be NULL. Returns the sum of squares of the update.
double ck_sgd(const ck_isa *isa, float *w, const float *gradient, float *velocity, ptrdiff_t count,
              ck_treatment how, float rate, float momentum, bool nesterov);
/// Adam: m, v moments; correction1 = 1 − β1^t, correction2 = 1 − β2^t;
/// w −= rate (m / correction1) / (sqrt(v / correction2) + epsilon). With AMSGrad's `peak`, which may
/// be NULL, the largest v so far takes the place of v. Returns the sum of squares of the update.
double ck_adam(const ck_isa *isa, float *w, const float *gradient, float *m, float *v, float *peak,
               ptrdiff_t count, ck_treatment how, float rate, float beta1, float beta2,
               double correction1, double correction2, float epsilon);
/// RMSProp, and Adagrad with keep and add 1: v = keep v + add g²;
/// u = scale g / (inside ? sqrt(v + epsilon) : sqrt(v) + epsilon); b = momentum b + u; w −= rate b.
/// With a `mean`, which may be NULL, mean = keep mean + add g and v - mean^2, at least 0, takes the
/// place of v under the root. With momentum 0, `velocity` b may be NULL. Returns the sum of squares
/// of the update.
double ck_rms(const ck_isa *isa, float *w, const float *gradient, float *v, float *mean,
              float *velocity, ptrdiff_t count, ck_treatment how, float rate, float scale,
              float momentum, float keep, float add, float epsilon, bool inside);

// --- Windows over images ----------------------------------------------------------------------
// An image has three spatial axes, of which the first ones may be 1. Output position o of an axis
// sees inputs o * stride - pad + tap * dilation; what lies outside the image is padding.

typedef struct {
  ptrdiff_t channels;
  ptrdiff_t in[3], out[3], kernel[3], stride[3], pad[3], dilation[3];
} ck_window;

/// Columns [first, first + count) of the matrix [channels · taps, positions] of what every output
/// position sees of an image [channels, in]; `to` has `ld` floats a row.
void ck_unfold(const ck_isa *isa, const ck_window *w, const float *image, ptrdiff_t first,
               ptrdiff_t count, float *to, ptrdiff_t ld);
/// The same as packed B, at most `ck_unfolded_columns` of them: they become rows `row` and on of a
/// matrix with `depth` rows.
void ck_unfold_panels(const ck_isa *isa, const ck_window *w, const float *image, ptrdiff_t first,
                      ptrdiff_t count, float *to, ptrdiff_t row, ptrdiff_t depth);
ptrdiff_t ck_unfolded_columns(void);
/// The adjoint of `ck_unfold`: adds these columns to the places of the image that they came from.
/// What the columns hold of padding may be lost.
void ck_fold(const ck_isa *isa, const ck_window *w, float *from, ptrdiff_t ld,
             ptrdiff_t first, ptrdiff_t count, float *image);

/// Planes [begin, end) of x [planes, in, inner] to out [planes, out, inner]. Of the last spatial
/// axis of a plane only `limit` inputs count (NULL: all); a window that sees none gives 0. The
/// maximum is the first of equals; the mean divides by all taps, padding included.
void ck_max_pool(const ck_window *w, ptrdiff_t inner, const int32_t *limit, const float *x,
                 ptrdiff_t begin, ptrdiff_t end, float *out);
void ck_mean_pool(const ck_window *w, ptrdiff_t inner, const int32_t *limit, const float *x,
                  ptrdiff_t begin, ptrdiff_t end, float *out);
/// The same backwards: adds to dx. `y` is what `ck_max_pool` made of x.
void ck_max_pool_back(const ck_window *w, ptrdiff_t inner, const int32_t *limit, const float *x,
                      const float *y, const float *dy, ptrdiff_t begin, ptrdiff_t end, float *dx);
void ck_mean_pool_back(const ck_window *w, ptrdiff_t inner, const int32_t *limit, const float *dy,
                       ptrdiff_t begin, ptrdiff_t end, float *dx);

// --- Profile --------------------------------------------------------------------------------
// Where the time of kernels goes, summed over threads. Any thread may call these; counts belong to
// the whole process.

/// What kernels do.
typedef enum {
  CK_KERNEL_PRODUCT, CK_KERNEL_PACKING, CK_KERNEL_UNFOLDING, CK_KERNEL_CELL_FORWARD,
  CK_KERNEL_CELL_BACKWARD, CK_KERNEL_GATES, CK_KERNEL_ACTIVATION, CK_KERNEL_ARITHMETIC,
  CK_KERNEL_SUMS, CK_KERNEL_SOFTMAX, CK_KERNEL_POOLING, CK_KERNEL_RANDOM, CK_KERNEL_OPTIMISER,
  CK_KERNELS
} ck_kernel;
/// Forgets what was counted, and counts every call from now on.
void ck_profile_begin(void);
/// Counts nothing from now on; what was counted stays.
void ck_profile_end(void);
uint64_t ck_profile_nanoseconds(ck_kernel kernel);
uint64_t ck_profile_calls(ck_kernel kernel);

// --- Peak -----------------------------------------------------------------------------------

/// `rounds` times x = x · a + b in vectors that start at 0, 1, 2 … and stay in registers: the most
/// multiply-adds that a thread does. Returns the floating-point operations that were done, two for
/// each lane and round, and leaves the sum of all lanes in `sum`.
double ck_multiply_adds(const ck_isa *isa, ptrdiff_t rounds, float a, float b, float *sum);

#endif
