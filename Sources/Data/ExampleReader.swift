import Engine
import Formats

/// Reads new examples of a form that the user does not choose, such as pictures, pen strokes or what a
/// generator makes, and puts them through the steps of the training data.
///
/// Arrays have an example in each entry of their first axis, as `[N, 8, 8]`; one example may stand alone. An
/// .npz has an array for each input by its name; a .npy has the only one. Where examples have all the same
/// form, a table has one in each row, its numbers in the order of the array and nothing else.
struct ExampleReader: Sendable {
  /// An input in the form that files have it.
  struct Input: Sendable {
    /// The array's name in an .npz.
    let name: String
    /// What networks read.
    let signature: Signature
    /// The axes of an example; nil: as many steps as it has.
    let axes: [Int?]
    /// What its numbers are called.
    var noun = "numbers"
    /// What they may be; nil: anything finite.
    var range: ClosedRange<Float>?
    /// What becomes of the numbers of an example.
    var seen: @Sendable ([Float]) -> [Float] = { $0 }
  }

  /// What users know the data set by.
  let name: String
  /// What the examples have in common.
  let form: SampleForm
  /// The inputs; the first is the main one.
  let inputs: [Input]
  /// What a step reads as.
  let step: @Sendable (ArraySlice<Float>) -> String

  /// The examples that the material has, or what is wrong with it.
  func read(_ material: Material) throws(DataError) -> NewSequences {
    guard case .file(let path) = material else { throw wrongKind(material) }
    let examples: [[[Float]]]
    switch FileKind(path) {
    case .arrays: examples = try arrays(path)
    case .table where inputs.count == 1 && inputs[0].count != nil:
      examples = [try table(path, inputs[0])]
    default: throw wrongKind(material)
    }
    let samples = try self.samples(examples, SafeText.quoted(path))
    let parts = samples.enumerated().map { NewSequences.Part("\($0 + 1)", $1) }
    return NewSequences(parts, form, step: step)
  }

  /// What is said of material that has no such examples.
  private func wrongKind(_ material: Material) -> DataError {
    let arrays = inputs.map { "'\($0.name)' \($0.shapeText)" }.joined(separator: " and ")
    if case .endToEnd = material {
      return DataError(
        "A model of \(SafeText.quoted(name)) reads \(arrays), and no sequences end to end. Leave out "
          + "--lengths.")
    }
    let endings =
      inputs.count > 1
      ? ".npz" : inputs[0].count == nil ? ".npy or .npz" : ".npy, .npz, .csv or .tsv"
    return DataError(
      "A model of \(SafeText.quoted(name)) reads \(arrays), got \(material.got). Give a file whose name "
        + "ends in \(endings).")
  }

  /// The examples of every input in the arrays at `path`.
  private func arrays(_ path: String) throws(DataError) -> [[[Float]]] {
    guard inputs.count == 1 || !path.lowercased().hasSuffix(".npy") else {
      throw wrongKind(.file(path))
    }
    let owner = SafeText.quoted(path)
    let arrays = try ArrayDataset.read(path, withTargets: false)
    var examples: [[[Float]]] = []
    for input in inputs {
      guard let array = arrays[input.name] ?? (inputs.count == 1 ? arrays["x"] : nil) else {
        let known = arrays.keys.sorted().map { SafeText.quoted($0, limit: 40) }
        throw DataError(
          "\(owner) needs an array '\(input.name)' \(input.shapeText), got "
            + "\(known.joined(separator: ", ")). Name it so.")
      }
      examples.append(try input.examples(in: array, owner))
    }
    return examples
  }

  /// An example a row.
  private func table(_ path: String, _ input: Input) throws(DataError) -> [[Float]] {
    let table = try Table(new: path, .automatic)
    let count = input.count ?? 0
    guard table.columns.count == count else {
      throw DataError(
        "Table \(table.name) needs \(count) columns, \(input.noun) of \(input.shapeText) row by row, got "
          + "\(table.columns.count) in line \(table.headerLine). Write the numbers of an example in each "
          + "line, and no label.")
    }
    var rows = Array(repeating: [Float](), count: table.rows)
    for place in 0..<count {
      for (row, number) in try table.numbers(place).enumerated() {
        guard let number else { throw table.missing(place, row) }
        guard input.fits(Float(number)) else {
          throw DataError(
            "Table \(table.name) needs \(input.needed), got \(shortText(number)) at line "
              + "\(table.line(of: row)), column \(place + 1). Scale them so.")
        }
        rows[row].append(Float(number))
      }
    }
    return rows
  }

