// The data sets are part of the program, so that it works from any folder. `#embed` copies the
// files as they are: the compiler does not parse them, and they lie in read-only memory.

#include "CAssets.h"

#include <string.h>

static const unsigned char shakespeare_text[] = {
#embed "../../assets/shakespeare/text.txt"
};
static const unsigned char shakespeare_source[] = {
#embed "../../assets/shakespeare/SOURCE.txt"
};
static const unsigned char pendigits_x[] = {
#embed "../../assets/pendigits/x.npy"
};
static const unsigned char pendigits_y[] = {
#embed "../../assets/pendigits/y.npy"
};
static const unsigned char pendigits_source[] = {
#embed "../../assets/pendigits/SOURCE.txt"
};
static const unsigned char vowels_x_train[] = {
#embed "../../assets/japanese-vowels/x_train.npy"
};
static const unsigned char vowels_x_test[] = {
#embed "../../assets/japanese-vowels/x_test.npy"
};
static const unsigned char vowels_len_train[] = {
#embed "../../assets/japanese-vowels/len_train.npy"
};
static const unsigned char vowels_len_test[] = {
#embed "../../assets/japanese-vowels/len_test.npy"
};
static const unsigned char vowels_y_train[] = {
#embed "../../assets/japanese-vowels/y_train.npy"
};
static const unsigned char vowels_y_test[] = {
#embed "../../assets/japanese-vowels/y_test.npy"
};
static const unsigned char vowels_labels[] = {
#embed "../../assets/japanese-vowels/labels.txt"
};
static const unsigned char vowels_source[] = {
#embed "../../assets/japanese-vowels/SOURCE.txt"
};
static const unsigned char digits_x[] = {
#embed "../../assets/digits/x.npy"
};
static const unsigned char digits_y[] = {
#embed "../../assets/digits/y.npy"
};
static const unsigned char digits_source[] = {
#embed "../../assets/digits/SOURCE.txt"
};

#define ASSET(name, array) {name, array, sizeof array}

static const struct {
  const char *name;
  const unsigned char *bytes;
  size_t count;
} assets[] = {
    ASSET("shakespeare/text.txt", shakespeare_text),
    ASSET("shakespeare/SOURCE.txt", shakespeare_source),
    ASSET("pendigits/x.npy", pendigits_x),
    ASSET("pendigits/y.npy", pendigits_y),
    ASSET("pendigits/SOURCE.txt", pendigits_source),
    ASSET("japanese-vowels/x_train.npy", vowels_x_train),
    ASSET("japanese-vowels/x_test.npy", vowels_x_test),
    ASSET("japanese-vowels/len_train.npy", vowels_len_train),
    ASSET("japanese-vowels/len_test.npy", vowels_len_test),
    ASSET("japanese-vowels/y_train.npy", vowels_y_train),
    ASSET("japanese-vowels/y_test.npy", vowels_y_test),
    ASSET("japanese-vowels/labels.txt", vowels_labels),
    ASSET("japanese-vowels/SOURCE.txt", vowels_source),
    ASSET("digits/x.npy", digits_x),
    ASSET("digits/y.npy", digits_y),
    ASSET("digits/SOURCE.txt", digits_source),
};

static const size_t asset_count = sizeof assets / sizeof assets[0];

const unsigned char *casset_find(const char *name, size_t *count) {
  for (size_t i = 0; i < asset_count; i++) {
    if (strcmp(assets[i].name, name) == 0) {
      *count = assets[i].count;
      return assets[i].bytes;
    }
  }
  *count = 0;
  return NULL;
}

const char *casset_name(size_t index) {
  return index < asset_count ? assets[index].name : NULL;
}
