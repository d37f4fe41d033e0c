import Canvas
import Data
import Layers
import Workbench

/// The layers with what flows out of each, between the data and the loss.
struct LayerTable: Widget {
  /// The session that is shown.
  let session: SessionView
  /// The model, with a value that is being typed.
  let preview: ModelPreview
  /// The row under the cursor.
  let cursor: Int
  /// Whether the keys go to the table.
  let isFocused: Bool

  func draw(on canvas: inout Canvas, in rect: Rect) {
    Frame(
      "layers", note: preview.isChanged ? "as typed, not applied yet" : "", isFocused: isFocused
    ).draw(on: &canvas, in: rect)
    let inside = Frame.content(of: rect)
    table(canvas.palette).draw(on: &canvas, in: inside.inset(right: 1, bottom: 1))
    let total = inside.row(inside.height - 1)
    canvas.write(
      totals, x: total.x + 1, y: total.y, style: canvas.palette[.muted], limit: total.width - 2,
      ellipsis: true)
  }

  /// The row at row `y` of the canvas when drawn in `rect`.
  func row(y: Int, in rect: Rect) -> Int? {
    table(Palette(.plain)).row(y: y, in: Frame.content(of: rect).inset(right: 1, bottom: 1))
  }

  private func table(_ palette: Palette) -> Table {
    // Names carry the lines of a tree; without one, types say more.
    let isTree = preview.document.model.layers.contains { !$0.children.isEmpty }
    return Table(
      columns: [
        .init("#", priority: 5), .init("name", priority: isTree ? 2 : 1),
        .init("type", priority: isTree ? 1 : 2),
        .init("output", minimum: outputWidth, grows: true, priority: 4),
        .init("parameters", alignment: .right, priority: 3),
      ],
      rows: rows(palette), selected: cursor, isFocused: isFocused)
  }

  /// The columns that every output takes; an error may be cut off, it is said in full elsewhere.
  private var outputWidth: Int {
    let outputs = preview.rows.compactMap(\.output) + [session.input].compactMap(\.self)
    let needs = session.target.map { DisplayWidth.of("! needs \($0.output)") } ?? 0
    return outputs.map { DisplayWidth.of("\($0)") }.reduce(max(needs, 12), max)
  }

  private var totals: String {
    let count = NumberText.count(preview.parameterCount)
    guard preview.input != nil else { return "parameters are not known yet" }
    guard preview.output != nil else { return "\(count) parameters so far" }
    let parameters = "total \(count) parameters"
    guard let memory = preview.memory(session) else { return parameters }
    return parameters + " · \(NumberText.withUnit(Double(memory), "B")) to train"
  }

  private func rows(_ palette: Palette) -> [[StyledText]] {
    let tree = preview.document.model.tree
    let guides = TreeGuides(tree.map(\.path))
    let layers = tree.enumerated().map { index, layer in
      layerRow(index, layer.path, layer.entry, guides.before(layer.path), palette)
    }
    return [dataRow(palette)] + layers + [lossRow(palette)]
  }

  private func dataRow(_ palette: Palette) -> [StyledText] {
    let output =
      preview.input.map { StyledText("\($0)") }
      ?? (preview.hasOtherData(than: session)
        ? StyledText("Enter loads it", palette[.muted]) : StyledText("! no data", palette[.error]))
    let name = preview.document.data.sourceText.split(separator: "/").last.map(String.init) ?? ""
    return ["in", StyledText(name.shortened(to: 24)), "data", output]
  }

  private func layerRow(
    _ index: Int, _ path: LayerPath, _ entry: LayerEntry, _ guides: String, _ palette: Palette
  ) -> [StyledText] {
    let main = entry.spec.settings.first.map { " \($0.value)" } ?? ""
    var name = StyledText(guides, palette[.muted])
    name.append(entry.name.shortened(to: 24))
    let start = [StyledText("\(path)"), name, StyledText(entry.kind + main)]
    guard preview.rows.indices.contains(index) else {
      return start + [StyledText("?", palette[.muted])]
    }
    let row = preview.rows[index]
    if let error = row.error {
      return [StyledText("\(path)", palette[.error])] + start.dropFirst()
        + [StyledText("! \(error.description)", palette[.error])]
    }
    guard let output = row.output else { return start + [StyledText("?", palette[.muted])] }
    let count = row.parameterCount
    return start + [
      StyledText("\(output)"),
      count > 0 ? StyledText(NumberText.count(count)) : StyledText("0", palette[.muted]),
    ]
  }

  private func lossRow(_ palette: Palette) -> [StyledText] {
    guard let target = preview.target else { return ["loss", "", "cross entropy"] }
    let needs = "needs \(target.output)"
    if preview.misfit != nil {
      return ["loss", "", "cross entropy", StyledText("! \(needs)", palette[.error])]
    }
    let isMet = preview.output != nil
    return [
      "loss", "", "cross entropy", StyledText(needs),
      isMet ? StyledText("ok", palette[.good]) : StyledText("?", palette[.muted]),
    ]
  }
}
