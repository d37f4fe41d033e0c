import Data
import Formats

extension Metric {
  /// `value` as people say it: `2.31 bits/character`, `97.2 %`.
  func text(_ value: Double) -> String {
    switch self {
    case .bitsPerCharacter: value.formatted(4) + " bits/character"
    case .accuracy: (value * 100).formatted(3) + " %"
    default: "\(rawValue) \(value.formatted(4))"
    }
  }
}

extension String {
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - count)) + self
  }
}
