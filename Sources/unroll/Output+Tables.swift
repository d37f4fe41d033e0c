extension Output {
  /// Rows of cells as lines with the cells under each other; columns in `right` end together.
  static func aligned(_ rows: [[String]], right: Set<Int>) -> [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, text in
        let padding = String(repeating: " ", count: widths[column] - text.count)
        return right.contains(column) ? padding + text : text + padding
      }.joined(separator: "  ")
    }
  }
}
