import Engine

/// Layers over single time steps: every valid step becomes an example of its own, goes through the
/// layers inside, and is put back to its place.
///
///     y at (b, t) = f(x at (b, t))   for t below the length of sequence b, else 0
///
/// Padding takes no part, so statistics over a batch never see it, and nothing is computed for it.
///
/// Shapes: B batch, T time steps, F the features of a step, N valid steps of all sequences.
/// Input `[B, T, F]`, inside `[N, F]`, output `[B, T, F′]`.
public struct TimeDistributed: Layer {
  /// What the user edits: nothing but the layers inside.
  public struct Spec: CompositeSpec {
    /// The name in session files and in the palette.
    public static let kind = "time_distributed"
    /// What it does, in one line.
    public static let summary = "layers over single time steps, as over a batch of them"
    /// What can be set.
    public static let fields: [Field<Spec>] = []
    /// The layers inside get every time step as an example of its own.
    public static let foldsTime = true

    /// No layers yet.
    public init() {}

    /// One time step of `input`.
    public func innerInput(for input: Signature) throws(ShapeError) -> Signature {
      guard input.isSequence else {
        throw ShapeError(
          "time_distributed needs sequences [batch, time, …], got \(input). "
            + "Put it before the time axis is gone, or use a sequential.")
      }
      var step = input
      step.isSequence = false
      step.time = TimeSteps()
      return step
    }

    /// Sequences of what the last layer inside puts out.
    public func output(for input: Signature, from parts: [Part]) throws(ShapeError) -> Signature {
      let step = try innerInput(for: input)
      if let part = parts.last, part.output.isSequence {
        throw ShapeError(
          "time_distributed needs layers inside that put out no sequences, got \(part). "
            + "Put last_step or mean_over_time behind it.")
      }
      var output = parts.last?.output ?? step
      output.isSequence = true
      output.time = input.time
      return output
    }

    /// Floats that it keeps itself of one time step of one example while training, roughly.
    public func activations(for input: Signature, from parts: [Part]) -> Int {
      ([input] + parts.map(\.output)).reduce(0) { $0 + $1.features.reduce(1, *) }
    }

    /// The layer around `children`.
    public func makeLayer(
      for input: Signature, from parts: [Part], around children: [Network.Element],
      using random: inout Random
    ) -> any Layer {
      TimeDistributed(children: children)
    }
  }

  /// The layers inside, in the order data flow.
  public let children: [Network.Element]

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    let lengths = pass.lengths
    let fold = TimeFold(of: input, rows: pass.validRows(of: input))
    pass.lengths = nil
    pass.fold = fold
    let steps = children.run(fold.together(input), &pass)
    pass.lengths = lengths
    pass.fold = nil
    return fold.apart(steps)
  }
}

/// The valid time steps of some sequences, as examples of their own and back at their places.
struct TimeFold: Sendable {
  private let batch, time: Int
  private let rows: [Int]

  /// The steps `rows`, numbered b · T + t, of sequences like `input` `[B, T, …]`.
  init(of input: Tensor, rows: [Int]) {
    (batch, time) = (input.shape[0], input.shape[1])
    self.rows = rows
  }

  private var isWhole: Bool { rows.count == batch * time }

  /// `[B, T, …]` becomes `[N, …]`.
  func together(_ x: Tensor) -> Tensor {
    let features = x.shape.dimensions.dropFirst(2)
    let folded = Shape([rows.count] + features)
    if isWhole { return x.reshaped(folded) }
    return x.channelsTogether(1, inner: features.reduce(1, *), rows: rows).reshaped(folded)
  }

  /// `[N, …]` becomes `[B, T, …]`, with zeros where nothing was.
  func apart(_ y: Tensor) -> Tensor {
    let features = y.shape.dimensions.dropFirst()
    let whole = Shape([batch, time] + features)
    if isWhole { return y.reshaped(whole) }
    return y.reshaped([1, y.count])
      .channelsApart(whole, inner: features.reduce(1, *), rows: rows)
  }
}
