/// The place of a layer in a model: `2` for the third one, `2.1` for the second inside that.
///
/// Positions count from 0. As text they are written with dots between the levels, outermost first.
public struct LayerPath: Hashable, Sendable {
  /// The positions of the layers around it, outermost first; empty at the top.
  private let ancestors: [Int]
  /// The position among its neighbours.
  public let position: Int

  /// Position `position` inside the layer at `parent`; nil: at the top of the model.
  public init(_ position: Int, inside parent: LayerPath? = nil) {
    ancestors = parent?.positions ?? []
    self.position = position
  }

  private init?(_ positions: some Collection<Int>) {
    guard !positions.isEmpty, let last = Array(positions).last else { return nil }
    ancestors = Array(positions.dropLast())
    position = last
  }

  /// The place that `text` names, such as `2.1.0`; nil when it names none.
  public init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    self.init(parts.compactMap(\.self))
    guard positions.count == parts.count else { return nil }
  }

  /// The positions of every level, outermost first; never empty.
  public var positions: [Int] { ancestors + [position] }

  /// The number of layers around it.
  public var depth: Int { ancestors.count }

  /// The layer around it; nil at the top.
  public var parent: LayerPath? { LayerPath(ancestors) }

  /// The place `count` further among its neighbours.
  public func moved(by count: Int) -> LayerPath { LayerPath(position + count, inside: parent) }

  /// Whether `other` is this place, or inside the layer that stands here.
  public func contains(_ other: LayerPath) -> Bool { other.positions.starts(with: positions) }

  /// Where the layer at this place stands once the one at `other`, which does not contain it, is
  /// gone.
  public func afterRemoving(_ other: LayerPath) -> LayerPath {
    var positions = positions
    let level = other.depth
    guard positions.count > level, positions.prefix(level) == other.ancestors[...] else {
      return self
    }
    if positions[level] > other.position { positions[level] -= 1 }
    return LayerPath(positions) ?? self
  }
}

extension LayerPath: CustomStringConvertible {
  /// The place as users write it.
  public var description: String { positions.map(String.init).joined(separator: ".") }
}

extension LayerPath: ExpressibleByIntegerLiteral {
  /// A place at the top of the model.
  public init(integerLiteral position: Int) { self.init(position) }
}
