import Engine
import Layers
import Testing

@testable import Inspection

@Suite struct WeightReadingTests {
  /// The weights of some layers of a fixed seed, by full name.
  private func read(
    _ layers: [any LayerSpec], input: Signature
  ) throws -> [String: Weight] {
    let network = try Network(ModelSpec(layers), input: input, seed: 3)
    let weights = WeightReading(network, weightsStep: 7).weights
    return Dictionary(uniqueKeysWithValues: weights.map { ($0.fullName, $0) })
  }

  private static let image = Signature.image(2, 5, 5)

  @Test func everythingThatIsSavedIsThere() throws {
    let network = try Network(
      ModelSpec([BNLSTM.Spec(), Linear.Spec(outFeatures: 2)]), input: .sequence(3), seed: 1)
    let reading = WeightReading(network, weightsStep: 7)
    #expect(reading.weightsStep == 7)
    #expect(reading.weights.map(\.fullName) == network.saved.map(\.name))
    #expect(reading.weights.map(\.shape) == network.saved.map(\.parameter.value.shape.dimensions))
    #expect(reading.weights.map(\.numbers) == network.saved.map(\.parameter.value.scalars))
    let trained = reading.weights.filter(\.isTrained).map(\.fullName)
    #expect(trained == network.parameters.map(\.name))
  }

  @Test func statisticsOfEveryStepAreShownOverTime() throws {
    let network = try Network(
      ModelSpec([BNLSTM.Spec(hiddenSize: 2, maxLength: 5)]), input: .sequence(3), seed: 1)
    for (index, buffer) in network.elements[0].layer.buffers.enumerated() where index < 2 {
      buffer.assign(Tensor((0..<40).map(Float.init), [5, 8]))
    }
    let weights = WeightReading(network, weightsStep: 7).weights.filter { !$0.isTrained }
    #expect(weights.allSatisfy(\.isOverTime) && weights.count == 6)
    #expect(weights.map(\.isPositive) == [false, true, false, true, false, true])
    let means = weights[0]
    #expect(means.gates == ["i", "f", "g", "o"] && means.pageCount == 4)
    let page = means.page(1)
    #expect(page.name == "gate f, unit × time")
    #expect(page.blocks[0].rows == 2 && page.blocks[0].columns == 5)
    #expect(page.blocks[0].values == [2, 10, 18, 26, 34, 3, 11, 19, 27, 35])
    #expect(weights[4].gates.isEmpty && weights[4].page(0).name == "unit × time")
    #expect(weights[4].page(0).blocks[0].columns == 5)
  }

  @Test func theRowsOfAnEmbeddingHaveNamesAndAPlane() throws {
    let network = try Network(
      ModelSpec([Embedding.Spec(embeddingDim: 4), Linear.Spec(outFeatures: 2)]),
      input: .ids(below: 3), seed: 1)
    var reading = WeightReading(network, weightsStep: 0) { ["a", "b", "c"][$0] }
    #expect(reading.weights[0].isEmbedding && reading.weights[0].rowNames == ["a", "b", "c"])
    #expect(!reading.weights[1].isEmbedding && reading.weights[1].rowNames.isEmpty)
    #expect(reading.weights[0].components == nil)
    reading.findSpectra()
    #expect(reading.weights[0].components?.x.count == 3)
    #expect(reading.weights[1].components == nil)
  }

