// What the recurrent cells share: packing of their weights, copies of rows, sums of squares.

/// LSTM and GRU: for each block of LANES hidden units and each k over [x, h], the gates of the block
/// side by side. RNN: panels of the product over [x, h], as many units side by side as a panel has.
static void cell_pack(ptrdiff_t gates, ptrdiff_t input, ptrdiff_t hidden, const float *weight_ih,
                      const float *weight_hh, ptrdiff_t begin, ptrdiff_t end, float *packed) {
  const ptrdiff_t k = input + hidden;
  const ptrdiff_t block = gates == 1 ? PANEL * LANES : LANES;
  const ptrdiff_t last = smaller(end * PANEL * LANES, hidden);
  for (ptrdiff_t first = begin * PANEL * LANES; first < last; first += block) {
    const ptrdiff_t units = smaller(block, hidden - first);
    const ptrdiff_t stride = gates * pieces(units, LANES) * LANES;
    for (ptrdiff_t gate = 0; gate < gates; gate++) {
      for (ptrdiff_t j = 0; j < units; j += LANES) {
        const ptrdiff_t unit = gate * hidden + first + j;
        const ptrdiff_t lanes = smaller(LANES, units - j);
        float *to = packed + gates * first * k + gate * LANES + j;
        pack_vector(weight_ih + unit * input, 1, input, input, lanes, to, stride);
        pack_vector(weight_hh + unit * hidden, 1, hidden, hidden, lanes, to + input * stride,
                    stride);
      }
    }
  }
}

/// The bias of row `row` at time t, and how far it is to that of the next row: one for all, or what
/// the input adds there with it.
INLINE const float *bias_at(ck_sequence s, ptrdiff_t gates, const float *bias, ptrdiff_t row,
                            ptrdiff_t t) {
  return s.given ? bias + (row * s.time + t) * gates * s.hidden : bias;
}

INLINE ptrdiff_t bias_rows(ck_sequence s, ptrdiff_t gates) {
  return s.given ? s.time * gates * s.hidden : 0;
}

/// Into how many groups `rows` batch rows are cut, each of which goes through all time steps before
/// the next: three tiles' worth, so that what a step reads and writes stays in the cache; but all at
/// once when the weights do not, which then come once for all rows.
INLINE ptrdiff_t row_groups(ptrdiff_t rows, ptrdiff_t tile, ptrdiff_t weights) {
  return weights > NEARBY ? 1 : pieces(rows, 3 * tile);
}

/// Units whose gates are worked out after the products of all rows with them. Far weights mean many
/// rows at once, whose signals, often some power of two apart, fall on the same few places of the
/// cache: whole lines then, or each line would come and go for every part of it.
INLINE ptrdiff_t units_abreast(bool far) { return far ? UNITS_ABREAST : LANES; }

/// to[r, 0..<count] = from[r, 0..<count]; zeros when `from` is NULL.
static void copy_rows(const float *from, ptrdiff_t from_row, ptrdiff_t rows, ptrdiff_t count,
                      float *to, ptrdiff_t to_row) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    if (from) {
      memcpy(to + r * to_row, from + r * from_row, (size_t)count * sizeof(float));
    } else {
      memset(to + r * to_row, 0, (size_t)count * sizeof(float));
    }
  }
}

/// to[rows, H] (+)= dz[rows, k] · W_hh, with the packed backward weights. Rows of dz are `row` floats
/// apart.
INLINE void gradient_through_weights(const float *dz, ptrdiff_t row, ptrdiff_t k,
                                     const float *packed_back, float *to, ptrdiff_t hidden,
                                     ptrdiff_t rows, bool add) {
  product((ck_matrix){dz, row, 1}, packed_back, to, hidden, k, hidden, 0, rows, 0,
          pieces(hidden, PANEL * LANES), (ck_bias){0}, add, NULL);
}

/// Most rows of dz that are read where they stand. More, some power of two apart, would fall on the
/// same few places of the cache: they are copied together first.
#define ROWS_IN_PLACE 12

/// The gradient of `count` outputs, or zeros when there is none.
INLINE vfloat load_gradient(const float *gradient, ptrdiff_t at, ptrdiff_t count) {
  return gradient ? load(gradient + at, count) : splat(0);
}
