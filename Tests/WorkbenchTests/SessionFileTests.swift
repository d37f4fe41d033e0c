import Data
import Formats
import Foundation
import Layers
import Testing
import Training

@testable import Workbench

private let gruFields = (GRU.Spec.fields.map(\.name) + LayerTraining.fields.map(\.name))
  .joined(separator: ", ")

struct SessionFileTests {
  private func document(_ text: String) throws -> Document {
    try Document(JSON(parsing: text, name: "s.json"))
  }

  @Test func sizesOfAxesAreWrittenAsUsersWriteThem() throws {
    func session(_ size: String) throws -> Document {
      try document(
        """
        {"format": 1, "name": "s", "data": {"set": "digits"}, "model": [
          {"layer": "conv2d", "name": "conv", "kernel_size": \(size)}
        ]}
        """)
    }
    let made = try session("\"3x5\"")
    #expect(made.model.layers[0].spec.setting("kernel_size")?.value == .sizes(AxisSizes([3, 5])))
    #expect(made.json.text(.compact).contains("\"kernel_size\":\"3x5\""))
    #expect(try document(made.json.text(.pretty)) == made)
    #expect(try session("7").json.text(.compact).contains("\"kernel_size\":7"))
    #expect(throws: (any Error).self) { try session("\"7\"") }
    #expect(throws: (any Error).self) { try session("\"3x5x7\"") }
  }

  @Test func groupsOfParametersAreKeptOnlyWhereTheySaySomething() throws {
    var made = try document(
      """
      {"format": 1, "name": "s", "data": {"set": "digits"}, "model": [
        {"layer": "gru", "name": "gru", "frozen": true, "lr_scale": 0.5, "weight_decay": 0.01},
        {"layer": "dropout", "name": "drop"}
      ]}
      """)
    var wanted = LayerTraining()
    (wanted.isFrozen, wanted.rateScale, wanted.weightDecay) = (true, 0.5, 0.01)
    #expect(made.model.layers[0].training == wanted)
    #expect(try document(made.json.text(.pretty)) == made)
    try made.set("gru.frozen", to: "false")
    try made.set("gru.lr_scale", to: "1")
    try made.set("gru.weight_decay", to: "auto")
    let text = made.json.text(.compact)
    #expect(!["frozen", "lr_scale", "weight_decay"].contains { text.contains($0) })
    #expect(throws: SessionError.self) { try made.set("drop.frozen", to: "true") }
    #expect(throws: SessionError.self) { try made.set("gru.lr_scale", to: "-1") }
  }

  /// A session with every setting away from its default.
  private var unusual: Document {
    var training = TrainingRecipe()
    training.optimizer = .sgd
    training.learningRate = 0.1 + 0.2
    training.convention = .keras
    training.momentum = 1 / 3
    training.nesterov = true
    training.beta1 = 0
    training.alpha = 0.5
    training.epsilon = 1
    training.weightDecay = 0
    training.clip = .value
    training.clipNorm = 0
    training.steps = 1_000_000_000
    training.validateEvery = 7
    training.checkpointEvery = 8
    training.carriesState = false
    return Document(
      name: "Ähre 麦", seed: 9_007_199_254_740_993,
      data: DataRecipe(source: .file(path: "a \"b\" \\ \u{1B}.txt"), batchSize: 3),
      model: ModelSpec([
        LayerEntry(name: "a", spec: RNN.Spec(hiddenSize: 5)),
        LayerEntry(name: "rnn", spec: LSTM.Spec(hiddenSize: 6)),
        LayerEntry(name: "B_2", spec: Dropout.Spec(p: 0.3)),
        LayerEntry(
          name: "split", spec: Parallel.Spec(.gate),
          children: [
            LayerEntry(name: "empty", spec: Sequential.Spec()),
            LayerEntry(
              name: "deep", spec: TimeDistributed.Spec(),
              children: [LayerEntry(name: "inner", spec: Linear.Spec(outFeatures: 3))]),
          ]),
        LayerEntry(name: "mean", spec: MeanOverTime.Spec()),
      ]), training: training)
  }

  @Test func aSessionIsReadAsItWasWritten() throws {
    for document in [unusual, .standard, .digits] {
      #expect(try Document(document.json) == document)
      for layout in [JSON.Layout.pretty, .compact] {
        #expect(try self.document(document.json.text(layout)) == document)
      }
    }
  }

  @Test(arguments: [0, 1, UInt64(Int.max), UInt64(Int.max) + 1, .max])
  func everySeedSurvives(seed: UInt64) throws {
    var document = Document.standard
    document.seed = seed
    #expect(try self.document(document.json.text(.pretty)).seed == seed)
  }

