import Testing

@testable import Workbench

struct JournalTests {
  @Test func commandsAndNotesStandInOrderWithTheirSteps() throws {
    let desk = try Desk(steps: 4)
    let session = desk.session
    try session.apply(.set(.init("seed", "2")))
    _ = try? session.apply(.delete(at: 9))
    try session.apply(.step(2))
    try desk.wait(for: "a pause") { session.status.phase == .paused }
    try session.apply(.set(.init("training.learning_rate", "0.01")))
    try session.apply(.resume)
    try desk.finish()
    let losses = desk.events.compactMap { event in
      if case .validated(let report) = event { (report.loss * 1e4).rounded() / 1e4 } else { nil }
    }
    #expect(losses.count == 2)
    #expect(
      session.journal.entries == [
        .command("set seed 2", nil),
        .command("step 2", 0),
        .note("run from step 0 of 4", 0),
        .note("paused", 2),
        .command("set training.learning_rate 0.01", 2),
        .command("resume", 2),
        .note("learning_rate 0.01 took effect", 2),
        .note("went on", 2),
        .note("validation loss \(losses[0]), best", 4),
        .note("test loss \(losses[1])", 4),
        .note("all steps done", 4),
      ])
  }

  @Test func aRunThatGoesOnIsJournaledAtItsStep() throws {
    let desk = try Desk(steps: 3)
    _ = try desk.train()
    try desk.session.apply(.set(.init("training.steps", "4")))
    try desk.session.apply(.train)
    #expect(desk.session.journal.entries.last == .command("train", 3))
    try desk.finish()
  }

  @Test func whatTheJournalSaysCanBeTypedAgain() throws {
    let desk = try Desk()
    let commands: [Command] = [
      .set(.init("data.set", "  a  \"b\" ")), .rename(at: 1, to: "memory"), .move(from: 0, to: 1),
      .add(kind: "dropout", at: 0, settings: [.init("p", "0.5")]), .undo, .redo, .delete(at: 2),
      .set(.init("seed", "18446744073709551615")),
    ]
    for command in commands { try desk.session.apply(command) }
    #expect(try desk.journal.map { try Command(parsing: $0) } == commands)
  }
}

extension Journal.Entry {
  fileprivate static func command(_ text: String, _ step: Int?) -> Journal.Entry {
    Journal.Entry(time: 7, text: text, step: step, isCommand: true)
  }

  fileprivate static func note(_ text: String, _ step: Int?) -> Journal.Entry {
    Journal.Entry(time: 7, text: text, step: step, isCommand: false)
  }
}
