import Formats

/// Every experiment that can be named, in the order of the catalogue.
public enum ExperimentRegistry {
  /// The experiments; a new one is one line here.
  public static let all: [Experiment] = [
    .digitsDense, .digitsConvolution, .digitsRows, .penDigits, .penPoints, .vowels, .watch, .splice,
    .names,
    .authors, .weather,
    .adding, .forgetBias, .irnn, .indrnn, .peepholes,
    .parity, .matchToSample, .reber, .dnaMotifs, .modularSum,
    .mackeyGlass, .sines, .narma, .sunspots, .manySteps, .carbonDioxide,
    .lookAhead, .characters, .depth, .matrix,
    .clipping, .gradientFlow, .zoneout, .batchNormLSTM,
    .cascade, .parallel, .movingDigits,
  ]

  /// The experiment called `name`, or an error that offers the nearest name.
  public static func experiment(_ name: String) throws(ExperimentError) -> Experiment {
    guard let found = all.first(where: { $0.name == name }) else {
      throw .broken(
        "Unknown experiment \(SafeText.quoted(name))."
          + Suggestion.choice(for: name, among: all.map(\.name)))
    }
    return found
  }
}
