import Data
import Engine
import Layers

/// Lets a model of the next step of a series go on by itself: it reads what it said, step after step.
///
///     x̂ₜ₊₁ = f(x₁ … xₜ) + e,   then x̂ₜ₊₁ stands for xₜ₊₁ and so on
///
/// Without e this is the recursive forecast. With errors e drawn from those that the model made one step
/// ahead on data that it was not fitted to, many such paths show how far the series may be from it: a
/// residual bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 8). Inputs
/// that are no target stay as they were last, for nobody knows them.
public struct Forecaster: Sendable {
  private let network: Network
  /// Where each number of the target stands among the features one step later.
  let feedback: [Int]

  /// The network as one that goes on with series like those of `dataset`.
  ///
  /// Throws when a target is not the input of the next step, or when a layer reads whole sequences.
  public init(_ network: Network, for dataset: any Dataset) throws(InspectionError) {
    guard let feedback = dataset.feedback, case .values = dataset.target.kind else {
      throw InspectionError(
        "A forecast of many steps needs data whose target is the next value of an input, got "
          + "\(dataset.name). Use a series with data.horizon 1 and data.horizons 1, and its own column among "
          + "data.inputs.")
    }
    guard network.input == dataset.input, network.output == dataset.target.output else {
      throw InspectionError(
        "A forecast needs a model that reads \(dataset.input) and puts out \(dataset.target.output), "
          + "got \(network.input) and \(network.output). Use the data that it was made for.")
    }
    guard network.namedInputs.isEmpty else {
      throw InspectionError(
        "A forecast of many steps needs a model of one input, got one that reads "
          + "'\(network.namedInputs.keys.min() ?? "")' besides.")
    }
    if let whole = network.elements.first(where: { $0.layer.needsWholeSequences }) {
      throw InspectionError(
        "A forecast of many steps needs layers that go on step by step, got '\(whole.name)', which "
          + "reads whole sequences. Use rnn, lstm or gru in one direction.")
    }
    self.network = network
    self.feedback = feedback
  }

  /// The numbers of the target, K.
  public var width: Int { feedback.count }

  /// `paths`, or fewer where a step has so many numbers that they would take long.
  public func affordablePaths(_ paths: Int) -> Int { min(paths, max(20, 20_000 / width)) }

  /// The next `steps` steps after `history` `[1, T, …]`, as networks see them: K numbers a step.
  public func forecast(after history: Tensor, steps: Int) -> [[Float]] {
    var none = Random(seed: 0)
    return follow(history, steps: steps, paths: 1, errors: [], &none)
  }

  /// The same along `paths` paths, to each step of which one of `errors` is added: `paths` · K numbers a
  /// step, path by path.
  public func paths(
    _ paths: Int, after history: Tensor, steps: Int, errors: [[Float]], seed: UInt64
  ) -> [[Float]] {
    var random = Random.stream(.sampling, seed: seed)
    return follow(history, steps: steps, paths: paths, errors: errors, &random)
  }

  private func follow(
    _ history: Tensor, steps: Int, paths: Int, errors: [[Float]], _ random: inout Random
  ) -> [[Float]] {
    var pass = Pass()
    let read = network(history, &pass)
    let same = Array(repeating: 0, count: paths)
    var states = pass.states.mapValues { $0.map { $0.gathering(rows: same) } }
    var said = same.flatMap { _ in read.scalars.suffix(width) }
    let features = network.input.features
    let size = features.reduce(1, *)
    var input = same.flatMap { _ in history.scalars.suffix(size) }
    var found: [[Float]] = []
    for step in 0..<steps {
      if !errors.isEmpty {
        for path in 0..<paths {
          let error = errors[random.below(errors.count)]
          for k in 0..<width { said[path * width + k] += error[k] }
        }
      }
      found.append(said)
      guard step + 1 < steps else { break }
      for path in 0..<paths {
        for (k, feature) in feedback.enumerated() {
          input[path * size + feature] = said[path * width + k]
        }
      }
      var next = Pass()
      next.states = states
      said = network(Tensor(input, Shape([paths, 1] + features)), &next).scalars
      states = next.states
    }
    return found
  }

  /// What was wanted minus what the network says, one step ahead, of the validation split of `dataset`:
  /// K numbers a step that counts, of at most `most` steps.
  public func errors(on dataset: any Dataset, most: Int = 4096) -> [[Float]] {
    var found: [[Float]] = []
    for index in 0..<dataset.batchCount(of: .validation) where found.count < most {
      let batch = dataset.batch(index, of: .validation)
      guard case .values(let wanted) = batch.targets else { return [] }
      var pass = Pass()
      pass.lengths = batch.lengths
      let (said, truth) = (network(batch.input, &pass).scalars, wanted.scalars)
      for row in 0..<truth.count / width where batch.weights?[row] ?? 1 > 0 {
        found.append((0..<width).map { truth[row * width + $0] - said[row * width + $0] })
      }
    }
    return Array(found.prefix(most))
  }
}
