import Data
import Layers
import Testing
import Training

@testable import Workbench

private let notInside =
  "Layer 1 is lstm, which holds no layers, got 1.0. Wrap it in one that does, such as sequential."
private let embeddingFields = (Embedding.Spec.fields.map(\.name) + LayerTraining.fields.map(\.name))
  .joined(separator: ", ")

struct EditTests {
  /// The default session after `lines`, or the sentence that one of them is refused with.
  private func edited(_ lines: String...) throws -> Document {
    let session = Session(.standard, in: SessionEnvironment())
    for line in lines { try session.apply(try Command(parsing: line)) }
    return session.document
  }

  private func names(_ lines: String...) throws -> [String] {
    let session = Session(.standard, in: SessionEnvironment())
    for line in lines { try session.apply(try Command(parsing: line)) }
    return session.document.model.layers.map(\.name)
  }

  @Test func layersAreAddedMovedRenamedAndTakenOut() throws {
    #expect(try names() == ["embedding", "lstm", "linear"])
    #expect(try names("add lstm") == ["embedding", "lstm", "linear", "lstm2"])
    #expect(try names("add gru at 0") == ["gru", "embedding", "lstm", "linear"])
    #expect(try names("add gru at 3") == ["embedding", "lstm", "linear", "gru"])
    #expect(try names("move 0 2") == ["lstm", "linear", "embedding"])
    #expect(try names("move 2 0") == ["linear", "embedding", "lstm"])
    #expect(try names("delete 1") == ["embedding", "linear"])
    #expect(try names("rename 1 memory") == ["embedding", "memory", "linear"])
    #expect(try names("delete 0", "delete 0", "delete 0") == [])
  }

