import Data
import Inspection
import Layers
import Training

/// Runs one example through a network and keeps what every unit did, or looks at the weights themselves.
struct Inspector: Sendable {
  /// The document whose network is looked at.
  let document: Document
  /// Where the example comes from.
  let dataset: any Dataset

  /// The `chosen` example, under `weights` as they were after `step` steps; nil:
  /// the weights that a new run starts from. `asInTraining` drops and holds what training would; the
  /// layers `silenced` put out zeros.
  func record(
    example chosen: ChosenExample, weights: WeightSnapshot?, asInTraining: Bool,
    without silenced: [String]
  ) -> Result<SequenceRecording, SessionError> {
    do {
      let (network, example) = try prepare(chosen, weights)
      return .success(
        try SequenceRecording(
          network: network, example: example, target: dataset.target,
          weightsStep: weights?.step ?? 0, trainingSeed: asInTraining ? document.seed : nil,
          silenced: Set(silenced)))
    } catch {
      return .failure(SessionError(error))
    }
  }

  /// What changes in the `chosen` example while `clamps` hold signals, recorded as `record` does.
  func clamp(
    _ clamps: [Clamp], example chosen: ChosenExample, weights: WeightSnapshot?, asInTraining: Bool,
    without silenced: [String]
  ) -> Result<ClampComparison, SessionError> {
    do {
      let (network, example) = try prepare(chosen, weights)
      return .success(
        try ClampComparison(
          network: network, example: example, target: dataset.target,
          weightsStep: weights?.step ?? 0, trainingSeed: asInTraining ? document.seed : nil,
          silenced: Set(silenced), clamps: clamps))
    } catch {
      return .failure(SessionError(error))
    }
  }

  /// How gradients fade or grow in every recurrent layer while the network reads the `chosen` example.
  func followGradients(
    example chosen: ChosenExample, weights: WeightSnapshot?
  ) -> Result<MeasuredGradientFlow, SessionError> {
    do {
      let (network, example) = try prepare(chosen, weights)
      let flows = GradientFlow.all(
        in: network, reading: example.batch.input, named: example.batch.namedInputs,
        lengths: example.batch.lengths)
      guard !flows.isEmpty else {
        throw SessionError(
          "Following gradients needs a recurrent layer that goes step by step, got none. "
            + "Add rnn, lstm or gru.")
      }
      return .success(MeasuredGradientFlow(layers: flows, weightsStep: weights?.step ?? 0))
    } catch {
      return .failure(SessionError(error))
    }
  }

  /// How far gradients that are cut are from whole ones, on a training window under `weights`; given up
  /// when `goesOn` says no.
  func measureTruncation(
    _ weights: WeightSnapshot?, while goesOn: () -> Bool
  ) -> Result<TruncationBias, SessionError> {
    do {
      var whole = document
      whole.training.tbpttSteps = 0
      try whole.memory(for: dataset).check()
      let network = try document.network(for: dataset)
      if let weights { try network.load(weights.weights) }
      return .success(
        try TruncationBias(
          of: network, on: dataset, document.training, seed: document.seed,
          weightsStep: weights?.step ?? 0, while: goesOn))
    } catch {
      return .failure(SessionError(error))
    }
  }

  /// What the network writes under `weights`, as `wish` says; cut short when `goesOn` says no.
  func write(
    _ wish: TextWish, weights: WeightSnapshot?, while goesOn: () -> Bool
  ) -> Result<GeneratedText, SessionError> {
    do {
      guard let text = dataset as? TextDataset else {
        throw SessionError("Writing needs a model of a text, got \(dataset.name).")
      }
      var generator = try TextGenerator(
        network: network(weights, time: max(1, wish.prompt.unicodeScalars.count)),
        vocabulary: text.vocabulary, prime: wish.prompt, rule: wish.rule, seed: wish.seed)
      var written = String.UnicodeScalarView()
      while written.count < wish.length, goesOn(), let character = generator.next() {
        written.append(character)
      }
      if let failure = generator.failure { throw failure }
      return .success(
        GeneratedText(wish, text: String(written), weightsStep: weights?.step ?? 0))
    } catch {
      return .failure(SessionError(error))
    }
  }

