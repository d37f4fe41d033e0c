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

/// Whether a window only shifts planes: every output sees as many lines of as many inputs.
INLINE bool only_shifts(const ck_window *w) {
  return w->stride[1] == 1 && w->stride[2] == 1 && w->out[1] == w->in[1] && w->out[2] == w->in[2];
}

/// A piece of a row that stands on one plane of outputs, of a window that only shifts planes.
/// Columns [begin, end) see inputs side by side, the first of them at `at`, but for the outputs
/// before `seen_from` and from `seen_to` on of every line; those and the other columns see padding.
typedef struct {
  ptrdiff_t n, count;
  ptrdiff_t begin, end;
  ptrdiff_t at;
  ptrdiff_t width, column;  // of a line, and where on its line column `begin` stands
  ptrdiff_t seen_from, seen_to;
} seen_plane;

/// The piece that begins at column n of columns [first, first + count).
INLINE seen_plane plane_at(const ck_window *w, ptrdiff_t channel, const ptrdiff_t *tap,
                           ptrdiff_t first, ptrdiff_t count, ptrdiff_t n) {
  const ptrdiff_t width = w->in[2], size = w->in[1] * width;
  const ptrdiff_t plane = (first + n) / size, place = (first + n) % size;
  const ptrdiff_t i0 = plane * w->stride[0] - w->pad[0] + tap[0] * w->dilation[0];
  const ptrdiff_t down = tap[1] * w->dilation[1] - w->pad[1];
  const ptrdiff_t right = tap[2] * w->dilation[2] - w->pad[2];
  const ptrdiff_t shift = down * width + right;
  const ptrdiff_t here = smaller(count - n, size - place);
  // Lines and columns that the shift moves out of the plane see nothing.
  const ptrdiff_t low = clamped(-down * width, -shift, size);
  const ptrdiff_t high = clamped(size - down * width, 0, size - shift);
  seen_plane seen = {.n = n, .count = here, .width = width};
  seen.seen_from = clamped(-right, 0, width), seen.seen_to = clamped(width - right, 0, width);
  const bool inside = i0 >= 0 && i0 < w->in[0] && seen.seen_from < seen.seen_to;
  seen.begin = inside ? clamped(low - place, 0, here) : here;
  seen.end = clamped(high - place, seen.begin, here);
  seen.at = (channel * w->in[0] + i0) * size + place + seen.begin + shift;
  seen.column = (place + seen.begin) % width;
  return seen;
}

/// Sets the columns of `to` to 0 that lie in [begin, end) and see what stands beside a line.
INLINE void clear_beside(const seen_plane *seen, float *to) {
  if (seen->seen_from == 0 && seen->seen_to == seen->width) return;
  for (ptrdiff_t line = seen->begin - seen->column; line < seen->end; line += seen->width) {
    const ptrdiff_t low = clamped(seen->begin - line, 0, seen->width);
    const ptrdiff_t high = smaller(seen->end - line, seen->width);
    for (ptrdiff_t j = low; j < smaller(seen->seen_from, high); j++) to[line + j] = 0;
    for (ptrdiff_t j = clamped(seen->seen_to, low, high); j < high; j++) to[line + j] = 0;
  }
}

/// `unfold_row` of a window that only shifts planes.
INLINE void unfold_row_shifted(const ck_window *w, const float *image, ptrdiff_t channel,
                               const ptrdiff_t *tap, ptrdiff_t first, ptrdiff_t count, float *to) {
  for (ptrdiff_t n = 0; n < count;) {
    const seen_plane seen = plane_at(w, channel, tap, first, count, n);
    float *place = to + n;
    memset(place, 0, (size_t)seen.begin * sizeof(float));
    memset(place + seen.end, 0, (size_t)(seen.count - seen.end) * sizeof(float));
    if (seen.begin < seen.end) {
      copy_line(image + seen.at, seen.end - seen.begin, place + seen.begin);
      clear_beside(&seen, place);
    }
    n += seen.count;
  }
}

static void unfold(const ck_window *w, const float *image, ptrdiff_t first, ptrdiff_t count,
                   float *to, ptrdiff_t ld) {
  if (only_shifts(w)) {
    EACH_TAP(w, unfold_row_shifted(w, image, c, tap, first, count, to + row * ld))
  } else {
    EACH_TAP(w, unfold_row(w, image, c, tap, first, count, to + row * ld))
  }
}

static void unfold_panels(const ck_window *w, const float *image, ptrdiff_t first,
                          ptrdiff_t count, float *to, ptrdiff_t row_begin, ptrdiff_t depth) {
  const ptrdiff_t width = PANEL * LANES;
  const bool shifts = only_shifts(w);
  float columns[CK_UNFOLDED + LANES];
  EACH_TAP(w, {
    if (shifts) {
      unfold_row_shifted(w, image, c, tap, first, count, columns);
    } else {
      unfold_row(w, image, c, tap, first, count, columns);
    }
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

/// The adjoint of `unfold_row_shifted`; the columns that see padding are lost.
INLINE void fold_row_shifted(const ck_window *w, float *from, ptrdiff_t channel,
                             const ptrdiff_t *tap, ptrdiff_t first, ptrdiff_t count, float *image) {
  for (ptrdiff_t n = 0; n < count;) {
    const seen_plane seen = plane_at(w, channel, tap, first, count, n);
    if (seen.begin < seen.end) {
      clear_beside(&seen, from + n);
      add_line(from + n + seen.begin, seen.end - seen.begin, image + seen.at);
    }
    n += seen.count;
  }
}

static void fold(const ck_window *w, float *from, ptrdiff_t ld, ptrdiff_t first,
                 ptrdiff_t count, float *image) {
  if (only_shifts(w)) {
    EACH_TAP(w, fold_row_shifted(w, from + row * ld, c, tap, first, count, image))
    return;
  }
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
