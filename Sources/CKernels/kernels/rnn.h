// The plain recurrent layer (Elman) over whole sequences, forward and backward.

/// h of one tile from its pre-activations z[rows, stride], which it overwrites.
INLINE void rnn_outputs(float *z, ptrdiff_t stride, ptrdiff_t rows, ptrdiff_t units,
                        ck_activation activation, const float *bias, ptrdiff_t bias_row, float *h,
                        ptrdiff_t row, float *next, ptrdiff_t next_row) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    for (ptrdiff_t j = 0; j < units; j += LANES) {
      float *sum = z + r * stride + j;
      store(sum, LANES, load(sum, LANES) + load(bias + r * bias_row + j, units - j));
    }
  }
  if (activation == CK_TANH) {
    APPLY(hyperbolic_tangent, z, z, rows * stride);
  } else {
    for (ptrdiff_t j = 0; j < rows * stride; j += LANES) store(z + j, LANES, relu(load(z + j, LANES)));
  }
  for (ptrdiff_t r = 0; r < rows; r++) {
    for (ptrdiff_t j = 0; j < units; j += LANES) {
      vfloat y = load(z + r * stride + j, LANES);
      store(h + r * row + j, units - j, y);
      store(next + r * next_row + j, units - j, y);
    }
  }
}

/// Rows [begin, end) through all time steps.
static void rnn_forward_group(ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                              ck_activation activation, const float *x, const float *h0,
                              const float *packed, const float *bias, float *h, float *scratch) {
  const ptrdiff_t input = s.input, hidden = s.hidden, k = input + hidden, rows = end - begin;
  const ptrdiff_t row = s.time * hidden, width = PANEL * LANES;
  float *now = scratch, *next = scratch + rows * k;  // [x, h] of every row
  copy_rows(h0 + begin * hidden, hidden, rows, hidden, now + input, k);
  for (ptrdiff_t t = 0; t < s.time; t++) {
    copy_rows(x + (begin * s.time + t) * input, s.time * input, rows, input, now, k);
    for (ptrdiff_t j = 0; j < hidden; j += width) {
      const ptrdiff_t units = smaller(width, hidden - j), vectors = pieces(units, LANES);
      const ptrdiff_t tiles = pieces(rows, tile_rows(vectors));
      for (ptrdiff_t i = 0; i < tiles; i++) {
        const ptrdiff_t r = rows * i / tiles, count = rows * (i + 1) / tiles - r;
        float z[TILE];
        tile_job job = {.k = k, .a = now + r * k, .row = k, .column = 1, .b = packed + j * k,
                        .z = z, .z_row = vectors * LANES};
        if (k * hidden > NEARBY) {
          fetch_share(&job, packed + (j + width < hidden ? j + width : 0) * k, width * k, i, tiles);
        }
        tile(count, vectors, &job);
        rnn_outputs(z, vectors * LANES, count, units, activation,
                    bias_at(s, 1, bias, begin + r, t) + j, bias_rows(s, 1),
                    h + (begin + r) * row + t * hidden + j, row, next + r * k + input + j, k);
      }
    }
    float *swap = now;
    now = next, next = swap;
  }
}

static void rnn_forward(ck_sequence s, ptrdiff_t begin, ptrdiff_t end, ck_activation activation,
                        const float *x, const float *h0, const float *packed, const float *bias,
                        float *h, float *scratch) {
  const ptrdiff_t rows = end - begin;
  const ptrdiff_t groups =
      row_groups(rows, tile_rows(PANEL), (s.input + s.hidden) * s.hidden);
  for (ptrdiff_t i = 0; i < groups; i++) {
    rnn_forward_group(s, begin + rows * i / groups, begin + rows * (i + 1) / groups, activation, x,
                      h0, packed, bias, h, scratch);
  }
}

/// dz of one row at one time step. Returns ‖dh‖².
INLINE float rnn_row_back(ck_activation activation, const float *h, ptrdiff_t hidden,
                          const float *dh, const float *dh_after, float *dz) {
  vfloat square = splat(0);
  for (ptrdiff_t j = 0; j < hidden; j += LANES) {
    const ptrdiff_t count = hidden - j;
    vfloat y = load(h + j, count);
    vfloat dh_total = load_gradient(dh, j, count) + load(dh_after + j, count);
    square += dh_total * dh_total;
    vfloat through_relu = y > 0 ? dh_total : splat(0);
    vfloat result = activation == CK_TANH ? dh_total * (1 - y * y) : through_relu;
    store(dz + j, count, result);
  }
  return (float)total(widen(square));
}

/// Rows [begin, end) through all time steps.
static void rnn_backward_group(ck_sequence s, ptrdiff_t begin, ptrdiff_t end,
                               ck_activation activation, const float *h, const float *packed_back,
                               const float *dh, const float *dh_last, float *dz, float *dh0,
                               float *dh_square, float *scratch) {
  const ptrdiff_t hidden = s.hidden, rows = end - begin;
  const ptrdiff_t row = s.time * hidden;
  float *dz_copy = scratch, *dh_now = dz_copy + rows * hidden;
  copy_rows(dh_last ? dh_last + begin * hidden : NULL, hidden, rows, hidden, dh_now, hidden);
  for (ptrdiff_t t = s.time - 1; t >= 0; t--) {
    for (ptrdiff_t r = 0; r < rows; r++) {
      const ptrdiff_t step = (begin + r) * s.time + t, at = step * hidden;
      dh_square[step] = rnn_row_back(activation, h + at, hidden, dh ? dh + at : NULL,
                                     dh_now + r * hidden, dz + at);
    }
    const float *dz_now = dz + begin * row + t * hidden;
    if (rows > ROWS_IN_PLACE) copy_rows(dz_now, row, rows, hidden, dz_copy, hidden);
    if (rows > ROWS_IN_PLACE) dz_now = dz_copy;
    gradient_through_weights(dz_now, rows > ROWS_IN_PLACE ? hidden : row, hidden, packed_back,
                             dh_now, hidden, rows, false);
  }
  copy_rows(dh_now, hidden, rows, hidden, dh0 + begin * hidden, hidden);
}

static void rnn_backward(ck_sequence s, ptrdiff_t begin, ptrdiff_t end, ck_activation activation,
                         const float *h, const float *packed_back, const float *dh,
                         const float *dh_last, float *dz, float *dh0, float *dh_square,
                         float *scratch) {
  const ptrdiff_t rows = end - begin;
  const ptrdiff_t groups = row_groups(rows, tile_rows(PANEL), s.hidden * s.hidden);
  for (ptrdiff_t i = 0; i < groups; i++) {
    rnn_backward_group(s, begin + rows * i / groups, begin + rows * (i + 1) / groups, activation, h,
                       packed_back, dh, dh_last, dz, dh0, dh_square, scratch);
  }
}
