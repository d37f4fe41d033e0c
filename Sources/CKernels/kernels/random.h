// Philox 4x32-10 (Salmon, Moraes, Dror and Shaw 2011), LANES blocks at a time.

/// The words of LANES consecutive blocks, in the order of the stream: 4 · LANES of them.
INLINE void philox_blocks(uint64_t key, uint64_t stream, uint64_t first, uint32_t *words) {
  vlong block;
  for (int l = 0; l < LANES; l++) block[l] = first + (uint64_t)l;
  vlong c0 = block & 0xFFFFFFFF, c1 = block >> 32;
  vlong c2 = (vlong)(stream & 0xFFFFFFFF), c3 = (vlong)(stream >> 32);
  uint32_t key0 = (uint32_t)key, key1 = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++) {
    vlong p0 = c0 * 0xD2511F53, p2 = c2 * 0xCD9E8D57;
    c0 = (p2 >> 32) ^ c1 ^ (vlong)(uint64_t)key0;
    c2 = (p0 >> 32) ^ c3 ^ (vlong)(uint64_t)key1;
    c1 = p2 & 0xFFFFFFFF, c3 = p0 & 0xFFFFFFFF;
    key0 += 0x9E3779B9, key1 += 0xBB67AE85;
  }
  // Each block's four words in a row: as pairs in 64 bits, then the pairs by turns.
  vlong low = c0 | c1 << 32, high = c2 | c3 << 32;
  const vlong turns[2] = {__builtin_shufflevector(low, high, LOWER_BY_TURNS),
                          __builtin_shufflevector(low, high, UPPER_BY_TURNS)};
  memcpy(words, turns, sizeof turns);
}

/// Calls `map` on the words of elements [begin, end), a vector of them at a time.
#define FOR_UNIFORM(...)                                                                      \
  for (ptrdiff_t e = begin / (4 * LANES) * (4 * LANES); e < end; e += 4 * LANES) {            \
    uint32_t words[4 * LANES];                                                                \
    float part[4 * LANES];                                                                    \
    philox_blocks(key, stream, (uint64_t)e / 4, words);                                       \
    for (int l = 0; l < 4 * LANES; l++) {                                                     \
      const float u = (float)(int32_t)(words[l] >> 8) * 0x1p-24f;                             \
      part[l] = (__VA_ARGS__);                                                                \
    }                                                                                         \
    const ptrdiff_t from = begin > e ? begin - e : 0;                                         \
    memcpy(out + (e + from - begin), part + from,                                             \
           (size_t)(smaller(4 * LANES, end - e) - from) * sizeof(float));                     \
  }

static void uniform(uint64_t key, uint64_t stream, ptrdiff_t begin, ptrdiff_t end, float *out) {
  FOR_UNIFORM(u)
}

static void dropout_mask(uint64_t key, uint64_t stream, float rate, ptrdiff_t begin, ptrdiff_t end,
                         float *out) {
  const float kept = 1 / (1 - rate);
  FOR_UNIFORM(u < rate ? 0 : kept)
}
