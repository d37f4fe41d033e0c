import Engine
import Layers
import TestSupport
import Testing

/// A layer called `name`, with layers inside.
func entry(_ name: String, _ spec: any LayerSpec, _ inside: LayerEntry...) -> LayerEntry {
  LayerEntry(name: name, spec: spec, children: inside)
}

/// A linear layer called `name` that puts out `size` features.
func linear(_ name: String, _ size: Int) -> LayerEntry {
  entry(name, Linear.Spec(outFeatures: size))
}

@Suite struct TreeTests {
  /// a, p(b, s(c, d)), e
  private let model = ModelSpec([
    entry("a", Identity.Spec()),
    entry(
      "p", Parallel.Spec(), entry("b", Identity.Spec()),
      entry("s", Sequential.Spec(), entry("c", Identity.Spec()), entry("d", Identity.Spec()))),
    entry("e", Identity.Spec()),
  ])

  private func places(_ model: ModelSpec) -> [String] {
    model.tree.map { "\($0.path) \($0.entry.name)" }
  }

  private func expect(
    _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
  ) {
    do {
      try body()
      Issue.record("no error", sourceLocation: sourceLocation)
    } catch { #expect("\(error)" == sentence, sourceLocation: sourceLocation) }
  }

  @Test func aPlaceIsReadAsItIsWritten() {
    for text in ["0", "12", "2.1", "2.1.0", "-1", "0.0.0.0.0"] {
      #expect(LayerPath(text)?.description == text)
    }
    for text in ["", ".", "1.", ".1", "1..2", "a", "1.a", "1,2", " 1", "99999999999999999999"] {
      #expect(LayerPath(text) == nil, "\(text)")
    }
  }

  @Test func aPlaceKnowsItsNeighboursAndWhatIsAround() throws {
    let path = try #require(LayerPath("2.1.0"))
    #expect(path.parent == LayerPath("2.1") && path.depth == 2 && path.position == 0)
    #expect(path.moved(by: 3) == LayerPath("2.1.3"))
    #expect(path.contains(path) && LayerPath(2).contains(path) && !path.contains(LayerPath(2)))
    #expect(LayerPath(2).parent == nil)
    for (other, expected) in [
      ("1", "1.1.0"), ("3", "2.1.0"), ("2.0", "2.0.0"), ("2.2", "2.1.0"), ("1.0", "2.1.0"),
      ("2.1.0.5", "2.1.0"), ("2.1.1", "2.1.0"),
    ] {
      let gone = try #require(LayerPath(other))
      #expect("\(path.afterRemoving(gone))" == expected, "without \(other)")
    }
  }

  @Test func theTreeListsEveryLayerBeforeThoseInsideIt() {
    #expect(
      places(model) == ["0 a", "1 p", "1.0 b", "1.1 s", "1.1.0 c", "1.1.1 d", "2 e"])
    #expect(model.path(of: "d") == LayerPath("1.1.1") && model.path(of: "x") == nil)
    #expect(model.freeName(for: Identity.Spec()) == "identity")
  }

