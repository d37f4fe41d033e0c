// Vectors of LANES floats. Every kernel works on whole vectors: a tail is copied into one, so the
// value of an element never depends on where it stands or where a part begins.

// Every function that takes or returns a vector is local to its file, so its ABI is nobody's business.
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))

/// A loop whose count is known where it is inlined, so that arrays become registers.
#define UNROLLED _Pragma("clang loop unroll(full)") for

typedef float vfloat __attribute__((ext_vector_type(LANES)));
typedef int32_t vint __attribute__((ext_vector_type(LANES)));
typedef uint32_t vuint __attribute__((ext_vector_type(LANES)));
typedef uint64_t vlong __attribute__((ext_vector_type(LANES)));
typedef double vdouble __attribute__((ext_vector_type(LANES)));
/// A vector anywhere in memory.
typedef float vfloat_in_memory __attribute__((ext_vector_type(LANES), aligned(4), may_alias));

INLINE ptrdiff_t smaller(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

/// `count` in units of `size`, the last one possibly partial.
INLINE ptrdiff_t pieces(ptrdiff_t count, ptrdiff_t size) { return (count + size - 1) / size; }

INLINE vfloat splat(float x) { return (vfloat)x; }

#if LANES == 16
INLINE vfloat load_part(const float *p, ptrdiff_t count, float fill) {
  return _mm512_mask_loadu_ps(splat(fill), (__mmask16)((1u << count) - 1), p);
}

INLINE void store_part(float *p, ptrdiff_t count, vfloat x) {
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << count) - 1), x);
}
#elif LANES == 8
/// All bits in the first `count` lanes.
INLINE vint first_lanes(ptrdiff_t count) {
  return (vint){0, 1, 2, 3, 4, 5, 6, 7} < (vint)(int32_t)count;
}

INLINE vfloat load_part(const float *p, ptrdiff_t count, float fill) {
  const vint first = first_lanes(count);
  return first ? (vfloat)_mm256_maskload_ps(p, (__m256i)first) : splat(fill);
}

INLINE void store_part(float *p, ptrdiff_t count, vfloat x) {
  _mm256_maskstore_ps(p, (__m256i)first_lanes(count), x);
}
#else
INLINE vfloat load_part(const float *p, ptrdiff_t count, float fill) {
  vfloat x = splat(fill);
  for (ptrdiff_t l = 0; l < count; l++) x[l] = p[l];
  return x;
}

INLINE void store_part(float *p, ptrdiff_t count, vfloat x) {
  for (ptrdiff_t l = 0; l < count; l++) p[l] = x[l];
}
#endif

/// The vector at `p`, of which only the first `count` floats may be read; the others are `fill`.
INLINE vfloat load_filled(const float *p, ptrdiff_t count, float fill) {
  return __builtin_expect(count >= LANES, 1) ? (vfloat)*(const vfloat_in_memory *)p
                                             : load_part(p, count, fill);
}

INLINE vfloat load(const float *p, ptrdiff_t count) { return load_filled(p, count, 0); }

/// Stores the first `count` lanes.
INLINE void store(float *p, ptrdiff_t count, vfloat x) {
  if (__builtin_expect(count >= LANES, 1)) {
    *(vfloat_in_memory *)p = x;
  } else {
    store_part(p, count, x);
  }
}

INLINE vdouble widen(vfloat x) { return __builtin_convertvector(x, vdouble); }

/// The sum of all lanes: of those half the width apart first, and so on.
INLINE double total(vdouble x) {
  UNROLLED(int half = LANES / 2; half > 0; half /= 2) {
    UNROLLED(int l = 0; l < half; l++) x[l] += x[l + half];
  }
  return x[0];
}

INLINE float largest(vfloat x) {
  UNROLLED(int half = LANES / 2; half > 0; half /= 2) {
    UNROLLED(int l = 0; l < half; l++) x[l] = x[l + half] > x[l] ? x[l + half] : x[l];
  }
  return x[0];
}

/// The lanes of two vectors by turns: of their lower halves, and of their upper halves.
#if LANES == 4
#define LOWER_BY_TURNS 0, 4, 1, 5
#define UPPER_BY_TURNS 2, 6, 3, 7
#elif LANES == 8
#define LOWER_BY_TURNS 0, 8, 1, 9, 2, 10, 3, 11
#define UPPER_BY_TURNS 4, 12, 5, 13, 6, 14, 7, 15
#else
#define LOWER_BY_TURNS 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define UPPER_BY_TURNS 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#endif

INLINE vfloat lower_by_turns(vfloat a, vfloat b) {
  return __builtin_shufflevector(a, b, LOWER_BY_TURNS);
}

INLINE vfloat upper_by_turns(vfloat a, vfloat b) {
  return __builtin_shufflevector(a, b, UPPER_BY_TURNS);
}

#if LANES == 8
#define SHUFFLED(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

/// Transposes LANES vectors: lane l of vector i becomes lane i of vector l. First squares of four,
/// within the halves of vectors, where shuffling costs least; then the halves.
INLINE void transpose(vfloat *x) {
  UNROLLED(int i = 0; i < LANES; i += 4) {
    const vfloat a = SHUFFLED(x[i], x[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    const vfloat b = SHUFFLED(x[i], x[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
    const vfloat c = SHUFFLED(x[i + 2], x[i + 3], 0, 8, 1, 9, 4, 12, 5, 13);
    const vfloat d = SHUFFLED(x[i + 2], x[i + 3], 2, 10, 3, 11, 6, 14, 7, 15);
    x[i] = SHUFFLED(a, c, 0, 1, 8, 9, 4, 5, 12, 13);
    x[i + 1] = SHUFFLED(a, c, 2, 3, 10, 11, 6, 7, 14, 15);
    x[i + 2] = SHUFFLED(b, d, 0, 1, 8, 9, 4, 5, 12, 13);
    x[i + 3] = SHUFFLED(b, d, 2, 3, 10, 11, 6, 7, 14, 15);
  }
  UNROLLED(int i = 0; i < 4; i++) {
    const vfloat a = x[i], b = x[i + 4];
    x[i] = SHUFFLED(a, b, 0, 1, 2, 3, 8, 9, 10, 11);
    x[i + 4] = SHUFFLED(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
  }
}
#else
/// Transposes LANES vectors: lane l of vector i becomes lane i of vector l. Every turn halves how
/// far apart the two lanes that belong together stand.
INLINE void transpose(vfloat *x) {
  UNROLLED(int turn = 1; turn < LANES; turn *= 2) {
    vfloat y[LANES];
    UNROLLED(int i = 0; i < LANES / 2; i++) {
      y[2 * i] = lower_by_turns(x[i], x[i + LANES / 2]);
      y[2 * i + 1] = upper_by_turns(x[i], x[i + LANES / 2]);
    }
    UNROLLED(int i = 0; i < LANES; i++) x[i] = y[i];
  }
}
#endif
