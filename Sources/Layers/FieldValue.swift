/// A value that the user sets in a layer.
public enum FieldValue: Hashable, Sendable, CustomStringConvertible {
  /// A whole number.
  case integer(Int)
  /// Whole numbers, one for each of some axes.
  case sizes(AxisSizes)
  /// A number.
  case decimal(Double)
  /// Yes or no.
  case flag(Bool)
  /// One of several names.
  case choice(String)
  /// Any text on one line.
  case text(String)
  /// What follows from other settings.
  case automatic

  /// The value as users write it.
  public var description: String {
    switch self {
    case .integer(let value): String(value)
    case .sizes(let value): value.description
    case .decimal(let value):
      value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    case .flag(let value): value ? "true" : "false"
    case .choice(let value), .text(let value): value
    case .automatic: Self.automaticText
    }
  }

  /// How users write `automatic`.
  static let automaticText = "auto"
}

/// The values that a setting takes.
public enum FieldDomain: Hashable, Sendable, CustomStringConvertible {
  /// Whole numbers in a range.
  case integer(ClosedRange<Int>)
  /// One whole number in a range for all of some axes, or one each.
  case sizes(ClosedRange<Int>, axes: Int)
  /// Numbers in a range; `below` excludes the upper end.
  case decimal(ClosedRange<Double>, excludingUpper: Bool)
  /// Such numbers, or what follows from other settings.
  case automatic(ClosedRange<Double>, excludingUpper: Bool)
  /// Yes or no.
  case flag
  /// One of these names.
  case choice([String])
  /// One of these names, or sizes as `sizes` takes them.
  case choiceOrSizes([String], ClosedRange<Int>, axes: Int)
  /// Any text on one line that is not empty.
  case text

  /// The values in words: `1 to 8192`, `tanh or relu`.
  public var description: String {
    switch self {
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .sizes(let range, let axes):
      "\(FieldDomain.integer(range)), or one for each of \(axes) axes, as in \(Self.example(axes))"
    case .decimal(let range, let excludingUpper):
      "a number from \(FieldValue.decimal(range.lowerBound)) "
        + (excludingUpper ? "to below " : "to ") + "\(FieldValue.decimal(range.upperBound))"
    case .automatic(let range, let excludingUpper):
      "\(FieldDomain.decimal(range, excludingUpper: excludingUpper)) or \(FieldValue.automatic)"
    case .flag: "true or false"
    case .choice(let names): names.joined(separator: " or ")
    case .choiceOrSizes(let names, let range, let axes):
      (names + ["\(axes > 1 ? FieldDomain.sizes(range, axes: axes) : .integer(range))"])
        .joined(separator: " or ")
    case .text: "a text"
    }
  }

  /// Sizes of some axes, as they are written: `3x5` or `3x5x5`.
  public static func example(_ axes: Int) -> String {
    AxisSizes([3] + Array(repeating: 5, count: axes - 1)).description
  }

  /// `text` as a value of this domain; nil when it is none.
  public func parse(_ text: String) -> FieldValue? {
    let value: FieldValue? =
      switch self {
      case .integer: Int(text).map(FieldValue.integer)
      case .sizes: AxisSizes(text).map { $0.common.map(FieldValue.integer) ?? .sizes($0) }
      case .decimal: Double(text).map(FieldValue.decimal)
      case .automatic:
        text == FieldValue.automaticText
          ? .automatic : Double(text).map(FieldValue.decimal)
      case .flag: Bool(text).map(FieldValue.flag)
      case .choice: .choice(text)
      case .choiceOrSizes(let names, let range, let axes):
        names.contains(text) ? .choice(text) : FieldDomain.sizes(range, axes: axes).parse(text)
      case .text: .text(text)
      }
    return value.flatMap { contains($0) ? $0 : nil }
  }

  /// Whether `value` is one of the values.
  public func contains(_ value: FieldValue) -> Bool {
    switch (self, value) {
    case (.integer(let range), .integer(let value)), (.sizes(let range, _), .integer(let value)):
      range.contains(value)
    case (.sizes(let range, let axes), .sizes(let value)):
      value.count == axes && value.each(axes).allSatisfy(range.contains)
    case (.automatic, .automatic): true
    case (.decimal(let range, let excludingUpper), .decimal(let value)),
      (.automatic(let range, let excludingUpper), .decimal(let value)):
      range.contains(value) && !(excludingUpper && value == range.upperBound)
    case (.flag, .flag): true
    case (.choice(let names), .choice(let name)),
      (.choiceOrSizes(let names, _, _), .choice(let name)):
      names.contains(name)
    case (.choiceOrSizes(_, let range, let axes), _):
      FieldDomain.sizes(range, axes: axes).contains(value)
    case (.text, .text(let text)): !text.isEmpty && !text.contains(where: \.isNewline)
    default: false
    }
  }
}
