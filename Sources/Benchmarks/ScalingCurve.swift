import Engine
import Formats
import Foundation

/// How the time and the memory of a training step grow with one size of a model.
public struct ScalingCurve: Sendable {
  /// A step of the model at one size.
  public struct Point: Sendable {
    /// All sizes.
    public let sizes: GrowingModel.Sizes
    /// The shortest step.
    public let milliseconds: Double
    /// The step in the middle, which a busy machine moves as much for long steps as for short ones.
    public let medianMilliseconds: Double
    /// The operations of its products.
    public let operations: Double
    /// The most bytes that tensors held at once.
    public let bytes: Int

    /// The speed of the products, in 10⁹ operations a second.
    public var gigaflops: Double { operations / milliseconds / 1e6 }
    /// Nanoseconds for one time step of one sequence in one layer.
    public var nanosecondsOfOne: Double {
      milliseconds * 1e6 / Double(sizes.time) / Double(sizes.batch) / Double(sizes.layers)
    }
  }

  /// How time, work and memory grow from one point to the next, as exponents of the size: 1 is in
  /// proportion, 2 with the square.
  public struct Growth: Sendable {
    /// Of the time of the shortest step.
    public let time: Double
    /// Of the time of the step in the middle.
    public let medianTime: Double
    /// Of the operations of its products.
    public let work: Double
    /// Of the memory of its tensors.
    public let memory: Double

    /// Whether both times grow clearly faster than the work: something has ceased to fit.
    public var isSurprising: Bool { min(time, medianTime) > work + 0.25 }
  }

  /// The model.
  public let model: GrowingModel
  /// What grows.
  public let axis: GrowingModel.Axis
  /// The points, from the smallest size on.
  public private(set) var points: [Point] = []

  /// A curve without points.
  public init(_ model: GrowingModel, _ axis: GrowingModel.Axis) {
    self.model = model
    self.axis = axis
  }

  /// Measures every point for about `seconds`, and tells `report` of each with its place.
  public mutating func measure(seconds: Double, report: (ScalingCurve, Int) -> Void) throws {
    for sizes in model.steps(of: axis) {
      try measure(sizes, seconds: seconds)
      report(self, points.count - 1)
    }
  }

  /// Adds the point at `sizes`.
  mutating func measure(_ sizes: GrowingModel.Sizes, seconds: Double) throws {
    let workload = model.workload(sizes)
    Pool.markPeak()
    let before = Pool.statistics.bytesInUse
    let found = try workload.measure(seconds: seconds)
    points.append(
      Point(
        sizes: sizes, milliseconds: found.bestMilliseconds,
        medianMilliseconds: found.medianMilliseconds, operations: workload.work.total,
        bytes: Pool.statistics.peakBytesInUse - before))
  }

  /// How all grows from the point before `index` to it; nil at the first one.
  public func growth(at index: Int) -> Growth? {
    guard index > 0 else { return nil }
    let (before, after) = (points[index - 1], points[index])
    let doublings = log2(Double(after.sizes[axis]) / Double(before.sizes[axis]))
    func exponent(_ value: (Point) -> Double) -> Double {
      log2(value(after) / value(before)) / doublings
    }
    return Growth(
      time: exponent(\.milliseconds), medianTime: exponent(\.medianMilliseconds),
      work: exponent(\.operations),
      memory: exponent { Double($0.bytes) })
  }

  /// The curve as JSON.
  public var json: JSON {
    [
      "model": .string(model.name), "axis": .string(axis.rawValue),
      "points": .array(points.indices.map { json(at: $0) }),
    ]
  }

  private func json(at index: Int) -> JSON {
    let (point, growth) = (points[index], growth(at: index))
    func number(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
    return JSON([
      ("time", .integer(point.sizes.time)), ("batch", .integer(point.sizes.batch)),
      ("hidden", .integer(point.sizes.hidden)), ("layers", .integer(point.sizes.layers)),
      ("best_ms", .number(point.milliseconds)), ("median_ms", .number(point.medianMilliseconds)),
      ("flops", .number(point.operations)),
      ("gflops", .number(point.gigaflops)),
      ("ns_per_step_sequence_layer", .number(point.nanosecondsOfOne)),
      ("tensor_bytes", .integer(point.bytes)), ("time_exponent", number(growth?.time)),
      ("median_time_exponent", number(growth?.medianTime)),
      ("work_exponent", number(growth?.work)), ("memory_exponent", number(growth?.memory)),
    ])
  }
}
