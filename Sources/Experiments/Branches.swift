import Formats
import Training

extension Experiment {
  /// Convolution on every frame, recurrence over the frames.
  static let cascade = Experiment(
    name: "cascade",
    claim:
      "Where a digit is heading shows in the order of frames only, and which digit it is in shapes "
      + "that may be anywhere: convolution on every frame followed by an LSTM beats the mean over "
      + "time at the first by 20 points, and an LSTM of as many weights on raw pixels at the second "
      + "by 3.",
    source: "convolutional recurrent networks in cascade; data after arXiv:1502.04681"
  ) { laboratory in
    let frame: JSON = [
      "layer": "time_distributed", "name": "every_frame",
      "layers": [
        ["layer": "conv2d", "name": "conv1", "out_channels": 8, "padding": "same"],
        ["layer": "activation", "name": "relu1", "function": "relu"],
        ["layer": "max_pool2d", "name": "pool1"],
        ["layer": "conv2d", "name": "conv2", "out_channels": 8, "padding": "same"],
        ["layer": "activation", "name": "relu2", "function": "relu"],
        ["layer": "max_pool2d", "name": "pool2"], ["layer": "flatten"],
      ],
    ]
    let cascade: [JSON] = [frame, ["layer": "lstm", "hidden_size": 48], ["layer": "last_step"]]
    let mean: [JSON] = [
      frame, ["layer": "linear", "name": "hidden", "out_features": 160],
      ["layer": "activation", "name": "relu", "function": "relu"], ["layer": "mean_over_time"],
    ]
    let pixels: [JSON] = [
      ["layer": "flatten"], ["layer": "lstm", "hidden_size": 32], ["layer": "last_step"],
    ]
    func accuracy(
      _ name: String, _ layers: [JSON], _ variant: String, classes: Int,
      as role: ExperimentReport.Measurement.Role
    ) throws -> Double {
      let head: JSON = ["layer": "linear", "name": "head", "out_features": .integer(classes)]
      return try laboratory.accuracy(
        "\(variant) by \(name)",
        data: [
          "set": "moving-digits", "variant": .string(variant), "length": 5, "batch_size": 32,
        ],
        .array(layers + [head]), steps: 500, as: role)
    }
    let heading = try accuracy("cascade", cascade, "direction", classes: 4, as: .result)
    let withoutOrder = try accuracy("mean over time", mean, "direction", classes: 4, as: .control)
    let digit = try accuracy("cascade", cascade, "digit", classes: 10, as: .result)
    let raw = try accuracy("LSTM on pixels", pixels, "digit", classes: 10, as: .control)
    laboratory.expect("gain over the mean", heading - withoutOrder, atLeast: 0.2)
    laboratory.expect("gain over pixels", digit - raw, atLeast: 0.03)
  }

  /// Convolution beside recurrence.
  static let parallel = Experiment(
    name: "parallel",
    claim: "A class that depends on a shape in a picture and on an order in a sequence needs both: "
      + "convolution beside an LSTM is right in 95 %, each branch alone in at most 60 %.",
    source: "convolutional and recurrent networks in parallel"
  ) { laboratory in
    let picture: [JSON] = [
      ["layer": "conv2d", "name": "conv", "out_channels": 16, "padding": "same"],
      ["layer": "activation", "name": "relu", "function": "relu"],
      ["layer": "max_pool2d", "name": "pool"],
      ["layer": "conv2d", "name": "conv2", "out_channels": 16, "padding": "same"],
      ["layer": "activation", "name": "relu2", "function": "relu"], ["layer": "flatten"],
    ]
    let order: [JSON] = [["layer": "lstm", "hidden_size": 32], ["layer": "last_step"]]
    let head: JSON = ["layer": "linear", "name": "head", "out_features": 4]
    func input(_ name: String) -> JSON {
      ["layer": "input", "name": .string("from_" + name), "source": .string(name)]
    }
    let both: JSON = [
      [
        "layer": "parallel", "merge": "concat",
        "layers": [
          ["layer": "sequential", "name": "picture", "layers": .array([input("frame")] + picture)],
          ["layer": "sequential", "name": "order", "layers": .array([input("sequence")] + order)],
        ],
      ], head,
    ]
    func accuracy(
      _ name: String, _ variant: String, _ model: JSON,
      as role: ExperimentReport.Measurement.Role
    ) throws -> Double {
      try laboratory.accuracy(
        name, data: ["set": "shape-and-order", "variant": .string(variant), "batch_size": 32],
        model, steps: 1000, as: role)
    }
    let whole = try accuracy("both branches", "both", both, as: .result)
    let frame = try accuracy("picture alone", "frame", .array(picture + [head]), as: .control)
    let sequence = try accuracy("sequence alone", "sequence", .array(order + [head]), as: .control)
    laboratory.expect("both branches", whole, atLeast: 0.95)
    laboratory.expect("picture alone", frame, below: 0.6)
    laboratory.expect("sequence alone", sequence, below: 0.6)
  }
}

extension Laboratory {
  /// Trains a model for some steps and keeps its accuracy on the test split.
  func accuracy(
    _ name: String, data: JSON, _ model: JSON, steps: Int, rate: Double = 0.003,
    as role: ExperimentReport.Measurement.Role
  ) throws -> Double {
    let session = try session(
      name, data: data, model: model,
      training: ["learning_rate": .number(rate), "steps": .integer(steps), "validate_every": 100])
    let trained = try train(name, session, on: dataset(of: session))
    measure("\(name) (\(trained.parameters) parameters), test accuracy", trained.metric, as: role)
    return trained.metric
  }
}
