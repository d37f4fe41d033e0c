import Canvas
import Training

/// Gradient and update of some weights in a step, and whether they look well.
struct WeightHealth: Equatable {
  /// What the numbers say.
  enum Verdict: Equatable {
    /// Nothing to worry about.
    case ok
    /// Training leaves the weights as they are.
    case frozen
    /// Updates are so large that the weights are replaced rather than improved.
    case high
    /// Updates are so small that nothing is learned.
    case low
    /// No gradient arrives.
    case dead
    /// A gradient or a weight is NaN or infinite.
    case notFinite

    /// The verdict in a word and a sign, so that it does not hang on colour.
    var text: String {
      switch self {
      case .ok: "ok"
      case .frozen: "frozen"
      case .high: "▲ high"
      case .low: "▼ low"
      case .dead: "× dead"
      case .notFinite: "× NaN/Inf"
      }
    }

    /// The meaning of the verdict in the palette.
    var role: Palette.Role {
      switch self {
      case .ok: .good
      case .frozen: .muted
      case .high, .low: .warning
      case .dead, .notFinite: .error
      }
    }
  }

  /// The gradient's norm before clipping.
  let gradientNorm: Double
  /// ‖Δw‖ / ‖w‖; nil where all weights are 0.
  let updateRatio: Double?
  private let isFrozen: Bool

  /// A thousandth is the rule of thumb; these are a factor of 30 above and of 100 below it.
  private static let highRatio = 3e-2
  private static let lowRatio = 1e-5

  /// The reports of one layer, or of one matrix, as one: norms of all their weights together.
  init(_ reports: [ParameterReport]) {
    var gradient = 0.0
    var weight = 0.0
    var update = 0.0
    for report in reports {
      gradient += report.gradientNorm * report.gradientNorm
      weight += report.weightNorm * report.weightNorm
      // Fresh biases are 0: their first ratio is a division by zero and says nothing.
      guard report.weightNorm != 0 else { continue }
      let change = report.updateRatio * report.weightNorm
      update += change * change
    }
    gradientNorm = gradient.squareRoot()
    isFrozen = !reports.isEmpty && reports.allSatisfy(\.isFrozen)
    updateRatio = weight == 0 ? nil : (update / weight).squareRoot()
  }

  /// What the numbers say.
  var verdict: Verdict {
    guard gradientNorm.isFinite, updateRatio?.isFinite ?? true else { return .notFinite }
    if isFrozen { return .frozen }
    if gradientNorm == 0 { return .dead }
    guard let updateRatio else { return .ok }
    if updateRatio > Self.highRatio { return .high }
    return updateRatio < Self.lowRatio ? .low : .ok
  }
}
