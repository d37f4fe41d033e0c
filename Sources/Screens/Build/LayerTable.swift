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
    let list = inside.inset(right: 1, bottom: 1)
    table(canvas.palette, width: list.width).draw(on: &canvas, in: list)
    let total = inside.row(inside.height - 1).inset(left: 1, right: 1)
    let count = preview.document.model.tree.count + 2
    let window = ScrollWindow(total: count, visible: inside.height - 2, cursor: cursor)
    let rest = window.rest(of: count)
    canvas.write(rest, x: total.endX - DisplayWidth.of(rest), y: total.y)
    canvas.write(
      totals, x: total.x, y: total.y, style: canvas.palette[.muted],
      limit: total.width - (rest.isEmpty ? 0 : DisplayWidth.of(rest) + 2), ellipsis: true)
  }

  /// The row at row `y` of the canvas when drawn in `rect`.
  func row(y: Int, in rect: Rect) -> Int? {
    let list = Frame.content(of: rect).inset(right: 1, bottom: 1)
    return table(Palette(.plain), width: list.width).row(y: y, in: list)
  }

  private func table(_ palette: Palette, width: Int) -> Table {
    // Names carry the lines of a tree; without one, types say more.
    let isTree = preview.document.model.layers.contains { !$0.children.isEmpty }
    // A kind alone says more than no type at all, and so does its beginning.
    var rows = rows(palette, settings: true)
    if isTree, needed(for: rows) > width { rows = self.rows(palette, settings: false) }
    let shortest = isTree && needed(for: rows) > width ? 10 : nil
    return Table(
      columns: [
        .init("#", priority: 5), .init("name", priority: isTree ? 2 : 1),
        .init("type", minimum: shortest, priority: isTree ? 1 : 2),
        .init("output", minimum: outputWidth, grows: true, priority: 4),
        .init("parameters", alignment: .right, priority: 3),
      ],
      rows: rows, selected: cursor, isFocused: isFocused)
  }

  /// The columns that `rows` take: the cursor, then numbers, names, types, outputs and parameters
  /// with two columns between each two.
  private func needed(for rows: [[StyledText]]) -> Int {
    let start = (0..<3).map { column in rows.map { $0[column].width }.max() ?? 0 }
    return 1 + start.reduce(0) { $0 + $1 + 2 } + outputWidth + 2 + DisplayWidth.of("parameters")
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

  private func rows(_ palette: Palette, settings: Bool) -> [[StyledText]] {
    let tree = preview.document.model.tree
    let guides = TreeGuides(tree.map(\.path))
    let layers = tree.enumerated().map { index, layer in
      let main = settings ? layer.entry.spec.settings.first.map { " \($0.value)" } : nil
      let name =
        StyledText(guides.before(layer.path), palette[.muted])
        + StyledText(layer.entry.name.shortened(to: 24))
      let start = [StyledText("\(layer.path)"), name, StyledText(layer.entry.kind + (main ?? ""))]
      return layerRow(index, start, palette)
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

  /// The row that begins with the number, the name and the type in `start`.
  private func layerRow(
    _ index: Int, _ start: [StyledText], _ palette: Palette
  ) -> [StyledText] {
    guard preview.rows.indices.contains(index) else {
      return start + [StyledText("?", palette[.muted])]
    }
    let row = preview.rows[index]
    if let error = row.error {
      return [StyledText(start[0].text, palette[.error])] + start.dropFirst()
        + [StyledText("! \(error.description)", palette[.error])]
    }
    guard let output = row.output else { return start + [StyledText("?", palette[.muted])] }
    let count = row.parameterCount
    var flows = StyledText("\(output)")
    if row.seesLaterSteps { flows.append("  not causal", palette[.warning]) }
    return start + [
      flows,
      count > 0 ? StyledText(NumberText.count(count)) : StyledText("0", palette[.muted]),
    ]
  }

  private func lossRow(_ palette: Palette) -> [StyledText] {
    let loss = preview.document.training.loss
    guard let target = preview.target else {
      return ["loss", "", StyledText(loss == .standard ? "?" : loss.rawValue)]
    }
    let name = loss.resolved(for: target.kind).rawValue
    let needs = "needs \(target.outputText)"
    if preview.misfit != nil {
      return ["loss", "", StyledText(name), StyledText("! \(needs)", palette[.error])]
    }
    let isMet = preview.output != nil
    return [
      "loss", "", StyledText(name), StyledText(needs),
      isMet ? StyledText("ok", palette[.good]) : StyledText("?", palette[.muted]),
    ]
  }
}
