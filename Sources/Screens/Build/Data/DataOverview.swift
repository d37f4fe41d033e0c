import Canvas
import Data
import Inspection

/// What is known of the data of a recipe, line by line.
struct DataOverview {
  private let preview: DataPreview

  /// The words of `preview`.
  init(_ preview: DataPreview) { self.preview = preview }

  /// The most classes that are listed.
  private static let mostClasses = 40

  /// The lines, top down.
  func lines(_ width: Int, _ palette: Palette) -> [StyledText] {
    let report = preview.report
    func muted(_ text: String) -> StyledText { StyledText(text, palette[.muted]) }
    var lines = WordWrap.lines(of: preview.summary, width: width).map { StyledText($0, nil) }
    lines += report.notes.flatMap { WordWrap.lines(of: $0, width: width) }.map(muted)
    lines += ["", muted(row(["split", "sequences", "steps", "shortest", "mean", "longest"]))]
    lines += report.parts.map { part in
      StyledText(
        row([
          part.split.rawValue, NumberText.count(part.sequences), NumberText.count(part.steps),
          "\(part.shortest)", NumberText.short(part.mean), "\(part.longest)",
        ]))
    }
    if let inputs = report.inputs {
      lines.append(muted("inputs \(ends(inputs)), of the training split"))
    }
    if let padding = report.padding, padding > 0 {
      lines.append(muted("\(NumberText.percent(padding)) of an epoch's batches is padding"))
    }
    return lines + lengths(width, palette) + classes(palette) + columns(palette)
      + baselines(palette)
  }

  private func row(_ words: [String]) -> String {
    (words.first ?? "").padded(to: 12) + words.dropFirst().map { $0.padded(to: -11) }.joined()
  }

  private func ends(_ range: DataColumn.Range) -> String {
    "\(NumberText.short(range.least)) to \(NumberText.short(range.greatest)), mean "
      + NumberText.short(range.mean)
  }

  /// The histogram of lengths; nothing where all are as long.
  private func lengths(_ width: Int, _ palette: Palette) -> [StyledText] {
    guard preview.lengths.count > 1 else { return [] }
    let most = max(1, preview.lengths.map(\.count).max() ?? 1)
    let room = max(1, min(40, width - 24))
    return ["", StyledText("length of training sequences", palette[.muted])]
      + preview.lengths.map { bin in
        let name =
          bin.lengths.count > 1
          ? "\(bin.lengths.lowerBound)-\(bin.lengths.upperBound)" : "\(bin.lengths.lowerBound)"
        let bar = String(repeating: "█", count: bin.count * room / most)
        return StyledText(name.padded(to: -12) + " ") + StyledText(bar, palette.series(0))
          + StyledText(" \(bin.count)")
      }
  }

  private func classes(_ palette: Palette) -> [StyledText] {
    guard !preview.labels.isEmpty else { return [] }
    let parts = preview.report.parts
    let shown = preview.labels.indices.prefix(Self.mostClasses)
    let rest = preview.labels.count - shown.count
    return [
      "",
      StyledText(row(["class"] + parts.map(\.split.rawValue)), palette[.muted]),
    ]
      + shown.map { index in
        StyledText(
          row(
            [preview.labels[index].shortened(to: 11)]
              + parts.map { $0.classes.isEmpty ? "–" : NumberText.count($0.classes[index]) }))
      } + (rest > 0 ? [StyledText("and \(rest) more", palette[.muted])] : [])
  }

  private func columns(_ palette: Palette) -> [StyledText] {
    let columns = preview.report.columns
    guard !columns.isEmpty else { return [] }
    return ["", StyledText(row(["column", "role", "missing", "distinct"]), palette[.muted])]
      + columns.map { column in
        StyledText(
          row([
            column.name.shortened(to: 11), String(column.role.rawValue.prefix(10)),
            NumberText.count(column.missing), NumberText.count(column.distinct),
          ]) + (column.range.map { "  " + ends($0) } ?? "  words"))
      }
  }

  private func baselines(_ palette: Palette) -> [StyledText] {
    guard !preview.report.baselines.isEmpty else { return [] }
    return ["", StyledText("simple methods, on the validation split", palette[.muted])]
      + preview.report.baselines.map {
        StyledText(NumberText.fixed($0.value, width: 11) + "  " + $0.name)
      }
  }
}
