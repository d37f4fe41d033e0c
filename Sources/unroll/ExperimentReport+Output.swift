import Canvas
import Experiments

extension ExperimentReport {
  /// Prints what was found.
  func show() {
    Output.line("\(name)  seed \(seed)")
    let width = measurements.map(\.name.count).max() ?? 0
    for measurement in measurements {
      Output.line(
        "  " + measurement.role.rawValue.padded(to: 10) + measurement.name.padded(to: width + 2)
          + measurement.value.formatted(4))
    }
    for table in tables {
      Output.table(
        table.title, table.columns,
        table.rows.map { ($0.name, $0.values.map { $0?.formatted(4) ?? "-" }) })
    }
    for map in maps { map.show() }
    for note in notes { Output.line("  note: " + note) }
    for verdict in verdicts {
      Output.line((verdict.holds ? "  holds     " : "  FAILS     ") + verdict.text)
    }
    Output.line("  \(passed ? "pass" : "FAIL")  \(seconds.formatted(3)) s")
  }
}

extension ExperimentReport.Map {
  /// Prints the picture, a character a number.
  fileprivate func show() {
    let scale = HeatScale.signed(fitting: rows.flatMap(\.values).map { Float($0) })
    let names = rows.map(\.name.count).max() ?? 0
    Output.line("  " + title)
    for row in rows {
      Output.line("  " + row.name.leftPadded(to: names) + " " + row.values.map(scale.code).joined())
    }
    let limit = scale.limit.formatted(3)
    Output.line(
      "  i..a: -\(limit) to 0, 1..9: 0 to \(limit), - and +: beyond, I: nothing comes back")
  }
}

extension ExperimentSummary {
  /// Prints what was found over all seeds, each number with its standard deviation.
  func show() {
    let (first, last) = (reports[0].seed, reports[reports.count - 1].seed)
    Output.line("\(name)  seeds \(first) to \(last), mean ± standard deviation")
    let width = measurements.map(\.name.count).max() ?? 0
    for measurement in measurements {
      Output.line(
        "  " + measurement.role.rawValue.padded(to: 10) + measurement.name.padded(to: width + 2)
          + measurement.spread.text)
    }
    for (index, table) in reports[0].tables.enumerated() {
      Output.table(
        table.title, table.columns,
        rows(ofTable: index).map { ($0.name, $0.spreads.map { $0?.text ?? "-" }) })
    }
    for note in reports[0].notes { Output.line("  note: " + note) }
    for verdict in verdicts {
      Output.line("  holds for \(verdict.held) of \(reports.count)  " + verdict.text)
    }
    let seconds = reports.reduce(0) { $0 + $1.seconds }
    Output.line("  \(passed ? "pass" : "FAIL")  \(seconds.formatted(3)) s")
  }
}

extension ExperimentSummary.Spread {
  /// `0.1234 ± 0.0056`.
  fileprivate var text: String { "\(mean.formatted(4)) ± \(deviation.formatted(2))" }
}

extension Output {
  /// Prints a table of an experiment: what its rows are, its columns, and the cells of each row.
  fileprivate static func table(
    _ title: String, _ columns: [String], _ rows: [(name: String, cells: [String])]
  ) {
    let names = max(title.count, rows.map(\.name.count).max() ?? 0)
    let widths = columns.indices.map { column in
      let cells = rows.map { $0.cells.indices.contains(column) ? $0.cells[column].count : 0 }
      return max(9, columns[column].count, cells.max() ?? 0) + 2
    }
    line(
      "  " + title.padded(to: names)
        + zip(columns, widths).map { $0.leftPadded(to: $1) }.joined())
    for row in rows {
      let cells = zip(row.cells, widths).map { $0.leftPadded(to: $1) }
      line("  " + row.name.padded(to: names) + cells.joined())
    }
  }
}
