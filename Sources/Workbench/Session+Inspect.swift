import Inspection
import Layers
import Training

/// Looking at the network and what it does with an example, before, during and after a run.
extension Session {
  /// A wish to look at the network as it is now.
  struct Look: Sendable {
    /// Looks, on some other thread, at a network with some weights; nil: those that it starts with.
    let perform: @Sendable (Inspector, WeightSnapshot?) -> Void
    /// Hears why there is nothing to look at.
    let refuse: @Sendable (SessionError) -> Void
  }

  /// Runs the `chosen` example through the network as it is now, in training or
  /// not, and delivers what every unit did; on some other thread, as soon as it is there.
  /// `asInTraining` drops and holds what the step to come would, with the run's seed; the layers
  /// `silenced` put out zeros.
  public func inspect(
    example chosen: ChosenExample, asInTraining: Bool = false, without silenced: [String] = [],
    deliver: @escaping @Sendable (Result<SequenceRecording, SessionError>) -> Void
  ) {
    look(
      Look(
        perform: {
          deliver(
            $0.record(
              example: chosen, weights: $1, asInTraining: asInTraining, without: silenced))
        },
        refuse: { deliver(.failure($0)) }))
  }

  /// Runs the `chosen` example as `inspect` does, once as it is and once while `clamps` hold signals of
  /// recurrent layers at a value, and delivers both; on some other thread. Neither the weights nor the
  /// session's document know of it.
  public func clamp(
    _ clamps: [Clamp], example chosen: ChosenExample, asInTraining: Bool = false,
    without silenced: [String] = [],
    deliver: @escaping @Sendable (Result<ClampComparison, SessionError>) -> Void
  ) {
    look(
      Look(
        perform: {
          deliver(
            $0.clamp(
              clamps, example: chosen, weights: $1, asInTraining: asInTraining, without: silenced))
        },
        refuse: { deliver(.failure($0)) }))
  }

  /// Follows gradients back through every recurrent layer while the network as it is now reads the
  /// `chosen` example, and delivers how they fade or grow; on some other thread.
  public func followGradients(
    example chosen: ChosenExample,
    deliver: @escaping @Sendable (Result<MeasuredGradientFlow, SessionError>) -> Void
  ) {
    look(
      Look(
        perform: { deliver($0.followGradients(example: chosen, weights: $1)) },
        refuse: { deliver(.failure($0)) }))
  }

  /// Measures how far gradients that go back only some time steps are from those that go back all of
  /// them, with the network as it is now, and delivers that on some other thread. Ends an earlier
  /// measurement.
  public func measureTruncation(
    deliver: @escaping @Sendable (Result<TruncationBias, SessionError>) -> Void
  ) {
    stopMeasuringTruncation()
    let wish = Wish()
    truncation = wish
    measure(wish, deliver) { inspector, weights, deliver in
      deliver(inspector.measureTruncation(weights, while: { wish.stands }))
    }
  }

  /// Ends the measurement of truncated gradients that goes on, if there is one.
  public func stopMeasuringTruncation() {
    truncation?.withdraw()
    truncation = nil
  }

  /// Measures what the network as it is now is worth with and without the layers `silenced`, and
  /// delivers that on some other thread: of the `chosen` example first, then again
  /// with every further batch of a few. Ends an earlier measurement.
  public func ablate(
    _ silenced: [String], example chosen: ChosenExample,
    deliver: @escaping @Sendable (Result<Ablation, SessionError>) -> Void
  ) {
    stopAblating()
    let wish = Wish()
    ablation = wish
    measure(wish, deliver) { inspector, weights, deliver in
      inspector.ablate(
        silenced, example: chosen, weights: weights, while: { wish.stands }, deliver: deliver)
    }
  }

  /// Ends the measurement that goes on, if there is one.
  public func stopAblating() {
    ablation?.withdraw()
    ablation = nil
  }

