import Layers

/// What can be held at a value while a network reads the sequence of a recording.
extension SequenceRecording {
  /// Says why `clamp` holds nothing that the network shows, or holds it at what it cannot be.
  public func check(_ clamp: Clamp) throws(InspectionError) {
    let layers = layers.filter { !held(in: $0).isEmpty }
    guard let first = layers.first else {
      throw InspectionError(
        "A clamp needs a recurrent layer, and this model has none. Add rnn, lstm or gru.")
    }
    guard layers.contains(clamp.layer) else {
      throw InspectionError(
        "A clamp needs a recurrent layer, got '\(clamp.layer)'. "
          + "Take \(layers.joined(separator: " or ")), as in \(first).h.")
    }
    let signals = held(in: clamp.layer)
    guard let held = signals.first(where: { $0.signal.name == clamp.signal }) else {
      let names = signals.map(\.signal.name).joined(separator: ", ")
      throw InspectionError(
        "A clamp needs a signal of \(clamp.layer), got '\(clamp.signal)'. Take one of \(names).")
    }
    if let unit = clamp.unit, !(0..<held.units ~= unit) {
      throw InspectionError(
        "\(clamp.layer).\(clamp.signal) has units 0 to \(held.units - 1), got \(unit). "
          + "Hold one of these, or :clamp none.")
    }
    guard held.signal.range.contains(clamp.value) else {
      throw InspectionError(
        "\(clamp.layer).\(clamp.signal) is \(held.signal.range.words), "
          + "and a clamp cannot hold it at \(clamp.value).")
    }
  }

  /// The signals of `layer` that a clamp can hold: all but what chance decided.
  private func held(in layer: String) -> [SignalMatrix] {
    signals(of: layer).filter { $0.signal.range != .mask }
  }
}

extension Signal.Range {
  /// Whether a signal can have this value.
  fileprivate func contains(_ value: Float) -> Bool {
    guard value.isFinite else { return false }
    return switch self {
    case .gate, .mask: 0...1 ~= value
    case .signed: -1...1 ~= value
    case .positive: value >= 0
    case .unbounded: true
    }
  }

  /// The values in words.
  fileprivate var words: String {
    switch self {
    case .gate, .mask: "between 0 and 1"
    case .signed: "between -1 and 1"
    case .positive: "0 or more"
    case .unbounded: "a finite number"
    }
  }
}
