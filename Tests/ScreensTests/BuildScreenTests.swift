import Canvas
import Layers
import Testing
import Workbench

@testable import Screens

@Suite struct BuildScreenTests {
  private func names(_ desk: Desk) -> [String] { desk.document.model.layers.map(\.name) }

  @Test func aLayerIsAddedFromThePaletteAfterTheCursor() throws {
    var desk = try Desk()
    try desk.press("jjagru<ret>")
    #expect(names(desk) == ["embedding", "lstm", "gru", "linear"])
    #expect(desk.state.build.cursor == 3)
    #expect(desk.state.popups.isEmpty)
  }

  @Test(arguments: [
    ("agru<ret>", ["gru", "embedding", "lstm", "linear"]),
    ("igru<ret>", ["gru", "embedding", "lstm", "linear"]),
    ("jigru<ret>", ["gru", "embedding", "lstm", "linear"]),
    ("Gagru<ret>", ["embedding", "lstm", "linear", "gru"]),
    ("Gigru<ret>", ["embedding", "lstm", "linear", "gru"]),
    ("jjx", ["embedding", "linear"]), ("jjDD", ["embedding"]),
    ("jjJ", ["embedding", "linear", "lstm"]),
    ("jjJK", ["embedding", "lstm", "linear"]), ("jjK", ["lstm", "embedding", "linear"]),
    ("jjrmemory<ret>", ["embedding", "lstmmemory", "linear"]),
    ("jjr<C-u>memory<ret>", ["embedding", "memory", "linear"]),
    ("jjalast_step<ret>u", ["embedding", "lstm", "linear"]),
    ("a<esc>", ["embedding", "lstm", "linear"]),
    ("agrux<ret><esc>", ["embedding", "lstm", "linear"]),
  ])
  func keysEditTheLayers(keys: String, expected: [String]) throws {
    var desk = try Desk()
    try desk.press(keys)
    #expect(names(desk) == expected)
  }

  @Test func theCursorStaysWithAMovedLayerAndInsideTheTable() throws {
    var desk = try Desk()
    try desk.press("jjJ")
    #expect(desk.state.build.cursor == 3)
    try desk.press("K")
    #expect(desk.state.build.cursor == 2)
    try desk.press("jjjjjjj")
    #expect(desk.state.build.cursor == 4)
    try desk.press("gkk")
    #expect(desk.state.build.cursor == 0)
    try desk.press("jjjxxx")
    #expect(names(desk).isEmpty)
    #expect(desk.state.build.cursor == 1)
  }

  @Test(arguments: [
    ("x", "The data cannot be deleted. Put the cursor on a layer."),
    ("Gx", "The loss cannot be deleted. Put the cursor on a layer."),
    ("Gr", "The loss cannot be renamed. Put the cursor on a layer."),
    ("J", "The data cannot be moved. Put the cursor on a layer."),
    ("jK", "This is the first layer already."), ("jjjJ", "This is the last layer already."),
    ("jA", "embedding holds no layers. Press a to add after it, or w to put one around it."),
    ("A", "The data cannot be added to. Put the cursor on a layer."),
    ("w", "The data cannot be wrapped. Put the cursor on a layer."),
    ("jW", "embedding holds no layers. Press a to add after it, or w to put one around it."),
    ("j>", "No neighbour holds layers. Add one that does, such as sequential."),
    ("j<lt>", "This layer is not inside another one."),
    ("Gilast_step<ret>e", "This layer has no settings."), ("u", "There is nothing to undo."),
  ])
  func aKeyThatIsOffSaysWhy(keys: String, reason: String) throws {
    var desk = try Desk()
    try desk.press(keys)
    #expect(desk.state.message == .init(text: reason, isError: true))
  }

  /// What the tree shows after `keys`: places and names.
  private func tree(_ desk: Desk) -> [String] {
    desk.document.model.tree.map { "\($0.path) \($0.entry.name)" }
  }

