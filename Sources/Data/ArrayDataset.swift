import Engine
import Formats

/// Makes a data set of arrays, or of the series of a .ts file.
///
/// Arrays: `x` `[N, T, D]` or `[N, T]`, or `[S, D]` with all sequences end to end and their lengths in
/// `len` `[N]`; `y` `[N]` for a class or number a sequence, `[N, K]` for K numbers, or, with a number
/// for every time step, `[N, T]`, `[N, T, K]` and, end to end, `[S]`, `[S, K]`. Whole numbers are
/// classes, others are predicted as numbers, unless `task` says otherwise. A path that ends in .npz
/// holds them all; of one that ends in .npy, `y.npy` and `len.npy` stand beside it.
struct ArrayDataset {
  /// The numbers of all time steps; NaN where one is missing.
  var values: [Float]
  /// The numbers of a time step, D.
  let width: Int
  /// The time steps of every sequence.
  var lengths: [Int]
  /// What is to be predicted.
  var answers: Answers
  /// What users know the file as.
  let name: String
  /// How many of the last sequences are the test; nil where the test is a share of all.
  var testCount: Int?
  /// Whether the sequences stand end to end in their file.
  var isEndToEnd = false
  /// What is to be said of the file that has them.
  var notes: [String] = []

  /// What is to be predicted, of every time step or of every sequence.
  enum Answers {
    /// Class numbers.
    case classes([Int32], labels: [String], isPerStep: Bool)
    /// Rows of `width` numbers.
    case values([Double], width: Int, isPerStep: Bool)
  }

  /// The data set, as `recipe` says.
  func dataset(_ recipe: DataRecipe, seed: UInt64) throws(DataError) -> SequenceDataset {
    let owner = "Data set \(SafeText.quoted(name))"
    let members = try Members.divided(
      lengths.count, recipe.split, lastAreTest: testCount, owner: owner)
    let means = means(over: members.train)
    let values = Self.filled(values, lengths, width: width, with: means)
    let form: SampleForm
    let found: Sequences.Answers
    switch answers {
    case .classes(let classes, let labels, let isPerStep):
      form = SampleForm(
        input: .sequence(width),
        target: Target(labels: labels, isPerStep: isPerStep, metric: .accuracy))
      found = .classes(classes)
    case .values(let values, let count, let isPerStep):
      let rows = isPerStep ? steps(of: members.train) : members.train
      let scales = (0..<count).map { column in
        recipe.isStandardized ? Scale(rows.map { values[$0 * count + column] }) : .none
      }
      let quantities = scales.enumerated().map { column, scale in
        Quantity(
          count == 1 ? "y" : "y\(column)", mean: scale.mean, deviation: scale.deviation)
      }
      form = SampleForm(
        input: .sequence(width),
        target: Target(.values(quantities), isPerStep: isPerStep, metric: .rootMeanSquareError))
      found = .values(values.enumerated().map { scales[$0 % count].apply($1) })
    }
    var sequences = Sequences(form, values: values, lengths: lengths, answers: found)
    let scales =
      recipe.isStandardized
      ? sequences.standardize(by: members.train) : Array(repeating: .none, count: width)
    let isTagged = form.target.isPerStep
    var dataset = SequenceDataset(
      name: name,
      summary:
        "\(name): \(grouped(lengths.count)) sequences of \(width) "
        + "feature\(width == 1 ? "" : "s"), \(sequences.lengthRange) steps; "
        + "\(form.target.answerText); \(recipe.split == .order ? "in their order" : "one fixed shuffle gives") "
        + members.counts + (testCount == nil ? "" : " from a file of its own"),
      sequences, members, .init(noun: "sequence"), Batching(recipe, seed: seed),
      found.areClasses ? [.constant, isTagged ? .rowProbe : .summaryProbe] : [.constant])
    dataset.notes = notes
    let reader = ArrayReader(scales: scales, means: means, form: form, isEndToEnd: isEndToEnd)
    dataset.reader = { material throws(DataError) in try reader.read(material) }
    return dataset
  }

