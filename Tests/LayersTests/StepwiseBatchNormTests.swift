import Engine
import Layers
import TestSupport
import Testing

/// An IndRNN normalised before and after its activation, against PyTorch's batch_norm of every step (see
/// make_cells.py).
@Suite struct StepwiseBatchNormTests {
  private func network(_ channels: Int = 5, length: Int = 7) throws -> Network {
    var cell = IndRNN.Spec(hiddenSize: 4, timeSteps: length)
    cell.hasBatchNorm = true
    var norm = StepwiseBatchNormLayer.Spec()
    norm.maxLength = length
    return try Network(
      ModelSpec([LayerEntry(name: "cell", spec: cell), LayerEntry(name: "norm", spec: norm)]),
      input: .sequence(channels), seed: 1)
  }

  private func key(_ name: String) -> String {
    String(name[name.index(after: name.firstIndex(of: ".") ?? name.startIndex)...])
  }

  @Test func itComputesWhatPyTorchDoesAndMovesTheSameStatistics() throws {
    let fixture = try Fixture("layers/indrnn_norm")
    let network = try network()
    for (name, parameter) in network.parameters { parameter.assign(try fixture(key(name))) }
    let tape = Tape()
    let x = tape.variable(try fixture("x"))
    var pass = Pass()
    pass.isTraining = true
    let output = network(x, &pass)
    let gradients = tape.gradients(of: weightedLoss([output]))
    expectClose(output, try fixture("output"), within: 2e-5)
    expectClose(gradients[x], try fixture("grad.x"), within: 5e-5)
    for (name, parameter) in network.parameters {
      expectClose(gradients[parameter], try fixture("grad." + key(name)), within: 5e-5, name)
    }
    pass.keepStatistics()
    for (name, buffer) in network.saved where key(name).contains("running") {
      expectClose(buffer.value, try fixture(key(name)), within: 2e-6, name)
    }
    var evaluation = Pass()
    expectClose(network(x.detached, &evaluation), try fixture("evaluated"), within: 5e-6)
    #expect(evaluation.statistics.isEmpty)
  }

  @Test func paddingMovesNothingAndShortBatchesUseWhatIsKnown() throws {
    let network = try network()
    let x = drawn([3, 7, 5], seed: 4)
    func statistics(_ x: Tensor) -> [[Float]] {
      var pass = Pass()
      (pass.isTraining, pass.lengths) = (true, [3, 5, 2])
      _ = network(x, &pass)
      return pass.statistics.map(\.value.scalars)
    }
    var numbers = x.scalars
    for (row, length) in [3, 5, 2].enumerated() {
      for index in (row * 7 + length) * 5..<(row + 1) * 35 { numbers[index] = 1000 }
    }
    let found = statistics(x)
    #expect(found == statistics(Tensor(numbers, x.shape)))
    // Two sequences reach step 2 and one steps 3 and 4, which keep what they had.
    let mean = found[2]
    #expect(mean[0..<12].contains { $0 != 0 } && mean[12...].allSatisfy { $0 == 0 })
  }
}
