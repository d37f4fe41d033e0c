// The general product: packed B, blocks of k, blocks of rows, panels, tiles.

/// Most depth of one block of k. How k is cut depends on k only, so the order of accumulation does.
#define DEPTH 256
/// Rows of A in one block: with DEPTH columns it stays in a core's second cache, beside a panel of B.
#define ROWS_PACKED 192
/// Floats after each copied row, so that rows do not fall on the same places of the cache.
#define ROW_GAP 16
/// Floats of A from which on its blocks are copied together before they are read again and again.
#define FAR (1 << 16)
/// Floats of B from which on the block after the one in use is fetched ahead.
#define AHEAD (1 << 16)
/// Rows of a transposed A that are copied for all tiles before the next. They are often some power of two
/// apart and fall on the same few places of the cache, which has room for so many.
#define ROWS_COPIED 8

/// Floats from one k to the next in a tile that was copied together: room for the rows of any tile
/// of a panel, and a power of two, which is copied at once.
#define TILED 8

/// Depth of each block of k.
INLINE ptrdiff_t block_depth(ptrdiff_t k) {
  return k > DEPTH ? pieces(k, pieces(k, DEPTH)) : DEPTH;
}

static ptrdiff_t product_scratch(ptrdiff_t rows, ptrdiff_t k) {
  const ptrdiff_t depth = smaller(k, DEPTH), block = smaller(rows, ROWS_PACKED);
  const ptrdiff_t in_rows = block * (depth + ROW_GAP);
  const ptrdiff_t in_tiles = pieces(block, tile_rows(PANEL)) * TILED * depth;
  return in_rows > in_tiles ? in_rows : in_tiles;
}

/// How rows [0, rows) and columns [0, depth) of A are read. Tile i has the rows from rows · i / tiles
/// on; a tiled A has each tile's numbers together, as [depth][TILED].
typedef struct {
  const float *data;
  ptrdiff_t row, column;
  bool tiled;
} product_left;

/// to[k, l] = a[l, k] for the first TILED of `rows` rows and for `depth` columns. Rows beyond those
/// of the tile are there to be copied along, and of no use.
INLINE void copy_tile(ck_matrix a, ptrdiff_t rows, ptrdiff_t depth, float *to) {
  if (a.row == 1 && rows >= TILED) {
    for (ptrdiff_t k = 0; k < depth; k++) {
      memcpy(to + k * TILED, a.data + k * a.column, TILED * sizeof(float));
    }
  } else {
    const ptrdiff_t count = smaller(rows, TILED);
    for (ptrdiff_t k = 0; k < depth; k++) {
      for (ptrdiff_t l = 0; l < count; l++) to[k * TILED + l] = a.data[k * a.column + l * a.row];
    }
  }
}

/// The block of A as it is read best, perhaps by way of `scratch`.
static product_left product_left_block(ck_matrix a, ptrdiff_t rows, ptrdiff_t depth, bool far,
                                       float *scratch) {
  if (a.column == 1 && !far) return (product_left){a.data, a.row, 1, false};
  if (a.column == 1) {
    const ptrdiff_t stride = depth + ROW_GAP;
    for (ptrdiff_t r = 0; r < rows; r++) {
      memcpy(scratch + r * stride, a.data + r * a.row, (size_t)depth * sizeof(float));
    }
    return (product_left){scratch, stride, 1, false};
  }
  const ptrdiff_t tiles = pieces(rows, tile_rows(PANEL));
  for (ptrdiff_t first = 0; first < depth; first += ROWS_COPIED) {
    const ptrdiff_t count = smaller(ROWS_COPIED, depth - first);
    for (ptrdiff_t i = 0; i < tiles; i++) {
      const ptrdiff_t r = rows * i / tiles;
      const ck_matrix here = {a.data + r * a.row + first * a.column, a.row, a.column};
      copy_tile(here, rows - r, count, scratch + (i * depth + first) * TILED);
    }
  }
  return (product_left){scratch, 1, 0, true};
}

