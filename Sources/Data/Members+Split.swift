import Engine

extension Members {
  /// The shares that a file's sequences are divided into: 70 % train, 15 % validate, 15 % test.
  static let heldShare = 0.15

  /// Divides sequences 0 ..< `count`, in their order or shuffled for good; with `lastAreTest`, that many
  /// of the last are the test, and the rest is divided in training and validation.
  static func divided(
    _ count: Int, _ rule: DataRecipe.SplitRule, lastAreTest: Int?, owner: String
  ) throws(DataError) -> Members {
    guard let tested = lastAreTest else { return try divided(count, rule, owner: owner) }
    let rest = count - tested
    guard rest >= 2 else {
      throw DataError(
        "\(owner) needs at least 2 sequences to divide in training and validation, got \(rest).")
    }
    var random = Random.stream(.split, seed: 15)
    let order = rule == .order ? Array(0..<rest) : random.permutation(of: rest)
    let held = max(1, Int(Double(rest) * heldShare))
    return Members(
      train: Array(order.dropLast(held)), validation: order.suffix(held),
      test: Array(rest..<count))
  }

  /// Divides sequences 0 ..< `count`, in their order or shuffled for good.
  ///
  /// With `groups`, a name for every sequence, all of a group go to the same split: groups are taken
  /// in turn, for the test until it has its share, then for validation, then for training.
  static func divided(
    _ count: Int, _ rule: DataRecipe.SplitRule, groups: [String]? = nil, owner: String
  ) throws(DataError) -> Members {
    var random = Random.stream(.split, seed: 15)
    let isShuffled = rule != .order
    guard let groups else {
      guard count >= 3 else {
        throw DataError(
          "\(owner) needs at least 3 sequences to divide, got \(count). Name a data.sequence column "
            + "or give more rows.")
      }
      let held = max(1, Int(Double(count) * heldShare))
      return Members(isShuffled ? random.permutation(of: count) : Array(0..<count), held: held)
    }
    var names: [String] = []
    var members: [String: [Int]] = [:]
    for (index, group) in groups.enumerated() {
      if members[group] == nil { names.append(group) }
      members[group, default: []].append(index)
    }
    guard names.count >= 3 else {
      throw DataError("\(owner) needs at least 3 groups to divide, got \(names.count).")
    }
    let order = isShuffled ? random.permutation(of: names.count) : Array(names.indices.reversed())
    var parts: [[Int]] = [[], [], []]
    for (turn, name) in order.map({ names[$0] }).enumerated() {
      // The test and validation parts get a group at least, and leave one for training.
      let left = names.count - turn
      let wanted = Double(count) * heldShare
      let part =
        parts[0].isEmpty || Double(parts[0].count) < wanted && left > 2
        ? 0 : parts[1].isEmpty || Double(parts[1].count) < wanted && left > 1 ? 1 : 2
      parts[part] += members[name] ?? []
    }
    return Members(train: parts[2].sorted(), validation: parts[1].sorted(), test: parts[0].sorted())
  }
}
