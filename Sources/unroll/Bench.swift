import ArgumentParser

/// What can be timed.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Time training steps, matrix products, and how steps grow.",
    discussion: """
      'unroll bench' times steps of all standard workloads, 'unroll bench NAME …' those of some; \
      'unroll bench steps --help' lists them.
      """,
    subcommands: [BenchSteps.self, BenchProducts.self, BenchCurves.self],
    defaultSubcommand: BenchSteps.self)

  /// Refuses times to measure for that make no sense.
  static func check(seconds: Double) throws {
    guard seconds > 0, seconds <= 3600 else {
      throw ValidationError("--seconds needs a number above 0 and up to 3600, got \(seconds).")
    }
  }

  /// Refuses numbers of threads that make no sense.
  static func check(threads: [Int]) throws {
    for count in threads where !(1...1024).contains(count) {
      throw ValidationError("--threads needs a number from 1 to 1024, got \(count).")
    }
  }
}
