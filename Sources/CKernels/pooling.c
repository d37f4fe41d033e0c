// Pooling: the largest or the mean of what a window sees. The same for every instruction set: the
// loops move numbers, and the compiler makes vectors of them.

#include <string.h>

#include "CKernels.h"
#include "profile.h"

static ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static ptrdiff_t most(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }
static ptrdiff_t quotient_up(ptrdiff_t a, ptrdiff_t b) { return a <= 0 ? 0 : (a + b - 1) / b; }

/// The input of an axis that tap `tap` of output `o` sees; outside 0..<in it is padding.
static ptrdiff_t seen(const ck_window *w, int axis, ptrdiff_t o, ptrdiff_t tap) {
  return o * w->stride[axis] - w->pad[axis] + tap * w->dilation[axis];
}

static bool inside(const ck_window *w, int axis, ptrdiff_t i) { return i >= 0 && i < w->in[axis]; }

/// What the outputs of one line see: lines of the input, and of each a few taps.
typedef struct {
  ptrdiff_t rows, *row;  // where the lines of the input begin that are seen
  ptrdiff_t limit;       // the inputs of a line that count
  ptrdiff_t from, to;    // the outputs all of whose taps along the line do
} line;

static void look(const ck_window *w, ptrdiff_t o0, ptrdiff_t o1, line *l) {
  l->rows = 0;
  for (ptrdiff_t a = 0; a < w->kernel[0]; a++) {
    const ptrdiff_t i0 = seen(w, 0, o0, a);
    if (!inside(w, 0, i0)) continue;
    for (ptrdiff_t b = 0; b < w->kernel[1]; b++) {
      const ptrdiff_t i1 = seen(w, 1, o1, b);
      if (inside(w, 1, i1)) l->row[l->rows++] = (i0 * w->in[1] + i1) * w->in[2];
    }
  }
  const ptrdiff_t reach = (w->kernel[2] - 1) * w->dilation[2];
  l->from = least(quotient_up(w->pad[2], w->stride[2]), w->out[2]);
  l->to = quotient_up(l->limit + w->pad[2] - reach, w->stride[2]);
  l->to = most(l->from, least(l->to, w->out[2]));
}

/// The taps [first, end) along a line that output o sees.
typedef struct {
  ptrdiff_t first, end;
} tap_range;

static tap_range taps_of(const ck_window *w, const line *l, ptrdiff_t o) {
  const ptrdiff_t start = o * w->stride[2] - w->pad[2];
  const ptrdiff_t end = least(w->kernel[2], quotient_up(l->limit - start, w->dilation[2]));
  return (tap_range){quotient_up(-start, w->dilation[2]), end};
}

/// Calls the body for every line of outputs of planes [begin, end): `l` is what it sees of the plane
/// that begins at `from`, and its results stand at `to`.
#define EACH_LINE(w, body)                                                                    \
  const ptrdiff_t inputs = (w)->in[0] * (w)->in[1] * (w)->in[2] * inner;                      \
  const ptrdiff_t lines = (w)->out[0] * (w)->out[1];                                          \
  ptrdiff_t rows[(w)->kernel[0] * (w)->kernel[1]];                                            \
  for (ptrdiff_t plane = begin; plane < end; plane++) {                                       \
    line l = {.row = rows, .limit = limit ? least(limit[plane], (w)->in[2]) : (w)->in[2]};    \
    for (ptrdiff_t n = 0; n < lines; n++) {                                                   \
      const ptrdiff_t from = plane * inputs, to = (plane * lines + n) * (w)->out[2] * inner;  \
      look((w), n / (w)->out[1], n % (w)->out[1], &l);                                        \
      body                                                                                    \
    }                                                                                         \
  }

/// NaN is larger than everything, as in PyTorch.
static bool exceeds(float x, float best) { return (x > best) | (x != x); }

/// What a pool does with one more number.
typedef enum { LARGEST, SUM } pooling;

static inline __attribute__((always_inline)) float with(pooling how, float sum, float x) {
  return how == SUM ? sum + x : exceeds(x, sum) ? x : sum;
}

/// to[i] with x[i · step], or just that when it is the first.
static inline __attribute__((always_inline)) void take(pooling how, bool first, const float *x,
                                                       ptrdiff_t step, ptrdiff_t count,
                                                       float *restrict to) {
  for (ptrdiff_t i = 0; i < count; i++) {
    to[i] = first ? x[i * step] : with(how, to[i], x[i * step]);
  }
}

static inline __attribute__((always_inline)) void take_strided(pooling how, bool first,
                                                               const float *x, ptrdiff_t step,
                                                               ptrdiff_t count, float *to) {
  // Strides that the compiler knows become shuffles.
  if (step == 1) return take(how, first, x, 1, count, to);
  if (step == 2) return take(how, first, x, 2, count, to);
  take(how, first, x, step, count, to);
}

