import Formats

/// Every kind of layer that a session can name, in the order of the palette.
public enum LayerRegistry {
  /// The kinds; a new layer is one line here.
  public static let all: [any LayerSpec.Type] = [
    Embedding.Spec.self,
    Linear.Spec.self,
    TiedLinear.Spec.self,
    Conv1d.Spec.self,
    Conv2d.Spec.self,
    Conv3d.Spec.self,
    ConvTranspose1d.Spec.self,
    ConvTranspose2d.Spec.self,
    ConvTranspose3d.Spec.self,
    MaxPool1d.Spec.self,
    AvgPool1d.Spec.self,
    MaxPool2d.Spec.self,
    AvgPool2d.Spec.self,
    MaxPool3d.Spec.self,
    AvgPool3d.Spec.self,
    AdaptiveMaxPool1d.Spec.self,
    AdaptiveAvgPool1d.Spec.self,
    AdaptiveMaxPool2d.Spec.self,
    AdaptiveAvgPool2d.Spec.self,
    Upsample1d.Spec.self,
    Upsample2d.Spec.self,
    RNN.Spec.self,
    LSTM.Spec.self,
    GRU.Spec.self,
    IRNN.Spec.self,
    Jordan.Spec.self,
    PeepholeLSTM.Spec.self,
    IndRNN.Spec.self,
    LayerNormLSTM.Spec.self,
    BNLSTM.Spec.self,
    ConvLSTM.Spec.self,
    Activation.Spec.self,
    PReLU.Spec.self,
    GLU.Spec.self,
    SwiGLU.Spec.self,
    Flatten.Spec.self,
    ColumnsAsSteps.Spec.self,
    LayerNorm.Spec.self,
    RMSNorm.Spec.self,
    ScaleNorm.Spec.self,
    GroupNorm.Spec.self,
    InstanceNorm.Spec.self,
    BatchNorm.Spec.self,
    StepwiseBatchNormLayer.Spec.self,
    Dropout.Spec.self,
    VariationalDropout.Spec.self,
    LastStep.Spec.self,
    MeanOverTime.Spec.self,
    Sequential.Spec.self,
    Parallel.Spec.self,
    Residual.Spec.self,
    TimeDistributed.Spec.self,
    NamedInput.Spec.self,
    Identity.Spec.self,
  ]

  /// A layer of the kind called `kind` with its defaults, or an error that offers the nearest name.
  public static func spec(of kind: String) throws(ShapeError) -> any LayerSpec {
    guard let type = all.first(where: { $0.kind == kind }) else {
      throw ShapeError(
        "Unknown layer \(SafeText.quoted(kind))."
          + Suggestion.choice(for: kind, among: all.map { $0.kind }))
    }
    return type.init()
  }
}
