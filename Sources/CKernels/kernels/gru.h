// The GRU over whole sequences, forward and backward.

/// Gates and output of `rows` rows at once from z[rows, 3 · LANES], the sums of r, z and q, and from
/// the input product of n, [rows, LANES], all without biases.
INLINE void gru_rows(const int rows, const float *z, const float *n_input, ptrdiff_t count,
                     ptrdiff_t hidden, const float *bias_ih, ptrdiff_t bias_row,
                     const float *bias_hh, ck_gru_signals out, ptrdiff_t at, ptrdiff_t row,
                     const float *before, float *next, ptrdiff_t next_row) {
  vfloat gate[ABREAST], q[ABREAST], n[ABREAST];
  UNROLLED(int i = 0; i < rows; i++) {
    const float *bias = bias_ih + i * bias_row;
    gate[2 * i] = load(z + 3 * i * LANES, LANES) + (load(bias, count) + load(bias_hh, count));
    gate[2 * i + 1] = load(z + (3 * i + 1) * LANES, LANES) +
                      (load(bias + hidden, count) + load(bias_hh + hidden, count));
    q[i] = load(z + (3 * i + 2) * LANES, LANES) + load(bias_hh + 2 * hidden, count);
  }
  sigmoid(2 * rows, gate);
  UNROLLED(int i = 0; i < rows; i++) {
    n[i] = load(n_input + i * LANES, LANES) + load(bias_ih + i * bias_row + 2 * hidden, count) +
           gate[2 * i] * q[i];
  }
  hyperbolic_tangent(rows, n);
  UNROLLED(int i = 0; i < rows; i++) {
    vfloat update = gate[2 * i + 1];
    vfloat h = (1 - update) * n[i] + update * load(before + i * next_row, count);
    store(out.r + at + i * row, count, gate[2 * i]);
    store(out.z + at + i * row, count, update);
    store(out.n + at + i * row, count, n[i]);
    store(out.q + at + i * row, count, q[i]);
    store(out.h + at + i * row, count, h);
    store(next + i * next_row, count, h);
  }
}

/// The same for all rows of a tile, some abreast.
INLINE void gru_gates(const float *z, const float *n_input, ptrdiff_t rows, ptrdiff_t count,
                      ptrdiff_t hidden, const float *bias_ih, ptrdiff_t bias_row,
                      const float *bias_hh, ck_gru_signals out, ptrdiff_t at, ptrdiff_t row,
                      const float *before, float *next, ptrdiff_t next_row) {
#define GRU_ROWS(count_of_rows)                                                                \
  gru_rows(count_of_rows, z + 3 * r * LANES, n_input + r * LANES, count, hidden,               \
           bias_ih + r * bias_row, bias_row, bias_hh, out, at + r * row, row,                  \
           before + r * next_row, next + r * next_row, next_row)
  ptrdiff_t r = 0;
  for (; r + 3 <= rows; r += 3) GRU_ROWS(3);
  if (r + 2 <= rows) { GRU_ROWS(2); r += 2; }
  if (r < rows) GRU_ROWS(1);
#undef GRU_ROWS
}

/// The sums of one tile: r and z over [x, h] in one go, n over x alone and q over h alone. `job` is
/// the part over x.
INLINE void gru_tile(ptrdiff_t rows, tile_job job, ptrdiff_t hidden, float *n_input,
                     const float *next, ptrdiff_t i, ptrdiff_t tiles) {
  const ptrdiff_t input = job.k;
  tile(rows, 3, &job);
  for (ptrdiff_t r = 0; r < rows; r++) {
    float *n = job.z + r * 3 * LANES + 2 * LANES;
    store(n_input + r * LANES, LANES, load(n, LANES));
    store(n, LANES, splat(0));
  }
  job.k = hidden, job.a += input, job.b += input * 3 * LANES;
  job.start = job.z, job.start_row = 3 * LANES;
  if (next) fetch_share(&job, next, 3 * LANES * (input + hidden), i, tiles);
  tile(rows, 3, &job);
}

/// Rows [begin, end) through all time steps.
static void gru_forward_group(ck_sequence s, ptrdiff_t begin, ptrdiff_t end, const float *x,
                              const float *h0, const float *packed, const float *bias_ih,
                              const float *bias_hh, ck_gru_signals out, float *scratch) {
  const ptrdiff_t input = s.input, hidden = s.hidden, k = input + hidden, rows = end - begin;
  const ptrdiff_t row = s.time * hidden;  // from one sequence to the next
  const ptrdiff_t tiles = pieces(rows, ROWS_3);
  const bool far = 3 * k * hidden > NEARBY;
  float *now = scratch, *next = scratch + rows * k;  // [x, h] of every row
  copy_rows(h0 + begin * hidden, hidden, rows, hidden, now + input, k);
  for (ptrdiff_t t = 0; t < s.time; t++) {
    copy_rows(x + (begin * s.time + t) * input, s.time * input, rows, input, now, k);
    for (ptrdiff_t j = 0; j < hidden; j += LANES) {
      const float *block = packed + 3 * j * k;
      const float *block_after = j + LANES < hidden ? block + 3 * LANES * k : packed;
      for (ptrdiff_t i = 0; i < tiles; i++) {
        const ptrdiff_t r = rows * i / tiles, count = rows * (i + 1) / tiles - r;
        float z[ROWS_3 * 3 * LANES], n_input[ROWS_3 * LANES];
        const tile_job job = {.k = input, .a = now + r * k, .row = k, .column = 1, .b = block,
                              .z = z, .z_row = 3 * LANES};
        gru_tile(count, job, hidden, n_input, far ? block_after : NULL, i, tiles);
        gru_gates(z, n_input, count, hidden - j, hidden,
                  bias_at(s, 3, bias_ih, begin + r, t) + j, bias_rows(s, 3), bias_hh + j, out,
                  (begin + r) * row + t * hidden + j, row, now + r * k + input + j,
                  next + r * k + input + j, k);
      }
    }
    float *swap = now;
    now = next, next = swap;
  }
}

