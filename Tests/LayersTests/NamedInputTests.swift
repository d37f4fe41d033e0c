import Engine
import Layers
import TestSupport
import Testing

@Suite struct NamedInputTests {
  private let named: [String: Signature] = ["frame": .image(1, 4, 4), "sequence": .sequence(3)]

  /// Branch "cnn" from the frame, branch "rnn" from the sequence.
  private let model = ModelSpec([
    entry(
      "both", Parallel.Spec(),
      entry(
        "cnn", Sequential.Spec(), entry("frame", NamedInput.Spec(source: "frame")),
        entry("conv", Conv2d.Spec(outChannels: 2)), entry("flat", Flatten.Spec())),
      entry(
        "rnn", Sequential.Spec(), entry("steps", NamedInput.Spec(source: "sequence")),
        entry("gru", GRU.Spec(hiddenSize: 5)), entry("last", LastStep.Spec()))),
    entry("out", Linear.Spec(outFeatures: 2)),
  ])

  private func reason(_ model: ModelSpec, _ named: [String: Signature] = [:]) -> String {
    do {
      return "\(try model.output(for: .vector(2), named: named))"
    } catch { return error.description }
  }

  @Test func everyBranchReadsItsOwnInput() throws {
    #expect(reason(model, named) == "[B, 2]")
    let network = try Network(model, input: .vector(2), named: named, seed: 1)
    #expect(network.namedInputs == named)
    let (frame, steps) = (drawn([2, 1, 4, 4], seed: 1), drawn([2, 6, 3], seed: 2))
    func run(_ frame: Tensor, _ steps: Tensor, tape: Tape? = nil) -> Tensor {
      var pass = Pass()
      pass.lengths = [4, 6]
      pass.namedInputs = ["frame": frame, "sequence": steps]
      let x = Tensor.zeros([2, 2])
      return network(tape?.constant(x) ?? x, &pass)
    }
    let output = run(frame, steps)
    var changed = steps.scalars
    for index in 4 * 3..<6 * 3 { changed[index] = 9 }  // padding of the first sequence
    expectSameBits(run(frame, Tensor(changed, steps.shape)), output)
    changed[0] += 1
    #expect(run(frame, Tensor(changed, steps.shape)).scalars[0] != output.scalars[0])
    #expect(run(frame + 1, steps).scalars != output.scalars)

    let tape = Tape()
    let gradients = tape.gradients(of: run(frame, steps, tape: tape).sum())
    #expect(network.parameters.allSatisfy { gradients[$0.parameter] != nil })
  }

  @Test func theFirstInputCanBeReadAgain() throws {
    let again = ModelSpec([
      entry("deep", Linear.Spec(outFeatures: 4)),
      entry(
        "both", Parallel.Spec(), entry("same", Identity.Spec()),
        entry("x", NamedInput.Spec())),
    ])
    let network = try Network(again, input: .vector(2), seed: 1)
    var pass = Pass()
    let x = drawn([3, 2], seed: 1)
    expectSameBits(network(x, &pass).split(3)[2], x)
  }

  @Test func itsLengthsAreTheBatchsAgain() throws {
    var conv = Conv1d.Spec(outChannels: 2)
    conv.padding = .valid
    let model = ModelSpec([
      entry("conv", conv), entry("x", NamedInput.Spec()), entry("last", LastStep.Spec()),
    ])
    let network = try Network(model, input: .sequence(2), seed: 1)
    var pass = Pass()
    pass.lengths = [5, 3]
    let x = drawn([2, 5, 2], seed: 1)
    expectSameBits(network(x, &pass), x.lastStep(lengths: [5, 3]))
  }

  @Test func anUnknownInputListsThoseThatThereAre() {
    let wrong = ModelSpec([entry("in", NamedInput.Spec(source: "fram"))])
    #expect(
      reason(wrong, named)
        == "Layer 'in': input needs source to be one of input, frame, sequence, got 'fram'.")
    #expect(reason(wrong) == "Layer 'in': input needs source to be one of input, got 'fram'.")
    let folded = ModelSpec([
      entry("x", NamedInput.Spec(source: "sequence")),
      entry("td", TimeDistributed.Spec(), entry("in", NamedInput.Spec(source: "frame"))),
    ])
    #expect(
      reason(folded, named)
        == "Layer 'in': input needs whole sequences, got the single time steps inside "
        + "time_distributed. Move it out of there.")
  }
}
