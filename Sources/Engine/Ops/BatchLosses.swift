/// Which triplets of a batch count.
public enum TripletMining: String, CaseIterable, Sendable {
  /// For every example the furthest of its class and the nearest of another one ("batch hard").
  case hard
  /// All that are not told apart by the margin yet ("batch all", the mean over those above 0).
  case all
}

/// Losses of points whose classes say which belong together, over the pairs and triplets of a batch.
///
/// `self` is the points x `[M, D]`, `labels` their M classes; a negative one marks a row that does not
/// count. d_ij = ‖x_i − x_j‖. What a batch has no pairs for adds nothing: the loss is 0.
extension Tensor {
  /// The mean contrastive loss of all pairs of a batch.
  ///
  ///     L = mean over i < j of ½ [y d² + (1 − y) max(0, m − d)²],   y = 1 for a pair of one class
  ///
  /// m is the margin, above 0. Source: Hadsell, Chopra and LeCun 2006, "Dimensionality reduction by
  /// learning an invariant mapping".
  public func contrastiveLoss(of labels: [Int32], margin: Float) -> Tensor {
    let pairs = BatchPairs(labels)
    let share = 1 / Float(max(1, pairs.count { i, j in i < j && pairs.areCounted(i, j) }))
    let same = pairs.matrix { i, j in i < j && pairs.areSame(i, j) ? share : 0 }
    let others = pairs.matrix { i, j in i < j && pairs.areDifferent(i, j) ? share : 0 }
    let d = distancesBetweenRows()
    let room = relu(margin - d)
    return (same * d * d + others * room * room).sum() * 0.5
  }

  /// The mean triplet loss of a batch.
  ///
  ///     L = mean over a of max(0, max_p d_ap − min_n d_an + m)          hard
  ///     L = mean over (a, p, n) where it is above 0 of d_ap − d_an + m    all
  ///
  /// a is an example, p another of its class, n one of another class; m is the margin, above 0.
  /// Source: Hermans, Beyer and Leibe 2017, arXiv:1703.07737, equation 5 and the mean of equation 6
  /// over what is not 0.
  public func tripletLoss(
    of labels: [Int32], margin: Float, mining: TripletMining = .hard
  ) -> Tensor {
    let (pairs, distances) = (BatchPairs(labels), distancesBetweenRows())
    let (d, size) = (distances.scalars, labels.count)
    // The loss is linear in the distances of the triplets that count: these are its coefficients.
    var slopes = [Float](repeating: 0, count: size * size)
    var (valid, active) = (0, 0)
    func add(_ a: Int, _ p: Int, _ n: Int) {
      valid += 1
      guard d[a * size + p] - d[a * size + n] + margin > 0 else { return }
      active += 1
      slopes[a * size + p] += 1
      slopes[a * size + n] -= 1
    }
    for a in 0..<size {
      let positives = (0..<size).filter { pairs.areSame(a, $0) }
      let negatives = (0..<size).filter { pairs.areDifferent(a, $0) }
      switch mining {
      case .hard:
        let furthest = positives.max { d[a * size + $0] < d[a * size + $1] }
        let nearest = negatives.min { d[a * size + $0] < d[a * size + $1] }
        if let furthest, let nearest { add(a, furthest, nearest) }
      case .all: for p in positives { for n in negatives { add(a, p, n) } }
      }
    }
    let share = 1 / Float(max(1, mining == .hard ? valid : active))
    return (distances * Tensor(slopes.map { $0 * share }, distances.shape)).sum()
      + margin * Float(active) * share
  }

  /// The supervised contrastive loss of a batch, of directions only.
  ///
  ///     L = mean over i of −1/|P(i)| Σ_{p ∈ P(i)} log (exp(s_ip / τ) / Σ_{a ≠ i} exp(s_ia / τ))
  ///
  /// s is the cosine of the angle between two points, P(i) are the others of the class of i, and τ is
  /// the temperature, above 0. With one other of each class it is InfoNCE.
  /// Source: Khosla et al. 2020, arXiv:2004.11362, equation 2.
  public func supervisedContrastiveLoss(of labels: [Int32], temperature: Float) -> Tensor {
    let pairs = BatchPairs(labels)
    let partners = labels.indices.map { i in labels.indices.count { pairs.areSame(i, $0) } }
    let anchors = Float(max(1, partners.count { $0 > 0 }))
    // Far below every score and yet finite, so that nothing becomes 0 · ∞.
    let barred = pairs.matrix { i, j in pairs.areCounted(i, j) ? 0 : -1e30 }
    let shares = pairs.matrix { i, j in
      pairs.areSame(i, j) ? -1 / (Float(partners[i]) * anchors) : 0
    }
    let unit = unitRows()
    let scores = unit.linear(unit) * (1 / temperature) + barred
    return (scores.logSoftmax() * shares).sum()
  }

  /// The InfoNCE loss of a batch: the first example of each class finds the second among those of all
  /// classes.
  ///
  ///     L = mean over classes c of −log softmax(s_c / τ)_c,   s_ck = cos(a_c, p_k)
  ///
  /// a and p are the first two examples of a class in the batch, whose order is drawn anew in every epoch;
  /// with one pair of each class no example of the same class is among those that it is told apart from.
  /// τ is the temperature, above 0.
  /// Source: Sohn 2016, "Improved deep metric learning with multi-class N-pair loss objective"; van den
  /// Oord, Li and Vinyals 2018, arXiv:1807.03748.
  public func infoNCELoss(of labels: [Int32], temperature: Float) -> Tensor {
    let rows = Dictionary(grouping: labels.indices.filter { labels[$0] >= 0 }) { labels[$0] }
    let partners = Dictionary(
      uniqueKeysWithValues: rows.values.filter { $0.count > 1 }.map { ($0[0], $0[1]) })
    let keys = Set(partners.values)
    let pairs = BatchPairs(labels)
    // Far below every score and yet finite, so that nothing becomes 0 · ∞.
    let barred = pairs.matrix { _, j in keys.contains(j) ? 0 : -1e30 }
    let share = -1 / Float(max(1, partners.count))
    let shares = pairs.matrix { i, j in partners[i] == j ? share : 0 }
    let unit = unitRows()
    let scores = unit.linear(unit) * (1 / temperature) + barred
    return (scores.logSoftmax() * shares).sum()
  }
}

/// Which rows of a batch belong together.
struct BatchPairs {
  private let labels: [Int32]

  /// Rows of these classes; a negative one marks a row that does not count.
  init(_ labels: [Int32]) { self.labels = labels }

  /// Whether both are rows that count, and not the same one.
  func areCounted(_ i: Int, _ j: Int) -> Bool { i != j && labels[i] >= 0 && labels[j] >= 0 }

  /// Whether they are two rows of one class.
  func areSame(_ i: Int, _ j: Int) -> Bool { areCounted(i, j) && labels[i] == labels[j] }

  /// Whether they are rows of different classes.
  func areDifferent(_ i: Int, _ j: Int) -> Bool { areCounted(i, j) && labels[i] != labels[j] }

  /// The pairs that `isSo` says yes to.
  func count(_ isSo: (Int, Int) -> Bool) -> Int {
    labels.indices.reduce(0) { sum, i in sum + labels.indices.count { isSo(i, $0) } }
  }

  /// `number` of every pair, `[M, M]`, as a constant.
  func matrix(_ number: (Int, Int) -> Float) -> Tensor {
    Tensor(
      labels.indices.flatMap { i in labels.indices.map { number(i, $0) } },
      [labels.count, labels.count])
  }
}
