import Canvas

/// Which layers put out zeros: whatever is shown of the network is then not what it does by itself.
struct SilenceText {
  private let layers: [String]

  /// The layers called these names.
  init(_ layers: [String]) { self.layers = layers }

  /// The words, in the colours of `palette`; nil when no layer is silenced.
  func text(_ palette: Palette) -> StyledText? {
    guard let first = layers.first else { return nil }
    let more = layers.count > 1 ? " and \(layers.count - 1) more" : ""
    return StyledText("! SILENCED: \(first.shortened(to: 16))\(more)", palette[.warning])
  }
}
