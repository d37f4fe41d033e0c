import Testing

@testable import Training

@Suite struct RunControlTests {
  @Test func stepsCountDownToAPause() {
    let control = RunControl(.steps(3))
    #expect(
      (0..<5).map { _ in control.next().order } == [
        .steps(3), .steps(2), .steps(1), .pause, .pause,
      ])
  }

  @Test func noStepsArePause() {
    let control = RunControl()
    control.order(.steps(0))
    #expect(control.next().order == .pause)
  }

  @Test func aStopIsFinal() {
    let control = RunControl()
    control.order(.stop)
    control.order(.run)
    #expect(control.isStopped)
    #expect(control.next().order == .stop)
    #expect(control.wait().order == .stop)
  }

  @Test func wishesAreTakenOnceAndInOrder() {
    let control = RunControl(.pause)
    control.change(.learningRate(1))
    control.change(.steps(2))
    control.save()
    control.snapshot()
    let request = control.wait()
    #expect(request.knobs == [.learningRate(1), .steps(2)])
    #expect(request.wantsCheckpoint && request.wantsSnapshot && request.order == .pause)
    #expect(control.next() == RunControl.Request(order: .pause))
  }

  @Test func aMailboxWakesItsReaderOnceUntilItIsEmptied() {
    let mailbox = Mailbox()
    mailbox.post(.paused(step: 1))
    mailbox.post(.resumed(step: 1))
    #expect(mailbox.drain().map(\.words) == ["paused 1", "resumed 1"])
    #expect(mailbox.drain().isEmpty)
  }
}
