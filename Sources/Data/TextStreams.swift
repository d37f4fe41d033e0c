import Engine

/// A part of a text as streams side by side, read window by window.
///
/// A position of the text is a target: the character before it is the input. So every character of
/// a part is a target exactly once, the first one too.
struct TextStreams: Sendable {
  /// Where the streams begin; stream b has the targets `starts[b] ..< starts[b + 1]`.
  private let starts: [Int]
  /// Time steps of a window, T.
  private let window: Int
  /// The number of windows.
  let windows: Int

  /// Streams of equal length for training: what does not fill a window is left out.
  init(equal count: Int, of targets: Range<Int>, window: Int) {
    let length = targets.count / count
    starts = (0...count).map { targets.lowerBound + $0 * length }
    self.window = window
    windows = length / window
  }

  /// Streams that cover every target, for evaluation: at most 32, each at least a window long.
  init(covering targets: Range<Int>, window: Int) {
    let count = max(1, min(32, targets.count / window))
    starts = (0...count).map { targets.lowerBound + targets.count * $0 / count }
    self.window = window
    let longest = (targets.count + count - 1) / count
    windows = (longest + window - 1) / window
  }

  /// The number of streams.
  var count: Int { starts.count - 1 }

  private var longest: Int { zip(starts.dropFirst(), starts).map { $0 - $1 }.max() ?? 0 }

  /// Window `index` of every stream: ids `[B, T]`; the last window may be shorter, and streams that
  /// have ended have weight 0 there.
  func batch(_ index: Int, of ids: [UInt16]) -> Batch {
    let length = min(window, longest - index * window)
    var inputs: [Float] = []
    var targets: [Int32] = []
    var weights: [Float] = []
    inputs.reserveCapacity(count * length)
    targets.reserveCapacity(count * length)
    for stream in 0..<count {
      let start = starts[stream] + index * window
      for position in start..<start + length {
        let isInside = position < starts[stream + 1]
        inputs.append(isInside ? Float(ids[position - 1]) : 0)
        targets.append(isInside ? Int32(ids[position]) : 0)
        if !isInside && weights.isEmpty {
          weights = Array(repeating: 1, count: count * length)
        }
        if !isInside { weights[targets.count - 1] = 0 }
      }
    }
    return Batch(
      input: Tensor(inputs, [count, length]), targets: targets,
      weights: weights.isEmpty ? nil : weights, continues: index > 0)
  }
}
