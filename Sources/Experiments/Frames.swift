import Data
import Formats
import Training
import Workbench

extension Experiment {
  /// What a picture will look like.
  static let movingDigits = Experiment(
    name: "moving-digits",
    claim:
      "The next frame of a drifting digit is drawn by a convolutional LSTM with at most .6 of the error "
      + "of the last frame again, and better than by an LSTM on pixels with as many weights.",
    source: "Shi et al. 2015, arXiv:1506.04214; data after arXiv:1502.04681"
  ) { laboratory in
    func session(_ name: String, _ layers: [JSON]) throws -> Document {
      try laboratory.session(
        name, data: ["set": "moving-digits", "variant": "next-frame", "batch_size": 16],
        model: .array(layers),
        training: [
          "learning_rate": 0.003, "clip_norm": 1.0, "steps": 600, "validate_every": 100,
        ])
    }
    func error(
      _ name: String, _ session: Document, on dataset: any Dataset,
      as role: ExperimentReport.Measurement.Role
    ) throws -> Double {
      let trained = try laboratory.train(name, session, on: dataset)
      laboratory.measure(
        "\(name) (\(trained.parameters) parameters), test MSE", trained.metric, as: role)
      return trained.metric
    }
    func onPixels(_ units: Int) -> [JSON] {
      [
        ["layer": "flatten"], ["layer": "lstm", "hidden_size": .integer(units)],
        ["layer": "linear", "out_features": 256],
      ]
    }
    let convolution: [JSON] = [
      ["layer": "conv_lstm", "hidden_channels": 16, "kernel_size": 5],
      [
        "layer": "time_distributed", "name": "every_frame",
        "layers": [["layer": "conv2d", "out_channels": 1], ["layer": "flatten"]],
      ],
    ]
    let first = try session("convolutional LSTM", convolution)
    let dataset = try laboratory.dataset(of: first)
    let copy = try laboratory.measureBaselines(of: dataset, named: "copy of the last frame")
    let found = try error("convolutional LSTM", first, on: dataset, as: .result)
    func control(_ name: String, units: Int) throws -> Double {
      try error(name, session(name, onPixels(units)), on: dataset, as: .control)
    }
    let alike = try control("LSTM on pixels", units: 20)
    _ = try control("larger LSTM on pixels", units: 128)
    laboratory.expect("convolutional LSTM, .6 of the last frame:", found, below: 0.6 * copy)
    laboratory.expect("convolutional LSTM, LSTM on pixels:", found, below: alike)
  }
}
