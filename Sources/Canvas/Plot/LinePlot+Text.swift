extension LinePlot {
  /// How the line of a curve is broken: by rounds of six colours, or by curve without colours.
  enum Stroke: Int {
    case solid, dashed, dotted

    init(index: Int, palette: Palette) {
      let colored = palette.capabilities.colors != .mono
      let round = Int(index.magnitude % 1_000_000)
      self = Stroke(rawValue: (colored ? round / 6 : round) % 3) ?? .solid
    }

    /// Whether the line shows at a column of dots.
    func shows(at x: Int) -> Bool {
      switch self {
      case .solid: true
      case .dashed: x % 6 < 4
      case .dotted: x % 4 == 0
      }
    }

    /// The sign of the line in a legend.
    var sign: String {
      switch self {
      case .solid: "━"
      case .dashed: "┅"
      case .dotted: "┈"
      }
    }
  }

  /// The names of the curves with the sign and colour of each: `train ━ val ┅`.
  public func legend(_ palette: Palette) -> StyledText {
    var text = StyledText()
    for (place, one) in series.enumerated() {
      if place > 0 { text.append("  ") }
      text.append(one.label + " ")
      text.append(Stroke(index: one.index, palette: palette).sign, palette.series(one.index))
    }
    return text
  }

  /// The values of the curves under the cursor: `812  train .412  val .455`; empty without cursor.
  public func readout(_ palette: Palette) -> StyledText {
    guard let cursor else { return StyledText() }
    var text = StyledText(Self.place(cursor))
    for one in series {
      guard let index = one.data.index(atOrBefore: cursor) else { continue }
      let value = one.data.values[index]
      let shown =
        (one.detail ?? detail) == .raw || !value.isFinite ? value : one.data.smoothed[index]
      text.append("  " + one.label + " ", palette.series(one.index))
      text.append(NumberText.short(shown))
    }
    return text
  }

  /// What the picture cannot say: how many samples are not finite since when, and how many have no
  /// place on a logarithmic axis.
  public var notes: [String] {
    var notes: [String] = []
    for one in series {
      let all = one.data.summary
      if all.nonFinite > 0, let first = one.data.firstNonFinite {
        let kind = all.nan == all.nonFinite ? "NaN" : all.nan == 0 ? "Inf" : "NaN/Inf"
        notes.append(
          "\(one.label): \(all.nonFinite) \(kind), first at \(Self.place(one.data.xs[first]))")
      }
      if isLogY && all.nonPositive > 0 {
        notes.append("\(one.label): \(all.nonPositive) at or below 0")
      }
    }
    return notes
  }

  /// A place on the x axis: whole numbers in full.
  private static func place(_ x: Double) -> String {
    x == x.rounded() && x.magnitude < 1e15 ? String(Int(x)) : NumberText.short(x)
  }
}
