// What the windows of a convolution see of an image, as a matrix [channels · taps, positions], and
// back. Its columns are never all there at once.

/// Calls the body for every row of the matrix: of tap `tap` of a channel, whose plane is number `c`.
#define EACH_TAP(w, body)                                       \
  ptrdiff_t row = 0, tap[3];                                    \
  for (ptrdiff_t c = 0; c < (w)->channels; c++)                 \
    for (tap[0] = 0; tap[0] < (w)->kernel[0]; tap[0]++)         \
      for (tap[1] = 0; tap[1] < (w)->kernel[1]; tap[1]++)       \
        for (tap[2] = 0; tap[2] < (w)->kernel[2]; tap[2]++) {   \
          body;                                                 \
          row++;                                                \
        }

INLINE ptrdiff_t clamped(ptrdiff_t x, ptrdiff_t low, ptrdiff_t high) {
  return x < low ? low : x > high ? high : x;
}

/// What one row's columns on one line of outputs see: columns [begin, end) see inputs a stride
/// apart, the first of them at `at`; the others see padding.
typedef struct {
  ptrdiff_t n, count;  // the line's first column, and how many
  ptrdiff_t begin, end;
  ptrdiff_t at;
} seen_line;

/// A walk over the lines that columns [first, first + count) of one row stand on.
typedef struct {
  const ck_window *w;
  const ptrdiff_t *tap;
  ptrdiff_t plane, count;
  ptrdiff_t n, o[3];            // where the next line begins
  ptrdiff_t seen_from, seen_to;  // the outputs of a line that see the image
} line_walk;

INLINE line_walk walk_lines(const ck_window *w, ptrdiff_t channel, const ptrdiff_t *tap,
                            ptrdiff_t first, ptrdiff_t count) {
  const ptrdiff_t stride = w->stride[2], start = tap[2] * w->dilation[2] - w->pad[2];
  const ptrdiff_t line = first / w->out[2];
  return (line_walk){
      .w = w, .tap = tap, .count = count,
      .plane = channel * w->in[0] * w->in[1] * w->in[2],
      .o = {line / w->out[1], line % w->out[1], first % w->out[2]},
      .seen_from = start < 0 ? pieces(-start, stride) : 0,
      .seen_to = start < w->in[2] ? pieces(w->in[2] - start, stride) : 0};
}

/// Whether there is another line, which is left in `line`.
INLINE bool next_line(line_walk *walk, seen_line *line) {
  if (walk->n == walk->count) return false;
  const ck_window *w = walk->w;
  const ptrdiff_t i0 = walk->o[0] * w->stride[0] - w->pad[0] + walk->tap[0] * w->dilation[0];
  const ptrdiff_t i1 = walk->o[1] * w->stride[1] - w->pad[1] + walk->tap[1] * w->dilation[1];
  const bool inside = i0 >= 0 && i0 < w->in[0] && i1 >= 0 && i1 < w->in[1];
  const ptrdiff_t count = smaller(walk->count - walk->n, w->out[2] - walk->o[2]);
  const ptrdiff_t begin = clamped(walk->seen_from - walk->o[2], 0, count);
  *line = (seen_line){
      .n = walk->n, .count = count, .begin = begin,
      .end = inside ? clamped(walk->seen_to - walk->o[2], begin, count) : begin,
      .at = inside ? walk->plane + (i0 * w->in[1] + i1) * w->in[2] - w->pad[2] +
                         walk->tap[2] * w->dilation[2] + (walk->o[2] + begin) * w->stride[2]
                   : 0};
  walk->n += count;
  walk->o[2] = 0;
  if (++walk->o[1] == w->out[1]) walk->o[1] = 0, walk->o[0]++;
  return true;
}

/// to[0..<count] = from[0..<count]. The last vector overlaps the one before: storing a part of one
/// takes longer than all the others.
INLINE void copy_line(const float *from, ptrdiff_t count, float *to) {
  if (count < LANES) {
    store(to, count, load(from, count));
    return;
  }
  for (ptrdiff_t j = 0; j < count - LANES; j += LANES) store(to + j, LANES, load(from + j, LANES));
  store(to + count - LANES, LANES, load(from + count - LANES, LANES));
}

/// to[0..<count] += from[0..<count], in the same way.
INLINE void add_line(const float *from, ptrdiff_t count, float *to) {
  if (count < LANES) {
    store(to, count, load(to, count) + load(from, count));
    return;
  }
  const ptrdiff_t last = count - LANES;
  const vfloat end = load(to + last, LANES) + load(from + last, LANES);
  for (ptrdiff_t j = 0; j < last; j += LANES) {
    store(to + j, LANES, load(to + j, LANES) + load(from + j, LANES));
  }
  store(to + last, LANES, end);
}

/// One row's columns [first, first + count).
INLINE void unfold_row(const ck_window *w, const float *image, ptrdiff_t channel,
                       const ptrdiff_t *tap, ptrdiff_t first, ptrdiff_t count, float *to) {
  const ptrdiff_t stride = w->stride[2];
  line_walk walk = walk_lines(w, channel, tap, first, count);
  seen_line line;
  while (next_line(&walk, &line)) {
    float *place = to + line.n;
    const float *from = image + line.at;
    for (ptrdiff_t j = 0; j < line.begin; j++) place[j] = 0;
    if (stride == 1) {
      copy_line(from, line.end - line.begin, place + line.begin);
    } else {
      for (ptrdiff_t j = line.begin; j < line.end; j++) place[j] = from[(j - line.begin) * stride];
    }
    for (ptrdiff_t j = line.end; j < line.count; j++) place[j] = 0;
  }
}

static void unfold(const ck_window *w, const float *image, ptrdiff_t first, ptrdiff_t count,
                   float *to, ptrdiff_t ld) {
  EACH_TAP(w, unfold_row(w, image, c, tap, first, count, to + row * ld))
}

static void unfold_panels(const ck_window *w, const float *image, ptrdiff_t first,
                          ptrdiff_t count, float *to, ptrdiff_t row_begin, ptrdiff_t depth) {
  const ptrdiff_t width = PANEL * LANES;
  float columns[CK_UNFOLDED + LANES];
  EACH_TAP(w, {
    unfold_row(w, image, c, tap, first, count, columns);
    store(columns + count, LANES, splat(0));
    for (ptrdiff_t n = 0; n < count; n += width) {
      const ptrdiff_t stride = pieces(smaller(width, count - n), LANES) * LANES;
      float *place = to + n * depth + (row_begin + row) * stride;
      for (ptrdiff_t v = 0; v < stride; v += LANES) {
        store(place + v, LANES, load(columns + n + v, LANES));
      }
    }
  })
}

static void fold(const ck_window *w, const float *from, ptrdiff_t ld, ptrdiff_t first,
                 ptrdiff_t count, float *image) {
  const ptrdiff_t stride = w->stride[2];
  EACH_TAP(w, {
    line_walk walk = walk_lines(w, c, tap, first, count);
    seen_line line;
    while (next_line(&walk, &line)) {
      const float *columns = from + row * ld + line.n;
      float *place = image + line.at;
      if (stride == 1) {
        add_line(columns + line.begin, line.end - line.begin, place);
      } else {
        for (ptrdiff_t j = line.begin; j < line.end; j++) {
          place[(j - line.begin) * stride] += columns[j];
        }
      }
    }
  })
}
