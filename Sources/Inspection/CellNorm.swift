import Engine
import Layers

/// What a layer normalisation inside a recurrent cell does to its numbers while the cell reads a
/// sequence: their variance before it and after it, step by step, beside the gains that it learned.
///
///     σ²ₜ = mean over the N numbers of (zₜ − μₜ)²        before
///     var of γ ⊙ (zₜ − μₜ) / √(σ²ₜ + ε)                  after, without the shift
///
/// Without a gain the variance after it is σ² / (σ² + ε), which is 1 as long as σ² is far above ε: a
/// norm whose numbers were as small as that passes them on smaller than it should.
public struct CellNorm: Sendable, Equatable {
  /// What a gate's share of a norm does, on average over the steps.
  public struct Gate: Sendable, Equatable {
    /// The gate's name, or that of the cell.
    public let name: String
    /// The mean over the steps of the variance of its numbers, before and after.
    public let before, after: Double
    /// Its gains γ, one a unit.
    public let gains: [Float]
    /// The gains in a few statistics.
    public let summary: NumberSummary
  }

  /// The layer's name, with its lane's suffix where the cell reads back.
  public let layer: String
  /// What is normalised, as in the equation: `W x`.
  public let name: String
  /// How many numbers are normalised together, N.
  public let width: Int
  /// The variance over all of them before and after, a value for every time step of the data.
  public let before, after: [Double]
  /// The gates whose numbers they are, or the cell.
  public let gates: [Gate]

  /// The norm called `name` of `values` `[T, N]` with the gains `gain` `[N]`, whose parts are the
  /// gates.
  init(
    layer: String, name: String, gates names: [String], values: [[Float]], gain: [Float],
    epsilon: Double
  ) {
    let normal = values.map { row in
      let spread = Spread(row)
      let scale = 1 / (spread.deviation * spread.deviation + epsilon).squareRoot()
      return zip(row, gain).map { Float((Double($0) - spread.mean) * scale) * $1 }
    }
    func variance(_ row: some Sequence<Float>) -> Double {
      let deviation = Spread(row).deviation
      return deviation * deviation
    }
    func mean(_ rows: [[Float]], _ part: Range<Int>) -> Double {
      rows.reduce(0) { $0 + variance($1[part]) } / Double(max(1, rows.count))
    }
    self.layer = layer
    self.name = name
    width = gain.count
    before = values.map { variance($0) }
    after = normal.map { variance($0) }
    let size = gain.count / max(1, names.count)
    gates = names.enumerated().map { index, name in
      let part = index * size..<(index + 1) * size
      return Gate(
        name: name, before: mean(values, part), after: mean(normal, part),
        gains: Array(gain[part]), summary: NumberSummary(Array(gain[part])))
    }
  }

  /// Every norm inside the recurrent cells of `pass`, which recorded readings and signals of one
  /// example. What training may drop of x, h, g and the weights is left out.
  static func all(in pass: Pass) -> [CellNorm] {
    pass.readings.flatMap { reading -> [CellNorm] in
      guard let cell = reading.cell as? LayerNormLSTM else { return [] }
      return all(of: cell, reading, pass.recorded)
    }
  }

  private static func all(
    of cell: LayerNormLSTM, _ reading: CellReading, _ recorded: [RecordedSignal]
  ) -> [CellNorm] {
    let lane = Lane(of: reading.layer)
    let layer = String(reading.layer.dropLast(lane.suffix.count))
    let length = reading.lengths?.first ?? reading.input.shape[1]
    /// The signal in the order in which the cell reads.
    func signal(_ name: String) -> [[Float]]? {
      guard
        let found = recorded.first(where: {
          $0.layer == layer && $0.signal.name == name + lane.suffix
        })
      else { return nil }
      let rows = Self.rows(of: found.values.steps(0..<length))
      return lane == .forward ? rows : rows.reversed()
    }
    guard length > 0, let h = signal("h"), var c = signal("c") else { return [] }
    if cell.options.zoneoutCell > 0, let i = signal("i"), let f = signal("f"), let g = signal("g") {
      // What was recorded is mixed with the cell before; cₜ = fₜ ⊙ cₜ₋₁ + iₜ ⊙ gₜ is what was normalised.
      let before = [reading.start[1].rows(0..<1).scalars] + c.dropLast()
      c = c.indices.map { t in
        (0..<cell.hiddenSize).map { f[t][$0] * before[t][$0] + i[t][$0] * g[t][$0] }
      }
    }
    let start = reading.start[0].rows(0..<1).scalars
    let before = Tensor(start + h.dropLast().flatMap { $0 }, [1, length, cell.hiddenSize])
    let input = reading.input.rows(0..<1).steps(0..<length)
    let gates = ["i", "f", "g", "o"]
    func norm(
      _ name: String, _ gates: [String], _ values: [[Float]], _ gain: Parameter
    ) -> CellNorm {
      CellNorm(
        layer: reading.layer, name: name, gates: gates,
        values: lane == .forward ? values : values.reversed(), gain: gain.value.scalars,
        epsilon: LayerNormLSTM.epsilon)
    }
    return [
      norm("W x", gates, rows(of: cell.fromInput(input)), cell.gainIH),
      norm("U h", gates, rows(of: before.linear(cell.weightHH)), cell.gainHH),
      norm("c", ["c"], c, cell.gainC),
    ]
  }

  /// `[1, T, N]` as T rows.
  private static func rows(of tensor: Tensor) -> [[Float]] {
    let (values, width) = (tensor.scalars, tensor.shape[2])
    return (0..<tensor.shape[1]).map { Array(values[$0 * width..<($0 + 1) * width]) }
  }
}
