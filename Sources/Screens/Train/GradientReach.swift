/// How far into the past a gradient is felt, read off ‖∂L/∂h_t‖.
struct GradientReach: Equatable {
  /// Steps before the last one until the norm has fallen to half of its last value; nil if it never
  /// does.
  let halfLife: Int?
  /// Steps before the last one until the norm has fallen to a thousandth of its last value; nil if
  /// it never does.
  let reach: Int?
  /// Steps before the last one that there are.
  let steps: Int
  /// The largest norm relative to the last one, at least 1.
  let growth: Double

  /// Reads the norms for t = 0 …; nil if none of them is above 0.
  ///
  /// The last step is the last one with a gradient: a batch of short sequences has none at its end.
  init?(_ norms: [Double]) {
    guard let end = norms.lastIndex(where: { $0.isFinite && $0 > 0 }) else { return nil }
    let last = norms[end]
    func steps(to share: Double) -> Int? {
      norms[..<end].lastIndex { $0 <= last * share }.map { end - $0 }
    }
    halfLife = steps(to: 0.5)
    reach = steps(to: 1e-3)
    self.steps = end
    let largest = norms[...end].filter { !$0.isNaN }.max() ?? last
    growth = max(1, largest / last)
  }

  /// `half-life 11  reach 38 steps`, with `>` before what was not reached.
  var text: String {
    if halfLife == nil { return "does not fade in \(steps) steps" }
    func number(_ found: Int?) -> String { found.map { "\($0)" } ?? ">\(steps)" }
    return "half-life \(number(halfLife))  reach \(number(reach)) steps"
  }
}
