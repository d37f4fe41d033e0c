extension Bundled {
  /// Nine plays and the sonnets of Shakespeare, to predict each next character of.
  ///
  /// Source: Project Gutenberg's transcriptions, by way of Open Shakespeare.
  static let shakespeare: Bundled = .init(
    "shakespeare", "nine plays and the sonnets of Shakespeare", settings: [.sequenceLength]
  ) { recipe, _ throws(DataError) in
    let source = try TextSource(bytes("shakespeare/text.txt"), name: "'shakespeare'")
    return try TextDataset(
      name: shakespeare.name, title: shakespeare.title, source, batchSize: recipe.batchSize,
      sequenceLength: recipe.sequenceLength)
  }
}
