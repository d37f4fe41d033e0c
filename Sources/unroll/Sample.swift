import ArgumentParser
import Data
import Formats
import Glibc
import Inspection

/// Lets a trained character model write.
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write text with a trained character model.",
    discussion: TrainedModel.sources)

  @OptionGroup var model: TrainedModel

  @Option(help: "How many characters to write.")
  var length = 500

  @Option(help: "Text to go on from.")
  var prime = ""

  @Option(help: "0 takes the likeliest character, 1 the model's own odds.")
  var temperature = 0.8

  @Option(help: "Draw from so many likeliest characters; 0: from all.")
  var topK = 0

  @Option(help: "Draw from the likeliest characters with this share of the odds; 1: from all.")
  var topP = 1.0

  @Option(help: "The seed of the drawing.")
  var seed: UInt64 = 1

  @Flag(help: "Write even if the text is not the one that the model was trained on.")
  var changedText = false

  func validate() throws {
    guard 1...10_000_000 ~= length else {
      throw ValidationError("--length needs a number from 1 to 10000000, got \(length).")
    }
    guard temperature >= 0, temperature.isFinite else {
      throw ValidationError(
        "--temperature needs a number of 0 or more, got \(temperature). "
          + "Use 1 for the model's own odds.")
    }
    guard topK >= 0 else {
      throw ValidationError("--top-k needs a number of 0 or more, got \(topK). 0 draws from all.")
    }
    guard topP > 0, topP <= 1 else {
      throw ValidationError(
        "--top-p needs a number above 0 and at most 1, got \(topP). 1 draws from all.")
    }
  }

  func run() throws {
    do {
      let model = try LoadedModel(model.checkpoint(for: "Sampling"))
      guard let text = model.dataset as? TextDataset else {
        throw Failure("Sampling needs a model of a text, got \(model.dataset.name).", status: 65)
      }
      try model.checkData(
        for: "Sampling", noun: "text", allowed: changedText, flag: "--changed-text")
      let network = try model.network(
        for: "Sampling from this model", batch: 1, time: max(1, prime.unicodeScalars.count))
      var generator = try TextGenerator(
        network: network, vocabulary: text.vocabulary, prime: prime,
        rule: SamplingRule(temperature: temperature, topK: topK, topP: topP), seed: seed)
      write(prime)
      for _ in 0..<length {
        guard let character = generator.next() else { break }
        write(String(character))
      }
      Output.raw("\n")
      if let failure = generator.failure { throw Failure(failure.description) }
    } catch {
      throw Failure(error)
    }
  }

  /// Prints what belongs to the text: as it is, but on a terminal nothing that could steer it.
  private func write(_ text: String) {
    guard Output.isTerminal(STDOUT_FILENO) else { return Output.raw(text) }
    let isPlain = { (character: Unicode.Scalar) in
      SafeText.isSafe(character) || character == "\n" || character == "\t"
    }
    Output.raw(
      String(String.UnicodeScalarView(text.unicodeScalars.map { isPlain($0) ? $0 : "\u{FFFD}" })))
  }
}
