extension Tensor {
  /// The numbers of every channel side by side: some rows of `[N, C, inner]`, the others left out,
  /// become `[C, rows · inner]`.
  public func channelsTogether(_ channels: Int, inner: Int, rows: [Int]) -> Tensor {
    let result = Tensor(uninitialized: [channels, rows.count * inner])
    Channels(count: channels, inner: inner, rows: rows).gather(self, into: result)
    let whole = shape
    return Tape.record([self], to: result) { dy in
      let dx = Tensor.zeros(whole)
      Channels(count: channels, inner: inner, rows: rows).scatter(dy, into: dx)
      return [dx]
    }
  }

  /// Puts `[C, rows · inner]` back into rows of a tensor of shape `[N, C, inner]`, whatever axes
  /// `whole` gives these; the other rows are 0.
  public func channelsApart(_ whole: Shape, inner: Int, rows: [Int]) -> Tensor {
    let channels = Channels(count: shape[0], inner: inner, rows: rows)
    let isWhole = rows.count * channels.width == whole.count
    let result = isWhole ? Tensor(uninitialized: whole) : .zeros(whole)
    channels.scatter(self, into: result)
    let narrow = shape
    return Tape.record([self], to: result) { dy in
      let dx = Tensor(uninitialized: narrow)
      channels.gather(dy, into: dx)
      return [dx]
    }
  }
}

/// Copies between rows of `[N, C, inner]` and `[C, rows · inner]`.
private struct Channels {
  let count, inner: Int
  let rows: [Int]

  /// Elements of one row.
  var width: Int { count * inner }

  func gather(_ source: Tensor, into target: Tensor) {
    each { (target.base + $1).update(from: source.base + $0, count: inner) }
  }

  func scatter(_ source: Tensor, into target: Tensor) {
    each { (target.base + $0).update(from: source.base + $1, count: inner) }
  }

  /// Calls `body` with the places of every channel of every row on both sides.
  private func each(_ body: @Sendable (_ apart: Int, _ together: Int) -> Void) {
    Workers.run(count, cost: rows.count * width * 2) { channels in
      for (place, row) in rows.enumerated() {
        for channel in channels {
          body((row * count + channel) * inner, (channel * rows.count + place) * inner)
        }
      }
    }
  }
}
