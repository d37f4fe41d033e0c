import Foundation
import Testing

@testable import Training

@Suite struct ScheduleTests {
  private func schedule(
    _ kind: LearningRateSchedule.Kind, steps: Int = 100,
    _ change: (inout LearningRateSchedule) -> Void = { _ in }
  ) -> LearningRateSchedule {
    var schedule = LearningRateSchedule(steps: steps)
    schedule.kind = kind
    change(&schedule)
    return schedule
  }

  private func expect(
    _ schedule: LearningRateSchedule, _ table: [(step: Int, factor: Double)],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (step, factor) in table {
      let found = schedule.factor(after: step)
      #expect(
        abs(found - factor) < 1e-12 * max(1, factor), "\(schedule) after \(step): \(found)",
        sourceLocation: sourceLocation)
    }
  }

  @Test func everyCurveIsItsClosedForm() {
    expect(schedule(.constant), [(0, 1), (99, 1), (1000, 1)])
    expect(schedule(.plateau), [(0, 1), (99, 1)])
    let thirty = schedule(.step) {
      $0.period = 30
      $0.factor = 0.5
    }
    expect(thirty, [(0, 1), (29, 1), (30, 0.5), (59, 0.5), (60, 0.25), (300, pow(0.5, 10))])
    expect(schedule(.exponential), [(0, 1), (50, 0.1.squareRoot()), (100, 0.1), (200, 0.01)])
    let inverse = schedule(.inverse) {
      $0.period = 1
      $0.factor = 1e-5
    }
    expect(inverse, [(0, 1), (1, 1 / 1.00001), (100_000, 0.5)])
    expect(schedule(.linear), [(0, 1), (25, 0.75), (99, 0.01), (100, 0), (101, 0)])
    expect(schedule(.cosine), [(0, 1), (50, 0.5), (100, 0), (500, 0)])
    expect(schedule(.cosine), [(25, (1 + 0.5.squareRoot()) / 2)])
    expect(schedule(.cosine) { $0.floor = 0.2 }, [(0, 1), (50, 0.6), (100, 0.2), (500, 0.2)])
  }

  @Test func restartsBeginAgainAndGrow() {
    let even = schedule(.cosineRestarts) { $0.period = 10 }
    expect(even, [(0, 1), (5, 0.5), (10, 1), (15, 0.5), (1000, 1)])
    let growing = schedule(.cosineRestarts) {
      $0.period = 10
      $0.growth = 2
    }
    // Periods begin at 0, 10, 30, 70, 150.
    expect(growing, [(9, even.factor(after: 9)), (10, 1), (20, 0.5), (30, 1), (50, 0.5), (70, 1)])
    #expect(growing.factor(after: 69) < 0.01)
  }

  @Test(arguments: [
    LearningRateSchedule.Kind.constant, .step, .exponential, .inverse, .linear, .cosine,
    .cosineRestarts, .plateau,
  ])
  func aWarmUpGoesBeforeTheSchedule(kind: LearningRateSchedule.Kind) {
    let warm = schedule(kind) { $0.warmup = 20 }
    expect(warm, [(0, 1.0 / 20), (9, 0.5), (19, 1), (20, 1)])
    let rest = schedule(kind, steps: 80)
    for step in 0..<100 {
      #expect(warm.factor(after: 20 + step) == rest.factor(after: step))
    }
  }

  @Test func noamIsHighestAtTheEndOfItsWarmUp() {
    let noam = schedule(.noam) { $0.warmup = 16 }
    expect(noam, [(0, 1.0 / 16), (7, 0.5), (15, 1), (63, 0.5), (1023, 0.125)])
    expect(schedule(.noam), [(0, 1), (3, 0.5)])
    // With η = (d W)^−½ it is d^−½ min(n^−½, n W^−1.5).
    for n in [1.0, 5, 16, 40] {
      let original = pow(32, -0.5) * min(pow(n, -0.5), n * pow(16, -1.5))
      #expect(abs(noam.factor(after: Int(n) - 1) * pow(32 * 16, -0.5) - original) < 1e-15)
    }
  }

  @Test func oneCycleIsPyTorchs() {
    // torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=1, total_steps=100), torch 2.13.
    expect(
      schedule(.oneCycle),
      [
        (0, 0.04), (10, 0.295_163_948_464_100_77), (29, 1), (30, 0.999_496_535_284_524_3),
        (60, 0.589_280_090_285_528_7), (99, 4e-6), (200, 4e-6),
      ])
    expect(schedule(.oneCycle) { $0.warmup = 50 }, [(49, 1), (99, 4e-6)])
  }

  @Test func noFactorIsNegativeOrNoNumber() {
    for kind in LearningRateSchedule.Kind.allCases {
      for (steps, warmup, period) in [(1, 0, 0), (1, 5, 0), (7, 7, 0), (7, 2, 1), (100, 0, 3)] {
        let schedule = schedule(kind, steps: steps) {
          $0.warmup = warmup
          $0.period = period
        }
        for step in 0..<20 {
          let factor = schedule.factor(after: step)
          #expect(factor >= 0 && factor <= 1, "\(schedule) after \(step): \(factor)")
        }
      }
    }
  }

  @Test func aScheduleIsSaidInALine() {
    #expect(schedule(.constant).description == "constant")
    let cosine = schedule(.cosine) {
      $0.warmup = 10
      $0.floor = 0.1
    }
    #expect(cosine.description == "cosine over 90 steps to 0.1 after 10 of warm-up")
    #expect(schedule(.step) { $0.period = 30 }.description == "times 0.1 every 30 steps")
    #expect(schedule(.noam) { $0.warmup = 40 }.description == "noam, highest after 40 steps")
  }
}