/// One line of results. Neighbouring outputs that see whole windows take tap after tap together, if
/// an input is one number; the others, and inputs of several numbers, go one by one.
static inline __attribute__((always_inline)) void pool_line(pooling how, const ck_window *w,
                                                            ptrdiff_t inner, const line *l,
                                                            const float *x, float *to) {
  const ptrdiff_t outputs = l->rows ? w->out[2] : 0;
  memset(to, 0, (size_t)(w->out[2] * inner) * sizeof(float));
  for (ptrdiff_t o = 0; o < outputs; o++) {
    if (inner == 1 && o == l->from && l->to > l->from) {
      for (ptrdiff_t r = 0; r < l->rows; r++) {
        for (ptrdiff_t tap = 0; tap < w->kernel[2]; tap++) {
          take_strided(how, r + tap == 0, x + l->row[r] + seen(w, 2, o, tap), w->stride[2],
                       l->to - l->from, to + o);
        }
      }
      o = l->to - 1;
      continue;
    }
    const tap_range taps = taps_of(w, l, o);
    for (ptrdiff_t r = 0; r < l->rows; r++) {
      for (ptrdiff_t tap = taps.first; tap < taps.end; tap++) {
        take(how, r == 0 && tap == taps.first, x + (l->row[r] + seen(w, 2, o, tap)) * inner, 1,
             inner, to + o * inner);
      }
    }
  }
}

void ck_max_pool(const ck_window *w, ptrdiff_t inner, const int32_t *limit, const float *x,
                 ptrdiff_t begin, ptrdiff_t end, float *out) {
  CK_TIMED(POOLING);
  EACH_LINE(w, pool_line(LARGEST, w, inner, &l, x + from, out + to);)
}

void ck_mean_pool(const ck_window *w, ptrdiff_t inner, const int32_t *limit, const float *x,
                  ptrdiff_t begin, ptrdiff_t end, float *out) {
  CK_TIMED(POOLING);
  const float taps = (float)(w->kernel[0] * w->kernel[1] * w->kernel[2]);
  EACH_LINE(w, {
    pool_line(SUM, w, inner, &l, x + from, out + to);
    for (ptrdiff_t i = 0; i < w->out[2] * inner; i++) out[to + i] /= taps;
  })
}

/// Results whose gradients find their places together.
#define TOGETHER 64

/// Gives what is `left` of the gradients of y to those of x[i · step] that are as large.
static inline __attribute__((always_inline)) void give(const float *x, const float *y,
                                                       ptrdiff_t step, ptrdiff_t count,
                                                       float *restrict left, float *restrict dx) {
  for (ptrdiff_t i = 0; i < count; i++) {
    // By bits, without a branch: nobody could predict it.
    const uint32_t is_it = 0u - ((x[i * step] == y[i]) | (x[i * step] != x[i * step]));
    uint32_t bits;
    memcpy(&bits, left + i, sizeof bits);
    const uint32_t given = bits & is_it, kept = bits & ~is_it;
    float share;
    memcpy(&share, &given, sizeof share);
    memcpy(left + i, &kept, sizeof kept);
    dx[i * step] += share;
  }
}

/// The gradients of `count` results `dy`, the first of them in the window of output o: each goes to
/// the first of equals, in the order of the taps. Windows are `step` floats apart.
static void max_back(const ck_window *w, ptrdiff_t inner, const line *l, ptrdiff_t o,
                     ptrdiff_t step, ptrdiff_t count, const float *x, const float *y,
                     const float *dy, float *dx) {
  const tap_range taps = taps_of(w, l, o);
  for (ptrdiff_t done = 0; done < count; done += TOGETHER) {
    float left[TOGETHER];
    const ptrdiff_t now = least(TOGETHER, count - done);
    memcpy(left, dy + done, (size_t)now * sizeof(float));
    for (ptrdiff_t r = 0; r < l->rows; r++) {
      for (ptrdiff_t tap = taps.first; tap < taps.end; tap++) {
        const ptrdiff_t at = (l->row[r] + seen(w, 2, o, tap)) * inner + done * step;
        if (step == 1) {
          give(x + at, y + done, 1, now, left, dx + at);
        } else if (step == 2) {
          give(x + at, y + done, 2, now, left, dx + at);
        } else {
          give(x + at, y + done, step, now, left, dx + at);
        }
      }
    }
  }
}

void ck_max_pool_back(const ck_window *w, ptrdiff_t inner, const int32_t *limit, const float *x,
                      const float *y, const float *dy, ptrdiff_t begin, ptrdiff_t end, float *dx) {
  CK_TIMED(POOLING);
  EACH_LINE(w, {
    for (ptrdiff_t o = 0; o < w->out[2]; o++) {
      const ptrdiff_t at = to + o * inner;
      if (inner == 1 && o == l.from && l.to > l.from) {
        max_back(w, 1, &l, o, w->stride[2], l.to - o, x + from, y + at, dy + at, dx + from);
        o = l.to - 1;
      } else {
        max_back(w, inner, &l, o, 1, inner, x + from, y + at, dy + at, dx + from);
      }
    }
  })
}

void ck_mean_pool_back(const ck_window *w, ptrdiff_t inner, const int32_t *limit, const float *dy,
                       ptrdiff_t begin, ptrdiff_t end, float *dx) {
  CK_TIMED(POOLING);
  const float taps = (float)(w->kernel[0] * w->kernel[1] * w->kernel[2]);
  EACH_LINE(w, {
    for (ptrdiff_t o = 0; o < w->out[2]; o++) {
      const tap_range range = taps_of(w, &l, o);
      for (ptrdiff_t r = 0; r < l.rows; r++) {
        for (ptrdiff_t tap = range.first; tap < range.end; tap++) {
          float *place = dx + from + (l.row[r] + seen(w, 2, o, tap)) * inner;
          for (ptrdiff_t i = 0; i < inner; i++) place[i] += dy[to + o * inner + i] / taps;
        }
      }
    }
  })
}
