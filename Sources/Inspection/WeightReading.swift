import Engine
import Layers

/// Every parameter and buffer of a network as they were between two training steps: what is in its
/// memory, to look at while training goes on.
public struct WeightReading: Sendable {
  /// After how many training steps the weights were as they are here.
  public let weightsStep: Int
  /// Of every layer the parameters, then the buffers, in the order they are saved.
  public private(set) var weights: [Weight]

  /// Copies the weights of `network`, which nobody trains meanwhile, as they are after `weightsStep`
  /// steps; `symbol` says what an id of the data reads as.
  public init(
    _ network: Network, weightsStep: Int, symbol: (Int) -> String = { String($0) }
  ) {
    self.weightsStep = weightsStep
    weights = network.elements.flatMap { element in
      let cells = StackedCell.all(in: element.layer)
      func weight(_ parameter: Parameter, isTrained: Bool) -> Weight {
        Weight(
          parameter, of: element, isTrained: isTrained,
          cell: isTrained
            ? cells.first { cell in cell.parameters.contains { $0 === parameter } } : cells.first,
          symbol: symbol)
      }
      return element.layer.parameters.map { weight($0, isTrained: true) }
        + element.layer.buffers.map { weight($0, isTrained: false) }
    }
  }

  /// Works out the singular values of every matrix that is not too large, one after another, which
  /// takes seconds for large ones; goes on as long as `goesOn` says so after each.
  public mutating func findSpectra(while goesOn: (WeightReading) -> Bool = { _ in true }) {
    for index in weights.indices where weights[index].hasSpectrum {
      weights[index].findSpectra()
      guard goesOn(self) else { return }
    }
  }

  /// Sets beside the singular values those of `start`, the same weights before the first step, of which
  /// they were found.
  public mutating func compare(with start: WeightReading) {
    for (index, weight) in start.weights.enumerated() where weights.indices.contains(index) {
      weights[index].startSpectra = weight.spectra
    }
  }
}
