import Engine
import Layers
import Testing

/// Of equal numbers in a window the first is the largest, and the gradient is its alone.
@Suite struct PoolTieTests {
  /// The gradient of the sum of all outputs of `spec` over ones of `shape`.
  private func gradient(_ spec: any LayerSpec, _ input: Signature, _ shape: Shape) throws -> [Float]
  {
    _ = try spec.output(for: input)
    var random = Random(seed: 1)
    let layer = spec.makeLayer(for: input, using: &random)
    let tape = Tape()
    let x = tape.variable(.ones(shape))
    var pass = Pass()
    let output = layer(x, &pass)
    #expect(output.scalars.allSatisfy { $0 == 1 })
    return try #require(tape.gradients(of: output.sum())[x]).scalars
  }

  @Test func overTime() throws {
    let found = try gradient(MaxPool1d.Spec(kernelSize: 3), .sequence(2), [1, 6, 2])
    #expect(found == [1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0])
    // Windows that overlap begin at 0, 1, 2 and 3.
    var overlapping = MaxPool1d.Spec(kernelSize: 3)
    try overlapping.set("stride", text: "1")
    #expect(try gradient(overlapping, .sequence(1), [1, 6, 1]) == [1, 1, 1, 1, 0, 0])
  }

  @Test func overImagesAndVideos() throws {
    let corner: [Float] = [1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]
    #expect(try gradient(MaxPool2d.Spec(), .image(1, 4, 4), [1, 1, 4, 4]) == corner)
    let video = try gradient(MaxPool3d.Spec(), .images(1, 4, 4), [1, 2, 1, 4, 4])
    #expect(video == corner + Array(repeating: 0, count: 16))
    let adaptive = try gradient(
      AdaptiveMaxPool2d.Spec(outputSize: 2), .image(1, 4, 4), [1, 1, 4, 4])
    #expect(adaptive == corner)
  }

  @Test func aLargerNumberThatComesLaterWins() throws {
    var random = Random(seed: 1)
    let layer = MaxPool1d.Spec(kernelSize: 4).makeLayer(for: .sequence(1), using: &random)
    let tape = Tape()
    let x = tape.variable(Tensor([2, 3, 3, 1], [1, 4, 1]))
    var pass = Pass()
    let output = layer(x, &pass)
    #expect(output.scalars == [3])
    #expect(tape.gradients(of: output.sum())[x]?.scalars == [0, 1, 0, 0])
  }
}
