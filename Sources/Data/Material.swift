import Formats

/// Material of the user's that a data set has never seen.
public enum Material: Sendable {
  /// Texts, each with the place that messages give for its characters.
  case texts([Text])
  /// A file of the kind that the data set was made of: a table, arrays, series, or lines of text.
  case file(String)
  /// A `.npy` file of sequences end to end, and one of their lengths.
  case endToEnd(String, lengths: String)

  /// A text and where it stands.
  public struct Text: Sendable, Equatable {
    /// Its characters.
    public let text: String
    /// Where it stands; nil: it was typed.
    let origin: Origin?

    /// A place in a file.
    struct Origin: Sendable, Equatable {
      /// The line, from 1.
      let line: Int
      /// The file, in quotes.
      let file: String
      /// The column of a table, in quotes; nil: the text is the whole line.
      var column: String?
    }

    /// A text that was typed.
    public init(typed text: String) { self.init(text, at: nil) }

    /// A text that stands at `origin`.
    init(_ text: String, at origin: Origin?) { (self.text, self.origin) = (text, origin) }

    /// Where its character `number` stands, from 1, in words.
    func place(of number: Int) -> String {
      guard let origin else { return "column \(number)" }
      guard let column = origin.column else {
        return "line \(origin.line), column \(number) of \(origin.file)"
      }
      return "line \(origin.line) of \(origin.file), character \(number) of \(column)"
    }
  }

  /// The lines of `bytes`, which must be UTF-8, as texts; empty lines are none. Messages call them `name`.
  public static func lines(of bytes: [UInt8], name: String) throws(DataError) -> Material {
    let name = SafeText.quoted(name)
    guard let whole = String(validating: bytes, as: UTF8.self) else {
      let broken = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        .firstIndex { String(validating: $0, as: UTF8.self) == nil }
      throw DataError(
        "\(name) needs UTF-8, got other bytes at line \((broken ?? 0) + 1). Save it as UTF-8.")
    }
    var scalars = whole.unicodeScalars[...]
    if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    let lines = scalars.split(separator: "\n", omittingEmptySubsequences: false)
    let texts = lines.enumerated().compactMap { index, line -> Text? in
      let line = line.last == "\r" ? line.dropLast() : line
      return line.isEmpty ? nil : Text(String(line), at: .init(line: index + 1, file: name))
    }
    guard !texts.isEmpty else {
      throw DataError("\(name) needs a line of text, got none. Write one text a line.")
    }
    return .texts(texts)
  }

  /// The lines of the file at `path` as texts.
  public static func lines(ofFile path: String) throws(DataError) -> Material {
    let bytes = try DataError.wrapping { () throws(FormatError) in
      var reader = try BoundedReader(path: path, limit: TextSource.limit, noun: "text")
      return try reader.readRest()
    }
    return try lines(of: bytes, name: path)
  }
}

/// New sequences as a network reads those of its data set. Nothing is known of what is to be predicted,
/// but of texts, where the next character is.
public struct NewSequences: Sendable {
  /// A sequence, or a window of one.
  public struct Part: Sendable {
    /// What users know the sequence by.
    public let name: String
    /// The steps of the sequence before the first of the part.
    public let offset: Int
    /// The steps of the part of which something is to be told.
    public let told: Range<Int>
    /// What its predictions are counted from, where they are changes; nil where they are numbers
    /// themselves.
    public let levels: SeriesLevels?
    let sample: Sample

    init(
      _ name: String, _ sample: Sample, offset: Int = 0, told: Range<Int>? = nil,
      levels: SeriesLevels? = nil
    ) {
      (self.name, self.sample, self.offset, self.levels) = (name, sample, offset, levels)
      self.told = told ?? 0..<sample.length
    }

    /// The number of time steps.
    public var length: Int { sample.length }
  }

  /// The sequences, or their windows, in order.
  public let parts: [Part]
  private let form: SampleForm
  private let step: @Sendable (ArraySlice<Float>) -> String

  /// `parts` of this form, whose steps read as `step` says.
  init(
    _ parts: [Part], _ form: SampleForm, step: @escaping @Sendable (ArraySlice<Float>) -> String
  ) {
    (self.parts, self.form, self.step) = (parts, form, step)
  }

  /// Some of the parts side by side, padded to the longest.
  public func batch(_ chosen: Range<Int>) -> Batch { form.batch(parts[chosen].map(\.sample)) }

  /// Part `index` to look at, called `title`.
  public func example(_ index: Int, title: String) -> Example {
    var example = Example(title: title, batch: batch(index..<index + 1), steps: steps(of: index))
    example.levels = parts[index].levels
    return example
  }

  /// What each step of part `index` reads as.
  public func steps(of index: Int) -> [String] {
    let (sample, width) = (parts[index].sample, form.input.width)
    return (0..<sample.length).map { step(sample.input.dropFirst($0 * width).prefix(width)) }
  }
}

extension SampleForm {
  /// A sequence of `length` steps of which nobody knows what is to be predicted.
  func unanswered(_ input: [Float], length: Int) -> Sample {
    let rows = target.isPerStep ? length : 1
    let answer: Sample.Answer =
      if case .classes = target.kind {
        .classes(Array(repeating: 0, count: rows)[...])
      } else {
        .values(Array(repeating: 0, count: rows * target.width)[...])
      }
    return Sample(
      length: length, input: input[...], answer: answer,
      weights: Array(repeating: 0, count: rows)[...])
  }
}

/// Reads new material as a data set reads its own.
typealias MaterialReader = @Sendable (Material) throws(DataError) -> NewSequences

extension Dataset {
  /// Most sets have a form of their own that nothing new comes in.
  public func read(_ material: Material) throws(DataError) -> NewSequences { throw unreadable }

  /// What is said where nothing new can be read.
  var unreadable: DataError {
    DataError(
      "New material can be read by models of texts, tables, arrays, series and examples of a fixed form, "
        + "got one of \(SafeText.quoted(name)). Train on a file of your own.")
  }
}

extension Material {
  /// What it is, for messages that wanted something else.
  var got: String {
    switch self {
    case .texts: "a text"
    case .file(let path): SafeText.quoted(path)
    case .endToEnd(let path, _): "\(SafeText.quoted(path)) with lengths"
    }
  }
}
