import Formats

/// What an experiment found.
public struct ExperimentReport: Sendable, Equatable {
  /// A number that was measured.
  public struct Measurement: Sendable, Equatable {
    /// What a number is there for.
    public enum Role: String, Sendable, CaseIterable {
      /// What the claim is about.
      case result
      /// What a simple method reaches.
      case baseline
      /// What ought to fail or do worse.
      case control
    }

    /// What was measured: `LSTM, test MSE`.
    public let name: String
    /// The number.
    public let value: Double
    /// What it is there for.
    public let role: Role
  }

  /// A part of the claim and whether it held.
  public struct Verdict: Sendable, Equatable {
    /// The part, with its numbers: `LSTM MSE 0.004 < 0.01`.
    public let text: String
    /// Whether it held.
    public let holds: Bool
  }

  /// Numbers that belong side by side.
  public struct Table: Sendable, Equatable {
    /// What the rows are.
    public let title: String
    /// What each column is.
    public let columns: [String]
    /// The name of each row and its numbers; nil where nothing was measured.
    public let rows: [(name: String, values: [Double?])]

    /// Whether both sides are equal.
    public static func == (a: Table, b: Table) -> Bool {
      a.title == b.title && a.columns == b.columns
        && a.rows.elementsEqual(b.rows) { $0.name == $1.name && $0.values == $1.values }
    }
  }

  /// Numbers that make a picture, a row of them for every name.
  public struct Map: Sendable, Equatable {
    /// One row of the picture.
    public struct Row: Sendable, Equatable {
      /// What the row is.
      public let name: String
      /// Its numbers, from left to right.
      public let values: [Double]
    }

    /// What the columns go from and to.
    public struct Axis: Sendable, Equatable {
      /// The words for the first and for the last column.
      public let from, to: String
    }

    /// What the numbers are, and what rows and columns are.
    public let title: String
    /// The rows, from top to bottom.
    public let rows: [Row]
    /// The axis of a diagram, whose rows change their sign somewhere; nil for other pictures.
    public var axis: Axis?
  }

  /// The experiment's name.
  public let name: String
  /// What was claimed.
  public let claim: String
  /// The seed of everything random.
  public let seed: UInt64
  /// The numbers, in the order they were measured.
  public let measurements: [Measurement]
  /// The tables.
  public let tables: [Table]
  /// The pictures.
  public let maps: [Map]
  /// The parts of the claim; at least one.
  public let verdicts: [Verdict]
  /// What a reader has to know besides.
  public let notes: [String]
  /// How long it took.
  public let seconds: Double

  /// Whether every part of the claim held.
  public var passed: Bool { !verdicts.isEmpty && verdicts.allSatisfy(\.holds) }

  /// The report as one JSON object.
  public var json: JSON {
    [
      "experiment": .string(name), "claim": .string(claim),
      "seed": Int(exactly: seed).map(JSON.integer) ?? .string(String(seed)),
      "passed": .bool(passed), "seconds": .number((seconds * 1000).rounded() / 1000),
      "measurements": .array(
        measurements.map {
          [
            "name": .string($0.name), "role": .string($0.role.rawValue), "value": .number($0.value),
          ]
        }),
      "tables": .array(tables.map(\.json)), "maps": .array(maps.map(\.json)),
      "verdicts": .array(verdicts.map { ["text": .string($0.text), "holds": .bool($0.holds)] }),
      "notes": .array(notes.map(JSON.string)),
    ]
  }
}

extension ExperimentReport.Map {
  fileprivate var json: JSON {
    JSON(
      [
        ("title", .string(title)),
        (
          "rows",
          .array(
            rows.map { ["name": .string($0.name), "values": .array($0.values.map(JSON.number))] })
        ),
      ] + (axis.map { [("from", .string($0.from)), ("to", .string($0.to))] } ?? []))
  }
}

extension ExperimentReport.Table {
  fileprivate var json: JSON {
    [
      "title": .string(title), "columns": .array(columns.map(JSON.string)),
      "rows": .array(
        rows.map { row in
          [
            "name": .string(row.name),
            "values": .array(row.values.map { $0.map(JSON.number) ?? .null }),
          ]
        }),
    ]
  }
}
