import Data
import Formats
import Foundation
import Training

/// The run of a session: what starts it, what it is told, what it says.
extension Session {
  /// What the run said since the last call, which also moves `status` and the journal on.
  public func drain() -> [RunEvent] {
    let events = run?.mailbox.drain() ?? []
    for event in events {
      status.follow(event)
      if let text = event.journalText { note(text) }
      if case .snapshot(let weights) = event { serveLooks(with: weights) }
    }
    if !status.isActive { askAgain() }
    return events
  }

  /// Ends the run, if one goes on, and waits until its weights are saved.
  public func close() {
    run?.control.order(.stop)
    run?.waitUntilDone()
    _ = drain()
  }

  /// Starts, or goes on from where the last run ended, and then does what `order` says.
  func train(_ order: RunControl.Order = .run) throws(SessionError) -> String {
    switch status.phase {
    case .paused: return try self.order(order, "going on")
    case .starting, .running:
      throw SessionError("Training is already running. Pause or stop it first.")
    case .idle: return try start(in: environment.runs, order: order)
    case .failed where run?.failure != nil && run?.lastCheckpoint == nil:
      return try start(in: environment.runs, order: order)
    case .failed, .finished: return try goOn(order)
    }
  }

  /// Goes on from the end of a run that had begun, or anew when it was of another document.
  private func goOn(_ order: RunControl.Order) throws(SessionError) -> String {
    guard let run, isRun(run) else {
      return try start(in: freshPlace, order: order)
    }
    guard status.step < document.training.steps else {
      throw SessionError(
        "\(status.step) steps are done, and training.steps is \(document.training.steps). "
          + "Raise it to go on, or restart.")
    }
    guard run.lastCheckpoint?.isSound == true else {
      // These weights lead nowhere, but the run's folder may hold good ones.
      return try start(in: run.folder.map(RunPlace.folder) ?? freshPlace, order: order)
    }
    return try start(in: freshPlace, from: run, order: order)
  }

  /// Where a new run is kept: never where an earlier one is.
  var freshPlace: RunPlace {
    guard case .folder(let path) = environment.runs, !RunFolder(path).checkpoints.isEmpty else {
      return environment.runs
    }
    return .under(URL(filePath: path).standardizedFileURL.deletingLastPathComponent().path)
  }

  /// Starts a run that is kept in `place`, from fresh weights or where `previous` ended.
  func start(
    in place: RunPlace, from previous: RunController? = nil, order: RunControl.Order = .run
  ) throws(SessionError) -> String {
    guard !status.isActive else {
      throw SessionError("A run is going on. Stop it before you start another one.")
    }
    forgetMissingData()
    if let obstacle = obstacle() { throw obstacle }
    let dataset = try dataset().get()
    let run = RunController(
      document, config: document.located(beside: file, wasTyped: dataWasTyped), dataset: dataset,
      place: place, continuing: previous, showsDetail: environment.showsDetail,
      wake: environment.wake)
    self.run = run
    status = RunStatus()
    status.phase = .starting
    status.step = run.firstStep
    status.totalSteps = document.training.steps
    run.control.order(order)
    run.begin()
    if previous != nil { return "the run goes on from step \(run.firstStep)" }
    if case .folder(let path) = place, !RunFolder(path).checkpoints.isEmpty {
      return "the run in \(SafeText.quoted(path)) goes on"
    }
    return "a new run starts"
  }

  func step(_ count: Int) throws(SessionError) -> String {
    if status.isActive {
      _ = try order(.steps(count), "")
    } else {
      _ = try train(.steps(count))
    }
    return count == 1 ? "one step" : "\(count) steps"
  }

  func order(
    _ order: RunControl.Order?, _ answer: String, _ also: (RunControl) -> Void = { _ in }
  ) throws(SessionError) -> String {
    guard status.isActive, let run else {
      throw SessionError("Nothing is being trained. Start with 'train'.")
    }
    if let order { run.control.order(order) }
    also(run.control)
    return answer
  }
}

extension Checkpoint {
  /// Whether every weight is a finite number.
  fileprivate var isSound: Bool { weights.allSatisfy(\.value.isFinite) }
}
