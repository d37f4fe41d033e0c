/// A JSON document, or a part of one.
///
/// Whole numbers and numbers with a fraction or an exponent are kept apart, as the text has them.
/// Write literals: `["step": 3, "loss": 0.25, "name": .string(name)]`.
public enum JSON: Equatable, Sendable {
  /// The value `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// Any other number; one that is not finite is written as `null`.
  case number(Double)
  /// Text.
  case string(String)
  /// A list.
  case array([JSON])
  /// Keys and values in their order.
  case object(JSONObject)

  /// The number whose shortest text is that of `value`: `JSON(Float(0.1))` is written `0.1`.
  public init(_ value: Float) {
    let short = Double(value.description) ?? Double(value)
    self = .number(Float(short) == value ? short : Double(value))
  }

  /// An object of `members`, whose keys must be different.
  public init(_ members: [(String, JSON)]) {
    self = .object(JSONObject(members))
  }

  /// The value of `key`; nil if there is none or this is not an object.
  ///
  /// Setting makes an object of anything else, and setting nil removes the key.
  public subscript(key: String) -> JSON? {
    get {
      guard case .object(let object) = self else { return nil }
      return object[key]
    }
    set {
      var object = JSONObject()
      if case .object(let current) = self { object = current }
      object[key] = newValue
      self = .object(object)
    }
  }

  /// The element at `index`; nil if there is none or this is not an array.
  public subscript(index: Int) -> JSON? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The text, if this is text.
  public var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The whole number, if this is one.
  public var integer: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// The number, if this is one, whole or not.
  public var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The truth value, if this is one.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The elements, if this is an array.
  public var array: [JSON]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The object, if this is one.
  public var object: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }
}

/// The keys and values of a JSON object, in their order.
public struct JSONObject: Equatable, Sendable {
  /// The pairs in their order; no key occurs twice.
  public private(set) var members: [Member] = []

  /// A key and its value.
  public struct Member: Equatable, Sendable {
    /// The key.
    public let key: String
    /// The value.
    public var value: JSON
  }

  /// An object without members.
  public init() {}

  /// An object of `members`, whose keys must be different.
  public init(_ members: [(String, JSON)]) {
    precondition(
      Set(members.map(\.0)).count == members.count, "a JSON object has each key only once")
    self.members = members.map { Member(key: $0.0, value: $0.1) }
  }

  /// An object of members whose keys are known to differ.
  init(unchecked members: [Member]) { self.members = members }

  /// The keys in their order.
  public var keys: [String] { members.map(\.key) }

  /// The value of `key`. A new key goes to the end; setting nil removes.
  public subscript(key: String) -> JSON? {
    get { members.first { $0.key == key }?.value }
    set {
      let index = members.firstIndex { $0.key == key }
      switch (index, newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(key: key, value: value))
      case (nil, nil): break
      }
    }
  }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
  /// The value `null`.
  public init(nilLiteral: ()) { self = .null }
  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
}

extension JSON: ExpressibleByFloatLiteral, ExpressibleByStringInterpolation {
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// Text.
  public init(stringLiteral value: String) { self = .string(value) }
}

extension JSON: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  /// A list.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// An object, in the order written.
  public init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}
