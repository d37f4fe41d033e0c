// Where the time of kernels goes, summed over the threads that call them.

#define _POSIX_C_SOURCE 199309L

#include "profile.h"

#include <time.h>

atomic_bool ck_is_profiled;

static atomic_uint_fast64_t nanoseconds[CK_KERNELS];
static atomic_uint_fast64_t calls[CK_KERNELS];

uint64_t ck_profile_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec + 1;
}

void ck_profile_add(const ck_timing *timing) {
  const uint64_t time = ck_profile_clock() - timing->began;
  atomic_fetch_add_explicit(&nanoseconds[timing->kernel], time, memory_order_relaxed);
  atomic_fetch_add_explicit(&calls[timing->kernel], 1, memory_order_relaxed);
}

void ck_profile_begin(void) {
  for (int kernel = 0; kernel < CK_KERNELS; kernel++) {
    atomic_store(&nanoseconds[kernel], 0);
    atomic_store(&calls[kernel], 0);
  }
  atomic_store(&ck_is_profiled, true);
}

void ck_profile_end(void) { atomic_store(&ck_is_profiled, false); }

uint64_t ck_profile_nanoseconds(ck_kernel kernel) { return atomic_load(&nanoseconds[kernel]); }

uint64_t ck_profile_calls(ck_kernel kernel) { return atomic_load(&calls[kernel]); }
