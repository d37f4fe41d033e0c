import Formats

/// What an experiment found under several seeds: the mean and the standard deviation of every number,
/// and how often each part of the claim held.
public struct ExperimentSummary: Sendable {
  /// The mean of some numbers and how far they spread.
  public struct Spread: Sendable, Equatable {
    /// Σ x / n.
    public let mean: Double
    /// √(Σ (x − mean)² / (n − 1)); 0 for one number.
    public let deviation: Double

    /// Of `numbers`; nil where there are none.
    init?(_ numbers: [Double]) {
      guard !numbers.isEmpty else { return nil }
      let mean = numbers.reduce(0, +) / Double(numbers.count)
      let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      self.mean = mean
      deviation = numbers.count > 1 ? (squares / Double(numbers.count - 1)).squareRoot() : 0
    }
  }

  /// A number and what it is there for.
  public struct Measurement: Sendable, Equatable {
    /// What was measured.
    public let name: String
    /// What it is there for.
    public let role: ExperimentReport.Measurement.Role
    /// Over the seeds that measured it.
    public let spread: Spread
  }

  /// A part of the claim, in the words of the first seed, and how many seeds it held for.
  public struct Verdict: Sendable, Equatable {
    /// The part, with the numbers of the first seed.
    public let text: String
    /// Seeds that it held for.
    public let held: Int
  }

  /// What was found, a seed an entry; at least one.
  public let reports: [ExperimentReport]

  /// The summary of `reports` of one experiment, of which there is one at least.
  public init(of reports: [ExperimentReport]) {
    precondition(!reports.isEmpty, "Something was found.")
    self.reports = reports
  }

  /// The experiment's name.
  public var name: String { reports[0].name }

  /// Whether the claim held for every seed.
  public var passed: Bool { reports.allSatisfy(\.passed) }

  /// The numbers of the first seed, over all seeds.
  public var measurements: [Measurement] {
    reports[0].measurements.compactMap { first in
      let values = reports.compactMap { report in
        report.measurements.first { $0.name == first.name && $0.role == first.role }?.value
      }
      return Spread(values).map { Measurement(name: first.name, role: first.role, spread: $0) }
    }
  }

  /// The cells of table `index` of every seed: of each row of the first one its name and spreads; nil
  /// where nothing was measured.
  public func rows(ofTable index: Int) -> [(name: String, spreads: [Spread?])] {
    reports[0].tables[index].rows.enumerated().map { place, row in
      let spreads = row.values.indices.map { column in
        Spread(
          reports.compactMap { report -> Double? in
            guard report.tables.indices.contains(index),
              report.tables[index].rows.indices.contains(place),
              report.tables[index].rows[place].values.indices.contains(column)
            else { return nil }
            return report.tables[index].rows[place].values[column]
          })
      }
      return (row.name, spreads)
    }
  }

  /// The parts of the claim.
  public var verdicts: [Verdict] {
    reports[0].verdicts.enumerated().map { place, first in
      Verdict(
        text: first.text,
        held: reports.count { $0.verdicts.indices.contains(place) && $0.verdicts[place].holds })
    }
  }

  /// The summary as one JSON object.
  public var json: JSON {
    [
      "experiment": .string(name), "passed": .bool(passed),
      "seeds": .array(
        reports.map { Int(exactly: $0.seed).map(JSON.integer) ?? .string(String($0.seed)) }),
      "measurements": .array(
        measurements.map {
          [
            "name": .string($0.name), "role": .string($0.role.rawValue),
            "mean": .number($0.spread.mean), "deviation": .number($0.spread.deviation),
          ]
        }),
      "tables": .array(reports[0].tables.indices.map(tableJSON)),
      "verdicts": .array(
        verdicts.map { ["text": .string($0.text), "held": .integer($0.held)] }),
    ]
  }

  private func tableJSON(_ index: Int) -> JSON {
    let table = reports[0].tables[index]
    return [
      "title": .string(table.title), "columns": .array(table.columns.map(JSON.string)),
      "rows": .array(
        rows(ofTable: index).map { row in
          [
            "name": .string(row.name),
            "mean": .array(row.spreads.map { $0.map { .number($0.mean) } ?? .null }),
            "deviation": .array(row.spreads.map { $0.map { .number($0.deviation) } ?? .null }),
          ]
        }),
    ]
  }
}
