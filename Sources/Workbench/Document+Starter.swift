import Data
import Engine
import Layers

extension Document {
  /// A small model that fits `dataset`, to start from: what reads ids embeds them, images become
  /// vectors, sequences go through an LSTM of 64.
  public static func starter(_ data: DataRecipe, for dataset: any Dataset) -> Document {
    let (input, target) = (dataset.input, dataset.target)
    var layers: [any LayerSpec] = []
    if let vocabulary = input.vocabulary {
      layers.append(Embedding.Spec(embeddingDim: min(64, max(4, vocabulary))))
    } else if input.features.count > 1 {
      layers.append(Flatten.Spec())
    }
    if input.isSequence {
      layers.append(LSTM.Spec(hiddenSize: 64))
      if !target.isPerStep { layers.append(LastStep.Spec()) }
    } else {
      layers += [Linear.Spec(outFeatures: 64), Activation.Spec(.relu)] as [any LayerSpec]
    }
    layers.append(Linear.Spec(outFeatures: target.width))
    let name = data.sourceText.split(separator: "/").last.map(String.init) ?? ""
    var document = Document(name: "untitled", data: data, model: ModelSpec(layers))
    try? document.set("name", to: name)
    return document
  }
}
