/// How often a layer multiplies with each of its matrices of weights.
public enum WeightUse: Sendable {
  /// Never: its weights are looked up or act on one number each.
  case never
  /// Once at every place of its output: at every time step and pixel.
  case everyOutput
  /// Once at every place of its input.
  case everyInput
}

extension LayerSpec {
  /// Most layers have no matrices.
  public static var weightUse: WeightUse { .never }
}
