import Data

/// What a network is worth with and without some of its layers, which put out zeros.
public struct Ablation: Sendable, Equatable {
  /// What outputs are worth.
  public struct Worth: Sendable, Equatable {
    /// Mean loss; nats for classes and flags.
    public let loss: Double
    /// The target's metric, and the accuracy where there is one.
    public let metrics: [MetricValue]
  }

  /// The same data with all layers and without some.
  public struct Pair: Sendable, Equatable {
    /// With all layers.
    public let whole: Worth
    /// Without those that are silenced.
    public let without: Worth
  }

  /// The part of the gradient that goes into each branch of a layer.
  public struct Branches: Sendable, Equatable {
    /// The layer with the branches.
    public let layer: String
    /// The names of the branches.
    public let names: [String]
    /// ‖∂L/∂wᵢ‖² / Σ ‖∂L/∂wⱼ‖² for the weights w of each branch: 0 to 1, in all 1; 0 when no branch has a
    /// gradient.
    public let shares: [Double]
  }

  /// The names of the layers that put out zeros.
  public let silenced: [String]
  /// After how many training steps the weights were as they were.
  public let weightsStep: Int
  /// What one example is worth.
  public internal(set) var example: Pair?
  /// What the batches of the validation split are worth so far.
  public internal(set) var validation: Pair?
  /// How many batches these are.
  public internal(set) var batches = 0
  /// How many batches there will be.
  public let wantedBatches: Int
  /// How many batches the validation split has.
  public let allBatches: Int
  /// Of every layer with branches, how the gradient of the first of these batches, with all layers, is
  /// shared among them.
  public internal(set) var branches: [Branches] = []

  init(_ silenced: [String], weightsStep: Int, batches: Int, of allBatches: Int) {
    self.silenced = silenced
    self.weightsStep = weightsStep
    self.allBatches = allBatches
    wantedBatches = batches
  }
}
