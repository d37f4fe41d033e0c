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

  /// What the material says, or what is wrong with it.
  func read(_ material: Material) throws(DataError) -> NewSequences {
    guard case .file(let path) = material, [.arrays, .series].contains(FileKind(path)) else {
      let got = if case .file(let path) = material { SafeText.quoted(path) } else { "a text" }
      throw DataError(
        "The model reads arrays or series, got \(got). Give a file whose name ends in .npy, .npz or .ts."
      )
    }
    let (values, width, lengths) = try numbers(of: path)
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

  private func numbers(
    of path: String
  ) throws(DataError) -> (values: [Float], width: Int, lengths: [Int]) {
    guard FileKind(path) == .arrays else {
      let file = try DataError.wrapping { () throws(FormatError) in try TimeSeriesFile(path: path) }
      let values = ArrayDataset.filled(
        file.values, file.lengths, width: file.dimensions, with: means)
      return (values, file.dimensions, file.lengths)
    }
    let owner = SafeText.quoted(path)
    let arrays = try ArrayDataset.read(path, withTargets: false)
    guard let x = arrays["x"] else {
      throw DataError("\(owner) needs an array 'x', got none. Name it so.")
    }
    try ArrayDataset.requireFinite(x, "x", owner)
    let (width, lengths) = try ArrayDataset.shape(x, lengths: arrays["len"], owner)
    return (x.floats(), width, lengths)
  }
}
