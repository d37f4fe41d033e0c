// The general product: packed B, blocks of k, blocks of rows, panels, tiles.

/// Depth of one block of k: fixed, so that the order of accumulation is too.
#define DEPTH 256
/// Rows of A that are packed together, when A is transposed.
#define BLOCK 96

static ptrdiff_t product_scratch(ptrdiff_t rows, ptrdiff_t k) {
  return smaller(rows, BLOCK) * smaller(k, DEPTH);
}

/// One tile into C, of which `columns` columns exist: through a buffer where a vector sticks out.
INLINE void product_tile(ptrdiff_t rows, ptrdiff_t columns, tile_job *job, float *c,
                         ptrdiff_t ldc, const float *bias, bool add) {
  const ptrdiff_t vectors = pieces(columns, LANES);
  if (columns == vectors * LANES) {
    job->start = bias, job->start_row = 0;
    job->z = c, job->z_row = ldc, job->add = add;
    tile(rows, vectors, job);
    return;
  }
  float z[TILE], start[4 * LANES] = {0};
  if (bias) memcpy(start, bias, (size_t)columns * sizeof(float));
  job->start = start, job->start_row = 0;
  job->z = z, job->z_row = vectors * LANES, job->add = false;
  tile(rows, vectors, job);
  for (ptrdiff_t r = 0; r < rows; r++) {
    for (ptrdiff_t j = 0; j < columns; j += LANES) {
      vfloat sum = load(z + r * vectors * LANES + j, LANES);
      float *to = c + r * ldc + j;
      store(to, columns - j, add ? load(to, columns - j) + sum : sum);
    }
  }
}

/// Rows of one block of A times one panel.
static void product_panel(const float *a, ptrdiff_t row, ptrdiff_t column, const float *b,
                          float *c, ptrdiff_t ldc, ptrdiff_t k, ptrdiff_t rows, ptrdiff_t columns,
                          const float *bias, bool add) {
  const ptrdiff_t tiles = pieces(rows, tile_rows(pieces(columns, LANES)));
  for (ptrdiff_t i = 0; i < tiles; i++) {
    const ptrdiff_t r = rows * i / tiles;
    tile_job job = {.k = k, .a = a + r * row, .row = row, .column = column, .b = b};
    product_tile(rows * (i + 1) / tiles - r, columns, &job, c + r * ldc, ldc, bias, add);
  }
}

static void product(ck_matrix a, const float *packed_b, float *c, ptrdiff_t ldc, ptrdiff_t k,
                    ptrdiff_t n, ptrdiff_t row_begin, ptrdiff_t row_end, ptrdiff_t panel_begin,
                    ptrdiff_t panel_end, const float *bias, bool accumulate, float *scratch) {
  const ptrdiff_t width = PANEL * LANES;
  for (ptrdiff_t k0 = 0; k0 == 0 || k0 < k; k0 += DEPTH) {
    const ptrdiff_t depth = smaller(DEPTH, k - k0);
    for (ptrdiff_t m = row_begin; m < row_end; m += BLOCK) {
      const ptrdiff_t rows = smaller(BLOCK, row_end - m);
      const float *left = a.data + m * a.row + k0 * a.column;
      ptrdiff_t row = a.row, column = a.column;
      if (column != 1) {  // transposed: as [depth][rows]
        for (ptrdiff_t i = 0; i < depth; i++) {
          for (ptrdiff_t r = 0; r < rows; r++) scratch[i * rows + r] = left[i * column + r * row];
        }
        left = scratch, row = 1, column = rows;
      }
      for (ptrdiff_t panel = panel_begin; panel < panel_end; panel++) {
        const ptrdiff_t first = panel * width;
        const ptrdiff_t columns = smaller(width, n - first);
        product_panel(left, row, column,
                      packed_b + first * k + k0 * pieces(columns, LANES) * LANES,
                      c + m * ldc + first, ldc, depth, rows, columns,
                      bias && k0 == 0 ? bias + first : NULL, accumulate || k0 > 0);
      }
    }
  }
}
