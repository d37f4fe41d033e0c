import Engine
import Testing

@testable import Benchmarks

@Suite struct ScalingCurveTests {
  @Test func sizesDoubleWhileTheOthersStay() throws {
    let model = try #require(GrowingModel.named("lstm"))
    #expect(model.steps(of: .time).map(\.time) == [16, 32, 64, 128, 256, 512, 1024])
    #expect(model.steps(of: .batch).map(\.batch) == [1, 2, 4, 8, 16, 32, 64, 128, 256])
    #expect(model.steps(of: .hidden).map(\.hidden) == [16, 32, 64, 128, 256, 512, 1024])
    #expect(model.steps(of: .layers).map(\.layers) == [1, 2, 4, 8, 16])
    #expect(model.steps(of: .hidden).allSatisfy { $0.time == 64 && $0.batch == 32 })
    #expect(GrowingModel.named("ls") == nil)
  }

  @Test(arguments: GrowingModel.all.map(\.name), GrowingModel.Axis.allCases)
  func everyModelFitsItsDataAndItsWorkGrows(name: String, axis: GrowingModel.Axis) throws {
    let model = try #require(GrowingModel.named(name))
    let workloads = model.steps(of: axis).map(model.workload)
    for workload in workloads { _ = try workload.model.output(for: workload.data.input) }
    let work = workloads.map(\.work.total)
    #expect(zip(work, work.dropFirst()).allSatisfy { $0 < $1 })
  }

  /// In a process of its own, because the pool is shared by everything that runs.
  @Test func aStepIsMeasuredWithItsMemory() async {
    await #expect(processExitsWith: .success) {
      let model = try #require(GrowingModel.named("gru"))
      var curve = ScalingCurve(model, .batch)
      for batch in [1, 8] {
        try curve.measure(.init(time: 16, batch: batch, hidden: 16, layers: 1), seconds: 0)
      }
      let growth = try #require(curve.growth(at: 1))
      #expect(abs(growth.work - 1) < 1e-9 && growth.memory > 0.1 && growth.memory < 1.1)
      #expect(curve.growth(at: 0) == nil)
      // At least the inputs, the gates and the outputs of every step of eight sequences.
      #expect(curve.points[1].bytes > 8 * 16 * (16 + 5 * 16) * 4)
      let json = curve.json
      #expect(json["model"]?.string == "gru" && json["axis"]?.string == "batch")
      #expect(json["points"]?[0]?["time_exponent"] == .null)
      #expect(json["points"]?[1]?["median_ms"]?.double == curve.points[1].medianMilliseconds)
      #expect(json["points"]?[1]?["work_exponent"]?.double == growth.work)
    }
  }

  @Test func timeThatGrowsFasterThanItsWorkIsASurprise() {
    #expect(ScalingCurve.Growth(time: 1.3, medianTime: 1.4, work: 1, memory: 1).isSurprising)
    #expect(!ScalingCurve.Growth(time: 1.3, medianTime: 1, work: 1, memory: 1).isSurprising)
    #expect(!ScalingCurve.Growth(time: 2.1, medianTime: 2.3, work: 2, memory: 1).isSurprising)
  }
}
