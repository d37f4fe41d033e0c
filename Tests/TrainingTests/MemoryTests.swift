import Engine
import Layers
import Testing

@testable import Training

@Suite struct MemoryTests {
  private func estimate(
    hidden: Int, batch: Int = 32, time: Int = 64, _ rule: TrainingRecipe.Optimizer = .adam
  ) -> MemoryEstimate {
    let model = ModelSpec([
      Embedding.Spec(embeddingDim: 8), LSTM.Spec(hiddenSize: hidden), LastStep.Spec(),
      Linear.Spec(outFeatures: 5),
    ])
    return MemoryEstimate(
      model.rows(for: .ids(below: 10)), batch: batch, time: time,
      rule: OptimizerRule(.with { $0.optimizer = rule }))
  }

  @Test func weightsAreCountedWithTheirGradientsAndTheOptimisersMemory() {
    // 10 · 8 + (4 · 16 · 8 + 4 · 16 · 16 + 2 · 4 · 16) + 5 · 16 + 5 weights of 4 bytes.
    let adam = estimate(hidden: 16)
    #expect(adam.weights == 4 * 1829 && adam.gradients == 4 * 1829 && adam.optimizer == 8 * 1829)
    #expect(estimate(hidden: 16, .sgd).optimizer == 4 * 1829)
    #expect(estimate(hidden: 16, .amsgrad).optimizer == 12 * 1829)
    // Layers with a time axis keep their part of every step, the linear layer does not.
    // Going back, the LSTM has [x, h] beside its 13 numbers a unit, and x packed.
    #expect(adam.activations == 4 * 32 * (64 * (16 + 13 * 16 + 2 * 8 + 16 + 16) + 10))
    #expect(adam.bytes == 16 * 1829 + adam.activations)
    // Saving copies the weights and the memory three times.
    #expect(adam.checkpoint == 3 * 12 * 1829)
    #expect(adam.peak == adam.bytes + 36 * 1829 + adam.activations / 8 + (64 << 20))
  }

  @Test func aModelThatIsTooLargeIsRefusedWithNumbers() {
    let large = estimate(hidden: 65_536, batch: 1024, time: 1000)
    #expect(
      throws: TrainingError(
        .memory,
        "This model needs about 5.4 TB to train (weights 69 GB, gradients 69 GB, "
          + "optimizer 137 GB, activations 4.0 TB, checkpoints 619 GB); 22 GB are free. "
          + "Lower hidden_size, batch_size or sequence_length.")
    ) {
      try large.check(available: 22_000_000_000)
    }
    #expect(throws: Never.self) { try estimate(hidden: 16).check(available: 22_000_000_000) }
  }

  @Test func aModelThatCouldBeTrainedButNotSavedIsRefused() {
    let model = estimate(hidden: 2048, batch: 1, time: 1)
    #expect(throws: TrainingError.self) { try model.check(available: 2 * model.bytes) }
    #expect(throws: Never.self) { try model.check(available: model.peak) }
  }

  @Test func sizesBeyondAllNumbersStayRefusals() {
    let absurd = estimate(hidden: 65_536, batch: .max, time: .max)
    #expect(absurd.bytes == .max)
    #expect(throws: TrainingError.self) { try absurd.check(available: .max - 1) }
  }

  @Test func memoryThatTensorsHoldIsThereForTheNextRun() {
    #expect(MemoryEstimate.available(system: 5, tensors: 7) == 12)
    #expect(MemoryEstimate.available(system: .max, tensors: 7) == .max)
    #expect(MemoryEstimate.available(system: nil, tensors: 7) == .max)
    let held = Tensor.zeros([1 << 20])
    #expect(MemoryEstimate.available() > held.count * 4)
  }
}
