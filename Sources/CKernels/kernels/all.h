// Every kernel, for the instruction set whose LANES and REGISTERS the including file has defined.
// These files have no include guards on purpose: each set compiles them once, in its own file.

#include "vector.h"
#include "functions.h"
#include "pointwise.h"
#include "activations.h"
#include "tile.h"
#include "pack.h"
#include "product.h"
#include "cell.h"
#include "lstm.h"
#include "gru.h"
#include "rnn.h"
#include "reduce.h"
#include "softmax.h"
#include "random.h"
#include "optimiser.h"
#include "peak.h"
