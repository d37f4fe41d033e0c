import Canvas
import Training
import Workbench

/// Where the run stands, in one row: state, bar, steps, time left, speed.
struct ProgressLine: Widget {
  private let status: RunStatus
  private let run: RunRecord

  init(_ state: AppState) {
    status = state.session.status
    run = state.run
  }

  func draw(on canvas: inout Canvas, in rect: Rect) {
    let palette = canvas.palette
    canvas.clipped(to: rect.row(0)) { canvas in
      let (word, role) = phase
      let used = canvas.write(word, x: rect.x + 1, y: rect.y, style: palette[role]) + 2
      if case .idle = status.phase { return }
      let label = label(fitting: rect.width - used - 12)
      Gauge(fraction: run.fractionDone, label: label).draw(
        on: &canvas, in: rect.row(0).inset(left: used))
    }
  }

  private var phase: (word: String, role: Palette.Role) {
    switch status.phase {
    case .idle: ("○ nothing trained yet", .muted)
    case .starting: ("◌ starting", .text)
    case .running: ("● running", .good)
    case .paused: ("‖ paused", .warning)
    case .finished(let wasStopped): (wasStopped ? "○ stopped" : "● done", .text)
    case .failed: ("× failed", .error)
    }
  }

  /// As much of what there is to say as leaves room for a bar; the first things are the last to go.
  private func label(fitting width: Int) -> String {
    var parts = ["step \(run.step)/\(run.totalSteps)", "eta \(timeLeft)"]
    if let speed = run.tokensPerSecond { parts.append(NumberText.withUnit(speed, "tokens/s")) }
    if let epoch = run.latest?.epoch { parts.append("epoch \(epoch)") }
    if let seconds = run.latest?.seconds { parts.append("in " + NumberText.duration(seconds)) }
    while parts.count > 1 && DisplayWidth.of(parts.joined(separator: "  ")) > width {
      parts.removeLast()
    }
    return parts.joined(separator: "  ")
  }

  private var timeLeft: String {
    guard status.isActive, let seconds = run.secondsLeft else { return "–" }
    return NumberText.duration(seconds)
  }
}
