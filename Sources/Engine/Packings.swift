import Synchronization

/// What was packed from a parameter's numbers, kept until they change.
///
/// Outside training the same weights serve one call after another, often for one example at a time;
/// packing them anew would cost more than using them. A training step changes them after one use, so
/// it keeps nothing.
final class Packings: Sendable {
  /// How numbers lie in a packing.
  enum Layout: Equatable {
    /// The right side of a product, `depth` rows.
    case product(depth: Int, isTransposed: Bool)
    /// Both weights of a recurrent cell with stacked gates, for `input` features.
    case cell(gates: Int, input: Int)
  }

  private struct Kept {
    let layout: Layout
    /// The stamp of the other block that was packed with this one.
    let other: Int
    let packed: Storage
  }

  private struct State {
    var stamp = Packings.nextStamp
    var kept: [Kept] = []
  }

  private let state = Mutex(State())

  private static let stamps = Atomic<Int>(0)
  private static var nextStamp: Int {
    stamps.wrappingAdd(1, ordering: .relaxed).newValue
  }

  /// A number that no other block has ever had, nor this one with other numbers.
  private var stamp: Int { state.withLock { $0.stamp } }

  /// Forgets everything: the numbers have changed.
  func forget() {
    state.withLock {
      $0.stamp = Packings.nextStamp
      $0.kept.removeAll(keepingCapacity: true)
    }
  }

  /// The numbers in `layout`, packed by `pack` unless that has been done since these and those of
  /// `other` last changed.
  fileprivate func packed(
    _ layout: Layout, with other: Packings?, _ pack: () -> Storage
  ) -> Storage {
    let stamp = other?.stamp ?? 0
    let known = state.withLock { state in
      state.kept.first { $0.layout == layout && $0.other == stamp }?.packed
    }
    if let known { return known }
    let packed = pack()
    state.withLock { state in
      state.kept.removeAll { $0.layout == layout }
      state.kept.append(Kept(layout: layout, other: stamp, packed: packed))
    }
    return packed
  }
}

extension Storage {
  /// These numbers, and perhaps those of `other`, in `layout` as `pack` makes it: kept for the next
  /// call if all are parameters.
  func packed(
    _ layout: Packings.Layout, with other: Storage? = nil, _ pack: () -> Storage
  ) -> Storage {
    guard let packings, other.map({ $0.packings != nil }) ?? true else { return pack() }
    return packings.packed(layout, with: other?.packings, pack)
  }
}
