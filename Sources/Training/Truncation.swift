import Data
import Engine
import Layers

/// How windows of T time steps are cut for truncated back-propagation through time.
///
/// A training step reads the next k₁ steps of a window: their losses go back over the last k₂ steps,
/// no further, and the weights change. What comes before is a state that is no part of the tape, as
/// earlier weights left it. k₂ = T with k₁ = T is back-propagation as it is. The tape holds k₂ steps
/// at a time, and a window's beginning always is a cut.
///
/// Source: Williams and Peng 1990, their BPTT(h; h′) with h = k₂ and h′ = k₁.
struct Truncation {
  /// A time step that a tape can begin before, and the state of each recurrent layer there.
  struct Cut {
    /// The time step in its window, from 0.
    var time = 0
    /// The states by layer; none: the initial ones.
    var states: [String: [Tensor]] = [:]
  }

  /// What one training step reads.
  struct Piece: Equatable {
    /// The time steps that are read.
    let read: Range<Int>
    /// Those at the end of them whose targets count.
    let scored: Range<Int>
  }

  /// Time steps whose targets one training step scores, k₁; 0: those of the whole window.
  let stride: Int
  /// Time steps that gradients go back, k₂; at least k₁.
  let reach: Int

  init(_ recipe: TrainingRecipe) {
    stride = recipe.tbpttSteps
    reach = max(recipe.tbpttSteps, recipe.tbpttReach)
  }

  /// The piece of a window of `time` steps whose targets begin at the last of `cuts`; it is read from
  /// the earliest of them that is in reach.
  func piece(of time: Int, after cuts: [Int]) -> Piece {
    let begin = cuts.last ?? 0
    let end = stride > 0 ? min(begin + stride, time) : time
    let first = cuts.first { isInReach($0, from: begin) } ?? begin
    return Piece(read: first..<end, scored: begin..<end)
  }

  /// Whether the piece whose targets begin at `begin` reaches back to `cut`.
  func isInReach(_ cut: Int, from begin: Int) -> Bool { cut >= begin + stride - reach }

  /// The pieces that a window of `time` steps is cut into.
  func count(in time: Int) -> Int { stride > 0 ? max(1, (time + stride - 1) / stride) : 1 }

  /// Why a network cannot be trained so; nil when it can, or when nothing is cut. The sentence ends with
  /// what else there is to do.
  static func misfit(
    of network: Network, to target: Target, _ recipe: TrainingRecipe,
    ending end: String = ", or set tbptt_k1 to 0."
  ) -> String? {
    guard recipe.tbpttSteps > 0 else { return nil }
    if recipe.tbpttReach > 0, recipe.tbpttReach % recipe.tbpttSteps != 0 {
      return "Truncated back-propagation needs tbptt_k2 to be a multiple of tbptt_k1 "
        + "\(recipe.tbpttSteps), got \(recipe.tbpttReach). Choose one\(end)"
    }
    guard target.isPerStep else {
      return "Truncated back-propagation needs a target at every time step, got one a sequence. "
        + "Choose other data\(end)"
    }
    if let name = network.namedInputs.keys.min() {
      return "Truncated back-propagation needs a model of one input, got one that reads "
        + "'\(name)' besides. Take it out\(end)"
    }
    let whole = network.elements.first {
      $0.layer.needsWholeSequences || !$0.layer.buffers.isEmpty
    }
    return whole.map {
      "Truncated back-propagation needs layers that read a sequence in pieces, got '\($0.name)', "
        + "which looks at whole windows. Take it out\(end)"
    }
  }
}

extension TrainingRecipe {
  /// The time steps of a window of `time` steps that a tape holds at once.
  public func stepsOnTape(of time: Int) -> Int {
    tbpttSteps > 0 ? min(time, max(tbpttSteps, tbpttReach)) : time
  }
}
