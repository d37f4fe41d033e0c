/// What stands in a table for a value that is not there.
public enum MissingValue {
  private static let words: Set<String> = [
    "", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?",
  ]

  /// Whether `cell` stands for one.
  public static func isOne(_ cell: String) -> Bool { words.contains(cell) }
}
