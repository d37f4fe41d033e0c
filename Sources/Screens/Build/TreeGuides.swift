import Layers

/// The lines that show which layers stand inside which: `│ ├ `.
struct TreeGuides {
  private let places: Set<LayerPath>

  /// The lines of a tree with layers at `places`.
  init(_ places: [LayerPath]) { self.places = Set(places) }

  /// What stands before the name of the layer at `path`; nothing at the top.
  func before(_ path: LayerPath) -> String {
    guard let parent = path.parent else { return "" }
    return around(parent) + (isLast(path) ? "└ " : "├ ")
  }

  /// The lines of the levels around what is inside the layer at `path`.
  private func around(_ path: LayerPath) -> String {
    guard let parent = path.parent else { return "" }
    return around(parent) + (isLast(path) ? "  " : "│ ")
  }

  private func isLast(_ path: LayerPath) -> Bool { !places.contains(path.moved(by: 1)) }
}
