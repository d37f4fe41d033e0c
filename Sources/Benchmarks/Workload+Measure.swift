import Data
import Engine
import Layers
import Training

extension Workload {
  /// Times steps for about `seconds` and at least five of them, after some that do not count.
  public func measure(seconds: Double) throws -> Measurement {
    let step = try makeStep()
    for _ in 0..<3 { try step() }
    let clock = ContinuousClock()
    let before = Pool.statistics.systemAllocations
    let end = clock.now + .seconds(seconds)
    var times: [Double] = []
    repeat {
      let start = clock.now
      try step()
      times.append((clock.now - start) / .milliseconds(1))
    } while clock.now < end || times.count < 5
    let allocations = Pool.statistics.systemAllocations - before
    return Measurement(
      name: name, milliseconds: times, peakMemory: PeakMemory.bytes(),
      cost: .init(work: work, allocationsPerStep: Double(allocations) / Double(times.count)))
  }

  /// What does one step each time it is called, and tells `profile` where it is.
  func makeStep(_ profile: Profile? = nil) throws -> () throws -> Void {
    let network = try makeNetwork()
    switch step {
    case .training:
      let trainer = try Trainer(
        network: network, dataset: RandomDataset(data), recipe: recipe, seed: 1)
      trainer.profile = profile
      return { _ = try trainer.trainStep() }
    case .evaluation:
      let input = data.makeBatch().input
      var pass = Pass()  // carries the states on
      pass.profile = profile
      return { _ = network(input, &pass) }
    }
  }
}
