import CKernels

extension Kernels {
  /// The most floating-point operations that this machine does with the instruction set in use on as
  /// many threads as `Workers` has, in 10⁹ a second: chains of fused multiply-adds (multiplications
  /// and additions where the set has none) that touch no memory. The best of trials for `seconds`.
  public static func peakGigaflops(seconds: Double = 0.1) -> Double {
    let (rounds, threads) = (40_000, Workers.threads)
    let operations = Double(threads) * multiplyAdds(rounds: rounds)
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    var best = Duration.seconds(1)
    repeat {
      let start = clock.now
      Workers.run(threads, cost: .max) { share in
        for _ in share { _ = multiplyAdds(rounds: rounds) }
      }
      best = min(best, clock.now - start)
    } while clock.now < end
    return operations / (best / .nanoseconds(1))
  }

  /// Does `rounds` of multiply-adds on this thread; returns the operations that they were.
  private static func multiplyAdds(rounds: Int) -> Double {
    var sum: Float = 0
    return ck_multiply_adds(isa, rounds, 0.5, 1, &sum)
  }
}
