import Testing

@testable import Formats

private let root =
  ([
    "name": "a", "training": ["learning_rate": "fast", "steps": 2.0, "clip": 3, "note": nil],
    "layers": [["size": 4], ["size": 0]],
  ] as JSON).root

@Test func fieldsGiveTheirValues() throws {
  #expect(try root["name"].string() == "a")
  #expect(try root["name"].string(among: ["a", "b"]) == "a")
  #expect(try root["training"]["steps"].double() == 2)
  #expect(try root["training"]["clip"].double(in: 0...3) == 3)
  #expect(try root["training"]["clip"].integer(in: 3...3) == 3)
  #expect(try root["layers"].elements().map { try $0["size"].integer() } == [4, 0])
  #expect(try root["layers"].elements()[0].members().map(\.key) == ["size"])
  #expect(try JSON.bool(true).root.bool())
  #expect(root["layers"].json?.array?.count == 2)
}

@Test func absentFieldsCanHaveDefaults() throws {
  #expect(try root["seed"].ifPresent?.integer() ?? 9 == 9)
  #expect(try root["training"]["note"].ifPresent?.string() ?? "none" == "none")
  #expect(try root["eval"]["steps"].ifPresent?.integer() ?? 5 == 5)
  #expect(root["training"].exists && !root["training"]["note"].exists)
}

@Test func errorsNameThePlaceAndWhatIsThere() {
  func expect(_ message: String, _ body: () throws -> Void) {
    #expect(refusal(body) == message)
  }
  let training = root["training"]
  expect("training.learning_rate needs a number, got 'fast'.") {
    _ = try training["learning_rate"].double()
  }
  expect("training.steps needs a whole number, got 2.0.") { _ = try training["steps"].integer() }
  expect("training.clip needs a whole number from 4 to 5, got 3.") {
    _ = try training["clip"].integer(in: 4...5)
  }
  expect("training.clip needs a whole number, 4 or more, got 3.") {
    _ = try training["clip"].integer(in: 4...(.max))
  }
  expect("training.clip needs a number from 0.0 to 1.0, got 3.") {
    _ = try training["clip"].double(in: 0...1)
  }
  expect("training.missing needs text, got nothing.") { _ = try training["missing"].string() }
  expect("eval.steps needs a whole number, got nothing.") {
    _ = try root["eval"]["steps"].integer()
  }
  expect("training.note needs true or false, got null.") { _ = try training["note"].bool() }
  expect("name needs an object, got 'a'.") { _ = try root["name"]["x"]["y"].string() }
  expect("name needs an object, got 'a'.") {
    _ = try root["name"]["x"].ifPresent?.string()
  }
  expect("name needs a list, got 'a'.") { _ = try root["name"].elements() }
  expect("training needs a list, got an object.") { _ = try training.elements() }
  expect("layers needs text, got a list.") { _ = try root["layers"].string() }
  expect("layers[1].size needs 1 or more units, got 0.") {
    throw try root["layers"].elements()[1]["size"].error(needs: "1 or more units")
  }
  expect("The document needs an object, got 3.") { _ = try JSON.integer(3).root.members() }
}

@Test func choicesAndKeysAreSuggested() {
  #expect(
    refusal { _ = try JSON.string("lstn").root.string(among: ["gru", "lstm"]) }
      == "The document needs one of 'gru', 'lstm', got 'lstn'. Did you mean 'lstm'?")
  #expect(
    refusal { try root["training"].allowOnly(["learning_rates", "steps", "clip", "note"]) }
      == "Unknown key 'learning_rate' in training. Did you mean 'learning_rates'?")
  #expect(
    refusal { try root.allowOnly(["name", "training"]) } == "Unknown key 'layers' in the document.")
  #expect(refusal { try root.allowOnly(["layers", "name", "training"]) } == nil)
}

@Test func textInErrorsIsSafeAndShort() {
  let long = JSON.string("\u{1B}]0;" + String(repeating: "x", count: 500)).root
  #expect(
    refusal { _ = try long.integer() } == "The document needs a whole number, got '\\u{1B}]0;"
      + String(repeating: "x", count: 56) + "…'.")
}

@Test func onlySlipsAreSuggested() {
  let words = ["lstm", "gru", "rnn", "embedding"]
  #expect(Suggestion.nearest(to: "LSTN", among: words) == "lstm")
  #expect(Suggestion.nearest(to: "ltsm", among: words) == "lstm")
  #expect(Suggestion.nearest(to: "embeding", among: words) == "embedding")
  #expect(Suggestion.nearest(to: "ur", among: words) == nil)
  #expect(Suggestion.nearest(to: "transformer", among: words) == nil)
  #expect(Suggestion.nearest(to: "", among: words) == nil)
}
