import Synchronization

/// Records operations as they happen and runs them backwards.
///
/// Put the inputs of a computation on a tape with `constant(_:)`, `variable(_:)` or by using a
/// `Parameter`; every operation on them is recorded. `gradients(of:)` then walks the record once,
/// last operation first. A tensor without a tape records nothing: that is how evaluation runs.
///
/// An operation of your own is one call of `record`.
public final class Tape: Sendable {
  /// Maps the gradients of an operation's outputs (nil: nothing depends on it) to those of its
  /// inputs. It must capture detached tensors only, or the tape would keep itself alive.
  public typealias Backward = @Sendable (_ outputGradients: [Tensor?]) -> [Tensor?]

  private struct Node {
    let inputs: [Int?]
    let outputs: Range<Int>
    let backward: Backward
    /// The layer that recorded it, if a profile is kept.
    let layer: String?
  }

  private struct State {
    var nodes: [Node] = []
    var slotCount = 0
    var leaves: [ObjectIdentifier: Int] = [:]
    /// The parameters of the leaves in the order of their first use. Holding them keeps an identity
    /// from passing to another parameter while the tape lives.
    var parameters: [Parameter] = []
    var retained: Set<Int> = []
  }

  private let state = Mutex(State())
  /// Whether the tape only notes which parameters are used, and records nothing.
  private let onlyListens: Bool
  /// Where the time of the backward pass is noted; nil: nowhere.
  private let profile: Profile?

  /// An empty tape; `profile` is told which layer the backward pass is at.
  public convenience init(profile: Profile? = nil) {
    self.init(onlyListens: false, profile: profile)
  }

  init(onlyListens: Bool, profile: Profile? = nil) {
    self.onlyListens = onlyListens
    self.profile = profile
  }

  /// The parameters that were used beside a tensor of this tape, in the order of their first use.
  var parameters: [Parameter] { state.withLock { $0.parameters } }

  /// `tensor` as an input that needs no gradient, such as a batch of data.
  public func constant(_ tensor: Tensor) -> Tensor {
    Tensor(shape: tensor.shape, storage: tensor.storage, tape: self)
  }

  /// `tensor` as an input whose gradient is wanted.
  public func variable(_ tensor: Tensor) -> Tensor {
    let slot = state.withLock { state in
      defer { state.slotCount += 1 }
      state.retained.insert(state.slotCount)
      return state.slotCount
    }
    return Tensor(shape: tensor.shape, storage: tensor.storage, tape: self, slot: slot)
  }

  /// Keeps the gradient of an intermediate result for `Gradients.subscript(_:)`.
  public func retainGradient(of tensor: Tensor) {
    guard let slot = tensor.slot, tensor.tape === self else { return }
    state.withLock { _ = $0.retained.insert(slot) }
  }

  /// A parameter's value as a leaf of this tape: the same leaf however often it is used.
  func leaf(_ parameter: Parameter) -> Tensor {
    let slot = state.withLock { state in
      if let known = state.leaves[ObjectIdentifier(parameter)] { return known }
      defer { state.slotCount += 1 }
      state.leaves[ObjectIdentifier(parameter)] = state.slotCount
      state.parameters.append(parameter)
      state.retained.insert(state.slotCount)
      return state.slotCount
    }
    let value = parameter.value
    return Tensor(
      shape: value.shape, storage: value.storage, tape: self, slot: onlyListens ? nil : slot)
  }

  /// Records one operation: what it made (`outputs`, detached) from what (`inputs`), and how
  /// gradients flow back. Returns the outputs on the tape of the inputs, if they have one.
  public static func record(
    _ inputs: [Tensor], to outputs: [Tensor], backward: @escaping Backward
  ) -> [Tensor] {
    guard let tape = inputs.lazy.compactMap(\.tape).first else { return outputs }
    let slots = inputs.map { input -> Int? in
      precondition(input.tape == nil || input.tape === tape, "One operation, one tape.")
      return input.slot
    }
    guard slots.contains(where: { $0 != nil }) else { return outputs.map(tape.constant) }
    let range = tape.state.withLock { state in
      let range = state.slotCount..<state.slotCount + outputs.count
      state.slotCount = range.upperBound
      state.nodes.append(
        Node(inputs: slots, outputs: range, backward: backward, layer: tape.profile?.layer))
      return range
    }
    return zip(outputs, range).map {
      Tensor(shape: $0.shape, storage: $0.storage, tape: tape, slot: $1)
    }
  }

  /// `record` for an operation with one output, which gets that output's gradient.
  public static func record(
    _ inputs: [Tensor], to output: Tensor,
    backward: @escaping @Sendable (_ gradient: Tensor) -> [Tensor?]
  ) -> Tensor {
    guard inputs.contains(where: { $0.tape != nil }) else { return output }
    return record(inputs, to: [output]) { gradients in
      guard let gradient = gradients[0] else { return [] }
      return backward(gradient)
    }[0]
  }

  /// The gradients of `loss` (summed over its elements, or weighted by `seed` of its shape) with
  /// respect to every parameter, variable and retained intermediate on this tape.
  public func gradients(of loss: Tensor, seed: Tensor? = nil) -> Gradients {
    gradients(from: [(loss, seed ?? .ones(loss.shape))])
  }

  /// Runs the record backwards from the gradients of some results of this tape.
  func gradients(from results: [(result: Tensor, gradient: Tensor)]) -> Gradients {
    let (nodes, leaves, retained, slotCount) = state.withLock {
      ($0.nodes, $0.leaves, $0.retained, $0.slotCount)
    }
    var gathered = [Tensor?](repeating: nil, count: slotCount)
    func add(_ gradient: Tensor, at slot: Int) {
      gathered[slot] = gathered[slot].map { $0 + gradient } ?? gradient
    }
    for (result, gradient) in results where result.tape === self {
      precondition(gradient.shape == result.shape, "A gradient has the shape of its result.")
      if let slot = result.slot { add(gradient.detached, at: slot) }
    }
    for node in nodes.reversed() {
      let outputs = Array(gathered[node.outputs])
      guard outputs.contains(where: { $0 != nil }) else { continue }
      profile?.enter(Profile.Part(.backward, node.layer))
      for (slot, gradient) in zip(node.inputs, node.backward(outputs)) {
        if let slot, let gradient { add(gradient, at: slot) }
      }
      for slot in node.outputs where !retained.contains(slot) { gathered[slot] = nil }
    }
    return Gradients(tape: ObjectIdentifier(self), leaves: leaves, gathered: gathered)
  }
}

/// What `Tape.gradients(of:)` found.
public struct Gradients: Sendable {
  fileprivate let tape: ObjectIdentifier
  fileprivate let leaves: [ObjectIdentifier: Int]
  fileprivate let gathered: [Tensor?]

  /// The gradient of a parameter; nil when the loss does not depend on it.
  public subscript(parameter: Parameter) -> Tensor? {
    leaves[ObjectIdentifier(parameter)].flatMap { gathered[$0] }
  }

  /// The gradient of a variable or retained intermediate; nil when the loss does not depend on it.
  public subscript(tensor: Tensor) -> Tensor? {
    guard let slot = tensor.slot, tensor.tape.map(ObjectIdentifier.init) == tape,
      slot < gathered.count  // or it was made after these gradients
    else { return nil }
    return gathered[slot]
  }
}
