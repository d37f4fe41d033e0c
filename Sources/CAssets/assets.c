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
static const unsigned char co2_data[] = {
#embed "../../assets/co2/data.csv"
};
static const unsigned char co2_source[] = {
#embed "../../assets/co2/SOURCE.txt"
};
static const unsigned char sunspots_data[] = {
#embed "../../assets/sunspots/data.csv"
};
static const unsigned char sunspots_source[] = {
#embed "../../assets/sunspots/SOURCE.txt"
};
static const unsigned char seattle_data[] = {
#embed "../../assets/seattle-weather/data.csv"
};
static const unsigned char seattle_source[] = {
#embed "../../assets/seattle-weather/SOURCE.txt"
};
static const unsigned char watch_x[] = {
#embed "../../assets/watch-exercises/x.npy"
};
static const unsigned char watch_len[] = {
#embed "../../assets/watch-exercises/len.npy"
};
static const unsigned char watch_y[] = {
#embed "../../assets/watch-exercises/y.npy"
};
static const unsigned char watch_subject[] = {
#embed "../../assets/watch-exercises/subject.npy"
};
static const unsigned char watch_source[] = {
#embed "../../assets/watch-exercises/SOURCE.txt"
};
static const unsigned char splice_data[] = {
#embed "../../assets/splice/data.tsv"
};
static const unsigned char splice_source[] = {
#embed "../../assets/splice/SOURCE.txt"
};
static const unsigned char names_data[] = {
#embed "../../assets/names/data.tsv"
};
static const unsigned char names_source[] = {
#embed "../../assets/names/SOURCE.txt"
};
static const unsigned char authors_data[] = {
#embed "../../assets/authors/data.tsv"
};
static const unsigned char authors_source[] = {
#embed "../../assets/authors/SOURCE.txt"
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
    ASSET("co2/data.csv", co2_data),
    ASSET("co2/SOURCE.txt", co2_source),
    ASSET("sunspots/data.csv", sunspots_data),
    ASSET("sunspots/SOURCE.txt", sunspots_source),
    ASSET("seattle-weather/data.csv", seattle_data),
    ASSET("seattle-weather/SOURCE.txt", seattle_source),
    ASSET("watch-exercises/x.npy", watch_x),
    ASSET("watch-exercises/len.npy", watch_len),
    ASSET("watch-exercises/y.npy", watch_y),
    ASSET("watch-exercises/subject.npy", watch_subject),
    ASSET("watch-exercises/SOURCE.txt", watch_source),
    ASSET("splice/data.tsv", splice_data),
    ASSET("splice/SOURCE.txt", splice_source),
    ASSET("names/data.tsv", names_data),
    ASSET("names/SOURCE.txt", names_source),
    ASSET("authors/data.tsv", authors_data),
    ASSET("authors/SOURCE.txt", authors_source),
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
