// Packing: B as panels of PANEL vectors, each panel [k][its vectors], padded with zeros to whole
// vectors. The last panel may be narrower.

/// to[i * to_row + l] = from[i + l * column] for `rows` rows, at most LANES, and `columns` lanes; the
/// others are 0.
INLINE void pack_transposed(const float *from, ptrdiff_t column, ptrdiff_t rows,
                            ptrdiff_t columns, float *to, ptrdiff_t to_row) {
  vfloat x[LANES];
  UNROLLED(int l = 0; l < LANES; l++) {
    x[l] = l < columns ? load(from + l * column, rows) : splat(0);
  }
  transpose(x);
  UNROLLED(int i = 0; i < LANES; i++) {
    if (i < rows) store(to + i * to_row, LANES, x[i]);
  }
}

/// to[i * to_row + l] = from[i * row + l * column] for k rows and `columns` of LANES lanes; the
/// others are 0.
static void pack_vector(const float *from, ptrdiff_t row, ptrdiff_t column, ptrdiff_t k,
                        ptrdiff_t columns, float *to, ptrdiff_t to_row) {
  if (row == 1) {
    for (ptrdiff_t i = 0; i < k; i += LANES) {
      pack_transposed(from + i, column, k - i, columns, to + i * to_row, to_row);
    }
  } else if (column == 1) {
    for (ptrdiff_t i = 0; i < k; i++) store(to + i * to_row, LANES, load(from + i * row, columns));
  } else {
    for (ptrdiff_t i = 0; i < k; i++) {
      for (ptrdiff_t l = 0; l < LANES; l++) {
        to[i * to_row + l] = l < columns ? from[i * row + l * column] : 0;
      }
    }
  }
}

/// Rows of B that are packed for all panels before the next: few enough to read whole rows.
#define STRETCH 16

static void pack(ck_matrix b, ptrdiff_t k, ptrdiff_t n, ptrdiff_t begin, ptrdiff_t end,
                 float *packed) {
  const ptrdiff_t width = PANEL * LANES;
  for (ptrdiff_t i = 0; i < k; i += STRETCH) {
    for (ptrdiff_t panel = begin; panel < end; panel++) {
      const ptrdiff_t first = panel * width;
      const ptrdiff_t columns = smaller(width, n - first);
      const ptrdiff_t stride = pieces(columns, LANES) * LANES;
      for (ptrdiff_t j = 0; j < columns; j += LANES) {
        pack_vector(b.data + i * b.row + (first + j) * b.column, b.row, b.column,
                    smaller(STRETCH, k - i), smaller(LANES, columns - j),
                    packed + first * k + i * stride + j, stride);
      }
    }
  }
}

/// to[N, M] = from[M, N] transposed.
static void transposed(const float *from, ptrdiff_t m, ptrdiff_t n, float *to) {
  for (ptrdiff_t r = 0; r < m; r += LANES) {
    for (ptrdiff_t c = 0; c < n; c += LANES) {
      vfloat x[LANES];
      UNROLLED(int l = 0; l < LANES; l++) {
        x[l] = r + l < m ? load(from + (r + l) * n + c, n - c) : splat(0);
      }
      transpose(x);
      UNROLLED(int l = 0; l < LANES; l++) {
        if (c + l < n) store(to + (c + l) * m + r, m - r, x[l]);
      }
    }
  }
}
