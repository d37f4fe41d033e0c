// Products of a few rows with a B as it lies: to pack it would cost more than to multiply by it.
// Every sum goes over k in the order of the packed product, in the same blocks: the same bits.

/// Columns whose sums are kept near while the rows of B go by.
#define STRIP 512

/// One block of k: FEW_ROWS rows of A next to each other, and the rows of B that they meet.
typedef struct {
  float left[FEW_ROWS][DEPTH];
  ck_matrix b;
  ptrdiff_t depth;
  const float *bias;  // of the columns in the first block, or NULL
  float *c;
  ptrdiff_t ldc;
  bool add;  // to the sums of the blocks before
} few_block;

INLINE vfloat few_start(const few_block *block, ptrdiff_t j, ptrdiff_t count) {
  return block->bias ? load(block->bias + j, count) : splat(0);
}

INLINE void few_finish(const few_block *block, ptrdiff_t r, ptrdiff_t j, ptrdiff_t count,
                       vfloat sum) {
  float *to = block->c + r * block->ldc + j;
  store(to, count, block->add ? load(to, count) + sum : sum);
}

/// sums[r, j] += Σ a[r, k] b[k, first + j] over `steps` rows of B from k on, in their order.
INLINE void few_add(const few_block *block, const int rows, const int steps, ptrdiff_t k,
                    ptrdiff_t first, ptrdiff_t columns, float *sums) {
  vfloat left[FEW_ROWS][8];
  UNROLLED(int r = 0; r < rows; r++) {
    UNROLLED(int i = 0; i < steps; i++) left[r][i] = splat(block->left[r][k + i]);
  }
  const float *b = block->b.data + k * block->b.row + first;
  for (ptrdiff_t j = 0; j < columns; j += LANES) {
    vfloat sum[FEW_ROWS];
    UNROLLED(int r = 0; r < rows; r++) sum[r] = load(sums + r * STRIP + j, LANES);
    UNROLLED(int i = 0; i < steps; i++) {
      const vfloat right = load(b + i * block->b.row + j, columns - j);
      UNROLLED(int r = 0; r < rows; r++) sum[r] += left[r][i] * right;
    }
    UNROLLED(int r = 0; r < rows; r++) store(sums + r * STRIP + j, LANES, sum[r]);
  }
}

/// Columns [begin, end) where rows of B are contiguous.
INLINE void few_by_rows(const few_block *block, const int rows, ptrdiff_t begin, ptrdiff_t end) {
  const int steps = rows == 1 ? 8 : 4;
  float sums[FEW_ROWS * STRIP];
  for (ptrdiff_t first = begin; first < end; first += STRIP) {
    const ptrdiff_t columns = smaller(STRIP, end - first);
    for (ptrdiff_t j = 0; j < columns; j += LANES) {
      const vfloat start = few_start(block, first + j, columns - j);
      UNROLLED(int r = 0; r < rows; r++) store(sums + r * STRIP + j, LANES, start);
    }
    ptrdiff_t k = 0;
    for (; k + steps <= block->depth; k += steps) {
      few_add(block, rows, steps, k, first, columns, sums);
    }
    for (; k < block->depth; k++) few_add(block, rows, 1, k, first, columns, sums);
    for (ptrdiff_t j = 0; j < columns; j += LANES) {
      UNROLLED(int r = 0; r < rows; r++) {
        few_finish(block, r, first + j, columns - j, load(sums + r * STRIP + j, LANES));
      }
    }
  }
}

/// Vectors of columns whose sums go on in turns: those of one alone would wait for each other.
#define IN_TURNS 4

/// sum[r] += Σ a[r, k] b[k, first + l] over `steps` k, at most LANES, in their order, for a vector of
/// columns l of which `count` exist. A square of B is turned on its way.
INLINE void few_turned(const few_block *block, const int rows, ptrdiff_t k, ptrdiff_t steps,
                       ptrdiff_t first, ptrdiff_t count, vfloat *sum) {
  const float *from = block->b.data + first * block->b.column + k;
  vfloat x[LANES];
  UNROLLED(int l = 0; l < LANES; l++) {
    x[l] = l < count ? load(from + l * block->b.column, steps) : splat(0);
  }
  transpose(x);
  UNROLLED(int i = 0; i < LANES; i++) {
    if (i < steps) {
      UNROLLED(int r = 0; r < rows; r++) sum[r] += block->left[r][k + i] * x[i];
    }
  }
}

/// Columns [begin, end) where columns of B are contiguous.
INLINE void few_by_columns(const few_block *block, const int rows, ptrdiff_t begin,
                           ptrdiff_t end) {
  for (ptrdiff_t first = begin; first < end; first += IN_TURNS * LANES) {
    const ptrdiff_t last = smaller(first + IN_TURNS * LANES, end);
    vfloat sums[IN_TURNS][FEW_ROWS];
    for (ptrdiff_t j = first; j < last; j += LANES) {
      UNROLLED(int r = 0; r < rows; r++) {
        sums[(j - first) / LANES][r] = few_start(block, j, last - j);
      }
    }
    for (ptrdiff_t line = 0; line < block->depth; line += SEGMENT) {
      const ptrdiff_t end_of_line = smaller(line + SEGMENT, block->depth);
      for (ptrdiff_t j = first; j < last; j += LANES) {
        vfloat *sum = sums[(j - first) / LANES];
        _Pragma("clang loop unroll(disable)")
        for (ptrdiff_t k = line; k < end_of_line; k += LANES) {
          if (end_of_line - k >= LANES && last - j >= LANES) {
            few_turned(block, rows, k, LANES, j, LANES, sum);
          } else {
            few_turned(block, rows, k, end_of_line - k, j, last - j, sum);
          }
        }
      }
    }
    for (ptrdiff_t j = first; j < last; j += LANES) {
      UNROLLED(int r = 0; r < rows; r++) {
        few_finish(block, r, j, last - j, sums[(j - first) / LANES][r]);
      }
    }
  }
}

INLINE void few(const few_block *block, const int rows, ptrdiff_t begin, ptrdiff_t end) {
  if (block->b.column == 1) {
    few_by_rows(block, rows, begin, end);
  } else {
    few_by_columns(block, rows, begin, end);
  }
}

static void product_few(ck_matrix a, ck_matrix b, float *c, ptrdiff_t ldc, ptrdiff_t rows,
                        ptrdiff_t k, ptrdiff_t begin, ptrdiff_t end, const float *bias) {
  const ptrdiff_t each = block_depth(k);
  few_block block = {.c = c, .ldc = ldc};
  for (ptrdiff_t k0 = 0; k0 == 0 || k0 < k; k0 += each) {
    block.depth = smaller(each, k - k0);
    block.b = (ck_matrix){b.data + k0 * b.row, b.row, b.column};
    block.bias = k0 ? NULL : bias;
    block.add = k0 > 0;
    for (ptrdiff_t r = 0; r < rows; r++) {
      const float *from = a.data + r * a.row + k0 * a.column;
      for (ptrdiff_t i = 0; i < block.depth; i++) block.left[r][i] = from[i * a.column];
    }
    switch (rows) {
      case 1: few(&block, 1, begin, end); break;
      case 2: few(&block, 2, begin, end); break;
      case 3: few(&block, 3, begin, end); break;
      case 4: few(&block, 4, begin, end); break;
      default: break;
    }
  }
}
