import Glibc
import Synchronization

/// A block of floats from the pool; it goes back when the last tensor on it does.
///
/// Operations write a block while they make it and only read it afterwards, which is what makes
/// sharing it between threads sound. The one exception is a parameter's block, which the optimiser
/// changes between steps.
///
/// The gradient of a large table is zeros but for the rows that a batch used. Its block begins as zeros
/// and is made zeros again where it was written to, so that nobody ever walks through all of it.
final class Storage: @unchecked Sendable {
  /// The first float, 64-byte aligned.
  let base: UnsafeMutablePointer<Float>
  private let sizeClass: Int
  /// What was packed from a parameter's numbers; nil for every other block.
  let packings: Packings?
  /// Where a block that began as zeros may hold other numbers; nil: anywhere.
  let written: [Range<Int>]?

  /// A block of at least `count` floats with arbitrary contents.
  init(_ count: Int, packings: Packings? = nil) {
    self.packings = packings
    written = nil
    sizeClass = Pool.sizeClass(of: count)
    base = Pool.take(sizeClass)
  }

  /// A block of at least `count` zeros, of which only those in `written` will be written to.
  init(zeros count: Int, writtenIn written: [Range<Int>]) {
    packings = nil
    self.written = written
    sizeClass = Pool.sizeClass(of: count)
    base = Pool.take(sizeClass, zeros: true)
  }

  deinit {
    if let written {
      for part in written { (base + part.lowerBound).update(repeating: 0, count: part.count) }
    }
    Pool.give(base, sizeClass, zeros: written != nil)
  }
}

/// Free lists of float blocks, so that training in its steady state asks the system for nothing.
///
/// Blocks come in four sizes an octave. Memory never goes back to the system: the next step wants
/// the same sizes again.
public enum Pool {
  /// What the pool has done so far.
  public struct Statistics: Sendable, Equatable {
    /// Blocks asked of the system.
    public var systemAllocations = 0
    /// Bytes asked of the system, all still held: the peak of the tensors' memory.
    public var bytes = 0
    /// Bytes in blocks that tensors hold now.
    public var bytesInUse = 0
    /// The most bytes that tensors held at once, since the last `markPeak()` if there was one.
    public var peakBytesInUse = 0
  }

  /// A block that nobody holds, so that any thread may take it.
  private struct Block: @unchecked Sendable {
    let base: UnsafeMutablePointer<Float>
  }

  private struct State: ~Copyable {
    /// By size class; those of zeros apart.
    var free: [[Block]] = Array(repeating: [], count: 256)
    var zeros: [[Block]] = Array(repeating: [], count: 256)
    var statistics = Statistics()
  }

  private static let state = Mutex(State())

  /// What the pool has done so far.
  public static var statistics: Statistics { state.withLock { $0.statistics } }

  /// Lets the most bytes in use at once count anew, from those in use now.
  public static func markPeak() {
    state.withLock { $0.statistics.peakBytesInUse = $0.statistics.bytesInUse }
  }

  /// The smallest class whose blocks hold `count` floats; class c holds (4 + c % 4) · 2^(c/4 + 2).
  static func sizeClass(of count: Int) -> Int {
    let units = (max(count, 16) + 3) / 4  // blocks are multiples of 16 bytes
    let octave = Int.bitWidth - 1 - units.leadingZeroBitCount
    let quarter = octave - 2
    let steps = (units - 1) >> quarter  // in 3..<8
    return quarter * 4 + steps - 3
  }

  static func capacity(of sizeClass: Int) -> Int {
    (4 + sizeClass % 4) << (sizeClass / 4 + 2)
  }

  fileprivate static func take(
    _ sizeClass: Int, zeros: Bool = false
  ) -> UnsafeMutablePointer<Float> {
    let bytes = capacity(of: sizeClass) * MemoryLayout<Float>.stride
    let recycled: Block? = state.withLock {
      $0.statistics.bytesInUse += bytes
      $0.statistics.peakBytesInUse = max(
        $0.statistics.peakBytesInUse, $0.statistics.bytesInUse)
      let known = zeros ? $0.zeros[sizeClass].popLast() : $0.free[sizeClass].popLast()
      if let known { return known }
      $0.statistics.systemAllocations += 1
      $0.statistics.bytes += bytes
      return nil
    }
    if let recycled { return recycled.base }
    var block: UnsafeMutableRawPointer?
    guard posix_memalign(&block, 64, bytes) == 0, let block else {
      // Sessions are sized against the free memory before a run starts, so this is the last resort.
      fatalError("Out of memory: the system refused \(bytes) bytes for a tensor.")
    }
    let base = block.bindMemory(to: Float.self, capacity: capacity(of: sizeClass))
    if zeros { base.update(repeating: 0, count: capacity(of: sizeClass)) }
    return base
  }

  fileprivate static func give(
    _ block: UnsafeMutablePointer<Float>, _ sizeClass: Int, zeros: Bool
  ) {
    let bytes = capacity(of: sizeClass) * MemoryLayout<Float>.stride
    let unused = Block(base: block)
    state.withLock {
      $0.statistics.bytesInUse -= bytes
      if zeros { $0.zeros[sizeClass].append(unused) } else { $0.free[sizeClass].append(unused) }
    }
  }
}
