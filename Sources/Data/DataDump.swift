import Engine
import Formats

/// A data set as lines of CSV: a line a time step, the inputs as networks see them, then what is to
/// be predicted, by its name or in its own unit; empty where it does not count.
public struct DataDump: Sendable {
  private let dataset: any Dataset

  /// The lines of `dataset`.
  public init(_ dataset: any Dataset) { self.dataset = dataset }

  /// The names of the columns.
  public var header: String {
    let width = dataset.input.features.reduce(1, *)
    let inputs = width == 1 ? ["x"] : (0..<width).map { "x\($0)" }
    let further = dataset.namedInputs.sorted { $0.key < $1.key }.flatMap { name, signature in
      (0..<signature.features.reduce(1, *)).map { "\(name)\($0)" }
    }
    let targets: [String] =
      if case .classes = dataset.target.kind { ["target"] } else { dataset.target.labels }
    return (["sequence", "step"] + inputs + further + targets).map(Self.cell)
      .joined(separator: ",")
  }

  /// The lines of sequence `index` of `split`.
  public func lines(_ index: Int, of split: Split) -> [String] {
    let example = dataset.example(index, of: split)
    let batch = example.batch
    let time = dataset.input.isSequence ? batch.input.shape[1] : 1
    let inputs = Self.columns(batch.input, isSequence: true, time)
    let further = dataset.namedInputs.sorted { $0.key < $1.key }.map { name, signature in
      batch.namedInputs[name].map { Self.columns($0, isSequence: signature.isSequence, time) } ?? []
    }
    return (0..<time).map { t in
      var cells = [String(index), String(t)] + inputs[t]
      for columns in further { cells += columns[t] }
      cells += targets(batch, t, of: time, above: example.levels?.base(t) ?? 0)
      return cells.map(Self.cell).joined(separator: ",")
    }
  }

  /// The cells of one input, a row a time step; what has no time is in the first row only.
  private static func columns(_ input: Tensor, isSequence: Bool, _ time: Int) -> [[String]] {
    let values = input.scalars.map(text)
    guard !isSequence else { return values.cut(values.count / max(1, time)) }
    let empty = Array(repeating: "", count: values.count)
    return [values] + Array(repeating: empty, count: time - 1)
  }

  /// The targets that belong to step `t`: those of a whole sequence stand in its last line.
  private func targets(
    _ batch: Batch, _ t: Int, of time: Int, above base: Double
  ) -> [String] {
    let row = dataset.target.isPerStep ? t : 0
    let counts = (batch.weights?[row] ?? 1) > 0 && (dataset.target.isPerStep || t == time - 1)
    switch (batch.targets, dataset.target.kind) {
    case (.classes(let classes), _):
      return [counts ? dataset.target.labels[Int(classes[row])] : ""]
    case (.values(let values), .values(let quantities)):
      return quantities.enumerated().map { column, quantity in
        counts ? String(base + quantity.inUnit(values[row, column])) : ""
      }
    case (.values(let values), _):
      return (0..<dataset.target.width).map { counts ? Self.text(values[row, $0]) : "" }
    }
  }

  /// The shortest text that reads back as the same number.
  private static func text(_ value: Float) -> String {
    value == value.rounded() && abs(value) < 1e7 ? String(Int(value)) : String(value)
  }

  /// A cell that no spreadsheet takes for a formula, in quotes where it needs them.
  public static func cell(_ text: String) -> String {
    var text = text
    if let first = text.first, "=+-@".contains(first), Double(text) == nil { text = "'" + text }
    guard text.contains(where: { ",\"\n\r".contains($0) }) || text.first == " " || text.last == " "
    else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