  @Test(arguments: [
    ("", ["0 embedding", "1 parallel", "1.0 gru", "1.1 gru2", "2 lstm", "3 linear"], "1.1"),
    (">", ["0 embedding", "1 parallel", "1.0 gru", "1.1 gru2", "2 lstm", "3 linear"], "1.1"),
    ("<lt>", ["0 embedding", "1 parallel", "1.0 gru", "2 gru2", "3 lstm", "4 linear"], "2"),
    ("<lt>>", ["0 embedding", "1 parallel", "1.0 gru", "1.1 gru2", "2 lstm", "3 linear"], "1.1"),
    ("K", ["0 embedding", "1 parallel", "1.0 gru2", "1.1 gru", "2 lstm", "3 linear"], "1.0"),
    ("j>", ["0 embedding", "1 parallel", "1.0 gru", "1.1 gru2", "1.2 lstm", "2 linear"], "1.2"),
    ("kkJ", ["0 embedding", "1 lstm", "2 parallel", "2.0 gru", "2.1 gru2", "3 linear"], "2"),
    ("kkk>", ["0 parallel", "0.0 embedding", "0.1 gru", "0.2 gru2", "1 lstm", "2 linear"], "0.0"),
    ("kkx", ["0 embedding", "1 lstm", "2 linear"], "1"),
    ("kkxu", ["0 embedding", "1 parallel", "1.0 gru", "1.1 gru2", "2 lstm", "3 linear"], "1"),
    (
      "irnn<ret>",
      ["0 embedding", "1 parallel", "1.0 gru", "1.1 rnn", "1.2 gru2", "2 lstm", "3 linear"], "1.1"
    ),
    ("x", ["0 embedding", "1 parallel", "1.0 gru", "2 lstm", "3 linear"], "1.0"),
    ("xx", ["0 embedding", "1 parallel", "2 lstm", "3 linear"], "1"),
    ("kxx", ["0 embedding", "1 parallel", "2 lstm", "3 linear"], "1"),
    ("kkW", ["0 embedding", "1 gru", "2 gru2", "3 lstm", "4 linear"], "1"),
    (
      "wresid<ret>",
      [
        "0 embedding", "1 parallel", "1.0 gru", "1.1 residual", "1.1.0 gru2", "2 lstm", "3 linear",
      ], "1.1"
    ),
    (
      "wresid<ret>W", ["0 embedding", "1 parallel", "1.0 gru", "1.1 gru2", "2 lstm", "3 linear"],
      "1.1"
    ),
  ])
  func keysEditTheTree(keys: String, expected: [String], cursor: String) throws {
    var desk = try Desk()
    try desk.press("japarallel<ret>Agru<ret>agru<ret>" + keys)
    #expect(tree(desk) == expected)
    let path = BuildScreen.layer(under: desk.state).map { "\($0.path)" }
    #expect(path == cursor)
  }

  @Test func theTableShowsWhatStandsInside() throws {
    var desk = try Desk()
    try desk.press("japarallel<ret>Asequential<ret>Agru<ret>kalstm<ret>")
    let shown = desk.screen(80, 36).text.split(separator: "\n").map(String.init)
    for line in [
      "1      parallel      parallel concat", "1.0    ├ sequential  sequential ",
      "1.0.0  │ └ gru       gru 64", "1.1    └ lstm2       lstm 64",
    ] { #expect(shown.contains { $0.contains(line) }, "\(line)") }
    let plain = desk.screen(120, 36, .plain).text
    #expect(plain.contains("1.0.0  | + gru       "))
    try desk.press("kkk")
    #expect(desk.screen(120, 36).text.contains("inside   3 layers "))
    let menu = BuildScreen.palette(at: LayerPath(2, inside: 1), desk.state)
    let notes = Dictionary(uniqueKeysWithValues: menu.items.map { ($0.name, $0.note) })
    #expect(notes["linear"] == "[B, T, 64]" && notes["parallel"] == "holds layers")
    #expect(notes["identity"] == "[B, T, 8]" && notes["embedding"] == "does not fit")
  }

  @Test func aNameThatCannotBeIsRefusedWhereItIsTyped() throws {
    var desk = try Desk()
    try desk.press("jr<C-u>lstm<ret>")
    #expect(desk.state.popups.count == 1)
    #expect(
      desk.screen().text.contains(
        "The name 'lstm' is taken by another layer. Choose another one."))
    try desk.press("2<ret>")
    #expect(names(desk) == ["lstm2", "lstm", "linear"])
    #expect(desk.state.popups.isEmpty)
  }

  @Test func thePaletteListsEveryLayerWithWhatItWouldMake() throws {
    var desk = try Desk()
    try desk.press("jja")
    let menu = try #require(desk.state.popups.last as? Menu)
    #expect(menu.items.map(\.name) == LayerRegistry.all.map { $0.kind })
    let notes = Dictionary(uniqueKeysWithValues: menu.items.map { ($0.name, $0.note) })
    #expect(notes["embedding"] == "does not fit")
    #expect(notes["last_step"] == "[B, 16]")
    #expect(notes["dropout"] == "[B, T, 16]")
  }