  @Test func singularValuesAreComparedWithThoseOfTheStart() throws {
    func read(_ scale: Float) throws -> WeightReading {
      let network = try Network(
        ModelSpec([Linear.Spec(outFeatures: 2)]), input: .vector(3), seed: 1)
      for (_, parameter) in network.parameters { parameter.assign(parameter.value * scale) }
      var reading = WeightReading(network, weightsStep: 0)
      reading.findSpectra()
      return reading
    }
    var reading = try read(3)
    #expect(reading.weights[0].startSpectra.isEmpty)
    reading.compare(with: try read(1))
    let (now, start) = (reading.weights[0].spectra, reading.weights[0].startSpectra)
    for (a, b) in zip(now[0].values ?? [], start[0].values ?? []) { #expect(abs(a - 3 * b) < 1e-6) }
    #expect(start[0].values?.count == 2)
  }

  @Test func laterTrainingChangesNothing() throws {
    let network = try oneUnit()
    let reading = WeightReading(network, weightsStep: 0)
    for (_, parameter) in network.parameters { parameter.assign(.zeros(parameter.value.shape)) }
    #expect(reading.weights[0].numbers == [1] && reading.weights[4].numbers == [1, -1])
  }

  @Test func theGatesOfAnLSTMAreItsRows() throws {
    let weights = try read([LSTM.Spec(hiddenSize: 3)], input: .sequence(2))
    let weight = try #require(weights["lstm.weight_ih_l0"])
    #expect(weight.gates == ["i", "f", "g", "o"] && weight.pageCount == 4)
    let page = weight.page(2)
    #expect(page.name == "gate g" && page.blocks.count == 1)
    #expect(page.blocks[0].rows == 3 && page.blocks[0].columns == 2)
    #expect(page.blocks[0].values == Array(weight.numbers[12..<18]))
    // Pages go round and round.
    #expect(weight.page(-1) == weight.page(3) && weight.page(4) == weight.page(0))

    let bias = try #require(weights["lstm.bias_hh_l0"])
    #expect(bias.pageCount == 1 && bias.page(0).blocks.map(\.name) == ["i", "f", "g", "o"])
    #expect(bias.page(0).blocks[1].values == Array(bias.numbers[3..<6]))
    #expect(!bias.isPerUnit)
  }

  @Test func bothDirectionsOfAGRUHaveTheirGates() throws {
    var spec = GRU.Spec(hiddenSize: 4)
    spec.options.bidirectional = .concat
    let weights = try read([spec], input: .sequence(4))
    for name in ["gru.weight_hh_l0", "gru.weight_hh_l0_reverse", "gru.bias_ih_l0_reverse"] {
      #expect(weights[name]?.gates == ["r", "z", "n"])
    }
  }

  @Test func whatIsNotStackedHasNoGates() throws {
    let weights = try read(
      [RNN.Spec(hiddenSize: 4), Jordan.Spec(), Linear.Spec(outFeatures: 8)], input: .sequence(4))
    #expect(weights.values.allSatisfy { $0.gates.isEmpty && $0.pageCount == 1 })
    #expect(weights["linear.weight"]?.page(5).blocks.first?.name == "")
  }

  @Test func statisticsOfStepsAreNoWeights() throws {
    let weights = try read([BNLSTM.Spec()], input: .sequence(3))
    let mean = try #require(weights["bn_lstm.norm_hh_running_mean_l0"])
    #expect(!mean.isTrained && mean.isOverTime && !mean.hasSpectrum)
    #expect(weights["bn_lstm.weight_hh_l0"]?.gates == ["i", "f", "g", "o"])
    #expect(weights["bn_lstm.norm_hh_weight_l0"]?.gates == ["i", "f", "g", "o"])
    #expect(weights["bn_lstm.norm_c_weight_l0"]?.gates == [])
  }

  @Test func oneNumberAUnitIsKnownAndItsBound() throws {
    let weights = try read(
      [IndRNN.Spec(hiddenSize: 4), PeepholeLSTM.Spec(hiddenSize: 3)], input: .sequence(2))
    let u = try #require(weights["indrnn.weight_hh_l0"])
    #expect(u.isPerUnit && u.bound.map { $0 >= u.summary.maximum } == true)
    #expect(weights["indrnn.bias_ih_l0"]?.isPerUnit == false)
    #expect(weights["indrnn.weight_ih_l0"]?.bound == nil)
    #expect(weights["peephole_lstm.weight_co_l0"]?.isPerUnit == true)
    #expect(weights["peephole_lstm.weight_co_l0"]?.bound == nil)
  }

  @Test func kernelsOfAnImageAreThoseOfAChannel() throws {
    let weights = try read([Conv2d.Spec(outChannels: 4)], input: Self.image)
    let weight = try #require(weights["conv2d.weight"])
    #expect(weight.pageCount == 4 && !weight.hasSpectrum)
    let page = weight.page(3)
    #expect(page.name == "output channel 3" && page.blocks.map(\.name) == ["0", "1"])
    #expect(page.blocks.allSatisfy { $0.rows == 3 && $0.columns == 3 })
    #expect(page.blocks[1].values == Array(weight.numbers[(3 * 2 + 1) * 9..<(3 * 2 + 2) * 9]))
  }

  @Test func kernelsOverTimeAreOneRectangle() throws {
    let weights = try read([Conv1d.Spec(outChannels: 4, kernelSize: 5)], input: .sequence(3))
    let page = try #require(weights["conv1d.weight"]?.page(1))
    #expect(page.name == "output channel 1" && page.blocks.count == 1)
    #expect(page.blocks[0].rows == 3 && page.blocks[0].columns == 5)
    let spread = try read([ConvTranspose1d.Spec(outChannels: 4)], input: .sequence(3))
    #expect(spread["conv_transpose1d.weight"]?.page(2).name == "input channel 2")
    #expect(spread["conv_transpose1d.weight"]?.pageCount == 3)
  }

  @Test func spectraAreThoseOfTheGates() throws {
    let network = try Network(
      ModelSpec([GRU.Spec(hiddenSize: 4), Linear.Spec(outFeatures: 300)]), input: .sequence(2),
      seed: 1)
    var reading = WeightReading(network, weightsStep: 0)
    #expect(reading.weights.allSatisfy { $0.spectra.isEmpty })
    reading.findSpectra()
    let weight = reading.weights[1]
    #expect(weight.spectra.count == 3)
    for (index, spectrum) in weight.spectra.enumerated() {
      let block = weight.page(index).blocks[0]
      let largest = Tensor(block.values, [4, 4]).spectralNorm()
      let found = try #require(spectrum.values)
      #expect(abs(found[0] - largest) < 1e-5)
    }
    #expect(reading.weights[2].spectra.isEmpty)  // a bias
    #expect(reading.weights[4].spectra.first?.values?.count == 4)  // 300 × 4
  }

  @Test func spectraThatCannotBeHadSayWhy() {
    func spectrum(_ rows: Int, _ columns: Int, _ value: Float) -> SingularSpectrum {
      SingularSpectrum(
        NumberBlock(
          name: "", rows: rows, columns: columns,
          values: Array(repeating: value, count: rows * columns)))
    }
    #expect(spectrum(257, 300, 1).obstacle == "257 × 300 is too large: at most 256 × 1024")
    #expect(spectrum(2, 1_025, 1).values == nil)
    #expect(spectrum(2, 2, .nan).obstacle == "numbers that are not finite have no spectrum")
    #expect(spectrum(2, 2, 0).values == [0, 0] && spectrum(2, 2, 0).effectiveRank == nil)
    // All rows alike: one direction.
    #expect(spectrum(3, 4, 2).effectiveRank.map { abs($0 - 1) < 1e-9 } == true)
  }
}

@Suite struct NumberSummaryTests {
  @Test func theStatisticsAreThoseOfTheirFormulas() {
    let summary = NumberSummary([3, 0, -1, 0, 3])
    #expect(summary.count == 5 && summary.mean == 1 && summary.zeros == 0.4)
    #expect(summary.minimum == -1 && summary.maximum == 3 && summary.notFinite == 0)
    #expect(abs(summary.deviation - 2.8.squareRoot()) < 1e-12)
    #expect(abs(summary.norm - 19.0.squareRoot()) < 1e-12)
  }

