import Engine
import Synchronization

/// Gathers ‖∂L/∂h_t‖² while a step-by-step sequence runs backwards.
final class StepGradients: Sendable {
  private let squares: Mutex<[Tensor?]>
  private let probe: GradientProbe

  /// Gathers `time` steps for `probe`.
  init(time: Int, probe: GradientProbe) {
    squares = Mutex(Array(repeating: nil, count: time))
    self.probe = probe
  }

  /// `h` `[B, H]` of step `t`, unchanged; its whole gradient is measured on the way back.
  func watch(_ h: Tensor, _ t: Int) -> Tensor {
    Tape.record([h], to: h.detached) { [self] dy in
      measure(dy, t)
      return [dy]
    }
  }

  private func measure(_ dy: Tensor, _ t: Int) {
    let (batch, width) = (dy.shape[0], dy.shape[1])
    let values = dy.scalars
    let norms = (0..<batch).map { row in
      values[row * width..<(row + 1) * width].reduce(Float(0)) { $0 + $1 * $1 }
    }
    let all = squares.withLock { squares in
      squares[t] = Tensor(norms, [batch, 1])
      // Steps run backwards, so the first step is the last to be measured.
      return t == 0 ? squares.map { $0 ?? .zeros([batch, 1]) } : []
    }
    guard !all.isEmpty else { return }
    probe.record(.sequence(of: all).reshaped([batch, all.count]))
  }
}
