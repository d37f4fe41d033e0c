// The LSTM over whole sequences, forward and backward.

/// Gates, cell and output of `rows` rows at once, from their pre-activations z[rows, 4 · LANES]
/// without the biases.
INLINE void lstm_rows(const int rows, const float *z, ptrdiff_t count, ptrdiff_t hidden,
                      const float *bias, ptrdiff_t bias_row, const float *c_before,
                      ptrdiff_t c_row, ck_lstm_signals out, ptrdiff_t at, ptrdiff_t row,
                      float *next, ptrdiff_t next_row) {
  float *const gates[4] = {out.i + at, out.f + at, out.g + at, out.o + at};
  vfloat gate[4][ABREAST], c[ABREAST], tanh_c[ABREAST];
  UNROLLED(int g = 0; g < 4; g++) {
    UNROLLED(int r = 0; r < rows; r++) {
      gate[g][r] = load(z + (4 * r + g) * LANES, LANES) +
                   load(bias + r * bias_row + g * hidden, count);
    }
    squash(rows, gate[g], 0, g == 2 ? rows : 0);
    UNROLLED(int r = 0; r < rows; r++) store(gates[g] + r * row, count, gate[g][r]);
  }
  UNROLLED(int r = 0; r < rows; r++) {
    c[r] = gate[1][r] * load(c_before + r * c_row, count) + gate[0][r] * gate[2][r];
    store(out.c + at + r * row, count, c[r]);
    tanh_c[r] = c[r];
  }
  hyperbolic_tangent(rows, tanh_c);
  UNROLLED(int r = 0; r < rows; r++) {
    const vfloat h = gate[3][r] * tanh_c[r];
    store(out.tanh_c + at + r * row, count, tanh_c[r]);
    store(out.h + at + r * row, count, h);
    store(next + r * next_row, count, h);
  }
}

/// The same for all rows of a tile, some abreast.
INLINE void lstm_gates(const float *z, ptrdiff_t rows, ptrdiff_t count, ptrdiff_t hidden,
                       const float *bias, ptrdiff_t bias_row, const float *c_before,
                       ptrdiff_t c_row, ck_lstm_signals out, ptrdiff_t at, ptrdiff_t row,
                       float *next, ptrdiff_t next_row) {
#define LSTM_ROWS(count_of_rows)                                                              \
  lstm_rows(count_of_rows, z + r * 4 * LANES, count, hidden, bias + r * bias_row, bias_row,   \
            c_before + r * c_row, c_row, out, at + r * row, row, next + r * next_row, next_row)
  ptrdiff_t r = 0;
  for (; r + 3 <= rows; r += 3) LSTM_ROWS(3);
  if (r + 2 == rows) LSTM_ROWS(2);
  if (r + 1 == rows) LSTM_ROWS(1);
#undef LSTM_ROWS
}

/// Rows [begin, end) through all time steps; `far`: the weights come from far away at each of them.
INLINE void lstm_forward_group(const bool far, ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                               const float *x, const float *h0, const float *c0,
                               const float *packed, const float *bias, ck_lstm_signals out,
                               float *scratch) {
  const ptrdiff_t input = s.input, hidden = s.hidden, k = input + hidden, rows = end - begin;
  const ptrdiff_t row = s.time * hidden;  // from one sequence to the next
  const ptrdiff_t tiles = pieces(rows, ROWS_4);
  const ptrdiff_t abreast = units_abreast(far);
  float *now = scratch, *next = now + rows * k;  // [x, h] of every row
  float sums[ROWS_4 * 4 * LANES];
  float *z = far ? next + rows * k : sums;
  copy_rows(h0 + begin * hidden, hidden, rows, hidden, now + input, k);
  for (ptrdiff_t t = 0; t < s.time; t++) {
    copy_rows(x + (begin * s.time + t) * input, s.time * input, rows, input, now, k);
    const float *c_before = t ? out.c + begin * row + (t - 1) * hidden : c0 + begin * hidden;
    const ptrdiff_t c_row = t ? row : hidden;
#define LSTM_TILE_GATES                                                                         \
  lstm_gates(z + at, count, hidden - j, hidden, bias_at(s, 4, bias, begin + r, t) + j,          \
             bias_rows(s, 4), c_before + r * c_row + j, c_row, out,                             \
             (begin + r) * row + t * hidden + j, row, next + r * k + input + j, k)
    for (ptrdiff_t first = 0; first < hidden; first += abreast) {
      const ptrdiff_t last = smaller(first + abreast, hidden);
      for (ptrdiff_t j = first; j < last; j += LANES) {
        const float *block = packed + 4 * j * k;
        for (ptrdiff_t i = 0; i < tiles; i++) {
          const ptrdiff_t r = rows * i / tiles, count = rows * (i + 1) / tiles - r;
          const ptrdiff_t at = far ? 4 * ((j - first) * rows + r * LANES) : 0;
          tile_job job = {.k = k, .a = now + r * k, .row = k, .column = 1, .b = block, .z = z + at,
                          .z_row = 4 * LANES};
          if (far) {
            fetch_share(&job, j + LANES < hidden ? block + 4 * LANES * k : packed, 4 * LANES * k, i,
                        tiles);
          }
          tile(count, 4, &job);
          if (!far) LSTM_TILE_GATES;
        }
      }
      for (ptrdiff_t i = 0; far && i < tiles; i++) {
        const ptrdiff_t r = rows * i / tiles, count = rows * (i + 1) / tiles - r;
        for (ptrdiff_t j = first; j < last; j += LANES) {
          const ptrdiff_t at = 4 * ((j - first) * rows + r * LANES);
          LSTM_TILE_GATES;
        }
      }
    }
#undef LSTM_TILE_GATES
    float *swap = now;
    now = next, next = swap;
  }
}