  /// Copies the weights of the network as it is now, in training or not, and delivers them on some
  /// other thread: as soon as they are there, and again with every matrix whose singular values are
  /// found, at last with those of the start. Ends an earlier search.
  public func readWeights(
    deliver: @escaping @Sendable (Result<WeightReading, SessionError>) -> Void
  ) {
    stopReadingWeights()
    let (wish, queue, starts) = (Wish(), measuringQueue, startSpectra)
    spectra = wish
    look(
      Look(
        perform: { inspector, weights in
          let result = inspector.readWeights(weights)
          deliver(result)
          guard case .success(let reading) = result else { return }
          queue.async {
            inspector.findSpectra(
              of: reading, weights, starts, while: { wish.stands },
              deliver: { if wish.stands { deliver(.success($0)) } })
          }
        },
        refuse: { deliver(.failure($0)) }))
  }

  /// Has the network as it is now, in training or not, write a text and delivers that on some other
  /// thread, which is of little priority beside training. Ends an earlier one.
  public func write(
    _ wish: TextWish, deliver: @escaping @Sendable (Result<GeneratedText, SessionError>) -> Void
  ) {
    writing?.withdraw()
    let standing = Wish()
    writing = standing
    measure(standing, deliver) { inspector, weights, deliver in
      deliver(inspector.write(wish, weights: weights, while: { standing.stands }))
    }
  }

  /// Has the network as it is now, in training or not, go on by itself after a step of the `chosen`
  /// example, and delivers that on some other thread. Ends an earlier forecast.
  public func forecast(
    _ wish: FanWish, example chosen: ChosenExample,
    deliver: @escaping @Sendable (Result<ForecastFan, SessionError>) -> Void
  ) {
    forecasting?.withdraw()
    let standing = Wish()
    forecasting = standing
    measure(standing, deliver) { inspector, weights, deliver in
      deliver(inspector.forecast(wish, example: chosen, weights: weights))
    }
  }

  /// Ends the search for singular values that goes on, if there is one.
  public func stopReadingWeights() {
    spectra?.withdraw()
    spectra = nil
  }

  /// Has `work` done on the queue for what takes a while, with the network as it is now; what it hands
  /// on is delivered as long as `wish` stands.
  private func measure<Found>(
    _ wish: Wish, _ deliver: @escaping @Sendable (Result<Found, SessionError>) -> Void,
    _ work:
      @escaping @Sendable (
        Inspector, WeightSnapshot?, _ deliver: @escaping (Result<Found, SessionError>) -> Void
      ) -> Void
  ) {
    let queue = measuringQueue
    look(
      Look(
        perform: { inspector, weights in
          queue.async { work(inspector, weights) { if wish.stands { deliver($0) } } }
        },
        refuse: { deliver(.failure($0)) }))
  }

  private func look(_ look: Look) {
    if status.isActive, let run {
      looks.append(look)
      return run.control.snapshot()
    }
    let weights = run?.lastCheckpoint.map { WeightSnapshot(step: $0.step, weights: $0.bestWeights) }
    if let run, weights != nil {
      return begin(look, Inspector(document: run.document, dataset: run.dataset), weights)
    }
    switch dataset() {
    case .failure(let error): look.refuse(error)
    case .success(let dataset):
      begin(look, Inspector(document: document, dataset: dataset), nil)
    }
  }

  private func begin(_ look: Look, _ inspector: Inspector, _ weights: WeightSnapshot?) {
    inspectionQueue.async { look.perform(inspector, weights) }
  }

  /// The run ended before it could answer: its last weights do, or fresh ones if it has none.
  func askAgain() {
    let wishes = looks
    looks = []
    for wish in wishes { look(wish) }
  }

  /// Answers with the weights that the run gave out.
  func serveLooks(with weights: WeightSnapshot) {
    guard let run else { return }
    let inspector = Inspector(document: run.document, dataset: run.dataset)
    for look in looks { begin(look, inspector, weights) }
    looks = []
  }
}
