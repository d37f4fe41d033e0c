import Engine
import Formats

/// Cuts one long series into windows of T steps.
///
/// The first 70 % of the rows train, the next 15 % validate, the last 15 % test. Training windows lie
/// in the training rows, begin at every row, or at every k-th so that there are about 2,000, and count
/// at every step whose target is a training row. A held-out part is covered by windows that begin
/// half a window before what they count: every row of the part is a target once (where several rows on
/// end are predicted, all of them are in the part), and each has at least half a window of the past to go
/// by, which is known when a forecast is made.
struct SeriesWindows: Sendable, Equatable {
  /// The steps of every window.
  let places: [Range<Int>]
  /// The steps of each window whose targets count.
  let counted: [Range<Int>]
  /// Which windows belong to each split.
  let members: Members
  /// The rows that train.
  let train: Range<Int>

  /// Most training windows, about.
  private static let wanted = 2000

  /// Windows of `length` over `rows` rows, with targets from `nearest` to `horizon` rows ahead (nil: at
  /// `horizon` alone); `owner` is whose they are.
  init(
    rows: Int, length: Int, horizon: Int, nearest: Int? = nil, owner: String
  ) throws(DataError) {
    let held = Int(Double(rows) * Members.heldShare)
    let ends = [rows - 2 * held, rows - held, rows]
    train = 0..<ends[0]
    let spread = horizon - (nearest ?? horizon)
    guard held > 0, length <= ends[0], horizon < ends[0] else {
      throw DataError(
        "\(owner) needs more rows for windows of \(grouped(length)) and \(grouped(horizon)) ahead, "
          + "got \(grouped(ends[0])) in the training part. Lower data.sequence_length or "
          + (spread > 0 ? "data.horizons." : "data.horizon."))
    }
    guard spread < held else {
      throw DataError(
        "\(owner) needs more rows to predict \(grouped(spread + 1)) on end, got \(grouped(held)) in the "
          + "validation part. Lower data.horizons.")
    }
    let starts = ends[0] - length + 1
    let stride = Swift.max(1, Swift.min(length, (starts + Self.wanted - 1) / Self.wanted))
    var places: [Range<Int>] = []
    var counted: [Range<Int>] = []
    for start in Swift.stride(from: 0, to: starts, by: stride) {
      places.append(start..<start + length)
      counted.append(start..<Swift.max(start, Swift.min(start + length, ends[0] - horizon)))
    }
    let trainCount = places.count
    var parts: [[Int]] = [Array(0..<trainCount)]
    for part in [ends[0]..<ends[1], ends[1]..<ends[2]] {
      let first = places.count
      // The steps whose targets lie in the part.
      let end = part.upperBound - horizon
      let steps = Swift.max(0, Swift.min(part.lowerBound - (nearest ?? horizon), end))..<end
      for window in Self.covering(steps, length: length) {
        places.append(window.place)
        counted.append(window.counted)
      }
      parts.append(Array(first..<places.count))
    }
    self.places = places
    self.counted = counted
    members = Members(train: parts[0], validation: parts[1], test: parts[2])
  }

  /// Windows of at most `length` steps of which each of `steps` counts in one, with half a window before
  /// it where there are as many.
  static func covering(
    _ steps: Range<Int>, length: Int
  ) -> [(place: Range<Int>, counted: Range<Int>)] {
    let piece = Swift.max(1, length / 2)
    return Swift.stride(from: steps.lowerBound, to: steps.upperBound, by: piece).map { begin in
      let end = Swift.min(begin + piece, steps.upperBound)
      return (Swift.max(0, Swift.min(begin, end - length))..<end, begin..<end)
    }
  }
}

extension TableDataset {
  /// All rows as one series, in windows.
  func series(_ batching: Batching) throws(DataError) -> SequenceDataset {
    guard recipe.split != .shuffled, roles.group == nil else {
      throw DataError(
        "Table \(table.name) is one series, which can only be divided in its order: windows overlap. "
          + "Name a data.sequence column, or leave data.split and data.group as they are.")
    }
    let windows = try SeriesWindows(
      rows: table.rows, length: recipe.sequenceLength, horizon: lastHorizon,
      nearest: roles.horizon, owner: "Table \(table.name)")
    let train = Array(windows.train)
    let features = try features(Array(0..<table.rows), starts: [0], train: train)
    let changes = try targetChanges(Array(0..<table.rows), starts: [0], train: train)
    let scale = try targetScale(changes, over: train)
    let form = SampleForm(
      input: .sequence(features.encoder.width),
      target: try prediction(isPerStep: true, scaledBy: scale))
    let sources = (0..<table.rows).map { row in
      row + lastHorizon < table.rows ? row + roles.horizon : nil
    }
    let (answers, weights) =
      recipe.horizons > 1
      ? try answersOnEnd(from: sources, scale)
      : try self.answers(from: sources, form.target, scale, above: changes?.bases)
    var sequences = Sequences(
      form, values: features.values, places: windows.places, answers: answers)
    sequences.weights = weights
    sequences.counted = windows.counted
    sequences.levels = changes?.levels
    let held = table.rows - windows.train.count
    var dataset = SequenceDataset(
      name: name,
      summary:
        "\(title): \(Data.grouped(table.rows)) rows of \(features.encoder.width) "
        + "feature\(features.encoder.width == 1 ? "" : "s") in windows of "
        + "\(Data.grouped(recipe.sequenceLength)); \(targetText(form.target)); first "
        + "\(Data.grouped(train.count)) rows train, next \(Data.grouped(held - held / 2)) validation, "
        + "last \(Data.grouped(held / 2)) test",
      sequences, windows.members, words("window", features), batching,
      rules(features, form.target))
    dataset.feedback = feedback(features)
    dataset.reader = try reader(features, form, train, predicting: changes)
    if changes != nil { dataset.levels = try plain.series(batching).baselines }
    return dataset
  }
}
