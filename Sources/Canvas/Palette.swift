/// The colours of the workbench by meaning, resolved for what the terminal can show.
///
/// Meaning is never carried by hue alone: words, signs, strokes and reverse video say the same.
/// The indices are those of the design's colour study: series and signed levels stay apart under
/// simulated protanopia, deuteranopia and tritanopia.
public struct Palette: Equatable, Sendable {
  /// What a piece of the screen means.
  public enum Role: CaseIterable, Sendable {
    /// Ordinary text.
    case text
    /// The name of a screen or pane.
    case title
    /// The frame of a pane without the focus.
    case border
    /// The frame and title of the pane that has the focus.
    case focus
    /// A key in the hint bar.
    case keyHint
    /// Something to look at.
    case warning
    /// Something that failed.
    case error
    /// Something that went well.
    case good
    /// Something of little weight.
    case muted
    /// The cell, row or column that the cursor is on.
    case cursor
    /// A chosen row in a pane without the focus.
    case selection
  }

  /// What the terminal can show.
  public let capabilities: Capabilities

  /// Resolves the palette for a terminal.
  public init(_ capabilities: Capabilities) { self.capabilities = capabilities }

  /// The style of a role.
  public subscript(role: Role) -> Style {
    switch capabilities.colors {
    case .mono: mono(role)
    case .ansi16: ansi16(role)
    case .indexed256: indexed256(role)
    }
  }

  /// The style of data series `index`: six colours, then the same six again; the stroke of a plot
  /// tells the rounds apart.
  public func series(_ index: Int) -> Style {
    let colors: [UInt8] =
      switch (capabilities.colors, capabilities.light) {
      case (.mono, _): []
      case (.ansi16, false): Self.series16
      case (.ansi16, true): Self.series16Light
      case (.indexed256, false): Self.series256
      case (.indexed256, true): Self.series256Light
      }
    guard !colors.isEmpty else { return .plain }
    return Style(foreground: colors[Int(index.magnitude % UInt(colors.count))])
  }

  /// The ramp for signed values from most negative to most positive, zero in the middle; odd count,
  /// empty without colours. Blue is negative, orange positive; size is luminance.
  public var signedRamp: [UInt8] {
    switch (capabilities.colors, capabilities.light) {
    case (.mono, _): []
    case (.ansi16, false): Self.signed16
    case (.ansi16, true): Self.signed16Light
    case (.indexed256, false): Self.signed256
    case (.indexed256, true): Self.signed256Light
    }
  }

  /// The ramp for values from 0 to 1 (gates, probabilities), of rising lightness; empty without
  /// colours.
  public var gateRamp: [UInt8] {
    switch capabilities.colors {
    case .mono: []
    case .ansi16: Self.gate16
    case .indexed256: Self.gate256
    }
  }

  /// The ramp for values that are not what matters, of rising contrast to the ground; empty without
  /// colours.
  public var greyRamp: [UInt8] {
    switch (capabilities.colors, capabilities.light) {
    case (.mono, _): []
    case (.ansi16, false): Self.grey16
    case (.ansi16, true): Self.grey16Light
    case (.indexed256, false): Self.grey256
    case (.indexed256, true): Self.grey256Light
    }
  }

  // Constants, because a ramp is asked for at every cell of a heat map.
  private static let series16: [UInt8] = [12, 11, 13, 10, 14, 9]
  private static let series16Light: [UInt8] = [4, 1, 5, 2, 6, 8]
  private static let series256: [UInt8] = [75, 202, 217, 99, 189, 132]
  private static let series256Light: [UInt8] = [25, 130, 162, 55, 23, 88]
  private static let signed16: [UInt8] = [12, 4, 0, 1, 11]
  private static let signed16Light: [UInt8] = [4, 12, 15, 11, 1]
  private static let signed256: [UInt8] = [
    81, 39, 33, 26, 20, 18, 234, 52, 88, 130, 166, 208, 214,
  ]
  private static let signed256Light: [UInt8] = [
    17, 20, 27, 69, 111, 153, 231, 223, 215, 208, 166, 130, 88,
  ]
  private static let gate16: [UInt8] = [0, 4, 8, 7, 15]
  private static let gate256: [UInt8] = [17, 18, 60, 243, 101, 143, 185, 227]
  private static let grey16: [UInt8] = [0, 8, 7]
  private static let grey16Light: [UInt8] = [15, 7, 8]
  private static let grey256: [UInt8] = [233, 235, 237, 239, 241, 243, 245, 247]
  private static let grey256Light: [UInt8] = [255, 253, 251, 249, 247, 245, 243, 241]

  private func mono(_ role: Role) -> Style {
    switch role {
    case .text, .border, .good: .plain
    case .title, .focus, .keyHint, .warning: Style(bold: true)
    case .error: Style(bold: true, underline: true)
    case .muted: Style(dim: true)
    case .cursor: Style(reverse: true)
    case .selection: Style(underline: true)
    }
  }

  private func ansi16(_ role: Role) -> Style {
    let light = capabilities.light
    return switch role {
    case .text, .border: .plain
    case .title: Style(bold: true)
    case .focus: Style(foreground: light ? 4 : 14, bold: true)
    case .keyHint: Style(foreground: light ? 4 : 14)
    case .warning: Style(foreground: light ? 5 : 11, bold: true)
    case .error: Style(foreground: light ? 1 : 9, bold: true)
    case .good: Style(foreground: light ? 2 : 10)
    case .muted: Style(dim: true)
    case .cursor: Style(reverse: true)
    case .selection: Style(underline: true)
    }
  }

  private func indexed256(_ role: Role) -> Style {
    let light = capabilities.light
    return switch role {
    case .text: .plain
    case .title: Style(bold: true)
    case .border: Style(foreground: light ? 247 : 240)
    case .focus: Style(foreground: light ? 25 : 75, bold: true)
    case .keyHint: Style(foreground: light ? 25 : 75)
    case .warning: Style(foreground: light ? 130 : 214, bold: true)
    case .error: Style(foreground: light ? 124 : 203, bold: true)
    case .good: Style(foreground: light ? 23 : 79)
    case .muted: Style(foreground: light ? 242 : 245)
    case .cursor: Style(reverse: true)
    case .selection: Style(background: light ? 254 : 236)
    }
  }
}
