import Canvas

/// Reads the sequences that begin with an escape byte.
enum EscapeSequence {
  /// What stands at the beginning of `bytes`, which begin with an escape byte.
  static func parse(_ bytes: ArraySlice<UInt8>) -> KeyDecoder.Parsed {
    let start = bytes.startIndex
    guard bytes.count >= 2 else { return .incomplete }
    switch bytes[start + 1] {
    case UInt8(ascii: "["): return controlSequence(bytes)
    case UInt8(ascii: "O"):
      guard bytes.count >= 3 else { return .incomplete }
      return keypad[bytes[start + 2]].map { .key($0, 3) } ?? .key(.escape, 1)
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"):
      return answer(bytes)
    default:
      // Escape and then another key, perhaps in one read over a slow line.
      return .key(.escape, 1)
    }
  }

  /// `ESC [ parameters final`.
  private static func controlSequence(_ bytes: ArraySlice<UInt8>) -> KeyDecoder.Parsed {
    let body = bytes.dropFirst(2)
    guard let first = body.first else { return .incomplete }
    if first == UInt8(ascii: "[") {
      // The Linux console: ESC [ [ A is F1.
      guard let letter = body.dropFirst().first else { return .incomplete }
      let number = Int(letter) - 0x40
      return (1...5).contains(number) ? .key(.function(number), 4) : .nothing(4)
    }
    if first == UInt8(ascii: "M") { return body.count >= 4 ? .nothing(6) : .incomplete }
    guard let end = body.firstIndex(where: { !(0x20...0x3F).contains($0) }) else {
      return .incomplete
    }
    let count = end - bytes.startIndex + 1
    // A byte that cannot end a sequence is a key of its own.
    guard (0x40...0x7E).contains(bytes[end]) else { return .nothing(count - 1) }
    return key(body[..<end], final: bytes[end], count: count)
  }

  private static func key(
    _ parameters: ArraySlice<UInt8>, final: UInt8, count: Int
  ) -> KeyDecoder.Parsed {
    if parameters.first == UInt8(ascii: "<") {
      return mouse(numbers(parameters.dropFirst()), isRelease: final == UInt8(ascii: "m"), count)
    }
    let numbers = numbers(parameters)
    switch final {
    case UInt8(ascii: "~"):
      if numbers.first == 200 { return .pasteStart(count) }
      if numbers.first == 27, numbers.count == 3 { return modified(numbers[2], numbers[1], count) }
      return numbers.first.flatMap { tilde[$0] }.map { .key($0, count) } ?? .nothing(count)
    case UInt8(ascii: "u"):
      return modified(numbers.first ?? 0, numbers.count > 1 ? numbers[1] : 1, count)
    case UInt8(ascii: "Z"): return .key(.backTab, count)
    default:
      return keypad[final].map { .key($0, count) } ?? .nothing(count)
    }
  }

  /// A character with modifiers, as `modifyOtherKeys` and the kitty protocol send it.
  private static func modified(
    _ code: Int, _ modifiers: Int, _ count: Int
  ) -> KeyDecoder.Parsed {
    let isControl = (max(modifiers, 1) - 1) & 4 != 0
    switch code {
    case 9: return .key((max(modifiers, 1) - 1) & 1 != 0 ? .backTab : .tab, count)
    case 13: return .key(.enter, count)
    case 27: return .key(.escape, count)
    case 127: return .key(.backspace, count)
    case 32...0x10FFFF:
      guard let scalar = Unicode.Scalar(UInt32(code)) else { return .nothing(count) }
      let character = Character(scalar)
      if isControl { return .key(.control(character.lowercased().first ?? character), count) }
      return .key(.character(character), count)
    default: return .nothing(count)
    }
  }

  /// `ESC [ < buttons ; column ; row M`, with columns and rows from 1.
  private static func mouse(
    _ numbers: [Int], isRelease: Bool, _ count: Int
  ) -> KeyDecoder.Parsed {
    guard numbers.count == 3, numbers[1] > 0, numbers[2] > 0 else { return .nothing(count) }
    let kind: Key.Mouse? =
      switch (numbers[0] & ~0b1_1100, isRelease) {
      case (0, false): .press
      case (0, true): .release
      case (1, false): .middle
      case (2, false): .right
      case (32, _): .drag
      case (64, _): .scrollUp
      case (65, _): .scrollDown
      default: nil
      }
    guard let kind else { return .nothing(count) }
    return .key(.mouse(x: numbers[1] - 1, y: numbers[2] - 1, kind), count)
  }

  /// What a terminal answers to questions: read up to its end, and ignored.
  private static func answer(_ bytes: ArraySlice<UInt8>) -> KeyDecoder.Parsed {
    let body = bytes.dropFirst(2)
    for index in body.indices {
      if body[index] == 0x07 { return .nothing(index - bytes.startIndex + 1) }
      if body[index] == 0x1B {
        guard index + 1 < body.endIndex else { return .incomplete }
        return body[index + 1] == UInt8(ascii: "\\")
          ? .nothing(index - bytes.startIndex + 2) : .key(.escape, 1)
      }
    }
    return .incomplete
  }

  /// The numbers between semicolons; at most seven digits of each count.
  private static func numbers(_ bytes: ArraySlice<UInt8>) -> [Int] {
    bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { digits in
      digits.prefix(7).reduce(0) { (0x30...0x39).contains($1) ? $0 * 10 + Int($1) - 0x30 : $0 }
    }
  }

  private static let keypad: [UInt8: Key] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right,
    UInt8(ascii: "D"): .left, UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end,
    UInt8(ascii: "P"): .function(1), UInt8(ascii: "Q"): .function(2),
    UInt8(ascii: "R"): .function(3), UInt8(ascii: "S"): .function(4), UInt8(ascii: "M"): .enter,
  ]

  private static let tilde: [Int: Key] = [
    1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
    11: .function(1), 12: .function(2), 13: .function(3), 14: .function(4), 15: .function(5),
    17: .function(6), 18: .function(7), 19: .function(8), 20: .function(9), 21: .function(10),
    23: .function(11), 24: .function(12), 25: .function(13), 26: .function(14), 28: .function(15),
    29: .function(16), 31: .function(17), 32: .function(18), 33: .function(19), 34: .function(20),
  ]
}
