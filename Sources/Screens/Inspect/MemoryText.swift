import Canvas
import Inspection

/// How long units keep what they hold, in words.
enum MemoryText {
  /// `12.3`, in time steps, or a word.
  static func number(_ length: MemoryLength) -> String {
    switch length {
    case .steps(let steps): NumberText.short(steps)
    case .endless: "endless"
    case .growing: "grows"
    case .unknown: "unknown"
    }
  }

  /// `keeps 12.3 steps`, or what else a unit does.
  static func sentence(_ length: MemoryLength) -> String {
    switch length {
    case .steps(let steps): "keeps \(NumberText.short(steps)) steps"
    case .endless: "keeps for ever"
    case .growing(let steps): "grows e-fold in \(NumberText.short(steps)) steps"
    case .unknown: "memory unknown"
    }
  }

  /// Where the numbers come from: `from f`, `from u`, `measured`.
  static func source(_ scales: TimeScales) -> String {
    switch scales.source {
    case .gate(let name): "from " + LaneText.base(of: name)
    case .weights: "from u"
    case .measured: "measured"
    }
  }
}
