import Engine
import Testing

@testable import Benchmarks

/// One after the other, because kernels are counted for the whole process.
@Suite(.serialized) struct StepProfileTests {
  @Test func aProfileNamesEveryLayerAndTheRest() throws {
    let profile = try #require(Workload.named("rnn-small")).profile(seconds: 0)
    #expect(profile.layers.map(\.layer) == ["embedding", "rnn", "linear"])
    #expect(profile.layers.allSatisfy { $0.forward > 0 && $0.backward > 0 })
    #expect(profile.rest.map(\.name) == ["data", "loss", "clipping", "update"])
    #expect(profile.rest.allSatisfy { $0.time > 0 } && profile.steps == 5)
    #expect(profile.json["layers"]?[1]?["name"]?.string == "rnn")
    #expect(profile.json["rest"]?.object?.keys.last == "update_ms")
    // Other tests may call other kernels meanwhile, and not in every step.
    for name in ["product", "packing", "cell forward", "cell backward", "softmax", "optimiser"] {
      let kernel = try #require(profile.kernels.first { $0.name == name })
      #expect(kernel.time > 0 && kernel.calls >= 1)
    }
    #expect(profile.json["kernels"]?[0]?["name"]?.string == profile.kernels[0].name)
  }

  @Test func anEvaluationHasNothingButItsLayers() throws {
    let profile = try #require(Workload.named("step-latency")).profile(seconds: 0)
    #expect(profile.layers.map(\.layer) == ["lstm"])
    #expect(profile.layers.allSatisfy { $0.backward == 0 } && profile.rest.isEmpty)
  }

  @Test func timesOfAProfileAreThoseOfOneStep() {
    let profile = StepProfile(
      [
        (Profile.Part(.data), 2), (Profile.Part(.forward, "a"), 4), (Profile.Part(.loss), 6),
        (Profile.Part(.backward), 8), (Profile.Part(.backward, "a"), 10),
      ], steps: 2)
    #expect(profile.layers == [StepProfile.Row(layer: "a", forward: 2, backward: 5)])
    #expect(profile.rest.map(\.time) == [1, 7] && profile.total == 15)
  }

  @Test func timesOfKernelsAreThoseOfOneStepToo() {
    let profile = StepProfile(
      [], kernels: [.init(.product, milliseconds: 6, calls: 8)], threadTime: 20, steps: 2)
    #expect(profile.kernels == [StepProfile.Kernel(name: "product", time: 3, calls: 4)])
    #expect(profile.threadTime == 10 && profile.outsideKernels == 7)
  }
}
