import Canvas
import Glibc
import Testing

@Suite struct PaletteTests {
  /// Relative luminance of an index of the 256-colour cube (WCAG 2).
  static func luminance(_ index: UInt8) -> Double {
    let value = Int(index)
    let levels = [0, 95, 135, 175, 215, 255]
    let rgb =
      value >= 232
      ? Array(repeating: 8 + 10 * (value - 232), count: 3)
      : [levels[(value - 16) / 36], levels[(value - 16) / 6 % 6], levels[(value - 16) % 6]]
    let linear = rgb.map { channel -> Double in
      let part = Double(channel) / 255
      return part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  static func contrast(_ index: UInt8, light: Bool) -> Double {
    let ground = light ? 1.0 : 0
    let own = luminance(index)
    return (max(own, ground) + 0.05) / (min(own, ground) + 0.05)
  }

  @Test(arguments: [false, true])
  func seriesAndWordsCanBeReadOnTheirGround(light: Bool) {
    let palette = Palette(Capabilities(light: light))
    let series = (0..<6).compactMap { palette.series($0).foreground }
    #expect(Set(series).count == 6)
    for color in series { #expect(Self.contrast(color, light: light) >= 4.5, "series \(color)") }
    for role in [Palette.Role.focus, .keyHint, .warning, .error, .good, .muted] {
      let color = palette[role].foreground
      #expect(color.map { Self.contrast($0, light: light) >= 4.5 } == true, "\(role)")
    }
  }

  @Test func theRampsAreThoseOfTheColourStudy() {
    let dark = Palette(.full)
    #expect(dark.signedRamp == [81, 39, 33, 26, 20, 18, 234, 52, 88, 130, 166, 208, 214])
    #expect(dark.gateRamp == [17, 18, 60, 243, 101, 143, 185, 227])
    let light = Palette(Capabilities(light: true))
    #expect(light.signedRamp == [17, 20, 27, 69, 111, 153, 231, 223, 215, 208, 166, 130, 88])
  }

  @Test func sizeIsLuminanceAwayFromZero() {
    for light in [false, true] {
      let ramp = Palette(Capabilities(light: light)).signedRamp.map { Self.luminance($0) }
      for side in [Array(ramp[6...]), Array(ramp[...6].reversed())] {
        let rising = zip(side, side.dropFirst()).allSatisfy { light ? $0 > $1 : $0 < $1 }
        #expect(rising)
      }
    }
    let gates = Palette(.full).gateRamp.map { Self.luminance($0) }
    #expect(zip(gates, gates.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test(arguments: Capabilities.Colors.allCases)
  func withFewerColoursNoneIsUsedThatIsNotThere(colors: Capabilities.Colors) {
    let highest = [.mono: -1, .ansi16: 15, .indexed256: 255][colors] ?? -1
    for light in [false, true] {
      let palette = Palette(Capabilities(colors: colors, light: light))
      let styles = Palette.Role.allCases.map { palette[$0] } + (0..<9).map { palette.series($0) }
      let used =
        styles.flatMap { [$0.foreground, $0.background] }.compactMap { $0 } + palette.signedRamp
        + palette.gateRamp
      #expect(used.allSatisfy { Int($0) <= highest })
      #expect(palette.signedRamp.count % 2 == 1 || colors == .mono)
    }
  }

  @Test(arguments: Capabilities.Colors.allCases)
  func cursorAndWarningsAreSeenWithoutColours(colors: Capabilities.Colors) {
    let palette = Palette(Capabilities(colors: colors))
    #expect(palette[.cursor].reverse)
    #expect(palette[.warning].bold && palette[.error].bold && palette[.focus].bold)
  }
}
