import Formats
import Training
import Workbench

extension Experiment {
  /// Every cell on every task.
  static let matrix = Experiment(
    name: "matrix",
    claim: "Cells with gates beat an Elman network on the adding problem over 50 steps.",
    source: "Lipton, Berkowitz and Elkan, A Critical Review of Recurrent Neural Networks, "
      + "arXiv:1506.00019"
  ) { laboratory in
    var rows: [(name: String, values: [Double?])] = []
    for cell in Cell.all {
      var values: [Double?] = []
      var (updates, seconds, parameters) = (0, 0.0, 0)
      for task in MatrixTask.all {
        guard !(cell.seesAhead && task.isNextStep) else {
          values.append(nil)
          continue
        }
        let session = try task.session(cell, in: laboratory)
        let trained = try laboratory.train(
          "\(cell.name), \(task.name)", session, on: laboratory.dataset(of: session))
        values.append(trained.metric)
        updates += trained.steps
        seconds += trained.seconds
        if parameters == 0 { parameters = trained.parameters }
      }
      rows.append((cell.name, values + [Double(parameters), Double(updates) / max(seconds, 1e-9)]))
    }
    laboratory.tabulate(
      "cell", columns: MatrixTask.all.map(\.column) + ["parameters", "updates/s"], rows)
    laboratory.note(
      "A bidirectional network would read the next character that it is to predict: no number.")
    laboratory.note(
      "Parameters are those of the model for the adding problem; updates/s is over all tasks, with "
        + "validation.")
    let adding = Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0.values[0] ?? .infinity) })
    let elman = adding["Elman"] ?? 0
    for cell in Cell.all where cell.isGated {
      laboratory.expect(
        "\(cell.name) MSE of adding, Elman \(elman.formatted(3)):", adding[cell.name] ?? .infinity,
        below: elman)
    }
  }
}

/// A recurrent layer as the comparison has it.
private struct Cell {
  let name: String
  let layer: String
  var settings: [(String, JSON)] = []
  var isGated = false
  var seesAhead = false

  static let all: [Cell] = [
    Cell(name: "Elman", layer: "rnn"),
    Cell(name: "IRNN", layer: "irnn"),
    Cell(name: "LSTM", layer: "lstm", isGated: true),
    Cell(name: "peephole LSTM", layer: "peephole_lstm", isGated: true),
    Cell(name: "GRU", layer: "gru", isGated: true),
    Cell(name: "IndRNN", layer: "indrnn"),
    Cell(
      name: "bidirectional LSTM", layer: "lstm", settings: [("bidirectional", "concat")],
      isGated: true, seesAhead: true),
  ]

  /// The layer with `hidden` units.
  func json(hidden: Int) -> JSON {
    JSON([("layer", .string(layer)), ("hidden_size", .integer(hidden))] + settings)
  }
}

/// A task as the comparison has it: data, what stands around the cell, and how it is trained.
private struct MatrixTask {
  let name: String
  let column: String
  let data: JSON
  var before: [JSON] = []
  let after: [JSON]
  let rate: Double
  let steps: Int
  var isNextStep = false

  static let all: [MatrixTask] = [
    MatrixTask(
      name: "adding", column: "adding MSE",
      data: ["set": "adding", "length": 50, "batch_size": 32],
      after: [["layer": "last_step"], ["layer": "linear", "out_features": 1]], rate: 0.004,
      steps: 1000),
    MatrixTask(
      name: "copy", column: "copy bits", data: ["set": "copy", "length": 20, "batch_size": 32],
      before: [["layer": "embedding", "embedding_dim": 16]],
      after: [["layer": "linear", "out_features": 9]], rate: 0.004, steps: 600),
    MatrixTask(
      name: "digits", column: "digits acc",
      data: ["set": "digits", "variant": "rows", "batch_size": 32],
      after: [["layer": "last_step"], ["layer": "linear", "out_features": 10]], rate: 0.004,
      steps: 600),
    MatrixTask(
      name: "characters", column: "text bits",
      data: ["set": "shakespeare", "batch_size": 32, "sequence_length": 50],
      before: [["layer": "embedding", "embedding_dim": 32]],
      after: [["layer": "linear", "out_features": 80]], rate: 0.006, steps: 200,
      isNextStep: true),
  ]

  func session(_ cell: Cell, in laboratory: Laboratory) throws -> Document {
    try laboratory.session(
      name, data: data, model: .array(before + [cell.json(hidden: 64)] + after),
      training: [
        "learning_rate": .number(rate), "steps": .integer(steps), "validate_every": .integer(steps),
      ])
  }
}
