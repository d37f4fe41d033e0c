/// Numbers with a decimal comma, as in `1,5;2,0`, in tables whose cells something else separates.
///
/// Such a number is an optional sign, digits, one comma and digits, and perhaps a power of ten. Columns
/// are told apart: one that has nothing but numbers, some of them with a comma, is written with decimal
/// commas. A table with such a column and another with decimal points could mean thousands by the
/// one or the other, and is refused.
enum DecimalComma {
  private typealias Row = (line: Int, cells: [String])

  /// What a column's numbers are written with.
  private enum Sign {
    case comma, point
  }

  /// Whether `line` has `separator`, and commas only as decimal signs between its separators.
  static func isOnly(in line: ArraySlice<UInt8>, separatedBy separator: UInt8) -> Bool {
    let parts = line.split(separator: separator)
    return parts.count > 1 && line.contains(UInt8(ascii: ","))
      && parts.allSatisfy { part in
        let text = String(decoding: part, as: UTF8.self)
        return !text.contains(",") || point(in: text.filter { $0 != " " && $0 != "\"" }) != nil
      }
  }

  /// Writes decimal points in the columns of `rows` that have decimal commas, and says which they are.
  /// The first row may be a header.
  static func replace(
    in rows: inout [(line: Int, cells: [String])], name: String
  ) throws(FormatError) -> [Int] {
    let signs = (rows.first?.cells ?? []).indices.map { column in sign(of: column, in: rows) }
    let found = signs.indices.filter { signs[$0]?.sign == .comma }
    guard let comma = found.first, let commaRow = signs[comma]?.row else { return [] }
    if let column = signs.firstIndex(where: { $0?.sign == .point }), let row = signs[column]?.row {
      throw .badData(
        "\(name) needs one decimal sign, got \(SafeText.quoted(rows[commaRow].cells[comma])) at line "
          + "\(rows[commaRow].line), column \(comma + 1), and \(SafeText.quoted(rows[row].cells[column])) "
          + "at line \(rows[row].line), column \(column + 1). Write points, and nothing between thousands."
      )
    }
    for row in rows.indices {
      for column in found {
        if let text = point(in: rows[row].cells[column]) { rows[row].cells[column] = text }
      }
    }
    return found
  }

  /// The decimal sign of a column of numbers, and the first row that has it; nil where it has none, or
  /// there are words.
  private static func sign(of column: Int, in rows: [Row]) -> (sign: Sign, row: Int)? {
    var found: (sign: Sign, row: Int)?
    for (place, row) in rows.enumerated() {
      let cell = row.cells[column]
      if MissingValue.isOne(cell) { continue }
      let isComma = point(in: cell) != nil
      guard isComma || Double(cell) != nil || place == 0 else { return nil }
      let sign: Sign? = isComma ? .comma : Double(cell) != nil && cell.contains(".") ? .point : nil
      guard let sign else { continue }
      if let found, found.sign != sign { return nil }
      if found == nil { found = (sign, place) }
    }
    return found
  }

  /// The number `cell` with a point for its comma; nil where it is none with a comma.
  private static func point(in cell: String) -> String? {
    guard let comma = cell.utf8.firstIndex(of: UInt8(ascii: ",")) else { return nil }
    func isDigit(_ byte: UInt8?) -> Bool {
      byte.map { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ?? false
    }
    let text = cell.replacing(",", with: ".", maxReplacements: 1)
    guard isDigit(cell.utf8[..<comma].last), isDigit(cell.utf8[comma...].dropFirst().first),
      !cell.utf8.contains(UInt8(ascii: ".")), Double(text) != nil
    else { return nil }
    return text
  }
}
