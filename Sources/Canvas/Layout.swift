/// The space that one part of a split asks for.
public struct Slot: Equatable, Sendable {
  /// Fewest cells the part can be drawn in; it is dropped rather than squeezed below.
  public let minimum: Int
  /// Most cells the part has a use for.
  public let maximum: Int
  /// Share of the spare room relative to the other parts; 0 takes none.
  public let weight: Int
  /// Parts with the lowest priority are dropped first; among equals the last one.
  public let priority: Int

  init(minimum: Int, maximum: Int, weight: Int, priority: Int) {
    self.minimum = min(max(minimum, 0), Rect.limit)
    self.maximum = min(max(maximum, self.minimum), Rect.limit)
    self.weight = min(max(weight, 0), 1_000)
    self.priority = priority
  }

  /// A part of exactly `cells` cells.
  public static func fixed(_ cells: Int, priority: Int = 0) -> Slot {
    Slot(minimum: cells, maximum: cells, weight: 0, priority: priority)
  }

  /// A part of at least `minimum` and at most `maximum` cells that shares spare room by `weight`.
  public static func flexible(
    minimum: Int = 1, maximum: Int = .max, weight: Int = 1, priority: Int = 0
  ) -> Slot {
    Slot(minimum: minimum, maximum: maximum, weight: weight, priority: priority)
  }
}

extension Rect {
  /// Splits into columns from left to right; `nil` for a part that was dropped.
  public func columns(_ slots: [Slot]) -> [Rect?] {
    var start = x
    return Self.sizes(slots, in: width).map { size in
      guard let size else { return nil }
      defer { start += size }
      return Rect(x: start, y: y, width: size, height: height)
    }
  }

  /// Splits into rows from top to bottom; `nil` for a part that was dropped.
  public func rows(_ slots: [Slot]) -> [Rect?] {
    var start = y
    return Self.sizes(slots, in: height).map { size in
      guard let size else { return nil }
      defer { start += size }
      return Rect(x: x, y: start, width: width, height: size)
    }
  }

  /// The sizes that `slots` get out of `total` cells; `nil` for a part that was dropped.
  static func sizes(_ slots: [Slot], in total: Int) -> [Int?] {
    var kept = Array(slots.indices)
    while kept.reduce(0, { $0 + slots[$1].minimum }) > total {
      let lowest = kept.map { slots[$0].priority }.min()
      guard let victim = kept.lastIndex(where: { slots[$0].priority == lowest }) else { break }
      kept.remove(at: victim)
    }
    var sizes = slots.map { _ in Int?.none }
    for index in kept { sizes[index] = slots[index].minimum }
    var spare = total - kept.reduce(0) { $0 + slots[$1].minimum }
    while spare > 0 {
      let growing = kept.filter {
        slots[$0].weight > 0 && (sizes[$0] ?? 0) < slots[$0].maximum
      }
      guard !growing.isEmpty else { break }
      let weights = growing.reduce(0) { $0 + slots[$1].weight }
      let pool = spare
      for index in growing {
        let size = sizes[index] ?? 0
        // At least one cell, or the last cells would never be handed out.
        let share = max(1, pool * slots[index].weight / weights)
        let grown = min(share, spare, slots[index].maximum - size)
        sizes[index] = size + grown
        spare -= grown
      }
    }
    return sizes
  }
}
