import ArgumentParser
import Data
import Engine
import Formats
import Layers
import Workbench

/// Layers, shapes and parameters of a session.
struct Summary: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the layers, shapes and parameters of a session.")

  @OptionGroup var options: SessionOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let document = try options.document()
    let dataset = try options.dataset(of: document)
    let rows = document.rows(for: dataset)
    let obstacle = document.obstacle(for: dataset)
    if json {
      Output.raw(report(document, dataset, rows, obstacle).text(.pretty))
    } else {
      for line in table(document, dataset, rows, obstacle) { Output.line(line) }
    }
    if obstacle != nil { throw ExitCode(65) }
  }

  private func report(
    _ document: Document, _ dataset: any Dataset, _ rows: [ModelSpec.Row], _ obstacle: SessionError?
  ) -> JSON {
    let layers = zip(document.model.tree, rows).map { place, row -> JSON in
      let layer = place.entry
      return [
        "path": .string("\(row.path)"), "name": .string(layer.name), "layer": .string(layer.kind),
        "input": row.input.map { .string($0.description) } ?? .null,
        "output": row.output.map { .string($0.description) } ?? .null,
        "error": row.error.map { .string($0.description) } ?? .null,
        "parameter_count": .integer(row.parameterCount),
        "frozen": .bool(document.model.trainings[layer.name]?.isFrozen ?? false),
        "parameters": .array(
          row.parameters.map { parameter in
            [
              "name": .string("\(layer.name).\(parameter.name)"),
              "shape": .array(parameter.shape.dimensions.map(JSON.integer)),
            ]
          }),
      ]
    }
    return [
      "schema": 1, "name": .string(document.name), "seed": document.seedJSON,
      "data": .string(dataset.summary), "input": .string(dataset.input.description),
      "named_inputs": JSON(namedInputs(of: dataset).map { ($0.name, .string("\($0.input)")) }),
      "target": .string(dataset.target.outputText), "layers": .array(layers),
      "parameter_count": .integer(rows.reduce(0) { $0 + $1.parameterCount }),
      "frozen_count": .integer(document.model.frozenCount(in: rows)),
      "training_bytes": .integer(document.memory(for: dataset).bytes),
      "error": obstacle.map { .string($0.description) } ?? .null,
    ]
  }

  private func table(
    _ document: Document, _ dataset: any Dataset, _ rows: [ModelSpec.Row], _ obstacle: SessionError?
  ) -> [String] {
    let header = ["#", "name", "layer", "output", "parameters"]
    let body = zip(document.model.tree, rows).map { place, row in
      let (path, layer) = place
      let indent = String(repeating: "  ", count: path.depth)
      return [
        "\(path)", indent + layer.name, layer.kind, row.output?.description ?? "?",
        String(row.parameterCount),
      ]
    }
    let total = rows.reduce(0) { $0 + $1.parameterCount }
    var lines = ["\(document.name)   seed \(document.seed)", dataset.summary, ""]
    let input = ["", "in", "", dataset.input.description, ""]
    let others = namedInputs(of: dataset).map { ["", $0.name, "", "\($0.input)", ""] }
    lines += Output.aligned([header, input] + others + body, right: [4])
    let frozen = document.model.frozenCount(in: rows)
    let parts = frozen > 0 ? " (\(total - frozen) trainable, \(frozen) frozen)" : ""
    lines += ["", "\(total) parameters\(parts), about \(document.memory(for: dataset)) to train"]
    let recipe = document.training
    lines += ["\(recipe.optimizer), learning rate \(recipe.learningRate), \(recipe.curve)"]
    if let obstacle { lines += ["", obstacle.description] }
    return lines
  }

  private func namedInputs(of dataset: any Dataset) -> [(name: String, input: Signature)] {
    dataset.namedInputs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension Result where Failure == SessionError {
  /// The value, or a failure of the command line.
  func orFailure() throws -> Success {
    switch self {
    case .success(let value): return value
    case .failure(let error):
      throw unroll.Failure(error)
    }
  }
}
