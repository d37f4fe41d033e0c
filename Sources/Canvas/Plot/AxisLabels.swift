/// Labels in one row that never run into each other.
struct AxisLabels {
  /// What was placed: column, text and whether it belongs to a mark.
  private(set) var placed: [(column: Int, text: String, isMark: Bool)] = []
  private let start: Int
  private let end: Int
  private var taken: [Range<Int>] = []

  /// A row of columns from `start` to before `end`.
  init(from start: Int, to end: Int) {
    self.start = start
    self.end = end
  }

  /// Places the sign of a mark, whatever is there.
  mutating func reserve(_ sign: String, at column: Int) {
    placed.append((column, sign, true))
    taken.append(column..<(column + 1))
  }

  /// Places `label` with its middle at `column`, moved inwards at the ends, if there is room.
  mutating func center(_ label: String, at column: Int) {
    let width = DisplayWidth.of(label)
    let first = max(start, min(column - (width - 1) / 2, end - width))
    place(label, first, width: width, isMark: false)
  }

  /// Places `label` before or else after the mark at `column`, if there is room.
  mutating func beside(_ label: String, mark column: Int) {
    let width = DisplayWidth.of(label)
    guard width > 0 else { return }
    if !place(label, column - width, width: width, isMark: true, touching: column) {
      place(label, column + 1, width: width, isMark: true, touching: column)
    }
  }

  @discardableResult
  private mutating func place(
    _ label: String, _ first: Int, width: Int, isMark: Bool, touching mark: Int? = nil
  ) -> Bool {
    guard first >= start, first + width <= end else { return false }
    let room = (first - 1)..<(first + width + 1)
    let isFree = taken.allSatisfy { other in
      !other.overlaps(room) || mark.map { other == $0..<($0 + 1) } == true
    }
    guard isFree else { return false }
    placed.append((first, label, isMark))
    taken.append(first..<(first + width))
    return true
  }
}
