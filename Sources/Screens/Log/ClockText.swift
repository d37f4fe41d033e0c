/// Times of day as people read them.
enum ClockText {
  /// `12:04:11` of `seconds` since 1970 on a clock that is `offset` seconds ahead of UTC.
  static func time(_ seconds: Double, secondsFromUTC offset: Int) -> String {
    guard seconds.isFinite, abs(seconds) < 1e12 else { return "--:--:--" }
    let day = 86_400
    let local = (Int(seconds.rounded(.down)) + offset % day) % day
    let second = (local + day) % day
    return [second / 3600, second / 60 % 60, second % 60].map(twoDigits).joined(separator: ":")
  }

  private static func twoDigits(_ value: Int) -> String {
    value < 10 ? "0\(value)" : String(value)
  }
}