static void lstm_forward(ck_sequence s, ptrdiff_t begin, ptrdiff_t end, const float *x,
                         const float *h0, const float *c0, const float *packed, const float *bias,
                         ck_lstm_signals out, float *scratch) {
  const ptrdiff_t rows = end - begin, weights = 4 * (s.input + s.hidden) * s.hidden;
  if (weights > NEARBY) {
    lstm_forward_group(true, s, begin, end, x, h0, c0, packed, bias, out, scratch);
    return;
  }
  const ptrdiff_t groups = row_groups(rows, ROWS_4, weights);
  for (ptrdiff_t i = 0; i < groups; i++) {
    lstm_forward_group(false, s, begin + rows * i / groups, begin + rows * (i + 1) / groups, x, h0,
                       c0, packed, bias, out, scratch);
  }
}

/// dz of one row at one time step. `dc` holds what reaches c from the step after, and then what
/// reaches the step before. Returns ‖dh‖².
INLINE float lstm_row_back(ck_lstm_signals saved, ptrdiff_t at, const float *c_before,
                           ptrdiff_t hidden, const float *dh, const float *dh_after, float *dc,
                           float *dz) {
  vfloat square = splat(0);
  for (ptrdiff_t j = 0; j < hidden; j += LANES) {
    const ptrdiff_t count = hidden - j;
    vfloat i = load(saved.i + at + j, count), f = load(saved.f + at + j, count);
    vfloat g = load(saved.g + at + j, count), o = load(saved.o + at + j, count);
    vfloat tanh_c = load(saved.tanh_c + at + j, count);
    vfloat dh_total = load_gradient(dh, at + j, count) + load(dh_after + j, count);
    square += dh_total * dh_total;
    vfloat dc_total = load(dc + j, count) + dh_total * o * (1 - tanh_c * tanh_c);
    vfloat dz_i = dc_total * g * i * (1 - i);
    vfloat dz_f = dc_total * load(c_before + j, count) * f * (1 - f);
    vfloat dz_g = dc_total * i * (1 - g * g);
    vfloat dz_o = dh_total * tanh_c * o * (1 - o);
    store(dc + j, count, dc_total * f);
    store(dz + j, count, dz_i);
    store(dz + hidden + j, count, dz_f);
    store(dz + 2 * hidden + j, count, dz_g);
    store(dz + 3 * hidden + j, count, dz_o);
  }
  return (float)total(widen(square));
}

/// Rows [begin, end) through all time steps.
static void lstm_backward_group(ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                                ck_lstm_signals saved, const float *c0, const float *packed_back,
                                const float *dh, const float *dh_last, const float *dc_last,
                                float *dz, float *dh0, float *dc0, float *dh_square,
                                float *scratch) {
  const ptrdiff_t hidden = s.hidden, rows = end - begin;
  const ptrdiff_t size = 4 * hidden, row = s.time * size;
  float *dz_copy = scratch, *dh_now = dz_copy + rows * size, *dc = dh_now + rows * hidden;
  copy_rows(dh_last ? dh_last + begin * hidden : NULL, hidden, rows, hidden, dh_now, hidden);
  copy_rows(dc_last ? dc_last + begin * hidden : NULL, hidden, rows, hidden, dc, hidden);
  for (ptrdiff_t t = s.time - 1; t >= 0; t--) {
    for (ptrdiff_t r = 0; r < rows; r++) {
      const ptrdiff_t step = (begin + r) * s.time + t;
      const float *c_before = t ? saved.c + (step - 1) * hidden : c0 + (begin + r) * hidden;
      dh_square[step] =
          lstm_row_back(saved, step * hidden, c_before, hidden, dh, dh_now + r * hidden,
                        dc + r * hidden, dz + step * size);
    }
    const float *dz_now = dz + begin * row + t * size;
    if (rows > ROWS_IN_PLACE) copy_rows(dz_now, row, rows, size, dz_copy, size);
    if (rows > ROWS_IN_PLACE) dz_now = dz_copy;
    gradient_through_weights(dz_now, rows > ROWS_IN_PLACE ? size : row, size, packed_back, dh_now,
                             hidden, rows, false);
  }
  copy_rows(dh_now, hidden, rows, hidden, dh0 + begin * hidden, hidden);
  copy_rows(dc, hidden, rows, hidden, dc0 + begin * hidden, hidden);
}

static void lstm_backward(ck_sequence s, ptrdiff_t begin, ptrdiff_t end, ck_lstm_signals saved,
                          const float *c0, const float *packed_back, const float *dh,
                          const float *dh_last, const float *dc_last, float *dz, float *dh0,
                          float *dc0, float *dh_square, float *scratch) {
  const ptrdiff_t rows = end - begin;
  const ptrdiff_t groups = row_groups(rows, tile_rows(PANEL), 4 * s.hidden * s.hidden);
  for (ptrdiff_t i = 0; i < groups; i++) {
    lstm_backward_group(s, begin + rows * i / groups, begin + rows * (i + 1) / groups, saved, c0,
                        packed_back, dh, dh_last, dc_last, dz, dh0, dc0, dh_square, scratch);
  }
}
