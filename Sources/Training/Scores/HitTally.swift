/// How often the right class had the highest score, or one of the five highest.
struct HitTally {
  private var right = 0.0
  private var near = 0.0
  private var total = 0.0

  /// The share that was right.
  var share: Double { total > 0 ? right / total : 0 }
  /// The share that had one of the five highest scores.
  var topShare: Double { total > 0 ? near / total : 0 }

  /// Counts one row of scores and gives the class with the highest, the first of equals.
  mutating func add(_ scores: ArraySlice<Float>, wanted: Int, _ weight: Double) -> Int {
    var best = scores.startIndex
    for index in scores.indices where scores[index] > scores[best] { best = index }
    let predicted = best - scores.startIndex
    let score = scores[scores.startIndex + wanted]
    // Among equals the first comes first, as for the prediction.
    let rank = scores.indices.count {
      scores[$0] > score || (scores[$0] == score && $0 - scores.startIndex < wanted)
    }
    if predicted == wanted { right += weight }
    if rank < 5 { near += weight }
    total += weight
    return predicted
  }

  /// Counts one yes or no.
  mutating func add(_ isRight: Bool, _ weight: Double) {
    if isRight { right += weight }
    total += weight
  }
}
