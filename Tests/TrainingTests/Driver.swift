import Foundation
import Synchronization

@testable import Training

/// Drives a run from its own events, on the test's thread: whatever `react` orders is there before
/// the run looks for it, so nothing waits and nothing is left to chance.
final class Driver: Sendable {
  let control: RunControl
  private let mailbox = Mutex<Mailbox?>(nil)
  private let seen = Mutex<[RunEvent]>([])
  private let react: @Sendable (RunEvent, RunControl) -> Void

  init(
    _ order: RunControl.Order = .run,
    react: @escaping @Sendable (RunEvent, RunControl) -> Void = { _, _ in }
  ) {
    control = RunControl(order)
    self.react = react
  }

  /// Everything the run said.
  var events: [RunEvent] { seen.withLock { $0 } }

  /// Everything the run said, in few words.
  var words: [String] { events.map(\.words) }

  /// Runs `trainer` to the end.
  func run(
    _ trainer: Trainer, in directory: RunDirectory? = nil, detailInterval: Double? = nil,
    warnings: [String] = []
  ) -> Run.Outcome {
    let mailbox = Mailbox { [self] in
      for event in self.mailbox.withLock({ $0 })?.drain() ?? [] {
        seen.withLock { $0.append(event) }
        react(event, control)
      }
    }
    self.mailbox.withLock { $0 = mailbox }
    defer { self.mailbox.withLock { $0 = nil } }
    return Run(
      trainer, control: control, mailbox: mailbox, directory: directory,
      detailInterval: detailInterval, warnings: warnings)()
  }
}

extension RunEvent {
  var words: String {
    switch self {
    case .started(let step, let total, let epoch): "started \(step)/\(total) by \(epoch)"
    case .stepped(let report): "step \(report.step)"
    case .validated(let report):
      "\(report.split.rawValue) \(report.step)" + (report.isBest ? " best" : "")
    case .saved(let step, _, let isBest): "saved \(step)" + (isBest ? " best" : "")
    case .snapshot(let snapshot): "snapshot \(snapshot.step)"
    case .changed(let knob, let step): "\(knob.name) \(knob.value) \(step)"
    case .warning(let text, _): "warning: \(text)"
    case .endedEarly(let patience, let step): "ended early \(step) after \(patience)"
    case .paused(let step): "paused \(step)"
    case .resumed(let step): "resumed \(step)"
    case .finished(let step, let wasStopped): "finished \(step)" + (wasStopped ? " stopped" : "")
    case .failed(let text, _): "failed: \(text)"
    }
  }
}

/// A folder that is gone when the test is over.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = "/tmp/unroll-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
