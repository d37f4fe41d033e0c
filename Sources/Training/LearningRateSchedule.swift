import Foundation

/// How the learning rate goes over a run: η(n) = η · factor(n), where n counts the training steps that
/// were done before, from 0. Steps and never epochs are counted.
///
///     constant          1
///     step              γ^⌊n / P⌋
///     exponential       γ^(n / P)
///     inverse           1 / (1 + γ n / P)
///     linear            1 − n / P, then 0
///     cosine            ½ (1 + cos(π n / P)), then 0
///     cosine_restarts   the same over and over, each period as long as the last one times `growth`
///     noam              min((n + 1) / W, √(W / (n + 1))), W the warm-up's steps: 1 at its end
///     one_cycle         from 1/25 up to 1 over W steps (none given: 0.3 P) and down to 1/250,000 at
///                       P, both along a cosine, as PyTorch's `OneCycleLR` has it
///     plateau           1, and times γ whenever `Plateau` finds validation standing still
///
/// A period P of 0 is the rest of the run after the warm-up. `floor` is the share that linear, cosine
/// and its restarts end at: f ← floor + (1 − floor) f. A warm-up of W steps goes before all but noam
/// and one_cycle, which have their own: (n + 1) / W, then the schedule from its beginning.
///
/// Sources: Loshchilov and Hutter 2017, arXiv:1608.03983 (restarts); Vaswani et al. 2017,
/// arXiv:1706.03762 (noam, whose d^−½ is the learning rate's business); Smith and Topin 2018,
/// arXiv:1708.07120 (one cycle).
public struct LearningRateSchedule: Sendable, Equatable {
  /// The shape of the curve.
  public enum Kind: String, Sendable, CaseIterable {
    /// No change.
    case constant
    /// Steps down.
    case step
    /// Down by the same share every step.
    case exponential
    /// Down like 1 / n.
    case inverse
    /// A straight line down.
    case linear
    /// Half a cosine down.
    case cosine
    /// Half cosines, one after another.
    case cosineRestarts = "cosine_restarts"
    /// Up along a line, down like 1 / √n.
    case noam
    /// Once up and down.
    case oneCycle = "one_cycle"
    /// Down when validation stands still.
    case plateau
  }

  /// The shape of the curve.
  public var kind = Kind.constant
  /// Steps of the linear warm-up, W.
  public var warmup = 0
  /// Steps of a period, P; 0: the rest of the run after the warm-up.
  public var period = 0
  /// γ, above 0.
  public var factor = 0.1
  /// The share that falling curves end at, in [0, 1].
  public var floor = 0.0
  /// How much longer each restarted period is than the last one; at least 1.
  public var growth = 1
  /// Training steps in all; at least 1.
  public var steps: Int

  /// A constant rate over `steps` steps.
  public init(steps: Int) { self.steps = steps }

  /// What the learning rate is multiplied by in the step after `done` steps.
  public func factor(after done: Int) -> Double {
    switch kind {
    case .noam:
      let (n, peak) = (Double(done) + 1, Double(max(1, warmup)))
      return min(n / peak, (peak / n).squareRoot())
    case .oneCycle: return oneCycle(Double(done))
    default:
      if done < warmup { return (Double(done) + 1) / Double(warmup) }
      return curve(Double(done) - Double(warmup))
    }
  }

  /// Whether the rate changes at all by itself.
  public var isConstant: Bool { kind == .constant && warmup == 0 }

  /// The factors of at most `count` steps, evenly spread over the run: the step and its factor.
  public func preview(_ count: Int) -> [(step: Int, factor: Double)] {
    let shown = max(1, min(count, steps))
    return (0..<shown).map { index in
      let step = Int(Double(index) / Double(max(1, shown - 1)) * Double(steps - 1))
      return (step, factor(after: step))
    }
  }

  /// Steps of a period: P, or what the warm-up leaves of the run.
  var length: Double {
    if period > 0 { return Double(period) }
    let hasWarmup = kind != .noam && kind != .oneCycle
    return max(1, Double(steps) - (hasWarmup ? Double(warmup) : 0))
  }

  private func curve(_ n: Double) -> Double {
    switch kind {
    case .constant, .plateau, .noam, .oneCycle: 1
    case .step: pow(factor, (n / length).rounded(.down))
    case .exponential: pow(factor, n / length)
    case .inverse: 1 / (1 + factor * n / length)
    case .linear: raised(max(0, 1 - n / length))
    case .cosine: raised(halfCosine(min(1, n / length)))
    case .cosineRestarts: raised(halfCosine(progress(n)))
    }
  }

  private func raised(_ share: Double) -> Double { floor + (1 - floor) * share }

  /// From 1 at 0 to 0 at 1.
  private func halfCosine(_ share: Double) -> Double { (1 + cos(.pi * share)) / 2 }

  /// The share that is done of the period that step `n` lies in.
  private func progress(_ n: Double) -> Double {
    guard growth > 1 else { return n.truncatingRemainder(dividingBy: length) / length }
    var (left, long) = (n, length)
    while left >= long { (left, long) = (left - long, long * Double(growth)) }
    return left / long
  }

  /// The cycle's peak is 1, its start 1/25, its end 1/25 of 1e-4.
  private func oneCycle(_ n: Double) -> Double {
    let (start, end) = (0.04, 0.04e-4)
    let last = max(1, length - 1)
    let top = min(max(1, warmup > 0 ? Double(warmup) : 0.3 * length) - 1, last)
    if n <= top { return top > 0 ? 1 + (start - 1) * halfCosine(n / top) : 1 }
    return last > top ? end + (1 - end) * halfCosine(min(1, (n - top) / (last - top))) : end
  }
}

extension LearningRateSchedule: CustomStringConvertible {
  /// The schedule in a line: `cosine over 550 steps after 50 of warm-up`.
  public var description: String {
    let gamma = "times \(factor)"
    let span = "\(Int(length)) steps"
    let shape =
      switch kind {
      case .constant: "constant"
      case .step: "\(gamma) every \(span)"
      case .exponential: "\(gamma) over \(span)"
      case .inverse: "1 / (1 + \(factor) n / \(Int(length)))"
      case .linear, .cosine: "\(kind.rawValue) over \(span)"
      case .cosineRestarts:
        "cosine, again every \(span)" + (growth > 1 ? ", \(growth) times longer each time" : "")
      case .noam: "noam, highest after \(max(1, warmup)) steps"
      case .oneCycle: "one cycle of \(span)"
      case .plateau: "\(gamma) where validation stands still"
      }
    let falls = [.linear, .cosine, .cosineRestarts].contains(kind) && floor > 0
    let hasWarmup = warmup > 0 && kind != .noam && kind != .oneCycle
    return shape + (falls ? " to \(floor)" : "")
      + (hasWarmup ? " after \(warmup) of warm-up" : "")
  }
}
