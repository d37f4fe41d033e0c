import Formats
import Workbench

extension Experiment {
  /// The adding problem over 100 steps.
  static let adding = Experiment(
    name: "adding",
    claim:
      "LSTM and GRU learn to add two numbers far apart among 100, an Elman network of the same "
      + "size and training does not.",
    source: "Hochreiter and Schmidhuber, Long Short-Term Memory, 1997"
  ) { laboratory in
    let task = AddingTask(laboratory, length: 100, steps: 3000)
    try task.measureBaselines()
    for (name, layer) in [("LSTM", "lstm"), ("GRU", "gru")] {
      let trained = try task.train(name, [["layer": .string(layer), "hidden_size": 64]])
      laboratory.expect("\(name) MSE after \(trained.steps) steps", trained.metric, below: 0.01)
    }
    let elman = try task.train("Elman", [["layer": "rnn", "hidden_size": 64]], as: .control)
    laboratory.expect("Elman MSE after \(elman.steps) steps", elman.metric, atLeast: 0.05)
  }

  /// What the forget bias is for.
  static let forgetBias = Experiment(
    name: "forget-bias",
    claim:
      "An LSTM whose forget gates start open (bias 1) learns to add over 100 steps in fewer updates "
      + "than one with bias 0, all other biases 0, mean of 3 seeds.",
    source: "Gers, Schmidhuber and Cummins, Learning to Forget, 2000; Jozefowicz et al., 2015"
  ) { laboratory in
    func updates(_ bias: Double, as role: ExperimentReport.Measurement.Role) throws -> [Double] {
      let name = "forget bias \(bias.formatted(1))"
      return try laboratory.overSeeds { seed in
        var task = AddingTask(laboratory, length: 100, steps: 4000, seed: seed)
        (task.every, task.goal) = (25, 0.01)
        let layer: JSON = [
          "layer": "lstm", "hidden_size": 32, "bias_init": "zeros", "forget_bias": .number(bias),
        ]
        let trained = try task.train(name, [layer], as: role)
        let updates = Double(trained.firstStep { $0.metric < 0.01 } ?? trained.steps)
        laboratory.measure("\(name), seed \(seed), updates to MSE 0.01", updates, as: role)
        return updates
      }
    }
    let (open, half) = (try updates(1, as: .result), try updates(0, as: .control))
    laboratory.note(
      "The means differ by \((half.mean - open.mean).formatted(3)) updates, the seeds by "
        + "\(max(open.spread, half.spread).formatted(3)). One hears of half the updates.")
    laboratory.expect(
      "updates with bias 0, times those with bias 1", half.mean / open.mean, atLeast: 1.1)
  }

  /// What the identity is for.
  static let irnn = Experiment(
    name: "irnn",
    claim: "A plain ReLU network that starts from the identity adds over 50 steps, a tanh network "
      + "after the same updates does not.",
    source: "Le, Jaitly and Hinton, arXiv:1504.00941"
  ) { laboratory in
    let task = AddingTask(laboratory, length: 50, steps: 4000, rate: 0.001)
    try task.measureBaselines()
    let irnn = try task.train("IRNN", [["layer": "irnn", "hidden_size": 100]])
    laboratory.expect("IRNN MSE", irnn.metric, below: 0.02)
    let tanh = try task.train(
      "tanh", [["layer": "rnn", "hidden_size": 100]], as: .control, steps: irnn.steps)
    laboratory.expect("tanh MSE after the same updates", tanh.metric, atLeast: 0.1)
  }

  /// Long memories of independent units.
  static let indrnn = Experiment(
    name: "indrnn",
    claim:
      "Two layers of independent recurrent units add over 200 steps, where a tanh network does "
      + "not leave the baseline.",
    source: "Li et al., Independently Recurrent Neural Network, arXiv:1803.04831"
  ) { laboratory in
    let task = AddingTask(laboratory, length: 200, steps: 2000, rate: 0.002)
    try task.measureBaselines()
    let layers: [JSON] = [
      ["layer": "indrnn", "name": "lower", "hidden_size": 64],
      ["layer": "indrnn", "name": "upper", "hidden_size": 64],
    ]
    let indrnn = try task.train("IndRNN", layers)
    laboratory.expect("IndRNN MSE", indrnn.metric, below: 0.02)
    let tanh = try task.train(
      "tanh", [["layer": "rnn", "hidden_size": 64]], as: .control, steps: indrnn.steps)
    laboratory.expect("tanh MSE after the same updates", tanh.metric, atLeast: 0.12)
  }
}

/// The adding problem as several experiments pose it: sequences of `length`, at most `steps` updates
/// of 64 sequences with Adam, until the mean square error is well below 0.01.
struct AddingTask {
  /// Where it is trained.
  let laboratory: Laboratory
  /// Time steps, T.
  let length: Int
  /// Updates between validations.
  var every = 100
  /// The mean square error on the validation split that is enough.
  var goal = 0.005
  /// The most updates.
  let steps: Int
  /// The learning rate.
  let rate: Double
  /// The seed of weights and order.
  let seed: UInt64

  /// A task in `laboratory`, whose seed it has unless it is given another.
  init(
    _ laboratory: Laboratory, length: Int, steps: Int, rate: Double = 0.004, seed: UInt64? = nil
  ) {
    self.laboratory = laboratory
    self.seed = seed ?? laboratory.seed
    self.length = length
    self.steps = steps
    self.rate = rate
  }

  private func session(_ name: String, _ layers: [JSON], steps: Int) throws -> Document {
    try laboratory.session(
      name, data: ["set": "adding", "batch_size": 64, "length": .integer(length)],
      model: .array(layers + [["layer": "last_step"], ["layer": "linear", "out_features": 1]]),
      training: [
        "learning_rate": .number(rate), "steps": .integer(steps),
        "validate_every": .integer(every),
      ], seed: seed)
  }

  /// Keeps what simple methods reach.
  func measureBaselines() throws {
    let session = try session("baselines", [["layer": "rnn"]], steps: 1)
    try laboratory.measureBaselines(of: laboratory.dataset(of: session))
  }

  /// Trains `layers` under a last step and a linear layer until it can add, and keeps its error.
  func train(
    _ name: String, _ layers: [JSON], as role: ExperimentReport.Measurement.Role = .result,
    steps: Int? = nil
  ) throws -> Trained {
    let session = try session(name, layers, steps: steps ?? self.steps)
    let trained = try laboratory.train(
      name, session, on: laboratory.dataset(of: session), stopsEarly: { $0.metric < goal })
    laboratory.measure("\(name), test MSE", trained.metric, as: role)
    return trained
  }
}
