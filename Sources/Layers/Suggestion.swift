/// " Did you mean 'x'?" for the nearest of `names`, or a list of them.
public func suggestion(for name: String, among names: [String]) -> String {
  let nearest = names.min { editDistance(name, $0) < editDistance(name, $1) }
  if let nearest, editDistance(name, nearest) <= max(2, name.count / 3) {
    return " Did you mean '\(nearest)'?"
  }
  return " Choose one of: " + names.joined(separator: ", ") + "."
}

/// The number of insertions, deletions and replacements between two words.
private func editDistance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      (diagonal, row[j + 1]) = (
        row[j + 1], min(diagonal + (x == y ? 0 : 1), row[j] + 1, row[j + 1] + 1)
      )
    }
  }
  return row[b.count]
}
