import Layers
import Testing

@testable import Workbench

struct InspectTests {
  @Test func anExampleIsSeenBeforeDuringAndAfterARun() throws {
    let desk = try Desk(steps: 1_000_000)
    let session = desk.session
    let before = try desk.inspect()
    #expect(before.step == 0 && before.failure == nil)
    #expect(before.signals == ["gru.r", "gru.z", "gru.n", "gru.h"])
    #expect(desk.events.isEmpty)

    try session.apply(.step(3))
    try desk.wait(for: "a pause") { session.status.phase == .paused }
    let paused = try desk.inspect()
    #expect(paused.step == 3 && paused.title == before.title && paused.values != before.values)
    #expect(try desk.inspect() == paused)
    #expect(session.status.phase == .paused)

    try session.apply(.resume)
    let running = try desk.inspect()
    #expect(running.failure == nil && (running.step ?? 0) >= 3)
    #expect(session.status.phase == .running)

    try session.apply(.stop)
    let stopping = try desk.inspect()
    try desk.finish()
    let after = try desk.inspect()
    #expect(after.step == session.status.step && stopping.step == after.step)
    #expect(after.values != paused.values)
  }

  @Test func aWishThatTheEndOvertakesIsFulfilledAllTheSame() throws {
    let desk = try Desk(steps: 2)
    try desk.session.apply(.train)
    // Not drained: for all that the session knows, the run goes on.
    desk.session.run?.waitUntilDone()
    #expect(desk.session.status.isActive)
    #expect(try desk.inspect().step == 2)
  }

  @Test func aWishIsFulfilledWhenTheRunCannotStart() throws {
    let folder = try TemporaryFolder()
    let blocked = try folder.write("", to: "file") + "/run"
    let desk = try Desk(
      .letters(of: folder.path + "/abc.txt"), runs: .folder(blocked), in: folder)
    try desk.session.apply(.train)
    #expect(try desk.inspect().step == 0)
    #expect(desk.session.startFailure?.kind == .cannotCreate)
  }

  @Test func lookingDoesNotChangeTraining() throws {
    let losses = try Desk(steps: 5).train()
    let desk = try Desk(steps: 5)
    for count in 1...4 {
      try desk.session.apply(.step(1))
      try desk.wait(for: "a pause") {
        desk.session.status.phase == .paused && desk.session.status.step == count
      }
      #expect(try desk.inspect(.validation(count)).step == count)
    }
    try desk.session.apply(.resume)
    try desk.finish()
    #expect(desk.events.losses == losses)
  }

  @Test func aRunIsLookedAtAsItWasStartedWhateverIsEdited() throws {
    let desk = try Desk(steps: 2)
    _ = try desk.train()
    let before = try desk.inspect()
    try desk.session.apply(.set(.init("gru.hidden_size", "9")))
    #expect(try desk.inspect() == before)
  }

  @Test func gradientsAreFollowedUnderTheWeightsAsTheyAre() throws {
    let desk = try Desk(steps: 3)
    let before = try desk.followGradients().get()
    #expect(before.weightsStep == 0 && before.layers.map(\.layer) == ["gru"])
    _ = try desk.train()
    let after = try desk.followGradients().get()
    #expect(after.weightsStep == 3 && after.layers[0].logNorms != before.layers[0].logNorms)
    #expect(try desk.followGradients().get() == after)
  }

  @Test func weightsAreReadBeforeDuringAndAfterARun() throws {
    let desk = try Desk(steps: 1_000_000)
    let before = try desk.readWeights().map { try $0.get() }
    // At once, then with every matrix of a gru, an embedding and a linear layer, then with the start.
    #expect(before.map(\.weightsStep) == Array(repeating: 0, count: 6))
    let network = try desk.session.document.network(for: desk.session.dataset().get())
    #expect(before[0].weights.map(\.fullName) == network.saved.map(\.name))
    #expect(before[0].weights.map(\.numbers) == network.saved.map(\.parameter.value.scalars))
    #expect(before[0].weights.allSatisfy { $0.spectra.isEmpty })
    #expect(before.map { $0.weights.count { !$0.spectra.isEmpty } } == [0, 1, 2, 3, 4, 4])
    #expect(before[5].weights.allSatisfy { $0.spectra.isEmpty != $0.hasSpectrum })
    #expect(before[5].weights.allSatisfy { $0.startSpectra == $0.spectra })
    #expect(before[0].weights[0].rowNames.contains("↵"))

    try desk.session.apply(.step(3))
    try desk.wait(for: "a pause") { desk.session.status.phase == .paused }
    let all = try desk.readWeights().map { try $0.get() }
    let paused = all[0]
    #expect(all.count == 6 && all[4].weights.allSatisfy { $0.startSpectra.isEmpty })
    // The start is the same, however far the run is.
    #expect(all[5].weights.map(\.startSpectra) == before[5].weights.map(\.spectra))
    #expect(all[5].weights.map(\.spectra) != before[5].weights.map(\.spectra))
    #expect(paused.weightsStep == 3)
    #expect(paused.weights.map(\.numbers) != before[0].weights.map(\.numbers))
    let again = try desk.readWeights()[0].get()
    #expect(again.weights.map(\.numbers) == paused.weights.map(\.numbers))
    #expect(desk.session.status.phase == .paused)

    try desk.session.apply(.stop)
    try desk.finish()
    let after = try desk.readWeights()[0].get()
    #expect(after.weightsStep == desk.session.status.step)
  }

