import Engine
import Layers

extension LayerCheck {
  /// Examples and weights that are drawn before a number counts as one without influence: a maximum of 30 numbers
  /// shows but one of them at a time.
  private static let most = 1_000

  /// The receptive field of a number of the output is where its gradient with respect to the input is
  /// not 0, for one example or another; of ids, those that change it.
  func fieldsAreWhereGradientsAre() throws {
    let extent = DataExtent(output, time: time)
    for place in [0, extent.count / 2 + extent.width / 3, extent.count - 1] {
      let (step, feature) = place.quotientAndRemainder(dividingBy: extent.width)
      let field = model.receptiveField(
        of: feature, at: step, of: LayerPath(model.layers.count - 1), input: input, time: time)
      let wanted = field["input"] ?? CellSet(DataExtent(input, time: time))
      var found = CellSet(wanted.extent)
      for seed in 0..<UInt64(Self.most) {
        let x = Self.draw(input.shape(batch: 1, time: time), input, seed: 100 + seed)
        let network = try Network(model, input: input, seed: seed)
        found.formUnion(
          input.vocabulary == nil
            ? influences(on: place, x, network, wanted.extent)
            : changes(of: place, x, network, wanted.extent))
        if found == wanted { break }
      }
      expect(found == wanted, "number \(place) sees \(found.count), not \(wanted.count)")
    }
  }

  private func influences(on place: Int, _ x: Tensor, _ network: Network, _ extent: DataExtent)
    -> CellSet
  {
    let tape = Tape()
    let variable = tape.variable(x)
    let made = run(variable, network: network).output
    let seed = Tensor((0..<made.count).map { $0 == place ? 1 : 0 }, made.shape)
    let gradient = tape.gradients(of: made, seed: seed)[variable]?.scalars ?? []
    return CellSet(extent, gradient.indices.filter { gradient[$0] != 0 })
  }

  private func changes(of place: Int, _ x: Tensor, _ network: Network, _ extent: DataExtent)
    -> CellSet
  {
    let before = run(x, network: network).output.scalars[place]
    return CellSet(
      extent,
      (0..<x.count).filter { index in
        var other = x.scalars
        other[index] = other[index] == 0 ? 1 : 0
        return run(Tensor(other, x.shape), network: network).output.scalars[place] != before
      })
  }
}
