/// A value that the user sets in a layer.
public enum FieldValue: Hashable, Sendable, CustomStringConvertible {
  /// A whole number.
  case integer(Int)
  /// A number.
  case decimal(Double)
  /// Yes or no.
  case flag(Bool)
  /// One of several names.
  case choice(String)

  /// The value as users write it.
  public var description: String {
    switch self {
    case .integer(let value): String(value)
    case .decimal(let value):
      value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    case .flag(let value): value ? "true" : "false"
    case .choice(let value): value
    }
  }
}

/// The values that a setting takes.
public enum FieldDomain: Hashable, Sendable, CustomStringConvertible {
  /// Whole numbers in a range.
  case integer(ClosedRange<Int>)
  /// Numbers in a range; `below` excludes the upper end.
  case decimal(ClosedRange<Double>, excludingUpper: Bool)
  /// Yes or no.
  case flag
  /// One of these names.
  case choice([String])

  /// The values in words: `1 to 8192`, `tanh or relu`.
  public var description: String {
    switch self {
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .decimal(let range, let excludingUpper):
      "a number from \(FieldValue.decimal(range.lowerBound)) "
        + (excludingUpper ? "to below " : "to ") + "\(FieldValue.decimal(range.upperBound))"
    case .flag: "true or false"
    case .choice(let names): names.joined(separator: " or ")
    }
  }

  /// `text` as a value of this domain; nil when it is none.
  public func parse(_ text: String) -> FieldValue? {
    let value: FieldValue? =
      switch self {
      case .integer: Int(text).map(FieldValue.integer)
      case .decimal: Double(text).map(FieldValue.decimal)
      case .flag: Bool(text).map(FieldValue.flag)
      case .choice: .choice(text)
      }
    return value.flatMap { contains($0) ? $0 : nil }
  }

  /// Whether `value` is one of the values.
  public func contains(_ value: FieldValue) -> Bool {
    switch (self, value) {
    case (.integer(let range), .integer(let value)): range.contains(value)
    case (.decimal(let range, let excludingUpper), .decimal(let value)):
      range.contains(value) && !(excludingUpper && value == range.upperBound)
    case (.flag, .flag): true
    case (.choice(let names), .choice(let name)): names.contains(name)
    default: false
    }
  }
}

/// One setting of a layer's spec: its name in files, what it means, what it takes.
public struct Field<Spec: Sendable>: Sendable {
  /// The name in session files and on the command line, such as `hidden_size`.
  public let name: String
  /// What it means, in a few words.
  public let summary: String
  /// The values it takes.
  public let domain: FieldDomain
  let get: @Sendable (Spec) -> FieldValue
  let set: @Sendable (inout Spec, FieldValue) -> Void

  /// A whole number in `range`.
  public static func integer(
    _ name: String, _ path: WritableKeyPath<Spec, Int> & Sendable, in range: ClosedRange<Int>,
    _ summary: String
  ) -> Field {
    Field(
      name: name, summary: summary, domain: .integer(range), get: { .integer($0[keyPath: path]) },
      set: { if case .integer(let value) = $1 { $0[keyPath: path] = value } })
  }

  /// A number in `range`.
  public static func decimal(
    _ name: String, _ path: WritableKeyPath<Spec, Double> & Sendable,
    in range: ClosedRange<Double>, excludingUpper: Bool = false, _ summary: String
  ) -> Field {
    Field(
      name: name, summary: summary, domain: .decimal(range, excludingUpper: excludingUpper),
      get: { .decimal($0[keyPath: path]) },
      set: { if case .decimal(let value) = $1 { $0[keyPath: path] = value } })
  }

  /// Yes or no.
  public static func flag(
    _ name: String, _ path: WritableKeyPath<Spec, Bool> & Sendable, _ summary: String
  ) -> Field {
    Field(
      name: name, summary: summary, domain: .flag, get: { .flag($0[keyPath: path]) },
      set: { if case .flag(let value) = $1 { $0[keyPath: path] = value } })
  }

  /// One case of an enumeration of names.
  public static func choice<Choice>(
    _ name: String, _ path: WritableKeyPath<Spec, Choice> & Sendable, _ summary: String
  ) -> Field
  where Choice: RawRepresentable & CaseIterable & Sendable, Choice.RawValue == String {
    Field(
      name: name, summary: summary, domain: .choice(Choice.allCases.map(\.rawValue)),
      get: { .choice($0[keyPath: path].rawValue) },
      set: {
        if case .choice(let value) = $1, let choice = Choice(rawValue: value) {
          $0[keyPath: path] = choice
        }
      })
  }
}
