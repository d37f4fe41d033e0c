/// How well scores put what is so before what is not.
struct RankTally {
  private var entries: [(score: Float, isSo: Bool, weight: Double)] = []

  /// Adds the score of something that is so, or is not.
  mutating func add(_ score: Float, isSo: Bool, _ weight: Double) {
    entries.append((score, isSo, weight))
  }

  /// F₁ of what scores above 0; 0 when nothing is so or scores above 0.
  var f1: Double {
    var (hits, all) = (0.0, 0.0)
    for entry in entries {
      if entry.isSo { all += entry.weight }
      if entry.score > 0 { all += entry.weight }
      if entry.isSo && entry.score > 0 { hits += entry.weight }
    }
    return all > 0 ? 2 * hits / all : 0
  }

  /// The chance that what is so scores higher than what is not, ties half; nil unless there are both.
  var areaUnderROC: Double? {
    var (area, seen, total) = (0.0, 0.0, 0.0)
    for (yes, no) in levels {
      area += no * (seen + yes / 2)
      seen += yes
      total += no
    }
    return seen > 0 && total > 0 ? area / (seen * total) : nil
  }

  /// Σ (R_n − R_n−1) P_n over the levels of the score, highest first, with recall R and precision P:
  /// average precision; nil when nothing is so.
  var areaUnderPR: Double? {
    let all = entries.reduce(0.0) { $0 + ($1.isSo ? $1.weight : 0) }
    guard all > 0 else { return nil }
    var (area, hits, chosen) = (0.0, 0.0, 0.0)
    for (yes, no) in levels {
      hits += yes
      chosen += yes + no
      if chosen > 0 { area += yes / all * (hits / chosen) }
    }
    return area
  }

  /// The weight of what is so and of what is not at each level of the score, highest first.
  private var levels: [(yes: Double, no: Double)] {
    var levels: [(yes: Double, no: Double)] = []
    var last: Float?
    for entry in entries.sorted(by: { $0.score > $1.score }) {
      if entry.score != last { levels.append((0, 0)) }
      last = entry.score
      if entry.isSo {
        levels[levels.count - 1].yes += entry.weight
      } else {
        levels[levels.count - 1].no += entry.weight
      }
    }
    return levels
  }
}
