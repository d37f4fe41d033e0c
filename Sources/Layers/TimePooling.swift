import Engine

/// The last valid time step of each sequence.
///
///     y = x_L,   L the length of the sequence
///
/// Input `[B, T, D]`, output `[B, D]`.
public struct LastStep: Layer {
  /// What the user edits: nothing.
  public struct Spec: UntrainedSpec {
    /// The name in session files and in the palette.
    public static let kind = "last_step"
    /// What it does, in one line.
    public static let summary = "the last valid time step"
    /// What can be set.
    public static let fields: [Field<Spec>] = []

    /// The last step.
    public init() {}

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      .vector(try featureSize(of: input, sequence: true))
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      CellSet(
        input,
        (0..<input.width).filter { outputs.contains(0, $0) }.map {
          (input.steps - 1) * input.width + $0
        })
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { input.size ?? 0 }

    /// The layer with freshly drawn parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      LastStep()
    }
  }

  /// The last step.
  public init() {}

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    input.lastStep(lengths: pass.lengths)
  }
}

/// The mean over the valid time steps of each sequence.
///
///     y = (1/L) Σₜ xₜ,   t = 1 … L, the length of the sequence
///
/// Input `[B, T, D]`, output `[B, D]`.
public struct MeanOverTime: Layer {
  /// What the user edits: nothing.
  public struct Spec: UntrainedSpec {
    /// The name in session files and in the palette.
    public static let kind = "mean_over_time"
    /// What it does, in one line.
    public static let summary = "the mean of the valid time steps"
    /// What can be set.
    public static let fields: [Field<Spec>] = []

    /// The mean.
    public init() {}

    /// The output's kind of data, or why the input does not fit.
    public func output(for input: Signature) throws(ShapeError) -> Signature {
      .vector(try featureSize(of: input, sequence: true))
    }

    /// What the numbers `outputs` see of an example of `input`.
    public func field(of outputs: CellSet, over input: DataExtent) -> CellSet {
      CellSet(input, (0..<input.count).filter { outputs.contains(0, $0 % input.width) })
    }

    /// Floats that one time step of one example keeps while training, roughly.
    public func activations(for input: Signature) -> Int { input.size ?? 0 }

    /// The layer with freshly drawn parameters.
    public func makeLayer(for input: Signature, using random: inout Random) -> any Layer {
      MeanOverTime()
    }
  }

  /// The mean.
  public init() {}

  /// Maps a batch.
  public func callAsFunction(_ input: Tensor, _ pass: inout Pass) -> Tensor {
    input.meanOverTime(lengths: pass.lengths)
  }
}
