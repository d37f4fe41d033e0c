#ifndef UNROLL_CZLIB_H
#define UNROLL_CZLIB_H

#include <zlib.h>

#endif
