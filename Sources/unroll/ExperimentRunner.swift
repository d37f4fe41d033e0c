import Dispatch
import Experiments
import Screens
import Synchronization

/// Carries one experiment after another out, away from the screens.
final class ExperimentRunner: Sendable {
  private let isStopped = Atomic<Bool>(false)
  private let queue = DispatchQueue(label: "unroll.experiment", qos: .utility)

  /// Starts the experiment called `name`; `tell` hears of it on another thread.
  func start(_ name: String, tell: @escaping @Sendable (ExperimentNews) -> Void) {
    isStopped.store(false, ordering: .relaxed)
    queue.async { [self] in
      do {
        let report = try ExperimentRegistry.experiment(name).run(
          tell: { tell(.told($0)) }, while: { !self.isStopped.load(ordering: .relaxed) })
        tell(.finished(report))
      } catch {
        tell(.failed(name: name, Failure(error).message))
      }
    }
  }

  /// Ends the experiment that is under way after its next step.
  func stop() { isStopped.store(true, ordering: .relaxed) }
}
