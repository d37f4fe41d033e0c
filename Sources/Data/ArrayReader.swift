import Formats

/// Reads new arrays or series as those of a data set were read: with the scales that were fitted to its
/// training sequences.
struct ArrayReader: Sendable {
  /// The scale of each feature.
  let scales: [Scale]
  /// What each feature has where nothing is known yet.
  let means: [Float]
  /// What the sequences have in common.
  let form: SampleForm
  /// Whether the sequences of the data set are end to end, as those of a new .npy file then are.
  var isEndToEnd = false

  /// What the material says, or what is wrong with it.
  func read(_ material: Material) throws(DataError) -> NewSequences {
    let (path, (values, width, lengths)) = try numbers(of: material)
    guard width == scales.count else {
      throw DataError(
        "The model reads \(scales.count) number\(scales.count == 1 ? "" : "s") a step, got \(width) in "
          + "\(SafeText.quoted(path)). Give the features that it was trained on.")
    }
    var parts: [NewSequences.Part] = []
    var start = 0
    for (index, length) in lengths.enumerated() {
      let input = values[start..<start + length * width].enumerated().map { place, value in
        scales[place % width].apply(Double(value))
      }
      parts.append(NewSequences.Part("\(index + 1)", form.unanswered(input, length: length)))
      start += length * width
    }
    return NewSequences(parts, form) { [scales] row in
      zip(row, scales).map { shortText($1.mean + $1.deviation * Double($0)) }.joined(separator: " ")
    }
  }

  /// The numbers of sequences end to end, those of a time step, and the lengths.
  private typealias Numbers = (values: [Float], width: Int, lengths: [Int])

  private func numbers(of material: Material) throws(DataError) -> (path: String, Numbers) {
    switch material {
    case .file(let path) where FileKind(path) == .series:
      let file = try DataError.wrapping { () throws(FormatError) in try TimeSeriesFile(path: path) }
      let values = ArrayDataset.filled(
        file.values, file.lengths, width: file.dimensions, with: means)
      return (path, (values, file.dimensions, file.lengths))
    case .file(let path) where FileKind(path) == .arrays:
      return (path, try numbers(in: ArrayDataset.readNew(path, isEndToEnd: isEndToEnd), of: path))
    case .endToEnd(let path, let lengths):
      return (path, try numbers(in: ArrayDataset.readNew(path, lengths: lengths), of: path))
    default:
      throw DataError(
        "The model reads arrays or series, got \(material.got). Give a file whose name ends in .npy, "
          + ".npz or .ts.")
    }
  }

  private func numbers(
    in arrays: [String: NumericArray], of path: String
  ) throws(DataError) -> Numbers {
    let owner = SafeText.quoted(path)
    guard let x = arrays["x"] else {
      throw DataError("\(owner) needs an array 'x', got none. Name it so.")
    }
    try ArrayDataset.requireFinite(x, "x", owner)
    let (width, lengths) = try ArrayDataset.shape(x, lengths: arrays["len"], owner)
    return (x.floats(), width, lengths)
  }
}

extension ArrayDataset {
  /// The arrays of new material at `path`; of a .npy file of sequences end to end, their lengths are in
  /// 'len.npy' beside it.
  static func readNew(
    _ path: String, isEndToEnd: Bool
  ) throws(DataError) -> [String: NumericArray] {
    guard isEndToEnd, path.lowercased().hasSuffix(".npy") else {
      return try read(path, withTargets: false)
    }
    do throws(DataError) {
      return try readNew(path, lengths: folder(of: path) + "len.npy")
    } catch {
      guard error.kind == .noInput else { throw error }
      // A file that is not there says so itself.
      _ = try read(path, withTargets: false)
      throw DataError(
        "Arrays \(SafeText.quoted(path)) need the lengths of their sequences beside them in 'len.npy', got "
          + "no such file. Put it there, give --lengths, or use an .npz with 'x' and 'len'.",
        kind: .noInput)
    }
  }

  /// The sequences end to end in the .npy file at `path`, with lengths in that at `lengths`.
  static func readNew(
    _ path: String, lengths: String
  ) throws(DataError) -> [String: NumericArray] {
    guard path.lowercased().hasSuffix(".npy"), lengths.lowercased().hasSuffix(".npy") else {
      throw DataError(
        "Lengths in a file of their own need two .npy files, got \(SafeText.quoted(path)) and "
          + "\(SafeText.quoted(lengths)). Save both with numpy.save, or use one .npz with 'x' and 'len'."
      )
    }
    var arrays = try read(path, withTargets: false)
    arrays["len"] = try DataError.wrapping { () throws(FormatError) in try NumPy.read(lengths) }
    return arrays
  }
}