  private func steps(of chosen: [Int]) -> [Int] {
    var starts = [0]
    for length in lengths { starts.append(starts[starts.count - 1] + length) }
    return chosen.flatMap { Array(starts[$0]..<starts[$0 + 1]) }
  }

  /// The mean of each feature over the sequences `train`.
  private func means(over train: [Int]) -> [Float] {
    let training = steps(of: train)
    return (0..<width).map { feature in
      let known = training.map { values[$0 * width + feature] }.filter { !$0.isNaN }
      return Float(known.reduce(0) { $0 + Double($1) } / Double(max(1, known.count)))
    }
  }

  /// `values` of sequences with `lengths`; one that is missing is that of the time step before, at the
  /// start that of `means`.
  static func filled(
    _ values: [Float], _ lengths: [Int], width: Int, with means: [Float]
  ) -> [Float] {
    guard values.contains(where: \.isNaN) else { return values }
    var values = values
    var start = 0
    for length in lengths {
      for place in start..<start + length * width where values[place].isNaN {
        values[place] = place - width >= start ? values[place - width] : means[place % width]
      }
      start += length * width
    }
    return values
  }
}

extension ArrayDataset {
  /// The arrays of the file at `path`, which users know as `name`.
  init(path: String, name: String, _ recipe: DataRecipe) throws(DataError) {
    let arrays = try Self.read(path)
    let owner = "Data set \(SafeText.quoted(name))"
    guard let x = arrays["x"], let y = arrays["y"] else {
      let known = arrays.keys.sorted().map { SafeText.line($0, limit: 40) }
      throw DataError(
        "\(owner) needs arrays 'x' and 'y', got \(known.joined(separator: ", ")). Name them so.")
    }
    self.name = name
    values = x.floats()
    isEndToEnd = arrays["len"] != nil
    try Self.requireFinite(x, "x", owner)
    (width, lengths) = try Self.shape(x, lengths: arrays["len"], owner)
    answers = try Self.answers(
      y, count: lengths.count, steps: lengths.reduce(0, +), isLong: arrays["len"] != nil,
      time: x.shape.count > 1 ? x.shape[1] : 0, recipe.task, owner)
  }

