/// Stands in ASCII for glyphs of the workbench where the terminal cannot show them.
enum ASCIIFold {
  /// The ASCII sign nearest to `scalar`, one column wide.
  static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII { return scalar }
    switch scalar.value {
    case 0x2800: return " "
    case 0x2801...0x28FF: return ":"
    default: return table[scalar] ?? "?"
    }
  }

  private static let table: [Unicode.Scalar: Unicode.Scalar] = {
    var table: [Unicode.Scalar: Unicode.Scalar] = [:]
    for (ascii, signs) in [
      (".", "·▁┈┊․"), (":", "░▒▂"), ("-", "─╌┄┅‐‑–—╴╶−▃"), ("=", "━═▄▬"), ("+", "┌┐└┘├┤┬┴┼╭╮╯╰±"),
      ("|", "│┃║‖┆┇▏▎▍▌▐"), ("#", "█▓▇▆▀"), ("*", "●•★▪◆▅⊙"), ("o", "○◌◦∘°"), ("^", "▲▴↑△"),
      ("v", "▼▾↓▽"), (">", "▶▸►→›»≥❯"), ("<", "◀◂◄←‹«≤❮"), ("x", "×✗✘"), ("~", "…≈∼"),
      ("'", "’‘´ʹ"),
      ("\"", "“”"), ("d", "∂δ"), ("D", "Δ∆∇"), ("s", "σ"), ("S", "Σ∑"), ("u", "µμ"), ("a", "α"),
      ("b", "β"), ("e", "εé"), ("l", "λ"), ("y", "✓✔"), ("8", "∞"), ("$", "↵⏎"), ("t", "ₜτ"),
      ("/", "÷⁄"), ("2", "²"), ("1", "¹"), ("n", "η"), ("f", "ϕφ"), ("0", "₀"), ("T", "Θθ"),
    ] as [(Unicode.Scalar, String)] {
      for sign in signs.unicodeScalars { table[sign] = ascii }
    }
    return table
  }()
}
