#ifndef CASSETS_H
#define CASSETS_H

#include <stddef.h>

/// The bytes of the asset `name`, and their number in `count`; NULL and 0 if there is none.
///
/// Names are paths below `assets/`, such as "shakespeare/text.txt". The bytes are part of the
/// program and stay valid for as long as it runs.
const unsigned char *casset_find(const char *name, size_t *count);

/// The name of asset number `index`, in the order of their folders; NULL past the last.
const char *casset_name(size_t index);

#endif
