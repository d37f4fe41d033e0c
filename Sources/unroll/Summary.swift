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
    let rows = document.model.rows(for: dataset.input)
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
    let layers = zip(document.model.layers, rows).map { layer, row -> JSON in
      [
        "name": .string(layer.name), "layer": .string(layer.kind),
        "input": row.input.map { .string($0.description) } ?? .null,
        "output": row.output.map { .string($0.description) } ?? .null,
        "error": row.error.map { .string($0.description) } ?? .null,
        "parameter_count": .integer(row.parameterCount),
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
      "target": .string(dataset.target.output.description), "layers": .array(layers),
      "parameter_count": .integer(rows.reduce(0) { $0 + $1.parameterCount }),
      "training_bytes": .integer(document.memory(for: dataset).bytes),
      "error": obstacle.map { .string($0.description) } ?? .null,
    ]
  }

  private func table(
    _ document: Document, _ dataset: any Dataset, _ rows: [ModelSpec.Row], _ obstacle: SessionError?
  ) -> [String] {
    let header = ["#", "name", "layer", "output", "parameters"]
    let body = zip(document.model.layers, rows).enumerated().map { index, pair in
      let (layer, row) = pair
      return [
        String(index), layer.name, layer.kind, row.output?.description ?? "?",
        String(row.parameterCount),
      ]
    }
    let total = rows.reduce(0) { $0 + $1.parameterCount }
    var lines = ["\(document.name)   seed \(document.seed)", dataset.summary, ""]
    let input = ["", "in", "", dataset.input.description, ""]
    lines += aligned([header, input] + body, right: [4])
    lines += ["", "\(total) parameters, about \(document.memory(for: dataset)) to train"]
    if let obstacle { lines += ["", obstacle.description] }
    return lines
  }

  private func aligned(_ rows: [[String]], right: Set<Int>) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, text in
        let padding = String(repeating: " ", count: widths[column] - text.count)
        return right.contains(column) ? padding + text : text + padding
      }.joined(separator: "  ")
    }
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
