import ArgumentParser
import Data
import Engine
import Formats
import Workbench

/// Says how data were understood.
struct DataCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say how a data set or a file is understood, and how far simple methods get.")

  @OptionGroup var options: DataOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let recipe = try options.recipe()
    let dataset = try options.dataset(recipe)
    let report = DataReport(of: dataset)
    let bucketed = try bucketedPadding(recipe, report)
    guard !json else {
      return Output.raw(object(recipe, dataset, report, bucketed).text(.pretty))
    }
    Output.line(dataset.summary)
    Output.line("")
    Output.line("input    \(dataset.input)")
    for (name, signature) in dataset.namedInputs.sorted(by: { $0.key < $1.key }) {
      Output.line("         \(name) \(signature)")
    }
    Output.line("target   \(dataset.target.output), \(targetText(dataset.target))")
    if let range = report.inputs {
      Output.line(
        "numbers  \(range.least.formatted(4)) to \(range.greatest.formatted(4)), mean "
          + range.mean.formatted(3))
    }
    for note in report.notes { Output.line("note     \(note)") }
    for table in [columns(report), parts(report), classes(dataset.target, report)]
    where table.count > 1 {
      Output.line("")
      for line in table { Output.line(line) }
    }
    Output.line("")
    if let padding = report.padding, padding > 0 {
      let better = bucketed.map { ", \(($0 * 100).formatted(2)) % with data.bucket=true" } ?? ""
      Output.line("padding  \((padding * 100).formatted(2)) % of the steps of a batch\(better)")
    }
    for baseline in report.baselines {
      Output.line("\(baseline.name): \(dataset.target.metric.text(baseline.value))")
    }
    Output.line("")
    Output.line(trainLine(recipe))
  }

  /// The padding with buckets, where that is a choice that was not made.
  private func bucketedPadding(_ recipe: DataRecipe, _ report: DataReport) throws -> Double? {
    guard recipe.heeds(DataSetting.bucket.rawValue), !recipe.isBucketed, report.padding ?? 0 > 0
    else { return nil }
    var other = recipe
    other.isBucketed = true
    return try options.dataset(other).paddingShare
  }

  /// The command that trains on these data.
  private func trainLine(_ recipe: DataRecipe) -> String {
    let changed = recipe.settings(unlessAs: DataRecipe(source: recipe.source))
      .filter { !["set", "batch_size", "sequence_length"].contains($0.name) }
      .map { "data.\($0.name)=\($0.value)" }
    let sizes = options.settings.filter {
      $0.hasPrefix("data.batch_size=") || $0.hasPrefix("data.sequence_length=")
    }
    let words =
      ["unroll", "train", "--data", options.data]
      + (changed + sizes).flatMap { ["--set", $0] }
    return words.map(Self.quoted).joined(separator: " ")
  }

  /// `word` as a shell takes it for one word.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0)
        || "-_./=,:+@%".unicodeScalars.contains($0)
    }
    let safe = SafeText.line(word)
    return isPlain ? safe : "'" + safe.replacing("'", with: "'\\''") + "'"
  }
}

/// The tables of a report.
extension DataCheck {
  private func columns(_ report: DataReport) -> [String] {
    let header = ["column", "role", "type", "missing", "different", "least", "mean", "greatest"]
    let body = report.columns.map { column in
      [
        SafeText.line(column.name, limit: 30), column.role.rawValue,
        column.isNumber ? "number" : "word", String(column.missing), String(column.distinct),
      ]
        + (column.range.map { [$0.least, $0.mean, $0.greatest].map { $0.formatted(4) } }
          ?? ["", "", ""])
    }
    return body.isEmpty ? [] : Output.aligned([header] + body, right: [3, 4, 5, 6, 7])
  }

  private func parts(_ report: DataReport) -> [String] {
    let header = ["split", "sequences", "steps", "targets", "shortest", "mean", "longest"]
    let body = report.parts.map { part in
      [
        part.split.rawValue, String(part.sequences), String(part.steps), String(part.targets),
        String(part.shortest), part.mean.formatted(3), String(part.longest),
      ]
    }
    return Output.aligned([header] + body, right: [1, 2, 3, 4, 5, 6])
  }

  /// The balance of up to 30 classes.
  private func classes(_ target: Target, _ report: DataReport) -> [String] {
    guard case .classes(let labels) = target.kind, labels.count <= 30 else { return [] }
    let header = ["class"] + report.parts.map(\.split.rawValue)
    let body = labels.indices.map { label in
      [SafeText.line(labels[label], limit: 30)]
        + report.parts.map { part in
          let share = Double(part.classes[label]) / Double(max(1, part.targets))
          return "\(part.classes[label]) (\((share * 100).formatted(2)) %)"
        }
    }
    return Output.aligned([header] + body, right: [1, 2, 3])
  }

  private func targetText(_ target: Target) -> String {
    let kind =
      switch target.kind {
      case .classes(let labels): "\(labels.count) classes"
      case .flags(let labels): "\(labels.count) flags"
      case .points(let labels): "points of \(labels.count) classes"
      case .values(let quantities):
        quantities.map { $0.name + ($0.unit.isEmpty ? "" : " (\($0.unit))") }
          .joined(separator: ", ")
      }
    return "\(kind), judged by \(target.metric.rawValue)"
  }

  private func object(
    _ recipe: DataRecipe, _ dataset: any Dataset, _ report: DataReport, _ bucketed: Double?
  ) -> JSON {
    [
      "schema": 1, "name": .string(dataset.name), "summary": .string(dataset.summary),
      "input": .string(dataset.input.description),
      "target": .string(dataset.target.output.description),
      "labels": .array(dataset.target.labels.map(JSON.string)),
      "metric": .string(dataset.target.metric.rawValue),
      "notes": .array(report.notes.map(JSON.string)),
      "columns": .array(report.columns.map(\.json)), "splits": .array(report.parts.map(\.json)),
      "inputs": report.inputs?.json ?? .null,
      "padding": report.padding.map(JSON.number) ?? .null,
      "padding_in_buckets": bucketed.map(JSON.number) ?? .null,
      "baselines": .array(
        report.baselines.map { ["name": .string($0.name), "value": .number($0.value)] }),
      "train": .string(trainLine(recipe)),
    ]
  }
}

extension DataColumn {
  fileprivate var json: JSON {
    [
      "name": .string(name), "role": .string(role.rawValue),
      "type": .string(isNumber ? "number" : "word"), "missing": .integer(missing),
      "different": .integer(distinct), "range": range?.json ?? .null,
    ]
  }
}

extension DataColumn.Range {
  fileprivate var json: JSON {
    ["least": .number(least), "mean": .number(mean), "greatest": .number(greatest)]
  }
}

extension DataReport.Part {
  fileprivate var json: JSON {
    [
      "split": .string(split.rawValue), "sequences": .integer(sequences), "steps": .integer(steps),
      "targets": .integer(targets), "shortest": .integer(shortest), "mean": .number(mean),
      "longest": .integer(longest), "classes": .array(classes.map(JSON.integer)),
    ]
  }
}
