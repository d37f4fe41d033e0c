import Data
import Inspection
import Layers
import Synchronization
import Testing
import Training

@testable import Workbench

struct LookTests {
  @Test func anExampleIsSeenAsInTrainingWithItsMasks() throws {
    let desk = try Desk(steps: 4)
    let plain = try desk.inspect()
    let noisy = try desk.inspect(asInTraining: true)
    #expect(!plain.signals.contains("dropout.m") && noisy.signals.contains("dropout.m"))
    #expect(try desk.inspect(asInTraining: true) == noisy)
    // Looking like this changes nothing.
    #expect(try desk.inspect() == plain)
  }

  @Test func whatIsHeldIsHeldBesideARunAndKeptNowhere() throws {
    let desk = try Desk(steps: 1_000_000)
    try desk.session.apply(.step(2))
    try desk.wait(for: "a pause") { desk.session.status.phase == .paused }
    let (file, words) = (desk.session.document.json, desk.session.journal.entries.count)
    let before = try desk.inspect()
    let shut = Clamp(layer: "gru", signal: "z", unit: nil, value: 0)
    let found = try desk.clamp([shut]).get()
    #expect(found.clamped.weightsStep == 2 && found.clamped.clamps == [shut])
    #expect(found.clamped.matrix("gru", "z")?.maximum == 0)
    #expect(found.clamped.meanLoss != found.free.meanLoss)
    #expect(try desk.inspect() == before)
    #expect(desk.session.document.json == file && desk.session.journal.entries.count == words)
    try desk.session.apply(.resume)
    #expect(try desk.clamp([shut]).get().clamped.weightsStep ?? 0 >= 2)
    let wrong = Clamp(layer: "gru", signal: "f", unit: nil, value: 0)
    #expect(throws: SessionError.self) { try desk.clamp([wrong]).get() }
    try desk.session.apply(.stop)
    try desk.finish()
  }

  @Test func theBiasOfTruncatedGradientsIsMeasuredBesideARun() throws {
    let desk = try Desk(steps: 1_000_000)
    try desk.session.apply(.step(2))
    try desk.wait(for: "a pause") { desk.session.status.phase == .paused }
    let bias = try desk.measureTruncation().get()
    #expect(bias.weightsStep == 2 && bias.points.map(\.reach) == [1, 2, 4, 5])
    #expect(bias.points.last?.bias == 0 && bias.own == nil)
    #expect(try desk.measureTruncation().get() == bias)
    try desk.session.apply(.stop)
    try desk.finish()
  }

  @Test func aMeasurementThatIsStoppedDeliversNothingAndHoldsUpNoOtherLook() throws {
    let desk = try Desk(steps: 4)
    let delivered = Mutex(0)
    desk.session.measureTruncation { _ in delivered.withLock { $0 += 1 } }
    desk.session.stopMeasuringTruncation()
    _ = try desk.inspect()
    #expect(try desk.measureTruncation().get().points.count == 4)
    #expect(delivered.withLock { $0 } == 0)
  }

  @Test func aTextIsWrittenWithTheWeightsAsTheyAre() throws {
    let desk = try Desk(steps: 1_000_000)
    var wish = TextWish()
    (wish.prompt, wish.length) = ("abc ", 40)
    let fresh = try desk.write(wish)
    #expect(fresh.weightsStep == 0 && fresh.text.unicodeScalars.count == 40)
    #expect(try desk.write(wish) == fresh)
    try desk.session.apply(.step(3))
    try desk.wait(for: "a pause") { desk.session.status.phase == .paused }
    #expect(try desk.write(wish).weightsStep == 3)
    try desk.session.apply(.stop)
    try desk.finish()
    wish.prompt = "?"
    #expect(throws: SessionError.self) { try desk.write(wish) }
  }

  @Test func whatIsNoTextWritesNone() throws {
    let desk = try Desk(.digits)
    #expect(throws: SessionError("Writing needs a model of a text, got pendigits.")) {
      try desk.write(TextWish())
    }
  }

  @Test func paddingIsMeasuredWithBucketsAndWithout() throws {
    func padding(_ set: [Command]) throws -> PaddingShares? {
      let session = Session(
        Document(
          name: "vowels", data: DataRecipe(source: .bundled("japanese-vowels")), model: ModelSpec()),
        in: SessionEnvironment())
      for command in set { try session.apply(command) }
      return session.paddingMeasurement()()
    }
    let plain = try #require(try padding([]))
    #expect(!plain.isBucketed && plain.plain > plain.inBuckets && plain.inBuckets > 0)
    let bucketed = try #require(
      try padding([.set(.init("data.bucket", "true"))]))
    #expect(bucketed.isBucketed)
    #expect(bucketed.plain == plain.plain && bucketed.inBuckets == plain.inBuckets)
  }
}
