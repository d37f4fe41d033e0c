import Engine

/// A signal of a recurrent layer that is held at a value, whatever its equation says, so that one can
/// see what it is good for.
///
/// Everything after the signal follows the value: with f of an LSTM held at 0, cₜ = iₜ ⊙ gₜ. A part of
/// the state is held before zoneout and after it.
public struct Clamp: Hashable, Sendable {
  /// The layer's name in the network.
  public let layer: String
  /// The signal's name, such as `f`; with the suffix of its lane, `f_reverse`, of a cell that reads back.
  public let signal: String
  /// The unit that is held, from 0; nil: all of them.
  public let unit: Int?
  /// What it is held at.
  public let value: Float
  /// The time steps of the data at which it is held, from 0; nil: all of them.
  public let steps: ClosedRange<Int>?

  /// Holds `unit` of a signal at `value` at the time steps `steps`.
  public init(
    layer: String, signal: String, unit: Int?, value: Float, steps: ClosedRange<Int>? = nil
  ) {
    self.layer = layer
    self.signal = signal
    self.unit = unit
    self.value = value
    self.steps = steps
  }

  /// Whether both hold the same units of the same signal.
  public func holdsTheSame(as other: Clamp) -> Bool {
    layer == other.layer && signal == other.signal && unit == other.unit
  }
}

/// The clamps of one cell over a sequence that it reads.
struct CellClamps: Sendable {
  private let clamps: [Clamp]
  private let lane: Lane
  /// The valid steps of every sequence of the batch, and all steps of the cell and of the data.
  private let lengths: [Int]
  private let time, dataTime: Int

  /// What `pass` holds of the cell of `lane` of the layer that is running, which reads `[B, T, D]`.
  init(_ pass: Pass, _ lane: Lane, batch: Int, time: Int) {
    clamps = pass.clamps.filter { $0.layer == pass.layer && Lane(of: $0.signal) == lane }
    self.lane = lane
    self.time = time
    lengths = clamps.isEmpty ? [] : pass.lengths ?? Array(repeating: time, count: batch)
    let axes = pass.mainInput?.shape.dimensions ?? []
    dataTime = axes.count > 1 ? axes[1] : time
  }

  /// Whether nothing is held.
  var isEmpty: Bool { clamps.isEmpty }

  /// What is held at step `t`, counted as the cell reads.
  func step(_ t: Int) -> [HeldSignal] {
    clamps.compactMap { clamp in
      let rows = lengths.indices.filter { row in
        isHeld(lane == .forward ? t : lengths[row] - 1 - t, by: clamp)
      }
      guard !rows.isEmpty else { return nil }
      return HeldSignal(
        name: lane == .forward ? clamp.signal : String(clamp.signal.dropLast(lane.suffix.count)),
        unit: clamp.unit, value: clamp.value, rows: rows)
    }
  }

  /// Whether `clamp` holds the layer's step `t`: after layers that change the number of steps, time
  /// step s of T is step ⌊s T′ / T⌋ of T′, and those up to the next one's.
  private func isHeld(_ t: Int, by clamp: Clamp) -> Bool {
    guard let steps = clamp.steps else { return true }
    let first = steps.lowerBound * time / dataTime
    let last = steps.upperBound * time / dataTime
    return first...max(last, (steps.upperBound + 1) * time / dataTime - 1) ~= t
  }
}

/// A signal of a cell that is held at one time step.
struct HeldSignal: Sendable {
  /// The signal's name within its cell.
  let name: String
  /// The unit; nil: all of them.
  let unit: Int?
  /// What it is held at.
  let value: Float
  /// The sequences of the batch whose step is held.
  let rows: [Int]
}

extension [HeldSignal] {
  /// `x` `[B, H]` of the signal called `name` with the units that are held at their values:
  /// x ⊙ m + (1 − m) ⊙ v, so that no gradient goes through them.
  func applied(to x: Tensor, of name: String) -> Tensor {
    let mine = filter { $0.name == name }
    guard !mine.isEmpty else { return x }
    let width = x.shape[1]
    var (free, held) = (
      [Float](repeating: 1, count: x.count), [Float](repeating: 0, count: x.count)
    )
    for signal in mine {
      for row in signal.rows {
        for unit in signal.unit.map({ $0..<$0 + 1 }) ?? 0..<width where unit < width {
          (free[row * width + unit], held[row * width + unit]) = (0, signal.value)
        }
      }
    }
    return x * Tensor(free, x.shape) + Tensor(held, x.shape)
  }
}
