import Formats

extension ArrayDataset {
  /// The series of the .ts file at `path`, which users know as `name`. Those of `X_TEST.ts` beside
  /// `X_TRAIN.ts` are the test.
  init(series path: String, name: String) throws(DataError) {
    let train = try DataError.wrapping { () throws(FormatError) in
      try TimeSeriesFile(path: path)
    }
    self.init(train, name: name)
    if let test = TimeSeriesFile.testPath(besides: path) {
      do throws(FormatError) {
        let name = TimeSeriesFile.testPath(besides: name) ?? test
        append(try TimeSeriesFile(path: test, matching: train), name: name)
      } catch {
        guard error.kind == .noInput else { throw DataError(error.message, kind: error.kind) }
      }
    }
    let missing = values.count(where: \.isNaN)
    if missing > 0 {
      notes.append(
        "\(grouped(missing)) of \(grouped(values.count)) numbers are missing; each is that of the step "
          + "before, at a start the mean of the training split")
    }
  }

  /// Adds the series of `test`, which users know as `name`, as the test split.
  private mutating func append(_ test: TimeSeriesFile, name: String) {
    values += test.values
    lengths += test.lengths
    testCount = test.lengths.count
    notes.append("test split from \(name)")
    switch (answers, test.answers) {
    case (.classes(let classes, let labels, let isPerStep), .classes(_, let more)):
      answers = .classes(classes + more.map(Int32.init), labels: labels, isPerStep: isPerStep)
    case (.values(let targets, let width, let isPerStep), .values(let more)):
      answers = .values(targets + more, width: width, isPerStep: isPerStep)
    default: preconditionFailure("A test file is read as its training file is.")
    }
  }

  /// The series of `file`.
  private init(_ file: TimeSeriesFile, name: String) {
    self.name = name
    width = file.dimensions
    lengths = file.lengths
    switch file.answers {
    case .classes(let labels, let classes):
      answers = .classes(classes.map(Int32.init), labels: labels, isPerStep: false)
    case .values(let targets): answers = .values(targets, width: 1, isPerStep: false)
    }
    values = file.values
  }
}
