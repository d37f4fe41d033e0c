// Windows over images: unfolding for convolutions, and pooling.

#include <math.h>
#include <string.h>

#include "CKernels.h"

static ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }
static ptrdiff_t most(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

/// The input of an axis that tap `tap` of output `o` sees; outside 0..<in it is padding.
static ptrdiff_t seen(const ck_window *w, int axis, ptrdiff_t o, ptrdiff_t tap) {
  return o * w->stride[axis] - w->pad[axis] + tap * w->dilation[axis];
}

static bool inside(const ck_window *w, int axis, ptrdiff_t i) { return i >= 0 && i < w->in[axis]; }

// --- Unfolding --------------------------------------------------------------------------------

/// Neighbouring outputs that see neighbouring inputs of one line.
typedef struct {
  ptrdiff_t count;       // outputs in the run
  ptrdiff_t begin, end;  // those of them that see the image rather than padding
  ptrdiff_t at;          // where output `begin` looks
} run;

/// The longest run from output position n, at most `count` long, for tap `t` of channel `c`.
static run run_from(const ck_window *w, ptrdiff_t c, const ptrdiff_t t[3], ptrdiff_t n,
                    ptrdiff_t count) {
  const ptrdiff_t o2 = n % w->out[2], line = n / w->out[2];
  const ptrdiff_t i0 = seen(w, 0, line / w->out[1], t[0]);
  const ptrdiff_t i1 = seen(w, 1, line % w->out[1], t[1]);
  run r = {.count = least(count, w->out[2] - o2)};
  if (!inside(w, 0, i0) || !inside(w, 1, i1)) return r;
  const ptrdiff_t stride = w->stride[2], start = seen(w, 2, o2, t[2]);
  r.begin = start < 0 ? least(r.count, (-start + stride - 1) / stride) : 0;
  const ptrdiff_t left = w->in[2] - start;  // inputs from `start` to the end of the line
  r.end = least(r.count, left > 0 ? (left + stride - 1) / stride : 0);
  r.end = most(r.begin, r.end);
  r.at = ((c * w->in[0] + i0) * w->in[1] + i1) * w->in[2] + start + r.begin * stride;
  return r;
}

/// Calls the body for every run of the columns, with its row in `row` and its first column in `n`.
#define EACH_RUN(w, first, count, body)                                              \
  ptrdiff_t row = 0, t[3];                                                           \
  for (ptrdiff_t c = 0; c < (w)->channels; c++)                                      \
    for (t[0] = 0; t[0] < (w)->kernel[0]; t[0]++)                                    \
      for (t[1] = 0; t[1] < (w)->kernel[1]; t[1]++)                                  \
        for (t[2] = 0; t[2] < (w)->kernel[2]; t[2]++, row++)                         \
          for (ptrdiff_t n = 0; n < (count);) {                                      \
            const run r = run_from((w), c, t, (first) + n, (count)-n);               \
            body;                                                                    \
            n += r.count;                                                            \
          }

void ck_unfold(const ck_window *w, const float *image, ptrdiff_t first, ptrdiff_t count, float *to,
               ptrdiff_t ld) {
  const ptrdiff_t stride = w->stride[2];
  EACH_RUN(w, first, count, {
    float *line = to + row * ld + n;
    for (ptrdiff_t j = 0; j < r.begin; j++) line[j] = 0;
    if (stride == 1) {
      memcpy(line + r.begin, image + r.at, (size_t)(r.end - r.begin) * sizeof(float));
    } else {
      for (ptrdiff_t j = r.begin; j < r.end; j++) line[j] = image[r.at + (j - r.begin) * stride];
    }
    for (ptrdiff_t j = r.end; j < r.count; j++) line[j] = 0;
  })
}

void ck_fold(const ck_window *w, const float *from, ptrdiff_t ld, ptrdiff_t first, ptrdiff_t count,
             float *image) {
  const ptrdiff_t stride = w->stride[2];
  EACH_RUN(w, first, count, {
    const float *line = from + row * ld + n;
    for (ptrdiff_t j = r.begin; j < r.end; j++) image[r.at + (j - r.begin) * stride] += line[j];
  })
}

// --- Pooling ----------------------------------------------------------------------------------

/// The inputs that one output position sees: offsets in its plane, in the order of the taps.
typedef struct {
  ptrdiff_t count;
  ptrdiff_t *offsets;
} view;

static void look(const ck_window *w, ptrdiff_t limit, ptrdiff_t n, ptrdiff_t inner, view *v) {
  const ptrdiff_t o2 = n % w->out[2], line = n / w->out[2];
  const ptrdiff_t o1 = line % w->out[1], o0 = line / w->out[1];
  v->count = 0;
  for (ptrdiff_t a = 0; a < w->kernel[0]; a++) {
    const ptrdiff_t i0 = seen(w, 0, o0, a);
    if (!inside(w, 0, i0)) continue;
    for (ptrdiff_t b = 0; b < w->kernel[1]; b++) {
      const ptrdiff_t i1 = seen(w, 1, o1, b);
      if (!inside(w, 1, i1)) continue;
      for (ptrdiff_t c = 0; c < w->kernel[2]; c++) {
        const ptrdiff_t i2 = seen(w, 2, o2, c);
        if (i2 < 0 || i2 >= limit) continue;
        v->offsets[v->count++] = ((i0 * w->in[1] + i1) * w->in[2] + i2) * inner;
      }
    }
  }
}

/// Calls the body for every output position of planes [begin, end): `v` is what it sees of the
/// plane that begins at `from`, and its result stands at `to`.
#define EACH_POSITION(w, body)                                                             \
  const ptrdiff_t taps = (w)->kernel[0] * (w)->kernel[1] * (w)->kernel[2];                 \
  const ptrdiff_t inputs = (w)->in[0] * (w)->in[1] * (w)->in[2] * inner;                   \
  const ptrdiff_t outputs = (w)->out[0] * (w)->out[1] * (w)->out[2];                       \
  ptrdiff_t offsets[taps];                                                                 \
  view v = {0, offsets};                                                                   \
  for (ptrdiff_t plane = begin; plane < end; plane++)                                      \
    for (ptrdiff_t n = 0; n < outputs; n++) {                                              \
      const ptrdiff_t from = plane * inputs, to = (plane * outputs + n) * inner;           \
      look((w), limit ? least(limit[plane], (w)->in[2]) : (w)->in[2], n, inner, &v);       \
      body                                                                                 \
    }

/// NaN is larger than everything, as in PyTorch.
static bool exceeds(float x, float best) { return x > best || isnan(x); }

void ck_max_pool(const ck_window *w, ptrdiff_t inner, const int32_t *limit, const float *x,
                 ptrdiff_t begin, ptrdiff_t end, float *out) {
  EACH_POSITION(w, {
    for (ptrdiff_t i = 0; i < inner; i++) out[to + i] = v.count ? x[from + v.offsets[0] + i] : 0;
    for (ptrdiff_t k = 1; k < v.count; k++) {
      const float *seen_by_tap = x + from + v.offsets[k];
      for (ptrdiff_t i = 0; i < inner; i++) {
        if (exceeds(seen_by_tap[i], out[to + i])) out[to + i] = seen_by_tap[i];
      }
    }
  })
}

void ck_max_pool_back(const ck_window *w, ptrdiff_t inner, const int32_t *limit, const float *x,
                      const float *dy, ptrdiff_t begin, ptrdiff_t end, float *dx) {
  EACH_POSITION(w, {
    for (ptrdiff_t i = 0; v.count && i < inner; i++) {
      ptrdiff_t best = v.offsets[0];
      for (ptrdiff_t k = 1; k < v.count; k++) {
        if (exceeds(x[from + v.offsets[k] + i], x[from + best + i])) best = v.offsets[k];
      }
      dx[from + best + i] += dy[to + i];
    }
  })
}

void ck_mean_pool(const ck_window *w, ptrdiff_t inner, const int32_t *limit, const float *x,
                  ptrdiff_t begin, ptrdiff_t end, float *out) {
  EACH_POSITION(w, {
    for (ptrdiff_t i = 0; i < inner; i++) out[to + i] = 0;
    for (ptrdiff_t k = 0; k < v.count; k++) {
      for (ptrdiff_t i = 0; i < inner; i++) out[to + i] += x[from + v.offsets[k] + i];
    }
    for (ptrdiff_t i = 0; i < inner; i++) out[to + i] /= (float)taps;
  })
}

void ck_mean_pool_back(const ck_window *w, ptrdiff_t inner, const int32_t *limit, const float *dy,
                       ptrdiff_t begin, ptrdiff_t end, float *dx) {
  EACH_POSITION(w, {
    for (ptrdiff_t k = 0; k < v.count; k++) {
      for (ptrdiff_t i = 0; i < inner; i++) dx[from + v.offsets[k] + i] += dy[to + i] / (float)taps;
    }
  })
}
