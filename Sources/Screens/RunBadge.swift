import Canvas
import Workbench

/// What the title bar says of the run.
struct RunBadge: Sendable, Equatable {
  /// The same in fewer and fewer words, the longest first.
  let texts: [String]
  /// What kind of news it is.
  let role: Palette.Role

  /// The news of `status`, and how fast `run` goes.
  init(_ status: RunStatus, _ run: RunRecord) {
    let steps = "\(status.step)/\(status.totalSteps)"
    switch status.phase {
    case .idle: (texts, role) = (["not trained", ""], .muted)
    case .starting: (texts, role) = (["● STARTING"], .good)
    case .running:
      let epoch = run.latest?.epoch ?? 1
      let eta = run.secondsLeft.map { " eta \(NumberText.duration($0))" } ?? ""
      texts = [
        "● RUN step \(steps) ep \(epoch)\(eta)",
        "● RUN \(steps) ep \(epoch)\(eta)", "● RUN \(steps)\(eta)", "● RUN \(steps)",
        "● RUN",
      ]
      role = .good
    case .paused:
      (texts, role) = (
        ["‖ PAUSED step \(steps)", "‖ PAUSED \(steps)", "‖ PAUSED", "‖"], .warning
      )
    case .finished(wasStopped: false): (texts, role) = (["✓ done step \(steps)", "✓ done"], .good)
    case .finished(wasStopped: true):
      (texts, role) = (
        ["✓ stopped at step \(steps)", "✓ stopped \(steps)", "✓ stopped"], .muted
      )
    case .failed:
      (texts, role) = (
        ["✗ failed at step \(steps)", "✗ failed \(steps)", "✗ failed"], .error
      )
    }
  }

  /// The longest text of at most `width` columns.
  func text(in width: Int) -> String {
    texts.first { DisplayWidth.of($0) <= width } ?? ""
  }
}