  @Test func layersInsideOthersAreReachedByTheirPlace() throws {
    let grow = ["add parallel at 1 merge=sum", "add gru at 1.0", "add sequential at 1.1"]
    func tree(_ lines: [String]) throws -> [String] {
      let session = Session(.standard, in: SessionEnvironment())
      for line in lines { try session.apply(try Command(parsing: line)) }
      return session.document.model.tree.map { "\($0.path) \($0.entry.name)" }
    }
    let grown = ["0 embedding", "1 parallel", "1.0 gru", "1.1 sequential", "2 lstm", "3 linear"]
    #expect(try tree(grow) == grown)
    #expect(
      try tree(grow + ["move 2 1.1.0"]) == grown.dropLast(2) + ["1.1.0 lstm", "2 linear"])
    #expect(try tree(grow + ["move 1.0 1.1"])[2...3] == ["1.0 sequential", "1.1 gru"])
    #expect(try tree(grow + ["rename 1.0 memory"])[2] == "1.0 memory")
    #expect(try tree(grow + ["delete 1"]) == ["0 embedding", "1 lstm", "2 linear"])
    #expect(try tree(grow + ["delete 1", "undo"]) == grown)
    #expect(
      try tree(["wrap 1 residual"])
        == ["0 embedding", "1 residual", "1.0 lstm", "2 linear"])
    #expect(try tree(["wrap 1 residual", "unwrap 1"]) == ["0 embedding", "1 lstm", "2 linear"])
    #expect(try tree(grow + ["wrap 1.0 sequential", "undo"]) == grown)
    #expect(try tree(grow + ["add gru at 1.1.0"])[4] == "1.1.0 gru2")
    let session = Session(.standard, in: SessionEnvironment())
    for line in grow + ["set gru.hidden_size 7"] { try session.apply(try Command(parsing: line)) }
    let gru = session.document.model[try #require(LayerPath("1.0"))]
    #expect(gru?.spec as? GRU.Spec == GRU.Spec(hiddenSize: 7))
  }

  @Test func settingsAreChangedByTheirPath() throws {
    let document = try edited(
      "set name my words", "set seed 18446744073709551615", "set data.batch_size 8",
      "set lstm.hidden_size 32", "set training.optimizer sgd", "set training.carry_state false",
      "set training.learning_rate 1", "set data.set japanese-vowels",
      "add dropout at 2 p=0.5")
    #expect(document.name == "my words" && document.seed == .max)
    #expect(document.data.batchSize == 8 && document.data.source == .bundled("japanese-vowels"))
    #expect(document.model.layers[1].spec as? LSTM.Spec == LSTM.Spec(hiddenSize: 32))
    #expect(document.model.layers[2].spec as? Dropout.Spec == Dropout.Spec(p: 0.5))
    #expect(document.training.optimizer == .sgd && !document.training.carriesState)
    #expect(document.training.learningRate == 1)
  }

  @Test func everySettingTakesTheValueThatItHas() throws {
    let session = Session(.standard, in: SessionEnvironment())
    for (path, value) in session.document.settings {
      #expect(try session.apply(.set(.init(path, value.description))) == "nothing changed")
    }
    #expect(session.undoDepth == 0)
  }

  /// Wrong edits, and the sentences that refuse them.
  private static let refusals: [(String, String)] = [
    ("add lstn", "Unknown layer 'lstn'. Did you mean 'lstm'?"),
    (
      "add attention",
      "Unknown layer 'attention'. Choose one of: "
        + LayerRegistry.all.map { $0.kind }.joined(separator: ", ") + "."
    ),
    ("add gru hiden_size=3", "gru has no setting 'hiden_size'. Did you mean 'hidden_size'?"),
    ("add last_step p=1", "last_step has no settings, got 'p'."),
    (
      "add gru hidden_size=0",
      "gru needs hidden_size to be a whole number from 1 to 65536, got '0'."
    ),
    ("add gru at 4", "A new layer needs a position from 0 to 3, got 4."),
    ("add gru at -1", "A new layer needs a position from 0 to 3, got -1."),
    ("delete 3", "The model has layers 0 to 2, got 3."),
    ("delete 1.0", notInside), ("add gru at 1.0", notInside), ("move 0 1.0", notInside),
    ("wrap 1 residul", "Unknown layer 'residul'. Did you mean 'residual'?"),
    ("wrap 3 residual", "The model has layers 0 to 2, got 3."),
    ("delete -1", "The model has layers 0 to 2, got -1."),
    ("move 0 3", "The model has layers 0 to 2, got 3."),
    ("move 3 0", "The model has layers 0 to 2, got 3."),
    ("rename 7 a", "The model has layers 0 to 2, got 7."),
    ("rename 0 lstm", "The name 'lstm' is taken by another layer. Choose another one."),
    (
      "rename 0 a.b",
      "A layer's name needs letters, digits or '_' and is not 'data' or 'training', got 'a.b'."
    ),
    (
      "rename 0 training",
      "A layer's name needs letters, digits or '_' and is not 'data' or 'training', got 'training'."
    ),
    (
      "set lstm.hidden_size 0",
      "lstm needs hidden_size to be a whole number from 1 to 65536, got '0'."
    ),
    (
      "set lstm.hidden_size 65537",
      "lstm needs hidden_size to be a whole number from 1 to 65536, got '65537'."
    ),
    (
      "set lstm.hidden_size 99999999999999999999",
      "lstm needs hidden_size to be a whole number from 1 to 65536, got '99999999999999999999'."
    ),
    ("set embedding.size 3", "embedding has no setting 'size'. Choose one of: \(embeddingFields)."),
    (
      "set lsmt.hidden_size 3",
      "Unknown setting 'lsmt.hidden_size'. Did you mean 'lstm.hidden_size'?"
    ),
    ("set sead 3", "Unknown setting 'sead'. Did you mean 'seed'?"),
    ("set lr 3", "Unknown setting 'lr'. Did you mean 'training.learning_rate'?"),
    ("set clip_norm=3", "Unknown setting 'clip_norm'. Did you mean 'training.clip_norm'?"),
    (
      "set seed -1", "The seed needs to be a whole number from 0 to 18446744073709551615, got '-1'."
    ),
    (
      "set seed 18446744073709551616",
      "The seed needs to be a whole number from 0 to 18446744073709551615, got "
        + "'18446744073709551616'."
    ),
    (
      "set training.learning_rate fast",
      "training needs learning_rate to be a number from 1e-09 to 1000, got 'fast'."
    ),
    (
      "set training.learning_rate nan",
      "training needs learning_rate to be a number from 1e-09 to 1000, got 'nan'."
    ),
    (
      "set training.momentum 1",
      "training needs momentum to be a number from 0 to below 1 or auto, got '1'."
    ),
    (
      "set training.optimizer adm",
      "training needs optimizer to be adam or sgd or adamw or amsgrad or rmsprop or adagrad, "
        + "got 'adm'."
    ),
    ("set training.carry_state yes", "training needs carry_state to be true or false, got 'yes'."),
    (
      "set data.batch_size 0",
      "data needs batch_size to be a whole number from 1 to 65536, got '0'."
    ),
    ("set data.set \"\"", "data needs set to be a text, got ''."),
    (
      "set name a/b",
      "A session's name needs 1 to 64 letters, digits, '-', '_', '.' or spaces, got 'a/b'."
    ),
    (
      "set name .hidden",
      "A session's name needs 1 to 64 letters, digits, '-', '_', '.' or spaces, got '.hidden'."
    ),
    (
      "set name \"end \"",
      "A session's name needs 1 to 64 letters, digits, '-', '_', '.' or spaces, got 'end '."
    ),
    ("undo", "There is nothing to undo."),
    ("redo", "There is nothing to redo."),
  ]

  @Test(arguments: refusals)
  func aWrongEditIsRefusedAndChangesNothing(line: String, sentence: String) throws {
    let session = Session(.standard, in: SessionEnvironment())
    let command = try Command(parsing: line)
    #expect(throws: SessionError(sentence)) { try session.apply(command) }
    #expect(session.document == .standard)
    #expect(session.undoDepth == 0 && session.journal.entries.isEmpty && !session.isDirty)
  }

  @Test func aModelWithoutLayersSaysSo() throws {
    var document = Document.standard
    document.model.layers = []
    let desk = try Desk(document)
    #expect(
      desk.refusal(of: .delete(at: 0)) == "The model has no layers, got position 0. Add one first.")
    #expect(desk.refusal(of: .train) == "The model needs at least one layer, got none. Add one.")
  }

  @Test func anErrorIsSafeWhoeverWroteIt() {
    #expect(SessionError("a\u{1B}[2Jb\nc").description == "a\\u{1B}[2Jb\\nc")
  }

  @Test(arguments: ["\u{1B}]0;owned\u{7}", "\u{9B}31m", "\u{202E}abc", "a\u{0}b", "x\u{2028}y"])
  func hostileTextIsNeverRaw(text: String) throws {
    let desk = try Desk(.standard)
    let commands: [Command] = [
      .set(.init("name", text)), .set(.init(text, "1")), .set(.init("lstm." + text, "1")),
      .set(.init("seed", text)), .set(.init("data.batch_size", text)), .rename(at: 0, to: text),
      .add(kind: text, at: nil, settings: []),
      .add(kind: "gru", at: nil, settings: [.init(text, "1")]),
      .add(kind: "gru", at: nil, settings: [.init("hidden_size", text)]),
    ]
    for command in commands { #expect(desk.refusal(of: command).isPlain) }
    let answer = try? desk.session.apply(.set(.init("data.set", text)))
    #expect(answer?.isPlain != false)
    #expect(desk.session.obstacle()?.description.isPlain != false)
    #expect((try? desk.session.apply(.undo))?.isPlain != false)
    #expect(desk.session.document.json.text(.pretty).replacing("\n", with: "").isPlain)
    desk.session.note(text)
    let notes = desk.session.journal.entries.filter { !$0.isCommand }.map(\.text)
    #expect(!notes.isEmpty && notes.allSatisfy(\.isPlain) == true)
  }
}

extension String {
  /// Whether no scalar of the text could steer a terminal.
  fileprivate var isPlain: Bool {
    !hasPrefix("no error")
      && unicodeScalars.allSatisfy {
        !["\u{2028}", "\u{202E}"].contains($0) && $0.properties.generalCategory != .control
      }
  }
}
