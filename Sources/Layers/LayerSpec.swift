import Engine

/// What the user edits, undoes and saves of a layer; it holds no weights.
///
/// A layer is one file: its spec with the shape rule, and the layer itself with its parameters,
/// forward pass and signals.
public protocol LayerSpec: Equatable, Sendable {
  /// The name in session files and in the palette, such as `lstm`.
  static var kind: String { get }
  /// What the layer does, in one line.
  static var summary: String { get }
  /// Everything that can be set.
  static var fields: [Field<Self>] { get }

  /// The defaults.
  init()

  /// What this layer makes of `input`, or why it cannot take it.
  func output(for input: Signature) throws(ShapeError) -> Signature

  /// The names and shapes of the parameters for an `input` that fits, in the order they are saved.
  func parameterShapes(for input: Signature) -> [ParameterShape]

  /// Floats that one time step of one example keeps during a training step, roughly.
  func activations(for input: Signature) -> Int

  /// The layer with freshly drawn parameters, for an `input` that fits.
  func makeLayer(for input: Signature, using random: inout Random) -> any Layer
}

/// The name and shape of a parameter, known before it exists.
public struct ParameterShape: Hashable, Sendable {
  /// The name inside its layer.
  public let name: String
  /// The sizes of its axes.
  public let shape: Shape

  /// A parameter called `name` of `shape`.
  public init(_ name: String, _ shape: Shape) {
    self.name = name
    self.shape = shape
  }
}

extension LayerSpec {
  /// The settings by name, in their order.
  public var settings: [(name: String, value: FieldValue)] {
    Self.fields.map { ($0.name, $0.get(self)) }
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
    if case .decimal = field.domain, case .integer(let whole) = value { value = .decimal(Double(whole)) }
    guard field.domain.contains(value) else {
      throw ShapeError("\(Self.kind) needs \(name) to be \(field.domain), got \(value).")
    }
    field.set(&self, value)
  }

  /// Changes one setting to what `text` says, or says why not.
  public mutating func set(_ name: String, text: String) throws(ShapeError) {
    guard let field = Self.fields.first(where: { $0.name == name }) else {
      throw unknownSetting(name)
    }
    guard let value = field.domain.parse(text) else {
      throw ShapeError("\(Self.kind) needs \(name) to be \(field.domain), got '\(text)'.")
    }
    field.set(&self, value)
  }

  private func unknownSetting(_ name: String) -> ShapeError {
    let names = Self.fields.map(\.name)
    guard !names.isEmpty else { return ShapeError("\(Self.kind) has no settings, got '\(name)'.") }
    return ShapeError("\(Self.kind) has no setting '\(name)'." + suggestion(for: name, among: names))
  }

  /// The size of the input's only feature axis, or why there is none.
  func featureSize(of input: Signature, sequence: Bool?) throws(ShapeError) -> Int {
    let wanted =
      switch sequence {
      case true?: "[batch, time, features]"
      case false?: "[batch, features]"
      case nil: "features on one last axis"
      }
    if input.vocabulary != nil {
      throw ShapeError(
        "\(Self.kind) needs input \(wanted), got \(input). Put an embedding before it.")
    }
    guard let size = input.size, sequence == nil || input.isSequence == sequence else {
      throw ShapeError("\(Self.kind) needs input \(wanted), got \(input).")
    }
    return size
  }
}

/// " Did you mean 'x'?" for the nearest of `names`, or a list of them.
public func suggestion(for name: String, among names: [String]) -> String {
  let nearest = names.min { editDistance(name, $0) < editDistance(name, $1) }
  if let nearest, editDistance(name, nearest) <= max(2, name.count / 3) {
    return " Did you mean '\(nearest)'?"
  }
  return " Choose one of: " + names.joined(separator: ", ") + "."
}

/// The number of insertions, deletions and replacements between two words.
private func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      (diagonal, row[j + 1]) = (
        row[j + 1], min(diagonal + (x == y ? 0 : 1), row[j] + 1, row[j + 1] + 1)
      )
    }
  }
  return row[b.count]
}
