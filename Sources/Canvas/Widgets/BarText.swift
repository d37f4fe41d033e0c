/// Bars out of block elements, or of ASCII where there are none.
enum BarText {
  /// A bar from the left that fills `fraction` (0...1) of `width` columns.
  static func horizontal(_ fraction: Double, width: Int, capabilities: Capabilities) -> String {
    let width = min(max(width, 0), 10_000)
    let part = fraction.isNaN ? 0 : min(max(fraction, 0), 1)
    if capabilities.glyphs == .ascii {
      return String(repeating: "#", count: Int((part * Double(width)).rounded()))
    }
    let eighths = Int((part * Double(width) * 8).rounded())
    let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    return String(repeating: "█", count: eighths / 8) + rest
  }

  /// One column of `fraction` (0...1) of a row; never empty, so that zero is not absence.
  static func vertical(_ fraction: Double, capabilities: Capabilities) -> String {
    let steps: [String] =
      capabilities.glyphs == .ascii
      ? ["_", ".", "-", "=", "+", "*", "%", "#"] : ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    let part = fraction.isNaN ? 0 : min(max(fraction, 0), 1)
    return steps[min(Int(part * 8), 7)]
  }
}
