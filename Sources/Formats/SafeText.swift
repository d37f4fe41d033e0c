/// Makes text from outside safe to print.
public enum SafeText {
  /// `text` as a single line that cannot steer a terminal.
  ///
  /// Control characters (C0, DEL, C1), direction marks and other invisible format characters, line
  /// and paragraph separators, private, unassigned and surrogate code points become escapes such as
  /// `\n` or `\u{1B}`. Joiners stay, since emoji and several scripts need them. Longer text than
  /// `limit` characters is cut and ends in `…`.
  public static func line(_ text: String, limit: Int = .max) -> String {
    let shown = limit == .max ? Substring(text) : text.prefix(limit)
    var safe = ""
    if shown.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) {
      safe = String(shown)
    } else {
      for scalar in shown.unicodeScalars {
        if isSafe(scalar) {
          safe.unicodeScalars.append(scalar)
        } else {
          safe += escape(scalar)
        }
      }
    }
    return shown.endIndex == text.endIndex ? safe : safe + "…"
  }

  /// `text` as a safe line in single quotes, cut to `limit` characters, as messages show it.
  public static func quoted(_ text: String, limit: Int = 120) -> String {
    "'" + line(text, limit: limit) + "'"
  }

  /// Whether a terminal shows `scalar` in its place and does nothing else.
  public static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    if (0x20..<0x7F).contains(scalar.value) { return true }
    switch scalar.properties.generalCategory {
    case .format: return scalar == "\u{200C}" || scalar == "\u{200D}"
    case .control, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate:
      return false
    default: return true
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default: return "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
    }
  }
}
