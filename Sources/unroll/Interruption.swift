import Dispatch
import Glibc
import Synchronization

/// Signals that ask the program to save or to leave.
enum Interruption {
  private static let stopSignal = Atomic<Int32>(0)
  private static let stopIsNew = Atomic<Bool>(false)
  private static let wantsSave = Atomic<Bool>(false)

  /// Listens for SIGINT, SIGTERM and SIGHUP (finish, save, leave; the second one leaves at once)
  /// and SIGUSR1 (save and go on); `heard` is called on some thread.
  ///
  /// What the program was started to ignore, as by `nohup`, it ignores.
  static func watch(_ heard: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM, SIGHUP, SIGUSR1].filter { !isIgnored($0) }.map { number in
      signal(number, SIG_IGN)  // a Dispatch source hears it all the same
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if number == SIGUSR1 {
          wantsSave.store(true, ordering: .relaxed)
        } else {
          let (isFirst, _) = stopSignal.compareExchange(
            expected: 0, desired: number, ordering: .relaxed)
          // Not exit(): the threads that go on training must not see the program taken apart.
          guard isFirst else { _exit(128 + number) }
          stopIsNew.store(true, ordering: .relaxed)
        }
        heard()
      }
      source.resume()
      return source
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1  // SIG_IGN
  }

  /// The signal that asked the program to leave; nil when none did.
  static var first: Int32? {
    let number = stopSignal.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Whether a signal asked to leave since the last call.
  static func takeStop() -> Bool { stopIsNew.exchange(false, ordering: .relaxed) }

  /// Whether a signal asked to save since the last call.
  static func takeSave() -> Bool { wantsSave.exchange(false, ordering: .relaxed) }
}
