extension JSON: CustomStringConvertible {
  /// How a document is laid out.
  public enum Layout: Sendable {
    /// Everything on one line without spaces, for `--jsonl` and files that machines read.
    case compact
    /// Two spaces for each level; a list or object of plain values stays on one line if it fits.
    case pretty
  }

  /// The document as one line.
  public var description: String { text(.compact) }

  /// The document as text; the pretty layout ends in a newline.
  ///
  /// Keys keep their order, numbers have the shortest text that reads back to the same value, and a
  /// number that is not finite becomes `null`. Characters that could steer a terminal are escaped.
  public func text(_ layout: Layout) -> String {
    var writer = JSONWriter(layout: layout)
    writer.write(self, indent: 0)
    return layout == .pretty ? writer.text + "\n" : writer.text
  }
}

/// Appends values to a text.
private struct JSONWriter {
  let layout: JSON.Layout
  var text = ""

  /// Columns that a list on one line may reach.
  private static let width = 90

  init(layout: JSON.Layout) { self.layout = layout }

  mutating func write(_ value: JSON, indent: Int) {
    switch value {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): Self.quote(value, into: &text)
    case .array(let elements):
      write(elements, key: { _ in nil }, value: { $0 }, between: ("[", "]"), indent: indent)
    case .object(let object):
      write(
        object.members, key: \.key, value: \.value, between: ("{", "}"), indent: indent)
    }
  }

  private mutating func write<Item>(
    _ items: [Item], key: (Item) -> String?, value: (Item) -> JSON,
    between brackets: (open: String, close: String), indent: Int
  ) {
    text += brackets.open
    if layout == .compact || items.allSatisfy({ value($0).isPlain }) {
      let start = text.endIndex
      let space = layout == .compact ? "" : " "
      for (index, item) in items.enumerated() {
        if index > 0 { text += "," + space }
        write(key(item), space: space)
        write(value(item), indent: indent)
      }
      if layout == .compact || indent + text[start...].count <= Self.width {
        text += brackets.close
        return
      }
      text.removeSubrange(start...)
    }
    let newLine = "\n" + String(repeating: " ", count: indent)
    for (index, item) in items.enumerated() {
      text += index > 0 ? "," : ""
      text += newLine + "  "
      write(key(item), space: " ")
      write(value(item), indent: indent + 2)
    }
    text += newLine + brackets.close
  }

  private mutating func write(_ key: String?, space: String) {
    guard let key else { return }
    Self.quote(key, into: &text)
    text += ":" + space
  }

  /// Appends `string` in double quotes.
  private static func quote(_ string: String, into text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where SafeText.isSafe(scalar): text.unicodeScalars.append(scalar)
      default:
        for unit in UTF16.encode(scalar) ?? .init() {
          let digits = String(unit, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
    }
    text += "\""
  }
}

extension JSON {
  /// Neither a list nor an object with content.
  fileprivate var isPlain: Bool {
    switch self {
    case .array(let elements): elements.isEmpty
    case .object(let object): object.members.isEmpty
    default: true
    }
  }
}