  /// The examples, whose inputs belong together by their place.
  private func samples(_ examples: [[[Float]]], _ owner: String) throws(DataError) -> [Sample] {
    let count = examples[0].count
    for (input, found) in zip(inputs, examples) where found.count != count {
      throw DataError(
        "\(owner) needs as many examples in '\(input.name)' as in '\(inputs[0].name)', \(count), got "
          + "\(found.count).")
    }
    return try (0..<count).map { index throws(DataError) in
      let seen = zip(inputs, examples).map { $0.seen($1[index]) }
      let length = inputs[0].steps(of: seen[0])
      for (input, numbers) in zip(inputs, seen) where input.signature.isSequence {
        let steps = input.steps(of: numbers)
        guard steps == length || !inputs[0].signature.isSequence else {
          throw DataError(
            "\(owner) needs as many steps in '\(input.name)' as in '\(inputs[0].name)', \(length), got "
              + "\(steps).")
        }
      }
      var sample = form.unanswered(seen[0], length: length)
      for (input, numbers) in zip(inputs, seen) where form.named[input.name] != nil {
        sample.named[input.name] = numbers[...]
      }
      return sample
    }
  }
}

extension ExampleReader.Input {
  /// The numbers of an example; nil where that depends on its steps.
  var count: Int? {
    axes.reduce(1) { product, axis in product.flatMap { product in axis.map { product * $0 } } }
  }

  /// The shape of several examples: `[N, 8, 8]`.
  var shapeText: String {
    "[" + (["N"] + axes.map { $0.map(String.init) ?? "T" }).joined(separator: ", ") + "]"
  }

  /// What its numbers have to be, in words.
  var needed: String {
    if let vocabulary = signature.vocabulary { return "whole numbers from 0 to \(vocabulary - 1)" }
    guard let range else { return "finite \(noun)" }
    return
      "\(noun) from \(shortText(Double(range.lowerBound))) to \(shortText(Double(range.upperBound)))"
  }

  /// Whether `number` can be one of them.
  func fits(_ number: Float) -> Bool {
    if let vocabulary = signature.vocabulary {
      return number >= 0 && number < Float(vocabulary) && number == number.rounded()
    }
    return number.isFinite && range?.contains(number) ?? true
  }

  /// The time steps of an example of these numbers as networks read them; 1 without time.
  func steps(of numbers: [Float]) -> Int {
    signature.isSequence ? numbers.count / signature.width : 1
  }

  /// The examples in `array`, a file's.
  func examples(in array: NumericArray, _ owner: String) throws(DataError) -> [[Float]] {
    let numbers = array.floats()
    guard let single = exampleCount(in: array.shape), !numbers.isEmpty else {
      throw DataError(
        "\(owner) needs '\(name)' as \(shapeText), got \(array.shape). Put it into that shape.")
    }
    if let place = numbers.firstIndex(where: { !fits($0) }) {
      throw DataError(
        "\(owner) needs \(needed) in '\(name)', got \(shortText(Double(numbers[place]))) at "
          + "\(array.index(of: place)). Scale them so.")
    }
    return stride(from: 0, to: numbers.count, by: single).map {
      Array(numbers[$0..<$0 + single])
    }
  }

  /// How many numbers of an array of `shape` an example has; nil if it has no examples of this form.
  private func exampleCount(in shape: [Int]) -> Int? {
    func agrees(_ sizes: some Collection<Int>) -> Bool {
      sizes.count == axes.count && zip(sizes, axes).allSatisfy { $1 == nil || $0 == $1 }
    }
    let total = shape.reduce(1, *)
    if agrees(shape) { return total }
    guard let examples = shape.first, examples > 0 else { return nil }
    // A row of numbers an example, or axes of one number, such as that of a grey picture's channel.
    let known = axes.compactMap { $0 }
    let isRow = count.map { shape.dropFirst().elementsEqual([$0]) } ?? false
    let isBare =
      known.count == axes.count && shape.dropFirst().filter { $0 != 1 } == known.filter { $0 != 1 }
    let isWhole = agrees(shape.dropFirst()) || isRow || isBare
    // A last axis of one number may be left out.
    let isFlat = axes.last == 1 && agrees(shape.dropFirst() + [1])
    return isWhole || isFlat ? total / examples : nil
  }
}

extension SequenceDataset {
  /// Reads new examples of one input as `input` says.
  mutating func reads(_ input: ExampleReader.Input) {
    let reader = ExampleReader(
      name: name, form: sequences.form, inputs: [input], step: { [words] in words.step(0, $0) })
    self.reader = { material throws(DataError) in try reader.read(material) }
  }
}

extension GeneratedTask {
  /// What reads new examples: arrays of numbers as networks see them.
  var reader: ExampleReader {
    func input(_ name: String, _ signature: Signature) -> ExampleReader.Input {
      ExampleReader.Input(
        name: name, signature: signature,
        axes: (signature.isSequence ? [nil] : []) + signature.features.map { $0 })
    }
    let further = form.named.sorted { $0.key < $1.key }.filter { $0.key != mainInput }
    return ExampleReader(
      name: name, form: form,
      inputs: [input(mainInput ?? "x", form.input)] + further.map(input), step: step)
  }
}
