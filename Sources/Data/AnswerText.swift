import Formats

extension SampleForm {
  /// What is to be predicted of a whole sample, to follow its name: `, a '3'`, `, sum 1.25`; empty
  /// where every step has a target of its own.
  func answer(of sample: Sample, _ kind: (String) -> String) -> String {
    guard !target.isPerStep else { return "" }
    switch (sample.answer, target.kind) {
    case (.classes(let classes), .classes(let labels)):
      return classes.first.map { ", " + kind(labels[Int($0)]) } ?? ""
    case (.values(let values), .values(let quantities)):
      return zip(quantities, values).map { quantity, value in
        ", \(SafeText.line(quantity.name)) \(shortText(quantity.inUnit(value)))"
          + (quantity.unit.isEmpty ? "" : " " + quantity.unit)
      }.joined()
    case (.values(let values), .flags(let labels)):
      let names = zip(labels, values).filter { $1 > 0 }.map { SafeText.line($0.0) }
      return ", " + (names.isEmpty ? "none" : names.joined(separator: ", "))
    default: return ""
    }
  }
}

/// `value` with three digits after the point at most, for words about examples.
func shortText(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return String(value) }
  let thousandths = Int((abs(value) * 1000).rounded())
  let digits = String(thousandths % 1000 + 1000).dropFirst()
  let fraction = String(digits).replacing(/0+$/, with: "")
  let sign = value < 0 && thousandths > 0 ? "-" : ""
  return sign + String(thousandths / 1000) + (fraction.isEmpty ? "" : "." + fraction)
}