  @Test func whatIsNotFiniteIsCountedAndLeftOut() {
    let summary = NumberSummary([.nan, 2, .infinity, 4])
    #expect(summary.notFinite == 2 && summary.mean == 3 && summary.maximum == 4)
    let nothing = NumberSummary([.nan])
    #expect(nothing.norm == 0 && nothing.minimum == 0 && nothing.notFinite == 1)
    #expect(NumberSummary([]).zeros == 0)
  }

  @Test func everyFiniteNumberFallsIntoABin() {
    let last = NumberHistogram.bins - 1
    let histogram = NumberHistogram([-1, 1, 1, 0, .nan, -.infinity], from: -1, to: 1)
    #expect(histogram.counts.reduce(0, +) == 4)
    #expect(histogram.counts[0] == 1 && histogram.counts[last] == 2)
    #expect(histogram.counts[NumberHistogram.bins / 2] == 1)
    let same = NumberHistogram([5, 5], from: 5, to: 5)
    #expect(same.counts[NumberHistogram.bins / 2] == 2)
    let huge = NumberHistogram(
      [-.greatestFiniteMagnitude, .greatestFiniteMagnitude],
      from: -Double(Float.greatestFiniteMagnitude), to: Double(Float.greatestFiniteMagnitude))
    #expect(huge.counts[0] == 1 && huge.counts[last] == 1)
  }
}
