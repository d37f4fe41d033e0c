import Data
import Formats
import Inspection

/// What a model makes of new sequences, as people and programs read it.
struct PredictionReport {
  private let target: Target
  private let data: String
  private let weightsStep: Int
  /// Whether steps are symbols, which stand beside what is said of them.
  private let readsSymbols: Bool
  private let top: Int
  private var answers: [Answer] = []

  /// What is said of a step, or of a whole sequence.
  private struct Answer {
    let sequence: String
    /// The number of the step, from 1; nil: of the whole.
    let step: Int?
    /// What the step reads as.
    let symbol: String
    /// Names and numbers: labels with probabilities, or quantities with values.
    let numbers: [(name: String, value: Double)]
  }

  /// No answers yet of `model`, with the `top` likeliest labels of each.
  init(_ model: LoadedModel, _ target: Target, top: Int?) {
    self.target = target
    data = model.dataset.name
    weightsStep = model.checkpoint.step
    readsSymbols = target.isPerStep && model.dataset.input.vocabulary != nil
    self.top = top ?? (target.isPerStep ? 1 : 3)
  }

  /// Adds what was made of `part`, whose steps read as `symbols`.
  mutating func add(
    _ predictions: Predictions, of part: NewSequences.Part, reading symbols: [String]
  ) {
    guard target.isPerStep else {
      let answer = Answer(
        sequence: part.name, step: nil, symbol: "", numbers: numbers(of: predictions, at: 0))
      return answers.append(answer)
    }
    for t in part.told {
      answers.append(
        Answer(
          sequence: part.name, step: part.offset + t + 1, symbol: symbols[t],
          numbers: numbers(of: predictions, at: t)))
    }
  }

  private func numbers(
    of predictions: Predictions, at t: Int
  ) -> [(name: String, value: Double)] {
    switch target.kind {
    case .classes(let labels):
      predictions.outcomes[t].alternatives(top).map { (labels[$0.label], Double($0.probability)) }
    case .points:
      predictions.point.enumerated().map { ("x\($0)", Double($1)) }
    case .flags, .values:
      Array(zip(target.labels, predictions.forecasts[t].values)).map { ($0, $1) }
    }
  }

  /// Whether the numbers are probabilities of labels.
  private var hasLabels: Bool {
    switch target.kind {
    case .classes, .flags: true
    case .values, .points: false
    }
  }

  private var isRanked: Bool { if case .classes = target.kind { true } else { false } }

  /// A line for each number; one that is not finite is an empty cell.
  var csv: String {
    let steps = target.isPerStep ? ["step"] + (readsSymbols ? ["input"] : []) : []
    let names = (isRanked ? ["rank"] : []) + (hasLabels ? ["label", "probability"] : valueNames)
    var text = (["sequence"] + steps + names).joined(separator: ",") + "\n"
    for answer in answers {
      let place =
        [DataDump.cell(answer.sequence)] + (answer.step.map { [String($0)] } ?? [])
        + (readsSymbols ? [DataDump.cell(answer.symbol)] : [])
      for (rank, number) in answer.numbers.enumerated() {
        let value = number.value.isFinite ? "\(Float(number.value))" : ""
        let cells =
          place + (isRanked ? [String(rank + 1)] : []) + [DataDump.cell(number.name), value]
          + (hasUnits ? [DataDump.cell(unit(of: rank))] : [])
        text += cells.joined(separator: ",") + "\n"
      }
    }
    return text
  }

  private var valueNames: [String] { ["quantity", "value"] + (hasUnits ? ["unit"] : []) }

  private var hasUnits: Bool {
    guard case .values(let quantities) = target.kind else { return false }
    return quantities.contains { !$0.unit.isEmpty }
  }

  private func unit(of place: Int) -> String {
    guard case .values(let quantities) = target.kind else { return "" }
    return quantities[place].unit
  }

  /// Everything.
  var json: JSON {
    [
      "schema": 1, "data": .string(data), "weights_step": .integer(weightsStep),
      "answers": .array(answers.map(object)),
    ]
  }

  private func object(_ answer: Answer) -> JSON {
    let numbers = answer.numbers.enumerated().map { place, number -> JSON in
      let value = number.value.isFinite ? JSON.number(number.value) : .null
      return JSON(
        [
          (hasLabels ? "label" : "quantity", .string(number.name)),
          (hasLabels ? "probability" : "value", value),
        ] + (hasUnits ? [("unit", .string(unit(of: place)))] : []))
    }
    return JSON(
      [("sequence", .string(answer.sequence))]
        + (answer.step.map { [("step", .integer($0))] } ?? [])
        + (readsSymbols ? [("input", .string(answer.symbol))] : [])
        + [(hasLabels ? "labels" : "values", .array(numbers))])
  }
}
