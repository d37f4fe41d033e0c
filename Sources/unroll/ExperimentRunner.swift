import Dispatch
import Experiments
import Screens
import Synchronization

/// Carries one experiment after another out, away from the screens.
final class ExperimentRunner: Sendable {
  private let isStopped = Atomic<Bool>(false)
  private let queue = DispatchQueue(label: "unroll.experiment", qos: .utility)

  /// Where reports are kept; nil: nowhere.
  private let shelf: ReportShelf?

  /// Keeps what is found in the folder `lab` of `stateDirectory`.
  init(stateDirectory: String?) { shelf = stateDirectory.map { ReportShelf($0 + "/lab") } }

  /// What was found in earlier visits.
  func keptReports() -> [ExperimentReport] { shelf?.reports() ?? [] }

  /// Starts the experiment called `name` with this seed; `tell` hears of it on another thread.
  func start(_ name: String, seed: UInt64, tell: @escaping @Sendable (ExperimentNews) -> Void) {
    isStopped.store(false, ordering: .relaxed)
    queue.async { [self] in
      do {
        let report = try ExperimentRegistry.experiment(name).run(
          seed: seed, tell: { tell(.told($0)) }, while: { !self.isStopped.load(ordering: .relaxed) }
        )
        tell(.finished(report))
        if let shelf {
          do { try shelf.keep(report) } catch {
            tell(.unkept("The report of \(name) cannot be kept. " + Failure(error).message))
          }
        }
      } catch {
        tell(.failed(name: name, Failure(error).message))
      }
    }
  }

  /// Ends the experiment that is under way after its next step.
  func stop() { isStopped.store(true, ordering: .relaxed) }
}
