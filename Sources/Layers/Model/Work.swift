import Engine

/// The floating-point operations of the matrix products and convolutions of a step, a multiplication
/// and an addition each for every weight and place.
///
/// A product y = W x goes back as two of its size: ∂L/∂W, and ∂L/∂x unless x does not depend on any
/// weight. What acts on one number at a time, such as a gate, a norm or a pool, is not counted, and
/// taps on padding are.
public struct Work: Sendable, Equatable {
  /// Operations of the forward pass.
  public var forward = 0.0
  /// Operations of the backward pass.
  public var backward = 0.0

  /// No work.
  public init() {}

  /// Forward and backward together.
  public var total: Double { forward + backward }

  static func + (a: Work, b: Work) -> Work {
    var sum = a
    sum.forward += b.forward
    sum.backward += b.backward
    return sum
  }
}

extension ModelSpec {
  /// The work of one step on `batch` examples of `time` steps of data like `input`, with `named`
  /// inputs besides; layers that cannot take what reaches them count as none.
  public func work(
    for input: Signature, named: [String: Signature] = [:], batch: Int, time: Int
  ) -> Work {
    let tally = WorkTally(batch: batch, time: time)
    var isLearned = false
    return tally.series(flows(input, named), &isLearned)
  }
}

/// Counts the work of layers. `isLearned` is whether what a layer reads depends on any weights, and
/// becomes whether what it puts out does.
private struct WorkTally {
  let batch, time: Int
  /// The time steps that layers inside time_distributed get as examples of their own.
  var folded: TimeSteps?

  func series(_ flows: [Flow], _ isLearned: inout Bool) -> Work {
    var sum = Work()
    for flow in flows { sum = sum + work(flow, &isLearned) }
    return sum
  }

  private func work(_ flow: Flow, _ isLearned: inout Bool) -> Work {
    let (composite, wasLearned) = (flow.spec as? any CompositeSpec, isLearned)
    var inside = self
    if let composite, type(of: composite).foldsTime { inside.folded = flow.input?.time }
    var sum = Work()
    if let composite, type(of: composite).hasBranches {
      for branch in flow.children {
        var isBranchLearned = wasLearned
        sum = sum + inside.work(branch, &isBranchLearned)
        isLearned = isLearned || isBranchLearned
      }
    } else {
      sum = inside.series(flow.children, &isLearned)
    }
    if flow.spec is NamedInput.Spec { isLearned = false }
    // A gate reads what the branches put out, the way around layers what those read.
    let reads = flow.spec is Residual.Spec ? wasLearned : isLearned
    let own = self.own(flow, readsLearned: reads)
    isLearned = isLearned || reads || !flow.parameters.isEmpty
    return sum + own
  }

  private func own(_ flow: Flow, readsLearned: Bool) -> Work {
    let place: Signature? =
      switch type(of: flow.spec).weightUse {
      case .never: nil
      case .everyOutput: flow.output
      case .everyInput: flow.input
      }
    var work = Work()
    guard let place else { return work }
    // Peepholes may be images of weights, and yet each acts on one number.
    let shared = (flow.spec as? TiedLinear.Spec)?.sharedShapes() ?? []
    for weights in shared + flow.parameters
    where weights.shape.rank > 1 && !weights.name.hasPrefix("weight_c") {
      let forward = 2 * Double(weights.shape.count) * places(of: place)
      // A cell's state depends on its weights, whatever the layer reads.
      let readsState = weights.name.hasPrefix("weight_h")
      work.forward += forward
      work.backward += readsLearned || readsState ? 2 * forward : forward
    }
    return work
  }

  /// Examples, time steps and pixels of a batch.
  private func places(of data: Signature) -> Double {
    let steps = data.isSequence ? data.time(time) : folded?(time) ?? 1
    return Double(batch * steps * data.features.dropFirst().reduce(1, *))
  }
}
