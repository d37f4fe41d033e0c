import Formats
import Testing

struct SuggestionTests {
  private let names = [
    "training.learning_rate", "training.loss", "data.target", "Preis, €", "seed",
  ]

  private func nearest(_ word: String) -> String? { Suggestion.nearest(to: word, among: names) }

  @Test func aSlipIsNear() {
    #expect(nearest("sead") == "seed" && nearest("data.tagret") == "data.target")
    #expect(nearest("xyz") == nil)
  }

  @Test func aPartOfOnlyOneNameIsMeant() {
    #expect(nearest("learning_rate") == "training.learning_rate")
    #expect(nearest("target") == "data.target")
    #expect(nearest("preis") == "Preis, €")
    // Two begin with it, and two letters say too little.
    #expect(nearest("training") == nil && nearest("Pr") == nil)
  }
}

struct DigitsTests {
  @Test func theSmallestAndTheLargestNumbersHaveDigits() {
    #expect(Double.leastNonzeroMagnitude.formatted(3) == "4.94e-324")
    #expect((-1e-300 / 1e10).formatted(2) == "-1.0e-310")
    #expect(Double.greatestFiniteMagnitude.formatted(3) == "1.80e308")
    #expect(9.96e-10.formatted(2) == "1.0e-9" && (-9.999e20).formatted(2) == "-1.0e21")
    #expect(1.5e-12.formatted(2) == "1.5e-12" && 0.25.formatted(2) == "0.25")
  }
}
