import Engine

/// What is done to one sequence of one cell besides its equations: by regularisation, masks that the
/// random streams of the pass fix, or nothing in evaluation but the expectation of zoneout; and signals
/// that the pass holds at a value.
public struct SequenceNoise: Sendable {
  /// The recurrent weights with connections dropped; nil: as they are.
  let weight: Tensor?
  /// m / (1 − p) for the features of the input, `[B, D]`.
  private let features: Tensor?
  /// m / (1 − p) for h in recurrent products, `[B, H]`.
  private let hidden: Tensor?
  /// m / (1 − p) for the candidate, `[B, T, H]`.
  private let candidate: Tensor?
  /// For each part of the state, how much of it stays: z, or a mask `[B, T, H]` while training.
  private let held: [Held]

  /// The names of the parts of the state.
  private let stateNames: [String]
  /// The signals that are held at a value.
  private let clamps: CellClamps

  /// The number of the first time step, from the beginning of what the layer reads.
  private let firstStep: Int
  /// While training a layer with statistics, the valid time steps of every sequence; else nil.
  private let trained: [Int]?

  private enum Held: Sendable {
    case nothing
    case share(Float)
    case units(Tensor)
  }

  /// Which number stream of a layer a mask is drawn from.
  private enum Mask: Int { case input, hidden, candidate, weight, state }

  /// Whether a kernel that knows nothing but the equations inside the loop over time still computes the
  /// layer.
  var fitsFusedKernel: Bool {
    hidden == nil && candidate == nil && clamps.isEmpty
      && held.allSatisfy { if case .nothing = $0 { true } else { false } }
  }

  /// The noise of `layer` over `x` `[B, T, D]` during `pass`, for the cell of `lane`; the first step of
  /// `x` is number `firstStep` of what the layer reads.
  init(
    _ layer: some RecurrentLayer, over x: Tensor, _ pass: Pass, _ lane: Lane, firstStep: Int = 0
  ) {
    let options = layer.options
    let (batch, time, size) = (x.shape[0], x.shape[1], layer.hiddenSize)
    self.firstStep = firstStep
    trained =
      pass.isTraining && !layer.buffers.isEmpty
      ? pass.lengths ?? Array(repeating: time, count: batch) : nil
    stateNames = layer.stateNames
    clamps = CellClamps(pass, lane, batch: batch, time: time)
    func scaled(_ rate: Double, _ shape: Shape, _ mask: Mask) -> Tensor? {
      guard pass.isTraining && rate > 0 else { return nil }
      return Tensor.ones(shape).dropout(Float(rate), Self.stream(mask.rawValue, pass, lane))
    }
    features = scaled(options.dropout, [batch, x.shape[2]], .input)
    hidden = scaled(options.recurrentDropout, [batch, size], .hidden)
    candidate =
      pass.isTraining && options.candidateDropout > 0
      ? pass.mask([batch, time, size]) { shape in
        .ones(shape).dropout(
          Float(options.candidateDropout), Self.stream(Mask.candidate.rawValue, pass, lane))
      } : nil
    weight = layer.recurrentWeight.flatMap { weight in
      scaled(options.weightDrop, weight.value.shape, .weight).map { weight.beside(x) * $0 }
    }
    held = layer.stateNames.enumerated().map { part, name in
      let rate = Float(options.zoneout(of: name))
      guard rate > 0 else { return .nothing }
      guard pass.isTraining else { return .share(rate) }
      let stream = Self.stream(Mask.state.rawValue + part, pass, lane)
      return .units(
        1 - pass.mask([batch, time, size]) { .mask(dropping: rate, $0, stream) })
    }
  }

  /// `x` `[B, T, D]` with features dropped for whole sequences.
  func input(_ x: Tensor) -> Tensor {
    features.map { x * $0.repeatedOverTime(x.shape[1]) } ?? x
  }

