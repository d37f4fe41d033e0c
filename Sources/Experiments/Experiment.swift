/// A claim about recurrent networks and how to put it to the test: small, seeded, judging itself.
///
/// An experiment trains what the claim is about, beside it a control that must fail or do worse, and
/// says what it found. The same seed gives the same numbers with any number of threads.
public struct Experiment: Sendable {
  /// The name on the command line: `adding`.
  public let name: String
  /// What is claimed, one sentence.
  public let claim: String
  /// Where the claim comes from.
  public let source: String
  /// Whether it takes a few seconds only, so that the tests can run it.
  public let isQuick: Bool
  private let procedure: @Sendable (Laboratory) throws -> Void

  /// An experiment that `procedure` carries out.
  public init(
    name: String, claim: String, source: String, isQuick: Bool = false,
    procedure: @escaping @Sendable (Laboratory) throws -> Void
  ) {
    self.name = name
    self.claim = claim
    self.source = source
    self.isQuick = isQuick
    self.procedure = procedure
  }

  /// Carries the experiment out and says what it found.
  ///
  /// `tell` gets lines about what is going on; `goesOn` is asked between training steps, and when it
  /// says no, `ExperimentError.interrupted` is thrown.
  public func run(
    seed: UInt64 = 1, tell: @escaping (String) -> Void = { _ in },
    while goesOn: @escaping () -> Bool = { true }
  ) throws -> ExperimentReport {
    let laboratory = Laboratory(seed: seed, tell: tell, while: goesOn)
    try procedure(laboratory)
    return laboratory.report(of: self)
  }
}

/// Why an experiment has no result.
public enum ExperimentError: Error, Equatable, CustomStringConvertible {
  /// It was asked to stop.
  case interrupted
  /// Something it needs cannot be had; the sentence says what.
  case broken(String)

  /// The sentence.
  public var description: String {
    switch self {
    case .interrupted: "The experiment was interrupted."
    case .broken(let sentence): sentence
    }
  }
}
