#ifndef CK_PROFILE_H
#define CK_PROFILE_H

// A clock around kernels: while nobody asks, a call loads one flag.

#include <stdatomic.h>

#include "CKernels.h"

/// Whether calls are timed.
extern atomic_bool ck_is_profiled;

/// A call that is being timed; one that began at 0 is not.
typedef struct {
  ck_kernel kernel;
  uint64_t began;
} ck_timing;

/// Nanoseconds of a clock that never goes back, above 0.
uint64_t ck_profile_clock(void);
/// Counts a call that has ended.
void ck_profile_add(const ck_timing *timing);

static inline ck_timing ck_timing_begin(ck_kernel kernel) {
  const bool counts = atomic_load_explicit(&ck_is_profiled, memory_order_relaxed);
  return (ck_timing){kernel, counts ? ck_profile_clock() : 0};
}

static inline void ck_timing_end(const ck_timing *timing) {
  if (timing->began) ck_profile_add(timing);
}

/// Times the rest of the function as one call of a kernel.
#define CK_TIMED(name)                                                         \
  const ck_timing timing __attribute__((cleanup(ck_timing_end), unused)) =     \
      ck_timing_begin(CK_KERNEL_##name)

#endif