  @Test func weightsThatCannotBeReadSayWhy() throws {
    let desk = try Desk()
    try desk.session.apply(.delete(at: 0))
    guard case .failure(let error) = try desk.readWeights()[0] else {
      Issue.record("Something was read.")
      return
    }
    #expect(error.description.hasPrefix("Layer 'gru': gru needs input [batch, time, features]"))
  }

  @Test func withoutARecurrentLayerThereIsNothingToFollow() throws {
    let desk = try Desk()
    try desk.session.apply(.delete(at: 1))
    guard case .failure(let error) = try desk.followGradients() else {
      Issue.record("Something was followed.")
      return
    }
    #expect(
      error.description
        == "Following gradients needs a recurrent layer that goes step by step, got none. "
        + "Add rnn, lstm or gru.")
  }

  @Test func examplesWrapAround() throws {
    let desk = try Desk(.digits)
    let first = try desk.inspect(0)
    #expect(try desk.inspect(1).title != first.title)
    let last = try desk.inspect(-1)
    #expect(last.failure == nil && last.title != first.title)
    #expect(try desk.inspect(.validation(.max)).failure == nil)
    #expect(try desk.inspect(.validation(.min)).failure == nil)
  }

  @Test func aTypedTextIsAnExample() throws {
    let desk = try Desk()
    let typed = try desk.inspect(.text("bad"))
    #expect(typed.failure == nil && typed.title == "typed text")
    #expect(typed.signals == ["gru.r", "gru.z", "gru.n", "gru.h"])
    #expect(typed.values.count == 4 * 3 * 4)
    #expect(
      try desk.inspect(.text("baß")).failure
        == "The model reads the 8 characters of its text, got 'ß' at column 3. Leave that character "
        + "out.")
    let digits = try Desk(.digits).inspect(.text("3"))
    #expect(
      digits.failure?.contains("A model of 'pendigits' reads 'x' [N, 8, 2], got a text.") == true)
  }

  @Test func whatCannotBeLookedAtSaysWhy() throws {
    let desk = try Desk()
    try desk.session.apply(.delete(at: 0))
    #expect(
      try desk.inspect().failure
        == "Layer 'gru': gru needs input [batch, time, features], got [B, T] ids < 8. "
        + "Put an embedding before it.")
    try desk.session.apply(.undo)
    try desk.session.apply(.set(.init("data.set", "nowhere.txt")))
    #expect(try desk.inspect().failure?.hasPrefix("Cannot read 'nowhere.txt': ") == true)
  }

  @Test func layersAreSilencedToSeeWhatTheyAreGoodFor() throws {
    let desk = try Desk(.digits)
    _ = try desk.train()
    let found = try desk.ablate(["gru"]) { $0.batches == $0.wantedBatches }
    #expect(found.silenced == ["gru"] && found.weightsStep == 4)
    #expect(found.wantedBatches == min(20, found.allBatches) && found.wantedBatches > 0)
    let (whole, without) = (try #require(found.example).whole, try #require(found.example).without)
    #expect(whole.loss != without.loss && found.validation != nil)
    let recorded = try desk.inspect(0, without: ["gru"])
    #expect(recorded.silenced == ["gru"] && recorded.blind.isEmpty)
    #expect(try desk.inspect(0).silenced.isEmpty)
    #expect(try desk.session.dataset().get().exampleCount(of: .validation) > 0)
  }

  @Test func aMeasurementEndsWithTheNextOne() throws {
    let desk = try Desk(.digits)
    desk.session.ablate(["gru"], example: 0) { _ in }
    desk.session.stopAblating()
    let found = try desk.ablate(["linear"]) { $0.batches >= 1 }
    #expect(found.silenced == ["linear"])
    desk.session.stopAblating()
  }
}
