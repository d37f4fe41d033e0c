/// Tokens a second, over about the last second of work.
struct Throughput {
  /// Work in portions of at least a tenth of a second, so that fast steps stay cheap to count.
  private var portions: [(tokens: Int, seconds: Double)] = [(0, 0)]

  /// Adds a step and forgets what is older than a second of work.
  mutating func add(tokens: Int, seconds: Double) {
    if portions[portions.count - 1].seconds >= 0.1 { portions.append((0, 0)) }
    portions[portions.count - 1].tokens += tokens
    portions[portions.count - 1].seconds += max(0, seconds)
    while portions.count > 1, total - portions[0].seconds >= 1 { portions.removeFirst() }
  }

  /// Tokens a second; 0 before any time has passed.
  var rate: Double {
    let seconds = total
    return seconds > 0 ? Double(portions.reduce(0) { $0 + $1.tokens }) / seconds : 0
  }

  private var total: Double { portions.reduce(0) { $0 + $1.seconds } }
}