  /// How the network goes on by itself after a step of the `chosen` example, under `weights`, as `wish`
  /// says, with errors drawn from those on the validation split.
  func forecast(
    _ wish: FanWish, example chosen: ChosenExample, weights: WeightSnapshot?
  ) -> Result<ForecastFan, SessionError> {
    do {
      let (network, example) = try prepare(chosen, weights)
      let forecaster = try Forecaster(network, for: dataset)
      var wish = wish
      wish.paths = forecaster.affordablePaths(wish.paths)
      return .success(
        try forecaster.fan(
          wish, of: example, in: dataset, errors: forecaster.errors(on: dataset),
          weightsStep: weights?.step ?? 0))
    } catch {
      return .failure(SessionError(error))
    }
  }

  /// What the network is worth with and without the layers `silenced`, on the `chosen` example and then batch
  /// by batch of the validation split; each time it is known better, and no more when `goesOn` says no.
  func ablate(
    _ silenced: [String], example chosen: ChosenExample, weights: WeightSnapshot?,
    while goesOn: () -> Bool, deliver: (Result<Ablation, SessionError>) -> Void
  ) {
    do {
      try document.memory(for: dataset).check()
      let (network, example) = try prepare(chosen, weights)
      var study = AblationStudy(
        network, dataset, document.training, without: silenced, weightsStep: weights?.step ?? 0)
      study.begin(with: example.batch)
      deliver(.success(study.ablation))
      while goesOn(), study.addBatch() { deliver(.success(study.ablation)) }
    } catch {
      deliver(.failure(SessionError(error)))
    }
  }

  /// Every parameter and buffer of the network under `weights`.
  func readWeights(_ weights: WeightSnapshot?) -> Result<WeightReading, SessionError> {
    do { return .success(try reading(weights)) } catch { return .failure(SessionError(error)) }
  }

  /// Finds the singular values of `reading`, of `weights`, and at last those of the network before its
  /// first step, which `starts` may know; delivers what is known after every matrix, and no more when
  /// `goesOn` says no.
  func findSpectra(
    of reading: WeightReading, _ weights: WeightSnapshot?, _ starts: StartSpectra,
    while goesOn: () -> Bool, deliver: (WeightReading) -> Void
  ) {
    var reading = reading
    reading.findSpectra { known in
      deliver(known)
      return goesOn()
    }
    let start =
      weights == nil
      ? reading
      : starts.reading(of: document) {
        guard var fresh = try? self.reading(nil) else { return nil }
        fresh.findSpectra { _ in goesOn() }
        return goesOn() ? fresh : nil
      }
    guard let start, goesOn() else { return }
    reading.compare(with: start)
    deliver(reading)
  }

  private func reading(_ weights: WeightSnapshot?) throws -> WeightReading {
    let vocabulary = dataset.input.vocabulary ?? 0
    return WeightReading(try network(weights, time: 1), weightsStep: weights?.step ?? 0) { id in
      id < vocabulary ? dataset.symbol(of: id) : String(id)
    }
  }

  /// The network under `weights`, and the `chosen` example.
  private func prepare(
    _ chosen: ChosenExample, _ weights: WeightSnapshot?
  ) throws -> (network: Network, example: Example) {
    let example = try example(chosen)
    return (try network(weights, time: example.steps.count), example)
  }

  private func example(_ chosen: ChosenExample) throws -> Example {
    switch chosen {
    case .text(let text):
      return try dataset.read(.texts([Material.Text(typed: text)])).example(0, title: "typed text")
    case .validation(let index):
      let count = dataset.exampleCount(of: .validation)
      guard count > 0 else {
        throw SessionError("The data have no validation examples to look at. Use more data.")
      }
      return dataset.example(((index % count) + count) % count, of: .validation)
    }
  }

  /// The network under `weights`, to read an example of `time` steps.
  private func network(_ weights: WeightSnapshot?, time: Int) throws -> Network {
    let need = MemoryEstimate(
      document.rows(for: dataset), batch: 1, time: time, rule: OptimizerRule(document.training))
    try need.checkForward(owner: "Looking at this model")
    let network = try document.network(for: dataset)
    if let weights { try network.load(weights.weights) }
    return network
  }
}
