// AVX2 with FMA: 16 registers of 8 floats.

#include "isa.h"

#if defined(__x86_64__)

#define LANES 8
#define REGISTERS 16
#define FUSED 1

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "kernels/all.h"
#pragma clang attribute pop

const ck_isa ck_isa_avx2 = CK_ISA_TABLE("avx2");

#endif
