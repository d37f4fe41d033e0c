// Packing: B as panels of PANEL vectors, each panel [k][its vectors], padded with zeros to whole
// vectors. The last panel may be narrower.

/// to[k * to_row + l] = from[k * row + l * column] for `columns` of LANES lanes; the others are 0.
static void pack_vector(const float *from, ptrdiff_t row, ptrdiff_t column, ptrdiff_t k,
                        ptrdiff_t columns, float *to, ptrdiff_t to_row) {
  if (column == 1) {
    for (ptrdiff_t i = 0; i < k; i++) store(to + i * to_row, LANES, load(from + i * row, columns));
    return;
  }
  for (ptrdiff_t i = 0; i < k; i++) {
    for (ptrdiff_t l = 0; l < LANES; l++) {
      to[i * to_row + l] = l < columns ? from[i * row + l * column] : 0;
    }
  }
}

static void pack(ck_matrix b, ptrdiff_t k, ptrdiff_t n, ptrdiff_t begin, ptrdiff_t end,
                 float *packed) {
  const ptrdiff_t width = PANEL * LANES;
  for (ptrdiff_t panel = begin; panel < end; panel++) {
    const ptrdiff_t first = panel * width;
    const ptrdiff_t columns = smaller(width, n - first);
    const ptrdiff_t stride = pieces(columns, LANES) * LANES;
    for (ptrdiff_t j = 0; j < columns; j += LANES) {
      pack_vector(b.data + (first + j) * b.column, b.row, b.column, k,
                  smaller(LANES, columns - j), packed + first * k + j, stride);
    }
  }
}
