import Foundation

/// A language model that counts: how often did each symbol follow the last k symbols?
///
///     P_k(x) = (c(x) + n · P_{k−1}(x)) / (c + n),    P_{−1} = 1 / V
///
/// where, of all places with the same last k symbols, c is their number, c(x) how many went on with
/// x, and n how many different symbols they went on with (Witten and Bell 1991, interpolated). There
/// is nothing to tune. Where the last k symbols never occurred, P_k = P_{k−1}.
struct ContextCounts {
  /// A run of symbols that occurred; run 0 is the empty one.
  private struct Run {
    /// The run without its last symbol, and that symbol, as one number above 0.
    var key: UInt64 = 0
    /// How often it occurred, as the end of something longer or not.
    var count: UInt32 = 0
    /// How often a symbol followed it.
    var followed: UInt32 = 0
    /// How many different symbols followed it.
    var followers: UInt32 = 0
  }

  private let classes: Int
  private let order: Int
  private var runs = [Run()]
  /// From the key of a run to the run: a hash table with linear probing, 0 where it is free.
  private var table = [UInt32](repeating: 0, count: 1 << 10)

  /// Counts the runs of up to `order` + 1 of `symbols`, which are below `classes`.
  init(_ symbols: some Sequence<UInt16>, classes: Int, order: Int) {
    self.classes = classes
    self.order = order
    var contexts = [UInt32](repeating: 0, count: order + 1)
    var known = 1  // contexts of length 0 ..< known exist
    for symbol in symbols {
      // The longest first: a context's place is taken by the one that is longer by a symbol.
      for length in stride(from: known - 1, through: 0, by: -1) {
        let longer = count(symbol, after: contexts[length])
        if length < order { contexts[length + 1] = longer }
      }
      known = min(known + 1, order + 1)
    }
  }

  /// The mean of −log₂ P_k over `symbols` in their order, for k = 0 … `order`.
  func bits(of symbols: some Collection<UInt16>) -> [Double] {
    var contexts: [UInt32?] = [0] + Array(repeating: nil, count: order)
    var sums = [Double](repeating: 0, count: order + 1)
    for symbol in symbols {
      var probability = 1 / Double(classes)
      var longer: [UInt32?] = Array(repeating: nil, count: order + 1)
      for length in 0...order {
        if let context = contexts[length] {
          let run = find(symbol, after: context)
          let all = runs[Int(context)]
          let count = run.map { Double(runs[Int($0)].count) } ?? 0
          let followers = Double(all.followers)
          if all.followed > 0 {
            probability =
              (count + followers * probability) / (Double(all.followed) + followers)
          }
          longer[length] = run
        }
        sums[length] -= log2(probability)
      }
      contexts = [0] + longer.dropLast()
    }
    return sums.map { $0 / Double(max(1, symbols.count)) }
  }

  private mutating func count(_ symbol: UInt16, after context: UInt32) -> UInt32 {
    let key = key(symbol, context)
    runs[Int(context)].followed += 1
    var slot = slot(of: key)
    if table[slot] == 0 {
      if runs.count * 2 > table.count {
        grow()
        slot = self.slot(of: key)
      }
      table[slot] = UInt32(runs.count)
      runs.append(Run(key: key))
      runs[Int(context)].followers += 1
    }
    let run = table[slot]
    runs[Int(run)].count += 1
    return run
  }

  private func find(_ symbol: UInt16, after context: UInt32) -> UInt32? {
    let run = table[slot(of: key(symbol, context))]
    return run == 0 ? nil : run
  }

  private func key(_ symbol: UInt16, _ context: UInt32) -> UInt64 {
    UInt64(context) * UInt64(classes) + UInt64(symbol) + 1
  }

  /// Where the run with `key` is, or where it would go.
  private func slot(of key: UInt64) -> Int {
    let mask = table.count - 1
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
    while table[slot] != 0 && runs[Int(table[slot])].key != key { slot = (slot + 1) & mask }
    return slot
  }

  private mutating func grow() {
    table = Array(repeating: 0, count: table.count * 2)
    for run in 1..<runs.count { table[slot(of: runs[run].key)] = UInt32(run) }
  }
}
