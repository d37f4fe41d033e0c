import Canvas
import Inspection

/// What the weights view of the Inspect screen remembers between two frames.
struct WeightsState: Sendable {
  /// A part of the view.
  enum Pane: String, CaseIterable, Sendable {
    case list, map, histogram, spectrum, components
  }

  /// What is looked at: a copy that training leaves alone.
  private(set) var reading: WeightReading?
  /// The number of the weight under the cursor in the list.
  private(set) var index = 0
  /// The number of its page: of a gate or a channel.
  private(set) var pageIndex = 0
  /// The page, ready to be drawn.
  private(set) var page: WeightPage?
  /// How its numbers become colours: the same on every page of a weight.
  private(set) var scale = HeatScale.signed(limit: 1)
  /// The row of a matrix under the cursor.
  private(set) var row = 0
  /// The column of a matrix, the place in a vector or the kernel under the cursor.
  private(set) var column = 0
  /// Whether the map shows every column, several in one of the screen if need be.
  var isOverview = true
  /// Whether vectors are sorted by value; nil: those are whose order means little, and stacked ones,
  /// whose curves would cross all the time.
  private var sortsVectors: Bool?
  /// The pane that has the focus.
  private(set) var focus = Pane.list
  /// Whether the focused pane has the whole screen.
  var isEnlarged = false

  /// The weight under the cursor.
  var weight: Weight? {
    guard let weights = reading?.weights, weights.indices.contains(index) else { return nil }
    return weights[index]
  }

  /// What the row under the cursor stands for, where that is known.
  var rowName: String? {
    guard let names = weight?.rowNames, names.indices.contains(row) else { return nil }
    return names[row]
  }

  /// Whether the vector under the cursor is sorted by value.
  var isSorted: Bool {
    sortsVectors ?? weight.map { $0.isPerUnit || !$0.gates.isEmpty } ?? false
  }

  /// Whether the pages are channels of kernels rather than gates of a matrix.
  var showsKernels: Bool { (weight?.shape.count ?? 0) > 2 }

  /// Whether a page is a sheet of kernels with an area each.
  var showsSheet: Bool { (weight?.shape.count ?? 0) > 3 }

  /// The panes that have something to show.
  var panes: [Pane] {
    Pane.allCases.filter { pane in
      switch pane {
      case .spectrum: weight?.hasSpectrum ?? false
      case .components: weight?.isEmbedding ?? false
      case .list, .map, .histogram: true
      }
    }
  }

  /// Looks at `reading`; what was under the cursor stays there, as far as it exists.
  mutating func take(_ reading: WeightReading) {
    let name = weight?.fullName
    self.reading = reading
    index = reading.weights.firstIndex { $0.fullName == name } ?? 0
    prepare()
  }

  /// Chooses the weight `count` places further down.
  mutating func chooseWeight(by count: Int) {
    let last = max(0, (reading?.weights.count ?? 0) - 1)
    let chosen = min(max(index + count, 0), last)
    guard chosen != index else { return }
    (index, pageIndex, row, column) = (chosen, 0, 0, 0)
    prepare()
  }

  /// Shows the page `count` places further, round and round.
  mutating func turnPage(by count: Int) {
    guard let weight else { return }
    pageIndex = ((pageIndex + count) % weight.pageCount + weight.pageCount) % weight.pageCount
    prepare()
  }

  /// Goes `count` rows down: in the list to another weight; in the map to another row of a matrix, or
  /// to another channel of kernels.
  mutating func moveDown(by count: Int) {
    guard focus == .map || focus == .components, let weight, weight.shape.count > 1 else {
      return chooseWeight(by: count)
    }
    if showsKernels {
      pageIndex = min(max(pageIndex + count, 0), weight.pageCount - 1)
      prepare()
    } else {
      moveCursor(to: row + count, column)
    }
  }

  /// Goes `count` columns to the right.
  mutating func moveRight(by count: Int) { moveCursor(to: row, column + count) }

  /// Goes to the first column, or in the list to the first weight.
  mutating func moveToStart() {
    if focus == .list { chooseWeight(by: -index) } else { moveCursor(to: row, 0) }
  }

  /// Goes to the last column, or in the list to the last weight.
  mutating func moveToEnd() {
    let count = reading?.weights.count ?? 0
    if focus == .list { chooseWeight(by: count) } else { moveCursor(to: row, columns) }
  }

  /// Sorts vectors by value, or no longer.
  mutating func sortDifferently() { sortsVectors = !isSorted }

  /// Moves the focus `count` panes on, round and round.
  mutating func moveFocus(by count: Int) {
    focus = panes.element(count, after: focus)
  }

  /// The numbers that the cursor goes through from left to right.
  private var columns: Int {
    guard let page, let first = page.blocks.first else { return 0 }
    return showsSheet ? page.blocks.count : first.columns
  }

  private mutating func moveCursor(to row: Int, _ column: Int) {
    self.row = min(max(row, 0), max(0, (page?.blocks.first?.rows ?? 0) - 1))
    self.column = min(max(column, 0), max(0, columns - 1))
  }

  /// Makes the page ready: when it is chosen, not for every frame.
  private mutating func prepare() {
    pageIndex = min(pageIndex, max(0, (weight?.pageCount ?? 1) - 1))
    page = weight?.page(pageIndex)
    let numbers = weight?.numbers ?? []
    scale = weight?.isPositive == true ? .positive(fitting: numbers) : .signed(fitting: numbers)
    moveCursor(to: row, column)
    if !panes.contains(focus) { focus = .list }
  }
}
