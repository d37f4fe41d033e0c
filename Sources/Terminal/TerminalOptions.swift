import Canvas
import Glibc

/// What a terminal is opened with.
public struct TerminalOptions: Equatable, Sendable {
  /// The type of the terminal, as in `TERM`.
  public var name: String
  /// How many colours to use; `nil` takes what the terminal has.
  public var colors: Capabilities.Colors?
  /// Which characters to use; `nil` takes what the encoding allows.
  public var glyphs: Capabilities.Glyphs?
  /// Whether the terminal's background is light.
  public var light = false
  /// Whether clicks and the wheel come as keys.
  public var usesMouse = true
  /// What is written to standard error after the screen was left because of a crash.
  public var crashNote = ""

  /// The options that environment variables ask for: `TERM`, and `NO_COLOR` (no-color.org).
  public init(environment: (String) -> String? = Self.environmentVariable) {
    name = environment("TERM") ?? ""
    colors = environment("NO_COLOR")?.isEmpty == false ? .mono : nil
  }

  /// The value of an environment variable of this process.
  public static func environmentVariable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }

  /// What can be drawn on a terminal with `count` colours, in a locale that is UTF-8 or not.
  public func capabilities(colors count: Int, isUTF8: Bool) -> Capabilities {
    let found: Capabilities.Colors = count >= 256 ? .indexed256 : count >= 8 ? .ansi16 : .mono
    // The fonts of the Linux console have no braille.
    let drawable: Capabilities.Glyphs = name == "linux" ? .blocks : .braille
    // Colours and characters that the terminal does not have are not used, whatever is asked for.
    let colors = [.mono, .ansi16, .indexed256].prefix { $0 != found } + [found]
    return Capabilities(
      colors: self.colors.flatMap { colors.contains($0) ? $0 : nil } ?? found,
      glyphs: isUTF8 ? glyphs ?? drawable : .ascii, light: light)
  }
}
