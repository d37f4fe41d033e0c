import Engine
import Formats

/// Where the time of a workload's steps went, in milliseconds a step.
public struct StepProfile: Sendable {
  /// One layer's share, without that of the layers inside it.
  public struct Row: Sendable, Equatable {
    /// The layer.
    public let layer: String
    /// Its forward pass.
    public let forward: Double
    /// Its backward pass.
    public let backward: Double
  }

  /// The layers in the order that they were run first.
  public let layers: [Row]
  /// The rest: `data`, `loss` (forward and backward), `clipping`, `update`; those there were.
  public let rest: [(name: String, time: Double)]
  /// The kernels that were called, with the time and the calls of one step.
  public let kernels: [Kernel]
  /// Milliseconds that all threads together have in a step, working or not.
  public let threadTime: Double
  /// The steps that were looked at.
  public let steps: Int

  /// One kernel's share.
  public struct Kernel: Sendable, Equatable {
    /// The kernel.
    public let name: String
    /// Milliseconds of all threads together.
    public let time: Double
    /// The calls, one for each part that work was cut into.
    public let calls: Double
  }

  /// What threads did outside of kernels, which is mostly to wait for each other.
  public var outsideKernels: Double { threadTime - kernels.reduce(0) { $0 + $1.time } }

  /// All of it together.
  public var total: Double {
    layers.reduce(0) { $0 + $1.forward + $1.backward } + rest.reduce(0) { $0 + $1.time }
  }

  /// What `times` in milliseconds of `steps` steps come to, with what was counted of kernels while
  /// all threads together had `threadTime`.
  init(
    _ times: [(part: Profile.Part, time: Double)], kernels: [KernelProfile.Count] = [],
    threadTime: Double = 0, steps: Int
  ) {
    let count = Double(max(1, steps))
    self.threadTime = threadTime / count
    self.kernels = kernels.map {
      Kernel(
        name: $0.kernel.rawValue, time: $0.milliseconds / count, calls: Double($0.calls) / count)
    }
    func mean(_ belongs: (Profile.Part) -> Bool) -> Double {
      times.reduce(0) { $0 + (belongs($1.part) ? $1.time : 0) } / count
    }
    self.steps = steps
    var names: [String] = []
    for case let name? in times.map(\.part.layer) where !names.contains(name) { names.append(name) }
    layers = names.map { name in
      Row(
        layer: name, forward: mean { $0 == Profile.Part(.forward, name) },
        backward: mean { $0 == Profile.Part(.backward, name) })
    }
    let phases: [Profile.Part.Phase] = [.data, .loss, .clipping, .update]
    let known = Set(times.map(\.part.phase))
    rest = phases.filter(known.contains).map { phase in
      (
        phase.rawValue,
        mean { $0.layer == nil && ($0.phase == phase || phase == .loss && $0.phase == .backward) }
      )
    }
  }

  /// The profile as JSON.
  public var json: JSON {
    [
      "steps": .integer(steps),
      "layers": .array(
        layers.map {
          [
            "name": .string($0.layer), "forward_ms": .number($0.forward),
            "backward_ms": .number($0.backward),
          ]
        }),
      "rest": JSON(rest.map { ($0.name + "_ms", .number($0.time)) }),
      "thread_ms": .number(threadTime),
      "kernels": .array(
        kernels.map {
          ["name": .string($0.name), "thread_ms": .number($0.time), "calls": .number($0.calls)]
        }),
    ]
  }
}

extension Workload {
  /// Does steps for about `seconds` and at least five of them, after some that do not count, and
  /// notes where their time goes.
  public func profile(seconds: Double) throws -> StepProfile {
    let profile = Profile()
    let step = try makeStep(profile)
    for _ in 0..<3 { try step() }
    profile.reset()
    KernelProfile.begin()
    let start = ContinuousClock.now
    var steps = 0
    repeat {
      try step()
      steps += 1
    } while ContinuousClock.now < start + .seconds(seconds) || steps < 5
    let time = (ContinuousClock.now - start) / .milliseconds(1)
    return StepProfile(
      profile.milliseconds, kernels: KernelProfile.end(),
      threadTime: time * Double(Workers.threads), steps: steps)
  }
}
