/// Why a key script could not be read.
public struct KeyScriptError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The sentence for the user.
  public let description: String

  /// An error with the sentence for the user.
  public init(description: String) { self.description = description }
}

extension Key {
  /// The key in the notation of key scripts: `a`, `<ret>`, `<C-r>`, `<f5>`, `<press:3,4>`.
  public var notation: String {
    switch self {
    case .character("<"): "<lt>"
    case .character(" "): "<space>"
    case .character(let character): String(character)
    case .control(" "): "<C-space>"
    case .control(let character): "<C-\(character)>"
    case .function(let number): "<f\(number)>"
    case .mouse(let x, let y, let mouse): "<\(mouse.rawValue):\(x),\(y)>"
    case .paste(let text): "<paste:\(Self.escape(text))>"
    default: "<\(Self.names.first { $0.key == self }?.name ?? "?")>"
    }
  }

  /// Reads a key script such as `a lstm<ret><C-r>`: every character is a key, names stand in angle
  /// brackets, `<lt>` is `<` itself.
  public static func parse(_ script: String) throws(KeyScriptError) -> [Key] {
    var keys: [Key] = []
    var rest = Substring(script)
    while let first = rest.popFirst() {
      guard first == "<" else {
        keys.append(first == "\n" ? .enter : first == "\t" ? .tab : .character(first))
        continue
      }
      guard let name = popName(&rest) else {
        throw KeyScriptError(
          description: "A key name needs a closing '>', got '<\(rest)'. Write '<lt>' for '<'.")
      }
      keys.append(try named(name))
    }
    return keys
  }

  /// The key called `name`, without its angle brackets.
  private static func named(_ name: String) throws(KeyScriptError) -> Key {
    if let known = names.first(where: { $0.name == name }) { return known.key }
    if name == "lt" { return .character("<") }
    if name == "gt" { return .character(">") }
    if name == "space" { return .character(" ") }
    if name == "C-space" { return .control(" ") }
    if name.hasPrefix("C-"), name.count == 3, let last = name.last {
      return .control(Character(last.lowercased()))
    }
    if name.hasPrefix("f"), let number = Int(name.dropFirst()), (1...24).contains(number) {
      return .function(number)
    }
    if name.hasPrefix("paste:") { return .paste(unescape(name.dropFirst(6))) }
    if let mouse = mouse(name) { return mouse }
    throw KeyScriptError(
      description: "Unknown key '<\(name)>'. Use a name such as '<ret>', '<esc>' or '<C-r>'.")
  }

  private static func mouse(_ name: String) -> Key? {
    let parts = name.split(separator: ":")
    guard parts.count == 2, let mouse = Mouse(rawValue: String(parts[0])) else { return nil }
    let place = parts[1].split(separator: ",").map { Int($0) }
    guard place.count == 2, let x = place[0], let y = place[1] else { return nil }
    return .mouse(x: x, y: y, mouse)
  }

  /// Takes the text up to the next `>` that is not escaped by a backslash.
  private static func popName(_ rest: inout Substring) -> String? {
    var escaped = false
    for index in rest.indices {
      if escaped {
        escaped = false
      } else if rest[index] == "\\" {
        escaped = true
      } else if rest[index] == ">" {
        let name = String(rest[..<index])
        rest = rest[rest.index(after: index)...]
        return name
      }
    }
    return nil
  }

  private static func escape(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if character == ">" || character == "\\" { result.append("\\") }
      result.append(character)
    }
  }

  private static func unescape(_ text: Substring) -> String {
    var escaped = false
    return text.reduce(into: "") { result, character in
      if character == "\\" && !escaped {
        escaped = true
      } else {
        escaped = false
        result.append(character)
      }
    }
  }

  private static let names: [(name: String, key: Key)] = [
    ("ret", .enter), ("esc", .escape), ("tab", .tab), ("S-tab", .backTab),
    ("backspace", .backspace), ("del", .delete), ("ins", .insert), ("up", .up), ("down", .down),
    ("left", .left), ("right", .right), ("pageup", .pageUp), ("pagedown", .pageDown),
    ("home", .home), ("end", .end),
  ]
}