static void gru_forward(ck_sequence s, ptrdiff_t begin, ptrdiff_t end, const float *x,
                        const float *h0, const float *packed, const float *bias_ih,
                        const float *bias_hh, ck_gru_signals out, float *scratch) {
  const ptrdiff_t rows = end - begin;
  const ptrdiff_t groups = row_groups(rows, ROWS_3, 3 * (s.input + s.hidden) * s.hidden);
  for (ptrdiff_t i = 0; i < groups; i++) {
    gru_forward_group(s, begin + rows * i / groups, begin + rows * (i + 1) / groups, x, h0, packed,
                      bias_ih, bias_hh, out, scratch);
  }
}

/// The gradients of one row at one time step. `dh_now` holds what reaches h from the step after,
/// and then what reaches the step before past the gates.
/// Returns ‖dh‖².
INLINE float gru_row_back(ck_gru_signals saved, ptrdiff_t at, const float *before,
                          ptrdiff_t hidden, const float *dh, float *dh_now, float *dz_ih,
                          float *dz_hh) {
  vfloat square = splat(0);
  for (ptrdiff_t j = 0; j < hidden; j += LANES) {
    const ptrdiff_t count = hidden - j;
    vfloat reset = load(saved.r + at + j, count), update = load(saved.z + at + j, count);
    vfloat n = load(saved.n + at + j, count), q = load(saved.q + at + j, count);
    vfloat dh_total = load_gradient(dh, at + j, count) + load(dh_now + j, count);
    square += dh_total * dh_total;
    vfloat dz_n = dh_total * (1 - update) * (1 - n * n);
    vfloat dz_z = dh_total * (load(before + j, count) - n) * update * (1 - update);
    vfloat dz_r = dz_n * q * reset * (1 - reset);
    vfloat dz_q = dz_n * reset;
    store(dh_now + j, count, dh_total * update);
    store(dz_ih + j, count, dz_r);
    store(dz_ih + hidden + j, count, dz_z);
    store(dz_ih + 2 * hidden + j, count, dz_n);
    store(dz_hh + j, count, dz_r);
    store(dz_hh + hidden + j, count, dz_z);
    store(dz_hh + 2 * hidden + j, count, dz_q);
  }
  return (float)total(widen(square));
}

/// Rows [begin, end) through all time steps.
static void gru_backward_group(ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                               ck_gru_signals saved, const float *h0, const float *packed_back,
                               const float *dh, const float *dh_last, float *dz_ih, float *dz_hh,
                               float *dh0, float *dh_square, float *scratch) {
  const ptrdiff_t hidden = s.hidden, rows = end - begin;
  const ptrdiff_t size = 3 * hidden, row = s.time * size;
  float *dz_copy = scratch, *dh_now = dz_copy + rows * size;
  copy_rows(dh_last ? dh_last + begin * hidden : NULL, hidden, rows, hidden, dh_now, hidden);
  for (ptrdiff_t t = s.time - 1; t >= 0; t--) {
    for (ptrdiff_t r = 0; r < rows; r++) {
      const ptrdiff_t step = (begin + r) * s.time + t;
      const float *before = t ? saved.h + (step - 1) * hidden : h0 + (begin + r) * hidden;
      dh_square[step] = gru_row_back(saved, step * hidden, before, hidden, dh,
                                     dh_now + r * hidden, dz_ih + step * size,
                                     dz_hh + step * size);
    }
    const float *dz_now = dz_hh + begin * row + t * size;
    if (rows > ROWS_IN_PLACE) copy_rows(dz_now, row, rows, size, dz_copy, size);
    if (rows > ROWS_IN_PLACE) dz_now = dz_copy;
    gradient_through_weights(dz_now, rows > ROWS_IN_PLACE ? size : row, size, packed_back, dh_now,
                             hidden, rows, true);
  }
  copy_rows(dh_now, hidden, rows, hidden, dh0 + begin * hidden, hidden);
}

static void gru_backward(ck_sequence s, ptrdiff_t begin, ptrdiff_t end, ck_gru_signals saved,
                         const float *h0, const float *packed_back, const float *dh,
                         const float *dh_last, float *dz_ih, float *dz_hh, float *dh0,
                         float *dh_square, float *scratch) {
  const ptrdiff_t rows = end - begin;
  const ptrdiff_t groups = row_groups(rows, tile_rows(PANEL), 3 * s.hidden * s.hidden);
  for (ptrdiff_t i = 0; i < groups; i++) {
    gru_backward_group(s, begin + rows * i / groups, begin + rows * (i + 1) / groups, saved, h0,
                       packed_back, dh, dh_last, dz_ih, dz_hh, dh0, dh_square, scratch);
  }
}
