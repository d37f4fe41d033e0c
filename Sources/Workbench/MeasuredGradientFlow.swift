import Inspection

/// How gradients fade or grow in the recurrent layers of a network.
public struct MeasuredGradientFlow: Sendable, Equatable {
  /// Each layer's, in the order of the layers; at least one.
  public let layers: [GradientFlow]
  /// After how many training steps the weights were as they were.
  public let weightsStep: Int

  /// What was measured of `layers` with the weights after `weightsStep` steps.
  public init(layers: [GradientFlow], weightsStep: Int) {
    self.layers = layers
    self.weightsStep = weightsStep
  }
}
