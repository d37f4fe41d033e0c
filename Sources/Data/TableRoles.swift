import Formats
import Foundation

/// What the columns of a table are for, as a recipe says.
struct TableRoles: Sendable, Equatable {
  /// The places of the columns that networks read.
  let inputs: [Int]
  /// The place of the column that they predict.
  let target: Int
  /// Whether the target is one of several classes.
  let isClass: Bool
  /// The place of the column that says which rows are one sequence.
  let sequence: Int?
  /// The place of the column whose values no two splits share.
  let group: Int?
  /// Rows ahead that the target is taken from.
  let horizon: Int

  /// Whether every row is a sequence of characters by itself.
  func readsCharacters(of table: Table) -> Bool {
    sequence == nil && inputs.count == 1 && table.columns[inputs[0]].numbers == nil
  }

  /// What `recipe` makes of the columns of `table`.
  init(_ recipe: DataRecipe, _ table: Table) throws(DataError) {
    func named(_ name: String, _ setting: DataSetting) throws(DataError) -> Int? {
      name == DataRecipe.none ? nil : try table.column(name, for: setting)
    }
    let sequence = try named(recipe.sequenceColumn, .sequence)
    let group = try named(recipe.groupColumn, .group)
    let free = table.columns.indices.filter { $0 != sequence && $0 != group }
    let target: Int
    if recipe.targetColumn == DataRecipe.automatic {
      guard let last = free.last else {
        throw DataError("Table \(table.name) needs a column to predict, got none.")
      }
      target = last
    } else {
      target = try table.column(recipe.targetColumn, for: .target)
    }
    let isNumber = table.columns[target].numbers != nil
    let isClass = recipe.task == .classes || recipe.task == .automatic && !isNumber
    let isMostlyNumbers = table.columns[target].oddRow != nil && recipe.task == .automatic
    if isMostlyNumbers || recipe.task == .values { _ = try table.numbers(target) }
    let chosen = try Self.inputs(recipe, table, free, target, isClass: isClass)
    let readsText = sequence == nil && chosen.count == 1 && table.columns[chosen[0]].numbers == nil
    let horizon = recipe.horizon >= 0 ? recipe.horizon : isClass || readsText ? 0 : 1
    inputs = chosen.filter { $0 != target || horizon > 0 }
    self.horizon = horizon
    guard !inputs.isEmpty else {
      throw DataError(
        "Table \(table.name) needs a column to read, got none beside "
          + "\(SafeText.quoted(table.columns[target].name, limit: 60)). Name some in data.inputs.")
    }
    self.target = target
    self.isClass = isClass
    self.sequence = sequence
    self.group = group
  }

  private static func inputs(
    _ recipe: DataRecipe, _ table: Table, _ free: [Int], _ target: Int, isClass: Bool
  ) throws(DataError) -> [Int] {
    guard recipe.inputs == DataRecipe.automatic else {
      var places: [Int] = []
      for name in recipe.inputs.namesBetweenCommas {
        places.append(try table.column(name, for: .inputs))
      }
      return places
    }
    let numbers = free.filter { table.columns[$0].numbers != nil && !($0 == target && isClass) }
    // A table of words with a class each: the words are read.
    return numbers.isEmpty ? Array(free.filter { $0 != target }.prefix(1)) : numbers
  }

  /// What the column at `place` is for.
  func role(of place: Int) -> DataColumn.Role {
    if place == sequence { return .sequence }
    if place == group { return .group }
    switch (inputs.contains(place), place == target) {
    case (true, true): return .inputAndTarget
    case (true, false): return .input
    case (false, true): return .target
    case (false, false): return .unused
    }
  }
}

extension String {
  /// What stands between commas, without blanks around it; a name with a comma stands in double quotes.
  fileprivate var namesBetweenCommas: [String] {
    var names = [""]
    var isQuoted = false
    for character in self {
      let isBlank = names[names.count - 1].allSatisfy(\.isWhitespace)
      switch character {
      case "\"" where isQuoted || isBlank: isQuoted.toggle()
      case "," where !isQuoted: names.append("")
      default: names[names.count - 1].append(character)
      }
    }
    return names.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
}
