import Formats
import Training

extension Experiment {
  /// Handwritten digits without recurrence.
  static let digitsDense = digits(
    "digits-dense", "A dense network with 16 hidden units reads 8 x 8 digits, mean of 3 seeds.",
    variant: "image",
    model: [
      ["layer": "flatten"], ["layer": "linear", "name": "hidden", "out_features": 16],
      ["layer": "activation", "function": "tanh"],
      ["layer": "linear", "name": "head", "out_features": 10],
    ],
    training: ["learning_rate": 0.01, "steps": 800], atLeast: 0.96, isQuick: true)

  /// Handwritten digits by convolution.
  static let digitsConvolution = digits(
    "digits-conv",
    "Two layers of convolution, 8 and 16 channels, read 8 x 8 digits, mean of 3 seeds.",
    variant: "image",
    model: [
      ["layer": "conv2d", "name": "conv1", "out_channels": 8, "padding": "same"],
      ["layer": "activation", "name": "relu1", "function": "relu"],
      ["layer": "conv2d", "name": "conv2", "out_channels": 16, "padding": "same"],
      ["layer": "activation", "name": "relu2", "function": "relu"], ["layer": "max_pool2d"],
      ["layer": "flatten"], ["layer": "dropout", "p": 0.5],
      ["layer": "linear", "out_features": 10],
    ],
    training: ["learning_rate": 0.003, "steps": 1600, "validate_every": 100], atLeast: 0.98)

  /// Handwritten digits, row by row.
  static let digitsRows = digits(
    "digits-rows", "An Elman network of 64 units reads digits row by row, mean of 3 seeds.",
    variant: "rows",
    model: [
      ["layer": "rnn", "hidden_size": 64], ["layer": "last_step"],
      ["layer": "linear", "out_features": 10],
    ],
    training: ["learning_rate": 0.004, "steps": 1600], atLeast: 0.97, isQuick: true)

  /// An experiment on pictures of digits: the mean accuracy of three seeds on the test split.
  private static func digits(
    _ name: String, _ claim: String, variant: String, model: JSON, training: JSON,
    atLeast limit: Double, isQuick: Bool = false
  ) -> Experiment {
    Experiment(
      name: name, claim: claim, source: "Alpaydin and Kaynak, UCI 80", isQuick: isQuick
    ) { laboratory in
      let scores = try laboratory.overSeeds { seed in
        let session = try laboratory.session(
          name, data: ["set": "digits", "variant": .string(variant), "batch_size": 32],
          model: model, training: training, seed: seed)
        let dataset = try laboratory.dataset(of: session)
        if seed == laboratory.seed { try laboratory.measureBaselines(of: dataset) }
        let trained = try laboratory.train("seed \(seed)", session, on: dataset)
        laboratory.measure("seed \(seed), test accuracy", trained.metric)
        return trained.metric
      }
      laboratory.measure("mean test accuracy", scores.mean)
      laboratory.expect("mean test accuracy", scores.mean, atLeast: limit)
    }
  }
}
