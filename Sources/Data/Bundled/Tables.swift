extension Bundled {
  /// Carbon dioxide in the air over Mauna Loa, every week from 1958 to 2001, in ppmv.
  ///
  /// To forecast `horizon` weeks ahead, one by default. 59 weeks have no value: networks read the one
  /// before instead, and such a week is no target. The last 30 % of the years, which validate and test,
  /// lie above everything that trains; with `difference` 1 networks read how it changed, which does not.
  ///
  /// Source: Keeling and Whorf 2004.
  static let co2: Bundled = .forecast(
    "co2", "carbon dioxide over Mauna Loa, weekly", of: "co2", period: 52)

  /// The mean number of sunspots of every year from 1700 to 2008.
  ///
  /// To forecast `horizon` years ahead, one by default.
  ///
  /// Source: National Geophysical Data Center.
  static let sunspots: Bundled = .forecast(
    "sunspots", "sunspots, yearly", of: "SUNACTIVITY", period: 11)

  /// What each day in Seattle was like, 2012 to 2015.
  ///
  /// `weather` tags each day drizzle, fog, rain, snow or sun by its precipitation, temperatures and
  /// wind; `temperature` forecasts its highest temperature `horizon` days ahead, one by default.
  ///
  /// Source: National Oceanic and Atmospheric Administration.
  static let seattleWeather: Bundled = .init(
    "seattle-weather", "weather of Seattle, daily", settings: [.sequenceLength, .horizon],
    variants: ["weather", "temperature"]
  ) { recipe, seed throws(DataError) in
    let recipe = recipe.reading(
      "precipitation,temp_max,temp_min,wind",
      predicting: recipe.variant == "temperature" ? "temp_max" : "weather")
    return try table(
      "seattle-weather/data.csv", seattleWeather.name, seattleWeather.title, recipe, seed)
  }

  /// Whether an exon or an intron ends in the middle of 60 letters of DNA, or neither: 3,005 examples.
  ///
  /// The 185 rows of the published set that repeat a sequence are left out, or the same sequence would
  /// train and test.
  ///
  /// Source: Towell, Noordewier and Shavlik, UCI 69.
  static let splice: Bundled = .words(
    "splice", "splice junctions in DNA", read: "sequence", predict: "label")

  /// The language of a first or family name, of 18, letter by letter: 27,120 names.
  ///
  /// Some names are known in several languages, so nobody can be always right.
  static let languageNames: Bundled = .words(
    "names", "names by language", read: "name", predict: "language")

  /// Who wrote a sentence, Austen, Milton, Shakespeare or the translators of the Bible, letter by
  /// letter: 5,657 sentences of 40 to 240 characters.
  static let authors: Bundled = .words(
    "authors", "sentences by author", read: "sentence", predict: "author")

  /// A series with a `period` to be forecast from itself.
  private static func forecast(
    _ name: String, _ title: String, of column: String, period: Int
  ) -> Bundled {
    Bundled(name, title, settings: [.sequenceLength, .horizon, .horizons, .difference]) {
      recipe, seed throws(DataError) in
      var maker = try TableDataset(
        try table("\(name)/data.csv"),
        recipe.reading(column, predicting: column).forecasting(recipe),
        name: name, title: title)
      maker.period = period
      return try maker.dataset(seed: seed)
    }
  }

  /// Words to be classified, character by character.
  private static func words(
    _ name: String, _ title: String, read: String, predict: String
  ) -> Bundled {
    Bundled(name, title, settings: [.bucket]) { recipe, seed throws(DataError) in
      try table("\(name)/data.tsv", name, title, recipe.reading(read, predicting: predict), seed)
    }
  }

  private static func table(
    _ file: String, _ name: String, _ title: String, _ recipe: DataRecipe, _ seed: UInt64
  ) throws(DataError) -> any Dataset {
    try TableDataset(try table(file), recipe, name: name, title: title).dataset(seed: seed)
  }
}

extension DataRecipe {
  /// What a bundled table heeds of a recipe, with its own columns.
  fileprivate func reading(_ inputs: String, predicting target: String) -> DataRecipe {
    var recipe = DataRecipe(source: source, batchSize: batchSize, sequenceLength: sequenceLength)
    recipe.isBucketed = isBucketed
    recipe.horizon = horizon
    recipe.inputs = inputs
    recipe.targetColumn = target
    return recipe
  }

  /// The same with what a series that is forecast from itself heeds of `given` besides.
  fileprivate func forecasting(_ given: DataRecipe) -> DataRecipe {
    var recipe = self
    recipe.horizons = given.horizons
    recipe.difference = given.difference
    return recipe
  }
}
