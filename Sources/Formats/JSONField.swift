/// A place in a JSON document: its value, if there is one, and the path to it.
///
/// Reading a document through fields gives errors that name the place:
///
///     let root = try JSON(path: "session.json").root
///     let rate = try root["training"]["learning_rate"].double(in: 0...1)
///
/// says "training.learning_rate needs a number, got 'fast'." Going down never fails; the error, if
/// there is one, comes when the value is asked for.
public struct JSONField: Sendable {
  /// Where the field is, such as `layers[2].size`; empty at the top.
  public let path: String

  private let content: Content

  private enum Content: Sendable {
    case value(JSON)
    case missing
    case failed(FormatError)
  }

  private init(path: String, content: Content) {
    self.path = path
    self.content = content
  }

  fileprivate init(root: JSON) { self.init(path: "", content: .value(root)) }

  /// The value; nil if there is none.
  public var json: JSON? {
    if case .value(let value) = content { value } else { nil }
  }

  /// Whether there is a value other than `null`.
  public var exists: Bool {
    switch content {
    case .value(let value): value != .null
    case .missing: false
    // Not there, but asking for it must tell what is wrong above it.
    case .failed: true
    }
  }

  /// The field named `key` of this object.
  public subscript(key: String) -> JSONField {
    let child = path(of: key)
    switch content {
    case .value(.object(let object)):
      return JSONField(path: child, content: object[key].map { .value($0) } ?? .missing)
    case .missing: return JSONField(path: child, content: .missing)
    case .failed(let error): return JSONField(path: child, content: .failed(error))
    case .value: return JSONField(path: child, content: .failed(error(needs: "an object")))
    }
  }

  private func path(of key: String) -> String {
    let shown = SafeText.line(key, limit: 60)
    return path.isEmpty ? shown : path + "." + shown
  }

  /// Text.
  public func string() throws(FormatError) -> String {
    if case .string(let value) = try value(needs: "text") { return value }
    throw error(needs: "text")
  }

  /// Text that is one of `choices`.
  public func string(among choices: [String]) throws(FormatError) -> String {
    let list = choices.map { SafeText.quoted($0) }.joined(separator: ", ")
    let needed = choices.count == 1 ? list : "one of " + list
    guard case .string(let value) = try value(needs: needed) else { throw error(needs: needed) }
    guard choices.contains(value) else {
      var refusal = error(needs: needed)
      refusal.message += Suggestion.sentence(for: value, among: choices)
      throw refusal
    }
    return value
  }

  /// A whole number in `range`. `3.0` is not one.
  public func integer(in range: ClosedRange<Int> = .min ... .max) throws(FormatError) -> Int {
    let needed = "a whole number" + Self.bounds(range, all: .min ... .max)
    guard case .integer(let value) = try value(needs: needed), range.contains(value) else {
      throw error(needs: needed)
    }
    return value
  }

  /// A number in `range`, whole or not.
  public func double(
    in range: ClosedRange<Double> = -.greatestFiniteMagnitude ... .greatestFiniteMagnitude
  ) throws(FormatError) -> Double {
    let all = -Double.greatestFiniteMagnitude ... .greatestFiniteMagnitude
    let needed = "a number" + Self.bounds(range, all: all)
    guard let value = try value(needs: needed).double, range.contains(value) else {
      throw error(needs: needed)
    }
    return value
  }

  /// `true` or `false`.
  public func bool() throws(FormatError) -> Bool {
    if case .bool(let value) = try value(needs: "true or false") { return value }
    throw error(needs: "true or false")
  }

  /// The elements of a list.
  public func elements() throws(FormatError) -> [JSONField] {
    guard case .array(let elements) = try value(needs: "a list") else {
      throw error(needs: "a list")
    }
    return elements.enumerated().map { index, element in
      JSONField(path: path + "[\(index)]", content: .value(element))
    }
  }

  /// The keys and fields of an object, in their order.
  public func members() throws(FormatError) -> [(key: String, field: JSONField)] {
    guard case .object(let object) = try value(needs: "an object") else {
      throw error(needs: "an object")
    }
    return object.members.map { member in
      (member.key, JSONField(path: path(of: member.key), content: .value(member.value)))
    }
  }

  /// Requires an object without other keys than `keys`.
  public func allowOnly(_ keys: [String]) throws(FormatError) {
    for (key, _) in try members() where !keys.contains(key) {
      let place = path.isEmpty ? "the document" : path
      throw .badData(
        "Unknown key \(SafeText.quoted(key)) in \(place)."
          + Suggestion.sentence(for: key, among: keys))
    }
  }

  /// An error at this place, for rules that only the caller knows: *needs what*, got what is there.
  public func error(needs needed: String) -> FormatError {
    .badData("\(path.isEmpty ? "The document" : path) needs \(needed), got \(shownValue).")
  }

  private var shownValue: String {
    switch content {
    case .value(.string(let text)): SafeText.quoted(text, limit: 60)
    case .value(.array): "a list"
    case .value(.object): "an object"
    case .value(let value): value.text(.compact)
    case .missing, .failed: "nothing"
    }
  }

  private func value(needs needed: String) throws(FormatError) -> JSON {
    switch content {
    case .value(let value): return value
    case .failed(let error): throw error
    case .missing: throw error(needs: needed)
    }
  }

  private static func bounds<Bound>(_ range: ClosedRange<Bound>, all: ClosedRange<Bound>) -> String
  {
    switch (range.lowerBound == all.lowerBound, range.upperBound == all.upperBound) {
    case (true, true): ""
    case (false, true): ", \(range.lowerBound) or more"
    case (true, false): ", at most \(range.upperBound)"
    case (false, false): " from \(range.lowerBound) to \(range.upperBound)"
    }
  }
}

extension JSONField {
  /// This field, or nil if it is absent or `null`: `try root["seed"].ifPresent?.integer() ?? 0`.
  public var ifPresent: JSONField? { exists ? self : nil }
}

extension JSON {
  /// The document as a field, to read it with errors that name the place.
  public var root: JSONField { JSONField(root: self) }
}
