import Formats

/// Something with named settings that a person edits and a file keeps.
public protocol Configurable: Equatable, Sendable {
  /// The name that users know it by, such as `lstm`.
  static var kind: String { get }
  /// Everything that can be set, in the order it is shown and saved.
  static var fields: [Field<Self>] { get }
  /// Whether the setting `name` matters as the others are; one that does not need not be shown.
  func heeds(_ name: String) -> Bool
}

extension Configurable {
  /// All settings matter, unless a type knows better.
  public func heeds(_ name: String) -> Bool { true }

  /// The settings by name, in their order.
  public var settings: [(name: String, value: FieldValue)] {
    Self.fields.map { ($0.name, $0.get(self)) }
  }

  /// The settings by name, in their order, without optional ones that are as in `defaults`.
  public func settings(unlessAs defaults: Self) -> [(name: String, value: FieldValue)] {
    Self.fields
      .filter { !$0.isOptional || $0.get(self) != $0.get(defaults) }
      .map { ($0.name, $0.get(self)) }
  }

  /// The value of the setting called `name` and what it takes; nil when there is none.
  public func setting(_ name: String) -> (value: FieldValue, domain: FieldDomain)? {
    Self.fields.first { $0.name == name }.map { ($0.get(self), $0.domain) }
  }

  /// The names, meanings and domains of the settings, in their order.
  public var settingInfo: [(name: String, summary: String, domain: FieldDomain)] {
    Self.fields.map { ($0.name, $0.summary, $0.domain) }
  }

  /// Changes one setting, or says why not.
  public mutating func set(_ name: String, to value: FieldValue) throws(ShapeError) {
    guard let field = Self.fields.first(where: { $0.name == name }) else {
      throw unknownSetting(name)
    }
    var value = value
    if case .integer(let whole) = value, !field.domain.contains(value) {
      value = .decimal(Double(whole))
    }
    if let refusal = Self.refusal(of: value, for: field) { throw refusal }
    field.set(&self, value)
  }

  /// Takes the settings with these names over from `other`.
  public mutating func copy(_ names: [String], from other: Self) {
    for field in Self.fields where names.contains(field.name) {
      field.set(&self, field.get(other))
    }
  }

  /// Why the first setting whose value it does not take cannot have that value; nil when all can.
  public var fault: ShapeError? {
    Self.fields.lazy.compactMap { Self.refusal(of: $0.get(self), for: $0) }.first
  }

  private static func refusal(of value: FieldValue, for field: Field<Self>) -> ShapeError? {
    if field.domain.contains(value) { return nil }
    let got =
      switch value {
      case .choice(let text), .text(let text): SafeText.quoted(text)
      case .integer, .sizes, .decimal, .flag, .automatic: value.description
      }
    return ShapeError("\(kind) needs \(field.name) to be \(field.domain), got \(got).")
  }

  /// Changes one setting to what `text` says, or says why not.
  public mutating func set(_ name: String, text: String) throws(ShapeError) {
    guard let field = Self.fields.first(where: { $0.name == name }) else {
      throw unknownSetting(name)
    }
    guard let value = field.domain.parse(text) else {
      throw ShapeError(
        "\(Self.kind) needs \(name) to be \(field.domain), got \(SafeText.quoted(text)).")
    }
    field.set(&self, value)
  }

  /// What is said of a setting that is neither one of these nor one of those `besides`.
  func unknownSetting(_ name: String, besides others: [String] = []) -> ShapeError {
    let names = Self.fields.map(\.name) + others
    let quoted = SafeText.quoted(name)
    guard !names.isEmpty else { return ShapeError("\(Self.kind) has no settings, got \(quoted).") }
    return ShapeError(
      "\(Self.kind) has no setting \(quoted)." + Suggestion.choice(for: name, among: names))
  }
}