  /// What was drawn, as signals over `time` steps: masks of a whole sequence stay the same.
  func masks(over time: Int) -> [(signal: Signal, values: Tensor)] {
    func dropped(_ name: String, _ what: String, _ mask: Tensor?) -> [(Signal, Tensor)] {
      mask.map { mask in
        let whole = mask.shape.rank == 2 ? mask.repeatedOverTime(time) : mask
        return [(Signal(name, "\(what) kept (1)", .mask), whole.detached.whereKept)]
      } ?? []
    }
    let zones = zip(stateNames, held).flatMap { name, held -> [(Signal, Tensor)] in
      guard case .units(let mask) = held else { return [] }
      return [(Signal("z_\(name)", "\(name) held (1)", .mask), mask.detached)]
    }
    return dropped("m_x", "inputs", features) + dropped("m_h", "recurrent h", hidden)
      + dropped("m_g", "candidate", candidate) + zones
  }

  /// What acts inside step `t`.
  func step(_ t: Int) -> StepNoise {
    StepNoise(
      place: StepPlace(
        time: firstStep + t,
        batch: trained.map { lengths in lengths.indices.filter { t < lengths[$0] } }),
      weight: weight, hiddenMask: hidden, candidateMask: candidate?.step(t),
      heldSignals: clamps.isEmpty ? [] : clamps.step(t))
  }

  /// The state after step `t`: what zoneout makes of the cell's `new` state and the `old` one.
  func zoneout(_ new: [Tensor], _ old: [Tensor], _ t: Int) -> [Tensor] {
    held.indices.map { part in
      switch held[part] {
      case .nothing: new[part]
      case .share(let z): old[part] * z + new[part] * (1 - z)
      case .units(let mask):
        mask.step(t) * old[part] + (1 - mask.step(t)) * new[part]
      }
    }
  }

  private static func stream(_ mask: Int, _ pass: Pass, _ lane: Lane) -> Random {
    let index = pass.position << 4 | lane.rawValue << 3 | mask
    return .stream(.cellMask, index, step: pass.step, seed: pass.seed)
  }
}

/// Where a step stands: its number, and which sequences go into statistics over the batch.
struct StepPlace: Sendable {
  /// The number of the step, from 0 at the beginning of what the layer reads.
  let time: Int
  /// The sequences of the batch that reach the step, while training; else nil.
  let batch: [Int]?
}

/// What is done inside one time step besides a cell's equations: a cell asks it where its equation says
/// d(·), and with each of its signals before it goes on with it.
public struct StepNoise: Sendable {
  /// Where the step stands.
  let place: StepPlace
  fileprivate let weight: Tensor?
  fileprivate let hiddenMask, candidateMask: Tensor?
  private let heldSignals: [HeldSignal]

  fileprivate init(
    place: StepPlace, weight: Tensor?, hiddenMask: Tensor?, candidateMask: Tensor?,
    heldSignals: [HeldSignal] = []
  ) {
    self.place = place
    self.weight = weight
    self.hiddenMask = hiddenMask
    self.candidateMask = candidateMask
    self.heldSignals = heldSignals
  }

  /// No noise: what the first step is in evaluation.
  public static let none = StepNoise(
    place: StepPlace(time: 0, batch: nil), weight: nil, hiddenMask: nil, candidateMask: nil)

  /// d(h), what recurrent products see of `h` `[B, H]`.
  func hidden(_ h: Tensor) -> Tensor { hiddenMask.map { h * $0 } ?? h }

  /// d(g) of the candidate `g` `[B, H]`.
  func candidate(_ g: Tensor) -> Tensor { candidateMask.map { g * $0 } ?? g }

  /// The signal called `name` with the units that somebody holds at a value; `x` `[B, H]` itself where
  /// nobody does.
  func held(_ name: String, _ x: Tensor) -> Tensor { heldSignals.applied(to: x, of: name) }

  /// The recurrent weights to use as operands beside `h`.
  func weight(_ parameter: Parameter, beside h: Tensor) -> Tensor {
    weight ?? parameter.beside(h)
  }
}
