/// One setting of a spec or recipe: its name in files, what it means, what it takes.
public struct Field<Spec: Sendable>: Sendable {
  /// The name in session files and on the command line, such as `hidden_size`.
  public let name: String
  /// What it means, in a few words.
  public let summary: String
  /// The values it takes.
  public let domain: FieldDomain
  /// Whether files leave it out while it has its default.
  public private(set) var isOptional = false
  let get: @Sendable (Spec) -> FieldValue
  let set: @Sendable (inout Spec, FieldValue) -> Void

  /// A setting that is read and written by `get` and `set`; `set` gets values of the domain only.
  public init(
    _ name: String, _ domain: FieldDomain, _ summary: String,
    get: @escaping @Sendable (Spec) -> FieldValue,
    set: @escaping @Sendable (inout Spec, FieldValue) -> Void
  ) {
    self.name = name
    self.summary = summary
    self.domain = domain
    self.get = get
    self.set = set
  }

  /// The same setting, left out of files while it has its default.
  public var optional: Field {
    var field = self
    field.isOptional = true
    return field
  }

  /// The same settings, left out of files while they have their defaults.
  public static func optional(_ fields: [Field]) -> [Field] { fields.map(\.optional) }

  /// A whole number in `range`.
  public static func integer(
    _ name: String, _ path: WritableKeyPath<Spec, Int> & Sendable, in range: ClosedRange<Int>,
    _ summary: String
  ) -> Field {
    Field(
      name, .integer(range), summary, get: { .integer($0[keyPath: path]) },
      set: { if case .integer(let value) = $1 { $0[keyPath: path] = value } })
  }

  /// A whole number in `range` for all of `axes` axes, or one each.
  public static func sizes(
    _ name: String, _ path: WritableKeyPath<Spec, AxisSizes> & Sendable, axes: Int,
    in range: ClosedRange<Int>, _ summary: String
  ) -> Field {
    Field(
      name, axes > 1 ? .sizes(range, axes: axes) : .integer(range), summary,
      get: {
        let sizes = $0[keyPath: path]
        return sizes.common.map(FieldValue.integer) ?? .sizes(sizes)
      },
      set: { spec, value in
        switch value {
        case .integer(let size): spec[keyPath: path] = AxisSizes(size)
        case .sizes(let sizes): spec[keyPath: path] = sizes
        default: break
        }
      })
  }

  /// A number in `range`.
  public static func decimal(
    _ name: String, _ path: WritableKeyPath<Spec, Double> & Sendable,
    in range: ClosedRange<Double>, excludingUpper: Bool = false, _ summary: String
  ) -> Field {
    Field(
      name, .decimal(range, excludingUpper: excludingUpper), summary,
      get: { .decimal($0[keyPath: path]) },
      set: { if case .decimal(let value) = $1 { $0[keyPath: path] = value } })
  }

  /// A number in `range`, or nil: what follows from other settings.
  public static func automatic(
    _ name: String, _ path: WritableKeyPath<Spec, Double?> & Sendable,
    in range: ClosedRange<Double>, excludingUpper: Bool = false, _ summary: String
  ) -> Field {
    Field(
      name, .automatic(range, excludingUpper: excludingUpper), summary,
      get: { $0[keyPath: path].map(FieldValue.decimal) ?? .automatic },
      set: { spec, value in
        if case .decimal(let number) = value {
          spec[keyPath: path] = number
        } else {
          spec[keyPath: path] = nil
        }
      })
  }

  /// Yes or no.
  public static func flag(
    _ name: String, _ path: WritableKeyPath<Spec, Bool> & Sendable, _ summary: String
  ) -> Field {
    Field(
      name, .flag, summary, get: { .flag($0[keyPath: path]) },
      set: { if case .flag(let value) = $1 { $0[keyPath: path] = value } })
  }

  /// One case of an enumeration of names.
  public static func choice<Choice>(
    _ name: String, _ path: WritableKeyPath<Spec, Choice> & Sendable, _ summary: String
  ) -> Field
  where Choice: RawRepresentable & CaseIterable & Sendable, Choice.RawValue == String {
    Field(
      name, .choice(Choice.allCases.map(\.rawValue)), summary,
      get: { .choice($0[keyPath: path].rawValue) },
      set: {
        if case .choice(let value) = $1, let choice = Choice(rawValue: value) {
          $0[keyPath: path] = choice
        }
      })
  }

  /// One case of an enumeration of names at `path`, or in its place sizes of all of `axes` axes, or one each,
  /// at `sizes`.
  public static func choice<Choice>(
    _ name: String, _ path: WritableKeyPath<Spec, Choice> & Sendable,
    orSizes sizes: WritableKeyPath<Spec, AxisSizes?> & Sendable, axes: Int,
    in range: ClosedRange<Int>, _ summary: String
  ) -> Field
  where Choice: RawRepresentable & CaseIterable & Sendable, Choice.RawValue == String {
    Field(
      name, .choiceOrSizes(Choice.allCases.map(\.rawValue), range, axes: axes), summary,
      get: { spec in
        guard let found = spec[keyPath: sizes] else { return .choice(spec[keyPath: path].rawValue) }
        return found.common.map(FieldValue.integer) ?? .sizes(found)
      },
      set: { spec, value in
        switch value {
        case .integer(let size): spec[keyPath: sizes] = AxisSizes(size)
        case .sizes(let found): spec[keyPath: sizes] = found
        case .choice(let name):
          guard let choice = Choice(rawValue: name) else { return }
          spec[keyPath: path] = choice
          spec[keyPath: sizes] = nil
        default: break
        }
      })
  }
}
