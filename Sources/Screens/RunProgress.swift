import Canvas
import Training
import Workbench

/// How fast a run goes, for the time that is left.
struct RunProgress: Sendable, Equatable {
  /// A step and the seconds of training until its end.
  struct Mark: Sendable, Equatable {
    var step: Int
    var seconds: Double
  }

  /// The first report since the run began or went on.
  private(set) var first: Mark?
  /// The last report.
  private(set) var last: Mark?
  /// The epoch of the last report, from 1.
  private(set) var epoch = 1

  /// Moves on to what `event` says.
  mutating func follow(_ event: RunEvent) {
    switch event {
    case .started:
      self = RunProgress()
    case .stepped(let report):
      let mark = Mark(step: report.step, seconds: report.seconds)
      first = first ?? mark
      last = mark
      epoch = report.epoch
    default: break
    }
  }

  /// The seconds until step `total` at the pace so far; nil before there is a pace.
  func secondsLeft(until total: Int) -> Double? {
    guard let first, let last, last.step > first.step, total > last.step else { return nil }
    let pace = (last.seconds - first.seconds) / Double(last.step - first.step)
    let left = pace * Double(total - last.step)
    return left.isFinite && left >= 0 ? left : nil
  }
}

/// What the title bar says of the run.
struct RunBadge: Sendable, Equatable {
  /// The same in fewer and fewer words, the longest first.
  let texts: [String]
  /// What kind of news it is.
  let role: Palette.Role

  /// The news of `status`.
  init(_ status: RunStatus, _ progress: RunProgress) {
    let steps = "\(status.step)/\(status.totalSteps)"
    switch status.phase {
    case .idle: (texts, role) = (["not trained", ""], .muted)
    case .starting: (texts, role) = (["● STARTING"], .good)
    case .running:
      let left = progress.secondsLeft(until: status.totalSteps)
      let eta = left.map { " eta \(NumberText.duration($0))" } ?? ""
      texts = [
        "● RUN step \(steps) ep \(progress.epoch)\(eta)",
        "● RUN \(steps) ep \(progress.epoch)\(eta)", "● RUN \(steps)\(eta)", "● RUN \(steps)",
        "● RUN",
      ]
      role = .good
    case .paused: (texts, role) = (["‖ PAUSED step \(steps)", "‖ \(steps)", "‖"], .warning)
    case .finished(wasStopped: false): (texts, role) = (["✓ done step \(steps)", "✓ done"], .good)
    case .finished(wasStopped: true):
      (texts, role) = (["✓ stopped at step \(steps)", "✓ stopped"], .muted)
    case .failed: (texts, role) = (["✗ failed at step \(steps)", "✗ failed"], .error)
    }
  }

  /// The longest text of at most `width` columns.
  func text(in width: Int) -> String {
    texts.first { DisplayWidth.of($0) <= width } ?? ""
  }
}
