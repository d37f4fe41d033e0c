import Engine
import TestSupport
import Testing

@testable import Layers

@Suite struct TiedLinearTests {
  private let model = ModelSpec([
    Embedding.Spec(embeddingDim: 5), RNN.Spec(hiddenSize: 5), TiedLinear.Spec(),
  ])

  private func reason(_ model: ModelSpec, _ input: Signature = .ids(below: 9)) -> String {
    do { return "\(try model.output(for: input))" } catch { return error.description }
  }

  /// See Fixtures/layers/make_tied.py.
  @Test func itComputesWhatPyTorchDoesWithOneGradientForBothUses() throws {
    let fixture = try Fixture("layers/tied")
    let network = try Network(model, input: .ids(below: 9), seed: 1)
    for (name, parameter) in network.parameters { parameter.assign(try fixture(name)) }
    let tape = Tape()
    let ids = try fixture("ids")
    let first = Tensor(Array(ids.scalars.prefix(28)), [4, 7])
    var pass = Pass()
    let output = network(tape.constant(first), &pass)
    let gradients = tape.gradients(of: weightedLoss([output]))
    expectClose(output, try fixture("output"), within: 2e-6)
    for (name, parameter) in network.parameters {
      expectClose(gradients[parameter], try fixture("grad." + name), within: 1e-5, name)
    }
  }

  @Test func theVectorsAreOneParameterCountedOnce() throws {
    let network = try Network(model, input: .ids(below: 9), seed: 1)
    let names = network.parameters.map(\.name)
    #expect(names.filter { $0.hasPrefix("tied_linear.") } == ["tied_linear.bias"])
    #expect(network.parameterCount == 9 * 5 + 2 * (5 * 5 + 5) + 9)
    let rows = model.rows(for: .ids(below: 9))
    #expect(rows.reduce(0) { $0 + $1.parameterCount } == network.parameterCount)
    // The products of both matrices of the RNN, and of the vectors as weights.
    let work = model.work(for: .ids(below: 9), batch: 2, time: 3)
    #expect(work.forward == 2 * 6 * Double(2 * 5 * 5 + 9 * 5))
  }

  @Test func withoutBiasesItIsTheProductWithTheVectors() throws {
    let plain = ModelSpec([
      Embedding.Spec(embeddingDim: 4), TiedLinear.Spec(source: "embedding", bias: false),
    ])
    let network = try Network(plain, input: .ids(below: 3), seed: 1)
    let table = network.parameters[0].parameter.value
    var pass = Pass()
    let scores = network(Tensor([0, 1, 2], [1, 3]), &pass)
    expectSameBits(scores.reshaped([3, 3]), table.linear(table))
  }

  @Test func itsVectorsMayLieInsideALayerBeforeIt() throws {
    let nested = ModelSpec([
      entry("words", Sequential.Spec(), entry("table", Embedding.Spec(embeddingDim: 5))),
      entry("scores", TiedLinear.Spec(source: "table")),
    ])
    #expect(reason(nested) == "[B, T, 9]")
    #expect(try Network(nested, input: .ids(below: 9), seed: 1).parameters.count == 2)
  }

  @Test func whatDoesNotFitIsExplained() {
    var wide = model
    wide.layers[1].spec = RNN.Spec(hiddenSize: 8)
    #expect(
      reason(wide)
        == "Layer 'tied_linear': tied_linear needs 5 features, which the vectors of 'embedding' have, "
        + "got [B, T, 8]. Put a linear layer with out_features 5 before it.")
    let other = ModelSpec([Embedding.Spec(embeddingDim: 5), TiedLinear.Spec(source: "words")])
    #expect(
      reason(other)
        == "Layer 'tied_linear': tied_linear needs source to be an embedding before it, got 'words'. "
        + "Choose from embedding or use linear.")
    #expect(
      reason(ModelSpec([TiedLinear.Spec()]), .sequence(5))
        == "Layer 'tied_linear': tied_linear needs source to be an embedding before it, got "
        + "'embedding'. Add an embedding, or use linear.")
    let padded = ModelSpec([Embedding.Spec(embeddingDim: 5, paddingIndex: 0), TiedLinear.Spec()])
    #expect(
      reason(padded)
        == "Layer 'tied_linear': tied_linear needs an embedding without padding_idx, whose vector has "
        + "to stay 0, got 'embedding'. Set its padding_idx to -1.")
  }

  @Test func anEmbeddingsNewNameIsFollowed() throws {
    var renamed = model
    renamed.rename(LayerPath(0), to: "words")
    #expect((renamed.layers[2].spec as? TiedLinear.Spec)?.source == "words")
    #expect(reason(renamed) == "[B, T, 9]")
  }
}
