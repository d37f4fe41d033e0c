import Engine

/// Which examples of a set, by number, belong to each split.
struct Members: Sendable, Equatable {
  let train, validation, test: [Int]

  subscript(split: Split) -> [Int] {
    switch split {
    case .train: train
    case .validation: validation
    case .test: test
    }
  }

  /// The numbers of each split.
  init(train: [Int], validation: [Int], test: [Int]) {
    self.train = train
    self.validation = validation
    self.test = test
  }

  /// `order` cut in three: the last `held` for the test, as many before them for validation.
  init(_ order: [Int], held: Int) {
    self.init(
      train: Array(order.dropLast(2 * held)),
      validation: Array(order.suffix(2 * held).prefix(held)),
      test: Array(order.suffix(held)))
  }

  /// The numbers below `count` in a random order that depends on `key` only, cut in three.
  static func shuffled(_ count: Int, held: Int, key: UInt64) -> Members {
    var random = Random.stream(.split, seed: key)
    return Members(random.permutation(of: count), held: held)
  }

  /// How many are in each split, in words: `1,257 train, 270 validation, 270 test`.
  var counts: String {
    Split.allCases.map { "\(grouped(self[$0].count)) \($0.rawValue)" }.joined(separator: ", ")
  }
}

/// How examples are put together for training: how many, in which company, in which order.
struct Batching: Sendable, Equatable {
  /// Examples side by side, B; at least 1.
  var size = 32
  /// Whether examples of similar length stand together.
  var isBucketed = false
  /// What the order of the training examples is keyed by.
  var seed: UInt64 = 1
}

extension Batching {
  /// As `recipe` says, ordered under `seed`.
  init(_ recipe: DataRecipe, seed: UInt64) {
    self.init(size: recipe.batchSize, isBucketed: recipe.isBucketed, seed: seed)
  }
}
