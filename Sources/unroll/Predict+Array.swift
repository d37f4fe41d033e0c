import ArgumentParser
import Data
import Engine
import Formats
import Layers
import Training
import Workbench

/// A network with given weights over an array, as they are: no vocabulary, no scales.
extension Predict {
  /// Runs the session's network under given weights over an array.
  func runOverArray(_ weights: String, _ input: String, _ output: String) throws {
    let document = try options.document()
    try options.applyThreads()
    let dataset = try options.dataset(of: document)
    do {
      _ = try document.model.output(for: dataset.input, named: dataset.namedInputs)
      let array = try InputArray(path: input, for: dataset.input)
      let shape = array.tensor.shape
      try MemoryEstimate(
        document.rows(for: dataset), batch: shape[0],
        time: dataset.input.isSequence ? shape[1] : 1, rule: OptimizerRule(document.training)
      ).checkForward(owner: "Running this model over \(SafeText.quoted(input))")
      let network = try document.network(for: dataset)
      if let name = network.namedInputs.keys.min() {
        throw Failure(
          "predict reads one input, but the model reads \(SafeText.quoted(name)) besides. "
            + "Use a model of one input.", status: 65)
      }
      try network.load(network.weights(weightsFile(at: weights), in: layout))
      var pass = Pass()
      pass.recordsSignals = trace != nil
      let result = network(array.tensor, &pass)
      try NumPy.write(result.numericArray(named: "output"), to: output)
      if let trace {
        let recorded = pass.recorded.map { $0.values.numericArray(named: $0.fullName) }
        try SafeTensors.write(TensorFile(recorded), to: trace)
      }
    } catch {
      throw Failure(error)
    }
  }
}

extension WeightLayout: ExpressibleByArgument {}

/// An array of the user's as the input of a network.
struct InputArray {
  let tensor: Tensor

  /// Reads the `.npy` file at `path` and holds it against what the network takes.
  init(path: String, for signature: Signature) throws {
    let array = try NumPy.read(path)
    let shape = Shape(array.shape)
    func refuse(_ got: String) -> Failure {
      let before = signature.isSequence ? ["batch", "time"] : ["batch"]
      let axes = before + signature.features.map(String.init)
      let needed =
        signature.vocabulary.map { "whole numbers [batch, time] from 0 to \($0 - 1)" }
        ?? "floats [\(axes.joined(separator: ", "))]"
      return Failure(
        "\(SafeText.quoted(path)) needs to hold \(needed), got \(got).", status: 65)
    }
    let before = signature.isSequence ? 2 : 1
    guard shape.rank == before + signature.features.count,
      Array(shape.dimensions.dropFirst(before)) == signature.features
    else { throw refuse("an array \(shape)") }
    guard shape.count > 0 else { throw refuse("an empty array \(shape)") }
    if let vocabulary = signature.vocabulary {
      guard !array.type.isFloatingPoint else {
        throw refuse("numbers of type \(array.type.rawValue)")
      }
      let ids = try array.integers()
      if let bad = ids.first(where: { !(0..<Int64(vocabulary)).contains($0) }) {
        throw refuse("the id \(bad)")
      }
      tensor = Tensor(ids.map(Float.init), shape)
    } else {
      tensor = Tensor(array.floats(), shape)
    }
  }
}

/// The weights in a safetensors or .npz file by full name; of a checkpoint, those of the model, or their
/// average where it keeps one.
func weightsFile(at path: String) throws(FormatError) -> [(name: String, value: Tensor)] {
  if path.lowercased().hasSuffix(".npz") {
    return try NumPyArchive.read(path).map { ($0.name, Tensor($0.floats(), Shape($0.shape))) }
  }
  let file = try SafeTensors.read(path)
  let prefix = "model."
  let isCheckpoint = file.tensors.contains { $0.name.hasPrefix(prefix) }
  return file.tensors.compactMap { array in
    if isCheckpoint && !array.name.hasPrefix(prefix) { return nil }
    let name = isCheckpoint ? String(array.name.dropFirst(prefix.count)) : array.name
    let used = file["average." + name] ?? array
    return (name, Tensor(used.floats(), Shape(used.shape)))
  }
}

extension Tensor {
  /// The numbers as an array of a file.
  func numericArray(named name: String) -> NumericArray {
    NumericArray(name, scalars, shape: shape.dimensions)
  }
}
