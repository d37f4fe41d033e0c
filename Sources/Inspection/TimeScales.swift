import Engine
import Foundation
import Layers

/// How long the units of a recurrent cell keep what they hold, in time steps.
///
///     τ = −1 / ln k           steps until 1/e of it is left
///     k = mean over t of fₜ   LSTMs: the forget gate
///     k = mean over t of zₜ   GRU: the update gate, where hₜ = zₜ hₜ₋₁ + …; 1 / (1 − k) is τ + ½
///     k = |u|                 IndRNN: the recurrent weight
///     k = ρ₁                  cells without such a thing: measured, the correlation of the unit's
///                             state with itself a step later, over the sequence
///
/// With zoneout z the share that stays is z + (1 − z) k. What is measured also sees how slowly the
/// inputs move, so it may be longer than what the unit keeps by itself. After layers that change the
/// number of steps, τ counts those of the sequence.
///
/// Sources: Tallec and Ollivier 2018, arXiv:1804.11188 (gates as time constants); Li et al. 2018,
/// arXiv:1803.04831 (IndRNN).
public struct TimeScales: Sendable, Equatable {
  /// Where τ comes from.
  public enum Source: Sendable, Equatable {
    /// The mean of this gate over the sequence.
    case gate(String)
    /// The recurrent weights u, one a unit; training keeps |u| to the bound.
    case weights([Float], bound: Double)
    /// The correlation of the state with itself a step later.
    case measured
  }

  /// The layer's name.
  public let layer: String
  /// The name of the signal that is kept, such as `c`.
  public let state: String
  /// Which way the cell reads.
  public var lane: Lane { Lane(of: state) }
  /// Where τ comes from.
  public let source: Source
  /// τ of every unit.
  public let units: [MemoryLength]

  /// The numbers of the units, longest memory first; equals by number, and unknown ones last.
  public var order: [Int] {
    units.indices.sorted {
      let (a, b) = (units[$0].rank, units[$1].rank)
      return a == b ? $0 < $1 : a > b
    }
  }

  /// The τ in the middle, half of the known units keep longer; nil without known units.
  public var median: MemoryLength? {
    let known = order.map { units[$0] }.filter { $0 != .unknown }
    return known.isEmpty ? nil : known[known.count / 2]
  }
}

/// How long a unit keeps what it holds.
public enum MemoryLength: Sendable, Equatable {
  /// So many time steps until 1/e is left; 0 and above.
  case steps(Double)
  /// All of it, for ever.
  case endless
  /// It grows: e-fold in so many time steps.
  case growing(Double)
  /// Nothing can be said: the unit does not move, or its numbers are not finite.
  case unknown

  /// The memory of a unit of whose state the share `kept` stays at every step, times `scale`.
  init(keeping kept: Double, scale: Double = 1) {
    guard kept.isFinite else {
      self = .unknown
      return
    }
    let tau = -scale / log(kept)
    self = kept <= 0 ? .steps(0) : kept < 1 ? .steps(tau) : kept == 1 ? .endless : .growing(-tau)
  }

  /// τ in time steps; nil where there is no such number.
  public var steps: Double? { if case .steps(let steps) = self { steps } else { nil } }

  /// What sorts by: faster growth above slower, above all that is kept; below 0 what is not known.
  fileprivate var rank: (Int, Double) {
    switch self {
    case .growing(let steps): (3, -steps)
    case .endless: (2, 0)
    case .steps(let steps): (1, steps)
    case .unknown: (0, 0)
    }
  }
}

extension TimeScales {
  /// The time scales of every cell of `network` that recorded its signals while it read one sequence
  /// of T = `time` steps, the first `steps` of them valid, in the order of the layers.
  static func all(
    in network: Network, _ recorded: [RecordedSignal], steps: Int, of time: Int
  ) -> [TimeScales] {
    network.elements.flatMap { element in
      let own = recorded.filter { $0.layer == element.name }
      return element.layer.memories.compactMap { memory in
        TimeScales(memory, of: element.name, own, steps: steps, of: time)
      }
    }
  }

  private init?(
    _ memory: CellMemory, of layer: String, _ recorded: [RecordedSignal], steps: Int, of time: Int
  ) {
    /// The values of the signal called `name` over the steps that the layer made, unit by unit.
    func traces(_ name: String) -> (units: [[Float]], stretch: Double)? {
      guard let values = recorded.first(where: { $0.signal.name == name })?.values, steps > 0
      else { return nil }
      let (made, width) = (values.shape[1], values.shape.dimensions.dropFirst(2).reduce(1, *))
      let valid = (steps - 1) * made / time + 1
      let numbers = values.scalars
      let units = (0..<width).map { unit in (0..<valid).map { numbers[$0 * width + unit] } }
      return (units, Double(time) / Double(made))
    }
    self.layer = layer
    state = memory.state
    /// A unit that turns its sign at every step keeps as much as one that does not.
    func length(_ kept: Double, _ stretch: Double) -> MemoryLength {
      let stays = memory.zoneout + (1 - memory.zoneout) * kept
      return MemoryLength(keeping: abs(stays), scale: stretch)
    }
    switch memory.keeper {
    case .gate(let name):
      guard let gate = traces(name) else { return nil }
      source = .gate(name)
      units = gate.units.map { length(Self.mean($0), gate.stretch) }
    case .weight(let parameter, let bound):
      guard let kept = traces(memory.state) else { return nil }
      let weights = parameter.value.scalars
      source = .weights(weights, bound: bound)
      units = weights.map { length(Double($0), kept.stretch) }
    case .network:
      guard let found = traces(memory.state) else { return nil }
      source = .measured
      // Zoneout is in what was recorded.
      units = found.units.map { trace in
        MemoryLength(keeping: Self.lagOneCorrelation(trace), scale: found.stretch)
      }
    }
  }

  private static func mean(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) } / Double(values.count)
  }

  /// Σ (sₜ − s̄)(sₜ₊₁ − s̄) / Σ (sₜ − s̄)², which lies within ±1; NaN for a unit that does not move.
  private static func lagOneCorrelation(_ trace: [Float]) -> Double {
    let mean = mean(trace)
    let centred = trace.map { Double($0) - mean }
    let squares = centred.reduce(0) { $0 + $1 * $1 }
    let products = zip(centred, centred.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    // What moves less than a millionth only shows how numbers are rounded.
    return squares > 1e-12 * Double(trace.count) ? products / squares : .nan
  }
}