  /// The arrays in the file at `path` or beside it; what is to be predicted only if that is wanted.
  static func read(
    _ path: String, withTargets: Bool = true
  ) throws(DataError) -> [String: NumericArray] {
    try DataError.wrapping { () throws(FormatError) in
      if path.lowercased().hasSuffix(".npz") {
        return Dictionary(
          try NumPyArchive.read(path).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first }
        )
      }
      let folder = folder(of: path)
      var arrays = ["x": try NumPy.read(path)]
      do throws(FormatError) {
        if withTargets { arrays["y"] = try NumPy.read(folder + "y.npy") }
      } catch {
        guard error.kind == .noInput else { throw error }
        throw FormatError(
          .noInput,
          "Arrays \(SafeText.quoted(path)) need what is to be predicted beside them in 'y.npy', got "
            + "no such file. Put it there, or use an .npz with 'x' and 'y'.")
      }
      do throws(FormatError) {
        if withTargets { arrays["len"] = try NumPy.read(folder + "len.npy") }
      } catch {
        if error.kind != .noInput { throw error }
      }
      return arrays
    }
  }

  /// The folder of the file at `path`, with a slash; empty for the present one.
  static func folder(of path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .map { $0 + "/" }.joined()
  }

  /// Refuses `array` if it has a number that Float32 cannot hold, and says where.
  static func requireFinite(
    _ array: NumericArray, _ name: String, _ owner: String
  ) throws(DataError) {
    let numbers = array.doubles()
    guard let place = numbers.firstIndex(where: { !Float($0).isFinite }) else { return }
    let number = numbers[place]
    let got =
      number.isNaN ? "NaN" : number.isInfinite ? "infinity" : "\(number), which is beyond Float32,"
    throw DataError(
      "\(owner) needs finite numbers in '\(name)', got \(got) at \(array.index(of: place)). Replace it."
    )
  }

  /// The numbers of a time step, and the length of every sequence.
  static func shape(
    _ x: NumericArray, lengths: NumericArray?, _ owner: String
  ) throws(DataError) -> (width: Int, lengths: [Int]) {
    guard let lengths else {
      guard 2...3 ~= x.shape.count, x.count > 0 else {
        throw DataError(
          "\(owner) needs 'x' as [N, T, D] or [N, T], or as [S, D] with lengths in 'len', got "
            + "\(x.shape).")
      }
      return (x.shape.count == 3 ? x.shape[2] : 1, Array(repeating: x.shape[1], count: x.shape[0]))
    }
    let found = try DataError.wrapping { () throws(FormatError) in try lengths.integers() }
    var total = 0
    for length in found {
      guard length >= 1, length <= Int64(x.count) else {
        throw DataError("\(owner) needs lengths of 1 or more in 'len', got \(length).")
      }
      total += Int(length)
      guard total <= x.count else { break }
    }
    guard 1...2 ~= x.shape.count, total == x.shape[0], x.count > 0 else {
      throw DataError(
        "\(owner) needs 'x' as [S, D], S the sum of 'len', which is \(total), got \(x.shape).")
    }
    return (x.shape.count == 2 ? x.shape[1] : 1, found.map(Int.init))
  }

  private static func answers(
    _ y: NumericArray, count: Int, steps: Int, isLong: Bool, time: Int, _ task: DataRecipe.Task,
    _ owner: String
  ) throws(DataError) -> Answers {
    let (leading, isPerStep): (Int, Bool) =
      if isLong, y.shape.first == steps, steps != count {
        (1, true)
      } else if !isLong, y.shape.count >= 2, y.shape[0] == count, y.shape[1] == time,
        y.shape.count == 3 || !y.type.isFloatingPoint || time > 1 && task != .automatic
      {
        (2, true)
      } else {
        (1, false)
      }
    let rows = isPerStep ? steps : count
    let width = y.shape.dropFirst(leading).reduce(1, *)
    guard y.shape.first == (isPerStep && isLong ? steps : count), y.count == rows * width, width > 0
    else {
      throw DataError(
        "\(owner) needs 'y' with an entry for each of \(grouped(count)) sequences or "
          + "\(grouped(steps)) time steps, got \(y.shape).")
    }
    let isClass = task == .classes || task == .automatic && !y.type.isFloatingPoint
    guard isClass else {
      try requireFinite(y, "y", owner)
      return .values(y.doubles(), width: width, isPerStep: isPerStep)
    }
    guard width == 1 else {
      throw DataError(
        "\(owner) needs one class a row in 'y', got \(y.shape). Set data.task=values for numbers.")
    }
    let classes = try DataError.wrapping { () throws(FormatError) in try y.integers() }
    let distinct = Set(classes).sorted()
    guard 2...4096 ~= distinct.count else {
      throw DataError(
        "\(owner) needs 2 to 4096 different classes in 'y', got \(distinct.count). Set "
          + "data.task=values for numbers.")
    }
    let places = Dictionary(uniqueKeysWithValues: zip(distinct, Int32(0)...))
    return .classes(
      classes.map { places[$0] ?? 0 }, labels: distinct.map(String.init), isPerStep: isPerStep)
  }
}

extension Target {
  /// What is predicted, in a few words.
  fileprivate var answerText: String {
    switch kind {
    case .classes(let labels), .flags(let labels), .points(let labels):
      "\(grouped(labels.count)) classes"
    case .values(let quantities):
      "to predict \(quantities.count) number\(quantities.count == 1 ? "" : "s")"
    }
  }
}

extension Sequences.Answers {
  /// Whether they are class numbers.
  fileprivate var areClasses: Bool {
    if case .classes = self { true } else { false }
  }
}

extension NumericArray {
  /// Where number `place` stands along each axis, from 0.
  func index(of place: Int) -> [Int] {
    var index: [Int] = []
    var rest = place
    for length in shape.reversed() {
      index.append(rest % length)
      rest /= length
    }
    return index.reversed()
  }
}