  @Test func aFileIsWrittenAndReadAndBlameNamesIt() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/s.json"
    try unusual.write(to: path)
    #expect(try Document(contentsOf: path) == unusual)
    let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(permissions as? Int == 0o644)
  }

  @Test func whatIsLeftOutHasItsDefault() throws {
    let plain = try document("{\"format\": 1, \"model\": []}")
    #expect(
      plain
        == Document(
          name: "untitled", seed: 1, data: DataRecipe(source: .bundled("shakespeare")),
          model: ModelSpec()))
    #expect(plain.data.batchSize == 32 && plain.data.sequenceLength == 64)
    let layers = try document(
      """
      {"format": 1, "data": {"set": "pendigits"}, "training": {"steps": 3}, "name": null,
       "model": [{"layer": "gru"}, {"layer": "gru", "hidden_size": 2}, {"layer": "linear"}]}
      """)
    #expect(layers.model.layers.map(\.name) == ["gru", "gru2", "linear"])
    #expect(layers.model.layers[0].spec as? GRU.Spec == GRU.Spec())
    #expect(layers.model.layers[1].spec as? GRU.Spec == GRU.Spec(hiddenSize: 2))
    #expect(layers.training == .of(steps: 3) && layers.data.source == .bundled("pendigits"))
  }

  @Test(arguments: [
    ("[]", "The document needs an object, got a list."),
    ("{}", "format needs a whole number, got nothing."),
    ("{\"format\": \"1\"}", "format needs a whole number, got '1'."),
    ("{\"format\": 1.0}", "format needs a whole number, got 1.0."),
    (
      "{\"format\": 2, \"modell\": 1}",
      "This program reads session format 1, got 2. Use a newer unroll."
    ),
    ("{\"format\": 1}", "model needs a list, got nothing."),
    ("{\"format\": 1, \"model\": {}}", "model needs a list, got an object."),
    (
      "{\"format\": 1, \"modell\": []}",
      "Unknown key 'modell' in the document. Did you mean 'model'?"
    ),
    ("{\"format\": 1, \"name\": 7, \"model\": []}", "name needs text, got 7."),
    (
      "{\"format\": 1, \"name\": \"../x\", \"model\": []}",
      "A session's name needs 1 to 64 letters, digits, '-', '_', '.' or spaces, got '../x'."
    ),
    ("{\"format\": 1, \"seed\": 1.5, \"model\": []}", "seed needs a whole number, got 1.5."),
    (
      "{\"format\": 1, \"seed\": -1, \"model\": []}",
      "The seed needs to be a whole number from 0 to 18446744073709551615, got '-1'."
    ),
    ("{\"format\": 1, \"data\": 3, \"model\": []}", "data needs an object, got 3."),
    (
      "{\"format\": 1, \"data\": {\"sat\": \"x\"}, \"model\": []}",
      "data has no setting 'sat'. Did you mean 'set'?"
    ),
    ("{\"format\": 1, \"data\": {\"set\": 3}, \"model\": []}", "data.set needs text, got 3."),
    (
      "{\"format\": 1, \"data\": {\"batch_size\": \"3\"}, \"model\": []}",
      "data.batch_size needs a whole number, got '3'."
    ),
    (
      "{\"format\": 1, \"data\": {\"batch_size\": 3.0}, \"model\": []}",
      "data.batch_size needs a whole number, got 3.0."
    ),
    (
      "{\"format\": 1, \"training\": {\"learning_rate\": true}, \"model\": []}",
      "training.learning_rate needs a number, got true."
    ),
    (
      "{\"format\": 1, \"training\": {\"carry_state\": 1}, \"model\": []}",
      "training.carry_state needs true or false, got 1."
    ),
    (
      "{\"format\": 1, \"training\": {\"steps\": [1]}, \"model\": []}",
      "training.steps needs a whole number, got a list."
    ),
    (
      "{\"format\": 1, \"training\": {\"steps\": null}, \"model\": []}",
      "training.steps needs a whole number, got null."
    ),
    (
      "{\"format\": 1, \"training\": {\"steps\": 0}, \"model\": []}",
      "training needs steps to be a whole number from 1 to 1000000000, got '0'."
    ),
    ("{\"format\": 1, \"model\": [3]}", "model[0] needs an object, got 3."),
    ("{\"format\": 1, \"model\": [{}]}", "model[0].layer needs text, got nothing."),
    (
      "{\"format\": 1, \"model\": [{\"layer\": \"lstn\"}]}",
      "Unknown layer 'lstn'. Did you mean 'lstm'?"
    ),
    (
      "{\"format\": 1, \"model\": [{\"layer\": \"gru\", \"size\": 3}]}",
      "gru has no setting 'size'. Choose one of: \(gruFields)."
    ),
    (
      "{\"format\": 1, \"model\": [{\"layer\": \"gru\", \"hidden_size\": 0}]}",
      "gru needs hidden_size to be a whole number from 1 to 65536, got '0'."
    ),
    (
      "{\"format\": 1, \"model\": [{\"layer\": \"gru\", \"hidden_size\": {}}]}",
      "model[0].hidden_size needs a whole number, got an object."
    ),
    (
      "{\"format\": 1, \"model\": [{\"layer\": \"gru\", \"name\": 3}]}",
      "model[0].name needs text, got 3."
    ),
    (
      "{\"format\": 1, \"model\": [{\"layer\": \"gru\", \"name\": \"a\"}, "
        + "{\"layer\": \"rnn\", \"name\": \"a\"}]}",
      "The name 'a' is taken by another layer. Choose another one."
    ),
    (
      "{\"format\": 1, \"model\": [{\"layer\": \"gru\", \"name\": \"\\u001b[2J\"}]}",
      "A layer's name needs letters, digits or '_' and is not 'data' or 'training', got "
        + "'\\u{1B}[2J'."
    ),
    (
      "{\"format\": 1, \"format\": 1}",
      "'s.json', line 1, column 15: the key 'format' is here twice."
    ),
    (
      "{\"format\": 1, \"seed\": 18446744073709551615, \"model\": []}",
      "'s.json', line 1, column 23: 18446744073709551615 does not fit in a 64-bit whole number."
    ),
    ("{\n \"format\": 1,\n \"name\" 2}", "'s.json', line 3, column 9: ':' is expected, got '2'."),
    ("", "'s.json', line 1, column 1: a value is expected, got the end of the text."),
  ])
  func whatIsWrongIsSaid(text: String, sentence: String) {
    let error = #expect(throws: (any Error).self) { try document(text) }
    #expect(error.map { String(describing: $0) } == sentence)
  }

  @Test func whatIsWrongInsideALayerIsSaid() {
    func reason(_ model: String) -> String {
      do {
        return "\(try document("{\"format\": 1, \"model\": [\(model)]}").model)"
      } catch { return String(describing: error) }
    }
    func holder(_ inside: String) -> String { "{\"layer\": \"sequential\", \"layers\": \(inside)}" }
    let gru = "{\"layer\": \"gru\", \"hidden_size\": {}}"
    let named = "{\"layer\": \"gru\", \"name\": \"a\"}"
    let deep = (0..<17).reduce("") { inside, _ in holder("[\(inside)]") }
    #expect(
      reason("{\"layer\": \"gru\", \"layers\": []}")
        == "gru has no setting 'layers'. Choose one of: \(gruFields).")
    #expect(reason(holder("{}")) == "model[0].layers needs a list, got an object.")
    #expect(
      reason(holder("[\(gru)]"))
        == "model[0].layers[0].hidden_size needs a whole number, got an object.")
    #expect(
      reason(named + ", " + holder("[\(named)]"))
        == "The name 'a' is taken by another layer. Choose another one.")
    #expect(
      reason(deep) == "Layers may stand inside each other 16 deep, got 17. Use fewer levels.")
  }

  @Test func errorsNameTheFileOnceAndItsKind() throws {
    let folder = try TemporaryFolder()
    func failure(_ path: String) -> SessionError? {
      do throws(SessionError) {
        _ = try Document(contentsOf: path)
        return nil
      } catch { return error }
    }
    let broken = try folder.write("{\"format\": 1,\n  \"model\": [}", to: "broken.json")
    #expect(
      failure(broken)
        == SessionError("'\(broken)', line 2, column 13: a value is expected, got '}'."))
    let wrong = try folder.write("{\"format\": 1}", to: "wrong.json")
    #expect(
      failure(wrong) == SessionError("'\(wrong)' is no session: model needs a list, got nothing."))
    let hostile = try folder.write("{", to: "\u{1B}[31m.json")
    #expect(
      failure(hostile)
        == SessionError(
          "'\(folder.path)/\\u{1B}[31m.json', line 1, column 2: a string in double quotes is "
            + "expected, got the end of the text."))
    #expect(
      failure(folder.path)
        == SessionError(
          "'\(folder.path)' is a folder, not a file. Give a regular file.", kind: .noInput))
    let missing = folder.path + "/missing.json"
    #expect(failure(missing)?.kind == .noInput)
    #expect(failure(missing)?.description.hasPrefix("Cannot read '\(missing)': ") == true)
  }

  @Test func dataAreFoundFromWhereverASessionIsSaved() throws {
    let folder = try TemporaryFolder()
    for name in ["a", "a/b", "c"] {
      try FileManager.default.createDirectory(
        atPath: folder.path + "/" + name, withIntermediateDirectories: false)
    }
    _ = try folder.write(String(repeating: "some words of text\n", count: 400), to: "a/b/t.txt")
    var document = Document.standard
    try document.set("data.set", to: "b/t.txt")
    let file = folder.path + "/a/s.json"
    try document.write(to: file)
    for (place, path) in [
      ("a/again.json", "b/t.txt"), ("a/b/s.json", "t.txt"), ("s.json", "a/b/t.txt"),
      ("c/s.json", folder.path + "/a/b/t.txt"),
    ] {
      let session = Session(
        try Document(contentsOf: file), file: file, in: SessionEnvironment(clock: { 7 }))
      try session.save(as: folder.path + "/" + place)
      #expect(session.document.data.source == .file(path: path) && !session.isDirty)
      #expect(throws: Never.self) { try session.dataset().get() }
      #expect(try Document(contentsOf: folder.path + "/" + place) == session.document)
    }
  }
}
