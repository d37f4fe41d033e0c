import CNcurses
import Glibc

/// Modes of the terminal that ncurses does not set: bracketed paste and the mouse.
struct ScreenModes {
  private let on: String
  private let off: String
  /// What gives the screen back in one write: these modes, and what ncurses has set.
  let wayBack: String

  /// The modes that the open terminal has.
  init(usesMouse: Bool) {
    var on = Self.capability("BE")
    var off = Self.capability("BD")
    if usesMouse && !Self.capability("kmous").isEmpty {
      // Buttons, dragging, and coordinates beyond column 223.
      on += "\u{1B}[?1000h\u{1B}[?1002h\u{1B}[?1006h"
      off += "\u{1B}[?1006l\u{1B}[?1002l\u{1B}[?1000l"
    }
    self.on = on
    self.off = off
    let leave = Self.capability("rmcup")
    wayBack =
      off + ["sgr0", "op", "cnorm"].map { Self.capability($0) }.joined()
      + (leave.isEmpty ? "\r\n" : Self.capability("clear") + leave)
  }

  /// Sets the modes.
  func enter(_ device: Int32) { Self.send(on, to: device) }
  /// Takes them back.
  func leave(_ device: Int32) { Self.send(off, to: device) }

  /// A capability without its padding, which only hardware terminals need; empty if there is none.
  private static func capability(_ name: String) -> String {
    guard let text = cnc_capability(name) else { return "" }
    return withoutPadding(String(cString: text))
  }

  static func withoutPadding(_ text: String) -> String {
    var kept = ""
    var rest = Substring(text)
    while let start = rest.firstIndex(of: "$") {
      kept += rest[..<start]
      let after = rest[rest.index(after: start)...]
      guard after.first == "<", let end = after.firstIndex(of: ">") else {
        kept += "$"
        rest = after
        continue
      }
      rest = after[after.index(after: end)...]
    }
    return kept + rest
  }

  private static func send(_ text: String, to device: Int32) {
    let bytes = Array(text.utf8)
    _ = write(device, bytes, bytes.count)
  }
}
