// The register tile under every product: some rows of A times up to four vectors of packed B,
// accumulated over k one by one in registers. An element's sum is the same whatever tile it is in.

/// Most rows of a tile that is 1, 2, 3 or 4 vectors wide: as many accumulators as registers allow.
#if REGISTERS == 32
#define PANEL 4
#define ROWS_1 8
#define ROWS_2 12
#define ROWS_3 8
#define ROWS_4 6
#else
#define PANEL 2
#define ROWS_1 8
#define ROWS_2 6
#define ROWS_3 3
#define ROWS_4 3
#endif

/// Floats of the largest tile.
#define TILE (ROWS_4 * 4 * LANES > ROWS_2 * 2 * LANES ? ROWS_4 * 4 * LANES : ROWS_2 * 2 * LANES)

/// z[rows, V·LANES] = start + a[rows, k] · b[k, V·LANES] (+ z). A's element (r, k) stands at
/// a[r * row + k * column]; `start` (NULL: zeros) has rows `start_row` apart, 0 for a bias.
/// With `more` further matrices like A, each `jump` floats after the last, their products with the
/// rows of b that follow are added, too.
typedef struct {
  ptrdiff_t k;
  const float *a;
  ptrdiff_t row, column;
  ptrdiff_t more, jump;
  const float *b;
  const float *start;
  ptrdiff_t start_row;
  float *z;
  ptrdiff_t z_row;
  bool add;
  uintptr_t ahead;  // memory that is wanted soon, fetched by the way:
  ptrdiff_t lines;  // so many cache lines in each segment of k
} tile_job;

/// Steps of k between fetches.
#define SEGMENT 16
/// Bytes that are fetched at once.
#define CACHE_LINE 64
/// The loop begins where a line of code does: it needs one line fewer then, which was an eighth of its
/// speed in moments when the machine was slow.
#define LINED_UP [[clang::code_align(CACHE_LINE)]]
/// Floats that stay in the cache of a core (1 MiB): more weights come from further away each time.
#define NEARBY (1 << 18)

INLINE void tile_of(const int rows, const int vectors, const tile_job *job) {
  vfloat sum[12][4];
  UNROLLED(int r = 0; r < rows; r++) {
    UNROLLED(int v = 0; v < vectors; v++) {
      sum[r][v] = splat(0);
      if (job->start) {
        const float *start = job->start + r * job->start_row + v * LANES;
        sum[r][v] = *(const vfloat_in_memory *)start;
      }
    }
  }
  UNROLLED(int r = 0; r < rows; r++) {  // z may be far away, and is wanted at the end
    __builtin_prefetch(job->z + r * job->z_row, 1);
    __builtin_prefetch(job->z + r * job->z_row + vectors * LANES - 1, 1);
  }
  const ptrdiff_t row = job->row, column = job->column;
  const float *a[4] = {job->a, job->a + 3 * row, job->a + 6 * row, job->a + 9 * row};
  UNROLLED(int i = 0; i < 4; i++) __asm__("" : "+r"(a[i]));  // or each is made from the last
  const float *b = job->b;
  uintptr_t ahead = job->ahead;
  for (ptrdiff_t matrix = 0; matrix <= job->more; matrix++) {
    for (ptrdiff_t begin = 0; begin < job->k; begin += SEGMENT) {
      const ptrdiff_t steps = smaller(SEGMENT, job->k - begin);
      LINED_UP for (ptrdiff_t k = 0; k < steps; k++) {
        // The fewer of the two in registers: with 16 of them the others have no room.
        if (rows < vectors) {
          vfloat left[4];
          UNROLLED(int r = 0; r < rows; r++) left[r] = splat(a[r / 3][r % 3 * row]);
          UNROLLED(int v = 0; v < vectors; v++) {
            vfloat right = *(const vfloat_in_memory *)(b + v * LANES);
            UNROLLED(int r = 0; r < rows; r++) sum[r][v] += left[r] * right;
          }
        } else {
          vfloat right[4];
          UNROLLED(int v = 0; v < vectors; v++) {
            right[v] = *(const vfloat_in_memory *)(b + v * LANES);
          }
          UNROLLED(int r = 0; r < rows; r++) {
            vfloat left = splat(a[r / 3][r % 3 * row]);
            UNROLLED(int v = 0; v < vectors; v++) sum[r][v] += left * right[v];
          }
        }
        UNROLLED(int i = 0; i < 4; i++) a[i] += column;
        b += vectors * LANES;
      }
      for (ptrdiff_t i = 0; i < job->lines; i++, ahead += CACHE_LINE) {
        __builtin_prefetch((const void *)ahead, 0, 2);
      }
    }
    UNROLLED(int i = 0; i < 4; i++) a[i] += job->jump - job->k * column;
  }
  const bool add = job->add;
  UNROLLED(int r = 0; r < rows; r++) {
    UNROLLED(int v = 0; v < vectors; v++) {
      vfloat_in_memory *z = (vfloat_in_memory *)(job->z + r * job->z_row + v * LANES);
      *z = add ? (vfloat)*z + sum[r][v] : sum[r][v];
    }
  }
}

#define TILE_FUNCTION(R, V)                                                     \
  static __attribute__((aligned(CACHE_LINE))) void tile_##R##_##V(const tile_job *job) { \
    tile_of(R, V, job);                                                         \
  }
#define TILES_3(DO, V) DO(1, V) DO(2, V) DO(3, V)
#define TILES_4(DO, V) TILES_3(DO, V) DO(4, V)
#define TILES_6(DO, V) TILES_4(DO, V) DO(5, V) DO(6, V)
#define TILES_8(DO, V) TILES_6(DO, V) DO(7, V) DO(8, V)
#define TILES_12(DO, V) TILES_8(DO, V) DO(9, V) DO(10, V) DO(11, V) DO(12, V)
#define TILES_UP_TO(ROWS, DO, V) TILES_##ROWS(DO, V)
#define TILES(ROWS, DO, V) TILES_UP_TO(ROWS, DO, V)

TILES(ROWS_1, TILE_FUNCTION, 1)
TILES(ROWS_2, TILE_FUNCTION, 2)
TILES(ROWS_3, TILE_FUNCTION, 3)
TILES(ROWS_4, TILE_FUNCTION, 4)

#define TILE_NAME(R, V) tile_##R##_##V,

static void (*const tile_functions[4][12])(const tile_job *) = {
    {TILES(ROWS_1, TILE_NAME, 1)},
    {TILES(ROWS_2, TILE_NAME, 2)},
    {TILES(ROWS_3, TILE_NAME, 3)},
    {TILES(ROWS_4, TILE_NAME, 4)},
};

/// Most rows of a tile `vectors` wide.
INLINE ptrdiff_t tile_rows(ptrdiff_t vectors) {
  static const ptrdiff_t most[4] = {ROWS_1, ROWS_2, ROWS_3, ROWS_4};
  return most[vectors - 1];
}

INLINE void tile(ptrdiff_t rows, ptrdiff_t vectors, const tile_job *job) {
  tile_functions[vectors - 1][rows - 1](job);
}

/// Lets tile i of `tiles` fetch its share of `count` floats, which the tiles after them need.
INLINE void fetch_share(tile_job *job, const float *next, ptrdiff_t count, ptrdiff_t i,
                        ptrdiff_t tiles) {
  const ptrdiff_t segments = pieces(job->k, SEGMENT);
  if (segments == 0) return;
  job->lines = pieces(count * (ptrdiff_t)sizeof(float), tiles * segments * CACHE_LINE);
  job->ahead = (uintptr_t)next + (uintptr_t)(i * segments * job->lines * CACHE_LINE);
}
