import Engine
import Testing

@Suite struct ProfileTests {
  @Test func everyMomentCountsForThePartThatWasEnteredLast() {
    let profile = Profile()
    #expect(profile.layer == nil && profile.milliseconds.isEmpty)
    let outer = Profile.Part(.forward, "outer")
    let inner = Profile.Part(.forward, "inner")
    #expect(profile.enter(outer) == nil)
    let before = profile.enter(inner)
    #expect(before == outer && profile.layer == "inner")
    profile.enter(outer)
    profile.leave()
    #expect(profile.layer == nil)
    #expect(profile.milliseconds.map(\.part) == [outer, inner])
    #expect(profile.milliseconds.allSatisfy { $0.time >= 0 })
    profile.reset()
    #expect(profile.milliseconds.isEmpty)
  }

  @Test func theBackwardPassIsAtTheLayerThatRecorded() {
    let profile = Profile()
    let tape = Tape(profile: profile)
    let x = tape.variable(Tensor([1, 2], [2]))
    profile.enter(Profile.Part(.forward, "a"))
    let y = x * x
    profile.enter(Profile.Part(.loss))
    let gradients = tape.gradients(of: y + x)
    profile.leave()
    #expect(gradients[x]?.scalars == [3, 5])
    #expect(
      profile.milliseconds.map(\.part) == [
        Profile.Part(.forward, "a"), Profile.Part(.loss), Profile.Part(.backward),
        Profile.Part(.backward, "a"),
      ])
  }
}
