/// Finds what a mistyped word may have meant.
public enum Suggestion {
  /// The word of `words` nearest to `word`, if it is near enough to be a slip, or else the only one that
  /// begins with it or ends in it after a point.
  ///
  /// Near means at most one insertion, deletion, change or swap of neighbours for every three
  /// characters, and at least one. Of equally near words the first wins.
  public static func nearest(to word: String, among words: some Sequence<String>) -> String? {
    let typed = Array(word.lowercased().prefix(64))
    var best: (word: String, distance: Int)?
    for candidate in words {
      let distance = distance(typed, Array(candidate.lowercased().prefix(64)))
      let allowed = max(1, max(typed.count, candidate.count) / 3)
      if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word ?? onlyOne(with: word.lowercased(), among: words)
  }

  private static func onlyOne(with part: String, among words: some Sequence<String>) -> String? {
    let found = words.filter { word in
      let word = word.lowercased()
      return part.count > 2 && word.hasPrefix(part) || word.hasSuffix("." + part)
    }
    return found.count == 1 ? found[0] : nil
  }

  /// `" Did you mean 'lstm'?"`, with the space before it, or nothing.
  public static func sentence(for word: String, among words: some Sequence<String>) -> String {
    nearest(to: word, among: words).map { " Did you mean \(SafeText.quoted($0))?" } ?? ""
  }

  /// `sentence(for:among:)`, or all the words when none is near: `" Choose one of: gru, lstm."`
  public static func choice(for word: String, among words: some Collection<String>) -> String {
    let nearest = sentence(for: word, among: words)
    return nearest.isEmpty ? " Choose one of: " + words.joined(separator: ", ") + "." : nearest
  }

  /// The optimal string alignment distance: a swap of neighbours counts once.
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(last[j + 1], row[j]) + 1
        cost = min(cost, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
