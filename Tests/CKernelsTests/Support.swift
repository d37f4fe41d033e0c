import CKernels
import Testing

/// One instruction set of this machine.
struct InstructionSet: CustomTestStringConvertible, Sendable {
  let name: String

  /// Every set that this machine runs.
  static let all = ["baseline", "avx2", "avx512"].map(InstructionSet.init(name:))
    .filter { set in ck_isa_select(set.name) != nil }

  var pointer: OpaquePointer { ck_isa_select(name) }
  var lanes: Int { ck_isa_lanes(pointer) }
  var panelWidth: Int { ck_panel_width(pointer) }

  /// The panels of a packed matrix with so many columns.
  func panels(_ columns: Int) -> Int { (columns + panelWidth - 1) / panelWidth }

  var testDescription: String { name }
}

/// Floats at a fixed address, with a border behind them that must stay as it was.
final class Floats {
  private static let border: Float = 12345.678
  private static let borderCount = 32
  let pointer: UnsafeMutablePointer<Float>
  let count: Int

  /// `count` times `value`; not a number by default, so that what nobody writes is seen.
  init(count: Int, filledWith value: Float = .nan) {
    self.count = count
    pointer = .allocate(capacity: count + Self.borderCount)
    pointer.initialize(repeating: value, count: count)
    (pointer + count).initialize(repeating: Self.border, count: Self.borderCount)
  }

  convenience init(_ values: [Float]) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { pointer[index] = value }
  }

  /// Numbers in [-size, size).
  convenience init(random count: Int, size: Float = 1, from generator: inout Numbers) {
    self.init(count: count)
    for index in 0..<count { pointer[index] = generator.next(size) }
  }

  /// The same numbers with gaps that are not numbers between them.
  convenience init(spreading other: Floats, by spread: Int) {
    self.init(count: other.count * spread)
    for index in 0..<other.count { pointer[index * spread] = other.pointer[index] }
  }

  deinit {
    for index in count..<count + Self.borderCount where pointer[index] != Self.border {
      Issue.record("a kernel wrote \(index - count) floats behind the end of \(count)")
    }
    pointer.deallocate()
  }

  var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }
  subscript(index: Int) -> Double { Double(pointer[index]) }
  var bits: [UInt32] { values.map(\.bitPattern) }
}

/// A small generator of test numbers (xorshift).
struct Numbers {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// A number in [-size, size).
  mutating func next(_ size: Float = 1) -> Float {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return (Float(state >> 40) / Float(1 << 23) - 1) * size
  }
}

/// Holds `actual` to `expected`, with `tolerance` relative to the larger of 1 and the value.
func expectClose(
  _ actual: Floats, _ expected: [Double], tolerance: Double = 1e-5, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.count == expected.count, "\(what)", sourceLocation: sourceLocation)
  for (index, value) in expected.enumerated() {
    let difference = abs(actual[index] - value)
    guard difference <= tolerance * max(1, abs(value)) else {
      Issue.record(
        "\(what)[\(index)] is \(actual[index]), expected \(value)", sourceLocation: sourceLocation)
      return
    }
  }
}

/// 0..<count cut into `parts` nearly equal ranges, of which some may be empty.
func cut(_ count: Int, into parts: Int) -> [Range<Int>] {
  (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
}
