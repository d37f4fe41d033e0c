import Canvas
import Data
import Inspection
import Layers

/// What clamps hold and what that changes, in words.
struct ClampText {
  private let comparison: ClampComparison

  /// The words of `comparison`.
  init(_ comparison: ClampComparison) { self.comparison = comparison }

  /// `lstm.f[17] = 0 at 3-9`, as `clamp` has it.
  static func words(_ clamp: Clamp) -> String {
    let lane = Lane(of: clamp.signal) == .backward ? "←" : ""
    let unit = clamp.unit.map { "[\($0)]" } ?? ""
    let steps = clamp.steps.map { " at \($0.lowerBound)-\($0.upperBound)" } ?? ""
    let signal = LaneText.base(of: clamp.signal) + lane
    return "\(clamp.layer.shortened(to: 16)).\(signal)\(unit) = "
      + NumberText.short(Double(clamp.value)) + steps
  }

  /// The last clamp, and how many there are besides.
  var short: String {
    let clamps = comparison.clamped.clamps
    let more = clamps.count > 1 ? " and \(clamps.count - 1) more" : ""
    return (clamps.last.map(Self.words) ?? "") + more
  }

  /// What changes, the most telling first: the loss or the error, then how many predictions.
  var effect: [String] {
    let (free, clamped) = (comparison.free, comparison.clamped)
    var parts: [String] = []
    if let before = free.meanLoss, let after = clamped.meanLoss {
      parts.append("loss \(NumberText.short(before)) → \(NumberText.short(after))")
    } else if let before = free.meanError(of: 0), let after = clamped.meanError(of: 0) {
      let text = ForecastText(free.target)
      let name = text.names.count > 1 ? " of \(text.names[0])" : ""
      parts.append("mean error\(name) \(text.number(before, 0)) → \(text.number(after, 0))")
    }
    if case .values = free.target.kind { return parts }
    if case .points = free.target.kind { return parts }
    let changed = comparison.changedSteps.count
    guard free.target.isPerStep else {
      return parts + [changed > 0 ? "another prediction" : "same prediction"]
    }
    return parts + ["\(changed) of \(comparison.predictions) changed"]
  }

  /// What is held and what that does, in a sentence.
  var sentence: String {
    let effect = effect.joined(separator: ", ")
    return "\(short): \(effect.isEmpty ? "held" : effect). D shows what changes, . lets go."
  }
}