/// One tile into C, of which `columns` columns exist: through a buffer where a vector sticks out.
/// The sums begin with the bias of the columns, or with that of the rows.
INLINE void product_tile(ptrdiff_t rows, ptrdiff_t columns, tile_job *job, float *c,
                         ptrdiff_t ldc, const float *bias, const float *row_bias, bool add) {
  const ptrdiff_t vectors = pieces(columns, LANES);
  float start[TILE];
  job->start = bias, job->start_row = 0;
  if (bias && columns != vectors * LANES) {
    memcpy(start, bias, (size_t)columns * sizeof(float));
    memset(start + columns, 0, (size_t)(vectors * LANES - columns) * sizeof(float));
    job->start = start;
  } else if (row_bias) {
    job->start = start, job->start_row = vectors * LANES;
    for (ptrdiff_t r = 0; r < rows; r++) {
      for (ptrdiff_t v = 0; v < vectors; v++) {
        store(start + (r * vectors + v) * LANES, LANES, splat(row_bias[r]));
      }
    }
  }
  if (columns == vectors * LANES) {
    job->z = c, job->z_row = ldc, job->add = add;
    tile(rows, vectors, job);
    return;
  }
  float z[TILE];
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

/// What the products of one panel's block of k with all rows have in common.
typedef struct {
  const float *b;
  const float *next;  // the block after it, when B is large; or NULL
  ptrdiff_t depth, columns;
  const float *bias;      // of the columns, or NULL
  const float *row_bias;  // of the rows, or NULL
  bool add;
} product_block;

/// Rows of A, the first of them number `first`, times one block.
static void product_rows(product_left a, const product_block *block, ptrdiff_t first, float *c,
                         ptrdiff_t ldc, ptrdiff_t rows) {
  const ptrdiff_t vectors = pieces(block->columns, LANES);
  const ptrdiff_t tiles = pieces(rows, tile_rows(a.tiled ? PANEL : vectors));
  for (ptrdiff_t i = 0; i < tiles; i++) {
    const ptrdiff_t r = rows * i / tiles, count = rows * (i + 1) / tiles - r;
    tile_job job = {.k = block->depth, .b = block->b};
    job.a = a.data + (a.tiled ? i * block->depth * TILED : r * a.row);
    job.row = a.row, job.column = a.tiled ? TILED : a.column;
    if (block->next) fetch_share(&job, block->next, block->depth * vectors * LANES, i, tiles);
    product_tile(count, block->columns, &job, c + r * ldc, ldc, block->bias,
                 block->row_bias ? block->row_bias + first + r : NULL, block->add);
  }
}

/// Where the block of `panel` that begins at row k0 of B stands in packed B.
INLINE const float *product_block_at(const float *packed_b, ptrdiff_t k, ptrdiff_t n,
                                     ptrdiff_t panel, ptrdiff_t k0) {
  const ptrdiff_t first = panel * PANEL * LANES;
  const ptrdiff_t columns = smaller(PANEL * LANES, n - first);
  return packed_b + first * k + k0 * pieces(columns, LANES) * LANES;
}

static void product(ck_matrix a, const float *packed_b, float *c, ptrdiff_t ldc, ptrdiff_t k,
                    ptrdiff_t n, ptrdiff_t row_begin, ptrdiff_t row_end, ptrdiff_t panel_begin,
                    ptrdiff_t panel_end, ck_bias bias, bool accumulate, float *scratch) {
  const bool far = scratch && (row_end - row_begin) * k > FAR && panel_end - panel_begin > 8;
  const ptrdiff_t each = block_depth(k);
  // Blocks of about as many rows each, in whole tiles.
  const ptrdiff_t all = row_end - row_begin, blocks = pieces(all, ROWS_PACKED);
  const ptrdiff_t most = blocks > 1 ? pieces(pieces(all, blocks), 6) * 6 : ROWS_PACKED;
  for (ptrdiff_t k0 = 0; k0 == 0 || k0 < k; k0 += each) {
    const ptrdiff_t depth = smaller(each, k - k0);
    for (ptrdiff_t m = row_begin; m < row_end; m += most) {
      const ptrdiff_t rows = smaller(most, row_end - m);
      const ck_matrix left = {a.data + m * a.row + k0 * a.column, a.row, a.column};
      const product_left block_of_a = product_left_block(left, rows, depth, far, scratch);
      for (ptrdiff_t panel = panel_begin; panel < panel_end; panel++) {
        const ptrdiff_t first = panel * PANEL * LANES;
        const ptrdiff_t after = panel + 1 < panel_end ? k0 : k0 + depth < k ? k0 + depth : 0;
        const ptrdiff_t panel_after = panel + 1 < panel_end ? panel + 1 : panel_begin;
        const product_block block = {
            .b = product_block_at(packed_b, k, n, panel, k0),
            .next = k * n > AHEAD ? product_block_at(packed_b, k, n, panel_after, after) : NULL,
            .depth = depth, .columns = smaller(PANEL * LANES, n - first),
            .bias = bias.of_columns && k0 == 0 ? bias.of_columns + first : NULL,
            .row_bias = k0 == 0 ? bias.of_rows : NULL, .add = accumulate || k0 > 0};
        product_rows(block_of_a, &block, m, c + m * ldc + first, ldc, rows);
      }
    }
  }
}

/// C[row_begin..<row_end] (+)= Σ A_tap B_tap over `taps` matrices A_tap[M, depth], each `jump` floats
/// after the last, in one go; packed B has the rows of all taps.
static void product_taps(ck_matrix a, ptrdiff_t taps, ptrdiff_t jump, const float *packed_b,
                         float *c, ptrdiff_t ldc, ptrdiff_t depth, ptrdiff_t n,
                         ptrdiff_t row_begin, ptrdiff_t row_end, const float *bias) {
  const ptrdiff_t rows = row_end - row_begin;
  for (ptrdiff_t first = 0; first < n; first += PANEL * LANES) {
    const ptrdiff_t columns = smaller(PANEL * LANES, n - first);
    const ptrdiff_t tiles = pieces(rows, tile_rows(pieces(columns, LANES)));
    for (ptrdiff_t i = 0; i < tiles; i++) {
      const ptrdiff_t r = row_begin + rows * i / tiles;
      tile_job job = {.k = depth, .a = a.data + r * a.row, .row = a.row, .column = a.column,
                      .more = taps - 1, .jump = jump, .b = packed_b + first * taps * depth};
      product_tile(row_begin + rows * (i + 1) / tiles - r, columns, &job, c + r * ldc + first, ldc,
                   bias ? bias + first : NULL, NULL, false);
    }
  }
}
