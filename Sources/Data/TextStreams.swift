import Engine

/// A part of a text as streams side by side, read window by window.
///
/// A position of the text is a target: the character before it is the input. So every character of
/// a part is a target exactly once, the first one too. In a text of documents, windows end where a
/// document does, and what they are short of is padding: the state starts anew with the next window.
struct TextStreams: Sendable {
  /// Where the streams begin; stream b has the targets `starts[b] ..< starts[b + 1]`.
  private let starts: [Int]
  /// Time steps of a window, T.
  private let window: Int
  /// The number of windows.
  let windows: Int
  /// The windows of every stream of a text of documents; nil where there are none.
  private let pieces: [[(range: Range<Int>, begins: Bool)]]?

  /// Streams of equal length for training: what does not fill a window is left out, but in a text of
  /// documents.
  init(
    equal count: Int, of targets: Range<Int>, window: Int, documents: Documents = .one
  ) {
    let length = targets.count / count
    starts = (0...count).map { targets.lowerBound + $0 * length }
    self.window = window
    pieces = Self.pieces(starts, window, documents)
    windows = pieces?.map(\.count).max() ?? length / window
  }

  /// Streams that cover every target, for evaluation: at most 32, each at least a window long.
  init(covering targets: Range<Int>, window: Int, documents: Documents = .one) {
    let count = max(1, min(32, targets.count / window))
    starts = (0...count).map { targets.lowerBound + targets.count * $0 / count }
    self.window = window
    pieces = Self.pieces(starts, window, documents)
    let longest = (targets.count + count - 1) / count
    windows = pieces?.map(\.count).max() ?? (longest + window - 1) / window
  }

  private static func pieces(
    _ starts: [Int], _ window: Int, _ documents: Documents
  ) -> [[(range: Range<Int>, begins: Bool)]]? {
    guard documents.count > 1 else { return nil }
    return zip(starts, starts.dropFirst()).map { documents.pieces(of: $0..<$1, window: window) }
  }

  /// The number of streams.
  var count: Int { starts.count - 1 }

  private var longest: Int { zip(starts.dropFirst(), starts).map { $0 - $1 }.max() ?? 0 }

  /// Window `index` of every stream: ids `[B, T]`; the last window may be shorter, and streams that
  /// have ended have weight 0 there.
  func batch(_ index: Int, of ids: [UInt16]) -> Batch {
    if let pieces {
      return batch(pieces.map { $0.indices.contains(index) ? $0[index] : nil }, of: ids)
    }
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

  /// A window of every stream, padded to the longest; nil for streams that have ended.
  private func batch(_ pieces: [(range: Range<Int>, begins: Bool)?], of ids: [UInt16]) -> Batch {
    let longest = pieces.map { $0?.range.count ?? 0 }.max() ?? 1
    var inputs = [Float](repeating: 0, count: count * longest)
    var targets = [Int32](repeating: 0, count: count * longest)
    var weights = [Float](repeating: 0, count: count * longest)
    for (stream, piece) in pieces.enumerated() {
      for (place, position) in (piece?.range ?? 0..<0).enumerated() {
        let row = stream * longest + place
        (inputs[row], targets[row]) = (Float(ids[position - 1]), Int32(ids[position]))
        weights[row] = 1
      }
    }
    let isFull = weights.allSatisfy { $0 == 1 }
    return Batch(
      input: Tensor(inputs, [count, longest]), targets: targets, weights: isFull ? nil : weights,
      lengths: isFull ? nil : pieces.map { $0?.range.count ?? 0 },
      continues: !pieces.allSatisfy { $0?.begins ?? true },
      begins: pieces.map { $0?.begins ?? true })
  }
}
