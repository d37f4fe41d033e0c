// AVX-512: 32 registers of 16 floats.

#include "isa.h"

#if defined(__x86_64__)

#define LANES 16
#define REGISTERS 32
#define FUSED 1

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512dq,avx512bw,fma"))), apply_to = function)
#include "kernels/all.h"
#pragma clang attribute pop

const ck_isa ck_isa_avx512 = CK_ISA_TABLE("avx512");

#endif
