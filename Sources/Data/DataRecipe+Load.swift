import Formats

extension DataRecipe {
  /// The data set that this recipe describes; `seed` orders its training examples.
  ///
  /// A file's path is relative to `folder`, the session file's, and stays beneath it unless
  /// `allowsOutside`: a session that comes from elsewhere does not choose what is read.
  public func load(
    seed: UInt64, relativeTo folder: String, allowsOutside: Bool = false
  ) throws(DataError) -> any Dataset {
    guard batchSize >= 1 else {
      throw DataError("Data need a batch size of 1 or more, got \(batchSize).")
    }
    guard sequenceLength >= 1 else {
      throw DataError("Data need a sequence length of 1 or more, got \(sequenceLength).")
    }
    switch source {
    case .bundled(let name):
      guard let set = Bundled.named(name) else {
        throw DataError(
          "Unknown data set \(SafeText.quoted(name))."
            + Suggestion.choice(for: name, among: Bundled.names))
      }
      return try set.dataset(self, seed: seed)
    case .file(let path):
      let file = try Self.resolve(path, in: folder, allowsOutside: allowsOutside)
      return try read(file, name: SafeText.line(path), seed: seed)
    }
  }

  /// The file at `path`, which users know as `name`.
  private func read(
    _ path: String, name: String, seed: UInt64
  ) throws(DataError) -> any Dataset {
    switch FileKind(path) {
    case .arrays:
      return try ArrayDataset(path: path, name: name, self).dataset(self, seed: seed)
    case .series:
      return try ArrayDataset(series: path, name: name).dataset(self, seed: seed)
    case .text:
      let source = try TextSource(path: path)
      return try TextDataset(
        name: name, title: name, source, batchSize: batchSize, sequenceLength: sequenceLength,
        documents: documentEnd == Self.none
          ? .one
          : Documents(of: source, endedBy: documentEnd, name: SafeText.quoted(path)))
    case .table:
      let text = try DataError.wrapping { () throws(FormatError) in
        try DelimitedText(path: path, header: header)
      }
      return try TableDataset(
        Table(text, name: path), self, name: name, title: name
      ).dataset(seed: seed)
    }
  }

  /// `path` as seen from `folder`; both as they are written, links are not looked at.
  static func resolve(
    _ path: String, in folder: String, allowsOutside: Bool
  ) throws(DataError) -> String {
    guard !path.isEmpty else { throw DataError("Data need a file name, got none. Give one.") }
    let isAbsolute = path.hasPrefix("/")
    let whole = isAbsolute ? path : (folder.isEmpty ? path : folder + "/" + path)
    if allowsOutside { return whole }
    var inside = path[...]
    if isAbsolute {
      let start = folder.hasSuffix("/") ? folder : folder + "/"
      guard folder.hasPrefix("/"), path.hasPrefix(start) else { throw outside(path, folder) }
      inside = path.dropFirst(start.count)
    }
    var depth = 0
    for component in inside.split(separator: "/") where component != "." {
      depth += component == ".." ? -1 : 1
      if depth < 0 { throw outside(path, folder) }
    }
    return whole
  }

  private static func outside(_ path: String, _ folder: String) -> DataError {
    DataError(
      "File \(SafeText.quoted(path)) lies outside the session's folder "
        + "\(SafeText.quoted(folder)). Copy it there.", kind: .notPermitted)
  }
}
