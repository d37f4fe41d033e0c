// What every machine of the family runs: SSE2 on x86-64, NEON on arm64.

#include "isa.h"

#define LANES 4
#if defined(__x86_64__)
#define REGISTERS 16
#define FUSED 0
#else
#define REGISTERS 32
#define FUSED 1
#endif

#include "kernels/all.h"

const ck_isa ck_isa_baseline = CK_ISA_TABLE("baseline");
