import Canvas

/// Turns the bytes that a terminal sends into keys.
///
/// It reads what xterm, tmux, screen, the Linux console, rxvt and vt100 send, without terminfo. A
/// sequence may come in pieces; what is left waits in the decoder. A lone escape byte is either the
/// Escape key or the beginning of a sequence: the caller decides by waiting `patience` and calling
/// `flush()`.
public struct KeyDecoder: Sendable {
  private var buffer: [UInt8] = []
  private var paste: [UInt8]?

  /// The longest sequence that is waited for, in bytes.
  private static let longest = 64
  /// A paste is handed on in pieces of at most this many bytes.
  private static let largestPaste = 1 << 20
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  /// A decoder that has seen nothing.
  public init() {}

  /// How many milliseconds the rest of a sequence may take; `nil` if nothing is waited for.
  public var patience: Int? {
    if paste != nil { return 1_000 }
    return buffer.isEmpty ? nil : 25
  }

  /// Reads `bytes`; returns the keys that are complete.
  public mutating func feed(_ bytes: some Sequence<UInt8>) -> [Key] {
    buffer += bytes
    return drain(isFinal: false)
  }

  /// Nothing more came: returns what was waited for as far as it can be read.
  public mutating func flush() -> [Key] {
    var keys = drain(isFinal: true)
    if let text = paste {
      // The end of the paste was lost; what comes now is typed.
      keys.append(.paste(String(decoding: text + buffer, as: UTF8.self)))
      paste = nil
      buffer = []
    }
    return keys
  }

  private mutating func drain(isFinal: Bool) -> [Key] {
    var keys: [Key] = []
    var rest = buffer[...]
    while !rest.isEmpty {
      if paste != nil {
        guard let pasted = takePaste(&rest) else { break }
        keys.append(pasted)
        continue
      }
      switch Self.parse(rest, isFinal: isFinal) {
      case .incomplete:
        buffer = Array(rest)
        return keys
      case .key(let key, let count):
        keys.append(key)
        rest = rest.dropFirst(count)
      case .nothing(let count):
        rest = rest.dropFirst(count)
      case .pasteStart(let count):
        rest = rest.dropFirst(count)
        paste = []
      }
    }
    buffer = Array(rest)
    return keys
  }

  /// Moves pasted bytes out of `rest`; returns the paste once it is complete.
  private mutating func takePaste(_ rest: inout ArraySlice<UInt8>) -> Key? {
    guard var text = paste else { return nil }
    if let end = Self.firstIndex(of: Self.pasteEnd, in: rest) {
      text += rest[..<end]
      rest = rest[(end + Self.pasteEnd.count)...]
      paste = nil
      return .paste(String(decoding: text, as: UTF8.self))
    }
    // The last bytes may be the beginning of the end.
    let kept = min(rest.count, Self.pasteEnd.count - 1)
    text += rest.dropLast(kept)
    rest = rest.suffix(kept)
    guard text.count >= Self.largestPaste else {
      paste = text
      return nil
    }
    paste = []
    return .paste(String(decoding: text, as: UTF8.self))
  }

  private static func firstIndex(of pattern: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= pattern.count else { return nil }
    return (bytes.startIndex...(bytes.endIndex - pattern.count)).first {
      bytes[$0] == pattern[0] && bytes[$0..<($0 + pattern.count)].elementsEqual(pattern)
    }
  }

  /// What stands at the beginning of some bytes.
  enum Parsed: Equatable {
    /// A sequence that is not complete.
    case incomplete
    /// A key of so many bytes.
    case key(Key, Int)
    /// So many bytes that mean nothing.
    case nothing(Int)
    /// The beginning of a paste, of so many bytes.
    case pasteStart(Int)
  }

  static func parse(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> Parsed {
    guard let first = bytes.first else { return .nothing(0) }
    switch first {
    case 0x1B:
      let parsed = EscapeSequence.parse(bytes)
      let isTooLong = bytes.count > longest
      return parsed == .incomplete && (isFinal || isTooLong) ? .key(.escape, 1) : parsed
    case 0x00: return .key(.control(" "), 1)
    case 0x09: return .key(.tab, 1)
    case 0x0A, 0x0D: return .key(.enter, 1)
    case 0x08, 0x7F: return .key(.backspace, 1)
    case 0x01...0x1A: return .key(.control(Character(Unicode.Scalar(first + 0x60))), 1)
    case 0x1C...0x1F: return .key(.control(Character(Unicode.Scalar(first + 0x40))), 1)
    default: return scalar(bytes, isFinal: isFinal)
    }
  }

  /// One scalar in UTF-8; what is not UTF-8 becomes U+FFFD.
  private static func scalar(_ bytes: ArraySlice<UInt8>, isFinal: Bool) -> Parsed {
    let first = bytes[bytes.startIndex]
    let count = first < 0x80 ? 1 : first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    let sequence = bytes.prefix(first < 0xF5 ? count : 1)
    if sequence.count < count, first < 0xF5, !isFinal,
      sequence.dropFirst().allSatisfy({ $0 & 0xC0 == 0x80 })
    {
      return .incomplete
    }
    if let text = String(validating: sequence, as: UTF8.self), let only = text.unicodeScalars.first,
      text.unicodeScalars.count == 1
    {
      return .key(.character(Character(only)), sequence.count)
    }
    return .key(.character("\u{FFFD}"), 1)
  }
}
