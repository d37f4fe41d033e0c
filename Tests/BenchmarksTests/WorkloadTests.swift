import Engine
import Formats
import Layers
import Testing
import Training

@testable import Benchmarks

@Suite struct WorkloadTests {
  @Test func namesAreThereOnceAndAreFound() {
    #expect(Set(Workload.all.map(\.name)).count == Workload.all.count)
    for workload in Workload.all { #expect(Workload.named(workload.name)?.name == workload.name) }
    #expect(Workload.named("lstm") == nil)
  }

  @Test(arguments: Workload.all.map(\.name))
  func everyModelFitsItsData(name: String) throws {
    let workload = try #require(Workload.named(name))
    let output = try workload.model.output(for: workload.data.input)
    #expect(Trainer.misfit(of: output, to: workload.data.target) == nil)
    let batch = workload.data.makeBatch()
    #expect(batch.input.shape.count > 0 && batch.targets.count > 0)
  }

  @Test func ofLanguageModelsEveryWeightButTheEmbeddingWorksAtEveryStep() throws {
    // Embedding 32; 4 gates would be LSTM: Elman 64 x (32 + 64), then 64 x 64; 16 x 50 steps.
    let small = try #require(Workload.named("rnn-small"))
    let smallWeights: Int = 64 * 96 + 64 * 64
    #expect(small.work.total == Double(6 * 800 * smallWeights))
    let char = try #require(Workload.named("lstm-char"))
    let charWeights: Int = 512 * 192 + 512 * 256 + 128 * 96
    #expect(char.work.total == Double(6 * 2048 * charWeights))
  }

  /// Expects the operations of the forward pass: of the products that read the data and of the others,
  /// which go back twice.
  private func expect(_ name: String, reading data: Int, others: Int) throws {
    let work = try #require(Workload.named(name)).work
    #expect(work.forward == Double(data + others), "\(name)")
    #expect(work.backward == Double(data + 2 * others), "\(name)")
  }

  @Test func theOthersAreCountedByHandAsWell() throws {
    // 64 frames: 32 x 27 weights at 32 x 32 pixels, 64 x 288 at 16 x 16; LSTM 400 x (16384 + 100).
    let pixels: Int = 2 * 64 * 1024 * 32 * 27
    let half: Int = 2 * 64 * 256 * 64 * 288
    let frames: Int = 2 * 64 * 400 * 16484
    try expect("cascade", reading: pixels, others: half + frames + 2 * 8 * 1000)
    // 80 frames of 32 x 32: 64 x 9 weights read the data, 64 x 144 the state, 16 the channels.
    let places: Int = 2 * 80 * 1024
    try expect("convlstm", reading: places * 576, others: places * (9216 + 16))
    // 4096 steps: the first convolution and the way around it read the data.
    let inner: Int = 2 * 4096 * 13 * 32 * 96
    try expect("tcn", reading: 2 * 4096 * (32 * 3 + 32), others: inner + 2 * 16 * 320)
    // 975 places, 75 steps in both directions, one dense layer over all of them.
    let motifs: Int = 2 * 4 * 975 * 320 * 104
    let cells: Int = 2 * 4 * 75 * 2 * 1280 * 640
    let dense: Int = 2 * 4 * (925 * 640 * 75 + 919 * 925)
    try expect("danq", reading: motifs, others: cells + dense)
    let step = try #require(Workload.named("step-latency"))
    #expect(step.work.total == 2 * 512 * 192 && step.work.backward == 0)
  }

  @Test(arguments: ["rnn-small", "step-latency"])
  func aMeasurementSaysAllInJSON(name: String) throws {
    let result = try #require(Workload.named(name)).measure(seconds: 0)
    #expect(result.steps == 5 && result.name == name)
    let json = try result.json(peak: 2 * #require(result.gigaflops))
    #expect(
      json.object?.keys == [
        "name", "best_ms", "median_ms", "steps", "peak_memory_bytes", "flops", "flops_forward",
        "gflops", "share_of_peak", "allocations_per_step",
      ])
    #expect(json["share_of_peak"]?.double == 0.5)
    let best = try #require(json["best_ms"]?.double)
    #expect(try best > 0 && best <= #require(json["median_ms"]?.double))
    #expect(json["peak_memory_bytes"]?.integer ?? 0 > 1 << 20)
  }

  @Test func withoutProductsThereIsNoSpeed() {
    let result = Measurement(name: "a", milliseconds: [3, 1, 2], peakMemory: 7)
    #expect(result.gigaflops == nil && result.bestMilliseconds == 1)
    #expect(result.medianMilliseconds == 2)
    #expect(
      result.json(peak: 1).object?.keys
        == ["name", "best_ms", "median_ms", "steps", "peak_memory_bytes"])
    #expect(PeakMemory.bytes(ofProcess: -1) == 0)
  }

  @Test func aStepGoesOnFromTheStateOfTheLastOne() throws {
    let step = try #require(Workload.named("step-latency")).makeStep()
    for _ in 0..<3 { try step() }
  }

  @Test func theReportNamesTheMachine() {
    let machine = Machine(instructionSet: "avx2", threads: 2, peakOfOneThread: 50, peak: 90)
    let json = machine.json("workloads", [["name": "a"]])
    #expect(json["isa"]?.string == "avx2" && json["threads"]?.integer == 2)
    #expect(json["peak_gflops"]?.double == 90 && json["peak_gflops_one_thread"]?.double == 50)
    #expect(json["workloads"]?[0]?["name"]?.string == "a" && json["schema"]?.integer == 1)
    #expect(machine.text == "avx2, 2 threads; peak 50.0 GFLOP/s on one thread, 90.0 on all")
  }
}