  @Test(arguments: [
    ("0", "1.0", ["0 p", "0.0 a", "0.1 b", "0.2 s", "0.2.0 c", "0.2.1 d", "1 e"]),
    ("0", "1.1.2", ["0 p", "0.0 b", "0.1 s", "0.1.0 c", "0.1.1 d", "0.1.2 a", "1 e"]),
    ("1.1", "0", ["0 s", "0.0 c", "0.1 d", "1 a", "2 p", "2.0 b", "3 e"]),
    ("1.1.0", "1.0", ["0 a", "1 p", "1.0 c", "1.1 b", "1.2 s", "1.2.0 d", "2 e"]),
    ("1.1.1", "1.1.0", ["0 a", "1 p", "1.0 b", "1.1 s", "1.1.0 d", "1.1.1 c", "2 e"]),
    ("2", "0", ["0 e", "1 a", "2 p", "2.0 b", "2.1 s", "2.1.0 c", "2.1.1 d"]),
    ("0", "2", ["0 p", "0.0 b", "0.1 s", "0.1.0 c", "0.1.1 d", "1 e", "2 a"]),
    ("1.1.0", "3", ["0 a", "1 p", "1.0 b", "1.1 s", "1.1.0 d", "2 e", "3 c"]),
  ])
  func aLayerMovesWithAllInside(start: String, end: String, expected: [String]) throws {
    var moved = model
    let name = try #require(LayerPath(start).flatMap { model[$0] }).name
    let reached = try moved.move(
      from: #require(LayerPath(start)), to: #require(LayerPath(end)))
    #expect(places(moved) == expected)
    #expect(moved[reached]?.name == name)
  }

  @Test func whatCannotBeEditedSaysWhy() {
    var model = model
    let added = entry("x", Identity.Spec())
    func path(_ text: String) -> LayerPath { LayerPath(text) ?? -1 }
    expect("A new layer needs a position from 1.0 to 1.2, got 1.3.") {
      try model.insert(added, at: path("1.3"))
    }
    expect(
      "Layer 0 is identity, which holds no layers, got 0.0. Wrap it in one that does, such as sequential."
    ) {
      try model.insert(added, at: path("0.0"))
    }
    expect("The model has layers 0 to 2, got 7.") { try model.insert(added, at: path("7.0")) }
    expect("Layer 1 has layers 1.0 to 1.1, got 1.2.") { try model.remove(at: path("1.2")) }
    expect("Layer 1 cannot move into itself, got 1.1.0. Choose another place.") {
      try model.move(from: 1, to: path("1.1.0"))
    }
    expect("Layer 0 can move to a position from 1.0 to 1.2, got 1.9.") {
      try model.move(from: 0, to: path("1.9"))
    }
    #expect(model == self.model)
    model[path("1.1")]?.children = []
    expect("Layer 1.1 has no layers, got position 1.1.0. Add one first.") {
      try model.remove(at: path("1.1.0"))
    }
  }

  @Test func aLayerIsPutAroundAnotherAndTakenAwayAgain() throws {
    var wrapped = model
    try wrapped.wrap(at: #require(LayerPath("1.1")), in: entry("r", Residual.Spec()))
    #expect(
      places(wrapped)
        == ["0 a", "1 p", "1.0 b", "1.1 r", "1.1.0 s", "1.1.0.0 c", "1.1.0.1 d", "2 e"])
    try wrapped.unwrap(at: #require(LayerPath("1.1")))
    #expect(wrapped == model)
    try wrapped.unwrap(at: 1)
    #expect(places(wrapped) == ["0 a", "1 b", "2 s", "2.0 c", "2.1 d", "3 e"])
    let before = wrapped
    expect(
      "Layer 0 can be put inside a layer that holds others, got identity. Choose one such as "
        + "residual."
    ) {
      try wrapped.wrap(at: 0, in: entry("x", Identity.Spec()))
    }
    expect(
      "Layer 0 needs layers inside it to put in its place, got identity without any. Delete it "
        + "instead."
    ) { try wrapped.unwrap(at: 0) }
    expect("The model has layers 0 to 3, got 4.") {
      try wrapped.wrap(at: 4, in: entry("x", Residual.Spec()))
    }
    #expect(wrapped == before)
  }

  @Test func aTreeIsAtMostSixteenLevelsDeep() throws {
    var model = ModelSpec()
    var path: LayerPath?
    for level in 0..<16 {
      let next = LayerPath(0, inside: path)
      try model.insert(entry("s\(level)", Sequential.Spec()), at: next)
      path = next
    }
    #expect(try model.output(for: .vector(3)) == .vector(3))
    let sentence = "Layers may stand inside each other 16 deep, got 17. Use fewer levels."
    let deeper = LayerPath(0, inside: path)
    expect(sentence) { try model.insert(entry("x", Sequential.Spec()), at: deeper) }
    let other = ModelSpec([entry("t", Sequential.Spec(), model.layers[0])])
    expect(sentence) { _ = try other.output(for: .vector(3)) }
  }

  @Test func namesAreThereOnceInTheWholeTree() {
    let twice = ModelSpec([
      entry("a", Identity.Spec()), entry("s", Sequential.Spec(), entry("a", Identity.Spec())),
    ])
    expect("Two layers are called 'a'. Give one of them another name.") {
      _ = try twice.output(for: .vector(3))
    }
    #expect(
      ModelSpec([entry("s", Sequential.Spec(), entry("lstm", LSTM.Spec()))])
        .freeName(for: LSTM.Spec()) == "lstm2")
  }

  @Test func aFlatModelKeepsItsNamesAndNumbersInsideASequential() throws {
    let layers = [
      entry("lstm", LSTM.Spec(hiddenSize: 4)), entry("out", Linear.Spec(outFeatures: 2)),
    ]
    let flat = try Network(ModelSpec(layers), input: .sequence(3), seed: 5)
    #expect(
      flat.parameters.map(\.name) == [
        "lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0",
        "out.weight", "out.bias",
      ])
    // The first layer's stream is number 0, the second's number 1, as without trees.
    var random = Random.stream(.initialization, 1, seed: 5)
    let alone = Linear(.init(outFeatures: 2), inFeatures: 4, using: &random)
    expectSameBits(flat.parameters[4].parameter.value, alone.weight.value)

    let nested = ModelSpec([
      LayerEntry(name: "all", spec: Sequential.Spec(), children: layers)
    ])
    let network = try Network(nested, input: .sequence(3), seed: 5)
    #expect(network.elements.map(\.name) == ["all", "lstm", "out"])
    #expect(network.parameters.map(\.name) == flat.parameters.map(\.name))
    try network.load(flat.snapshot())
    var (one, other) = (Pass(), Pass())
    let x = drawn([2, 5, 3], seed: 1)
    expectSameBits(network(x, &one), flat(x, &other))
    #expect(one.states.keys.sorted() == ["lstm"])
  }
}