  @Test(arguments: [
    ("dense", "linear"), ("skip", "residual"), ("product", "parallel"), ("mish", "activation"),
    ("bidirectional", "rnn"),
  ])
  func aLayerIsFoundByWhatElseItIsCalled(typed: String, kind: String) throws {
    var desk = try Desk()
    try desk.press("jja" + typed)
    let menu = try #require(desk.state.popups.last as? Menu)
    #expect(menu.shown.first?.name == kind)
  }

  @Test func thePaletteSaysWhetherALayerBecomesABranch() throws {
    var desk = try Desk()
    func title() -> String? { (desk.state.popups.last as? Menu)?.title }
    try desk.press("jja")
    #expect(title() == "add a layer at 2")
    try desk.press("parallel<ret>A")
    #expect(title() == "add a branch to parallel at 2.0")
    try desk.press("sequential<ret>A")
    #expect(title() == "add a layer to sequential at 2.0.0")
    try desk.press("gru<ret>")
    #expect(desk.screen(120, 36).text.contains("place    layer 1 of 1 of sequential"))
    try desk.press("k")
    #expect(desk.screen(120, 36).text.contains("place    branch 1 of 1 of parallel"))
  }

  @Test func whatIsOutOfSightIsCounted() throws {
    var desk = try Desk()
    try desk.press("jj" + String(repeating: "adropout<ret>", count: 12))
    let bottom = desk.screen(80, 24).text
    #expect(bottom.contains("▲ 8 ▼ 2 more"))
    try desk.press("g")
    #expect(desk.screen(80, 24).text.contains(" ▼ 10 more"))
    #expect(!desk.screen(80, 36).text.contains(" more"))
    try desk.press("jje")
    // Eight rows for the settings of the LSTM, one of them for the sign.
    let hidden = BuildScreen.group(under: desk.state).settings(of: desk.document).count - 7
    #expect(desk.screen(80, 24).text.contains("│ ▼ \(hidden) more "))
    try desk.press(String(repeating: "<down>", count: hidden + 7))
    #expect(desk.screen(80, 24).text.contains("│ ▲ \(hidden) more "))
  }

  @Test func whatDoesNotFitIsMarkedAtTheLayerAndSaidInWords() throws {
    var desk = try Desk()
    try desk.press("jx")
    let rows = desk.screen(120, 36).text.split(separator: "\n")
    #expect(rows.contains { $0.contains(">0     lstm") && $0.contains("! lstm needs input") })
    #expect(desk.screen(120, 36).text.contains("! lstm needs input [batch, time, features],"))
    #expect(rows.contains { $0.contains("loss") && !$0.contains(" ok ") })
    #expect(rows.contains { $0.contains("0 parameters so far") })
    try desk.press("<esc>")
    #expect(
      desk.screen(120, 36).text.contains(
        " Layer 'lstm': lstm needs input [batch, time, features], got [B, T] ids < 29."))
  }

  @Test func dataThatCannotBeReadSayWhy() throws {
    var desk = try Desk()
    try desk.press(":set data.set no.txt<ret><esc>")
    let text = desk.screen(120, 36).text
    #expect(text.contains("! no data"))
    #expect(text.contains("no.txt"))
    #expect(desk.state.session.obstacle == desk.state.session.dataSummary)
  }

  @Test func otherDataAreLoadedBeforeAnythingIsSaidOfThem() throws {
    var desk = try Desk()
    try desk.press("e<right>")
    let typed = desk.screen(80, 24).text
    #expect(typed.contains("Enter loads it"))
    #expect(typed.contains("Enter loads these data."))
    #expect(typed.contains("parameters are not known yet"))
    #expect(!typed.contains("ids < 29"))
    try desk.press("<ret>")
    #expect(desk.screen(80, 24).text.contains("ids < 80"))
  }

  @Test func theTotalsAreThoseOfTheLayers() throws {
    let desk = try Desk()
    let total = desk.state.session.rows.reduce(0) { $0 + $1.parameterCount }
    #expect(total == 29 * 8 + (64 * 8 + 64 * 16 + 128) + (16 * 29 + 29))
    #expect(desk.screen().text.contains("total \(NumberText.count(total)) parameters"))
  }
}
