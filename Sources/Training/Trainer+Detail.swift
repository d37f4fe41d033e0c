import Engine
import Layers

extension Trainer {
  /// The closer look at the step that found `found`, and that moved the parameters by `updates`, squared
  /// norms.
  func stepDetail(
    _ found: BackPropagation, _ norm: GradientNorm, _ updates: [Double]
  ) -> StepDetail {
    let pass = found.pass
    followRadii()
    let reports = parameters.enumerated().map { index, owned in
      let weights = owned.parameter.value.sumOfSquares.squareRoot()
      let update = updates[index].squareRoot()
      return ParameterReport(
        layer: owned.layer, name: owned.parameter.name, gradientNorm: norm.parameters[index],
        weightNorm: weights, updateRatio: weights > 0 ? update / weights : 0,
        momentRatio: optimizer.momentRatio(of: index, count: step + 1),
        gradientSizes: found.gradients[index].map(GradientSizes.init),
        spectralRadius: radii.ofParameters[ObjectIdentifier(owned.parameter)],
        isFrozen: isFrozen(owned.layer))
    }
    let overTime = pass.probes.compactMap { layer, probe in
      probe.squares.map {
        GradientOverTime(layer: layer, norms: Self.rootMeans($0, lengths: pass.lengths))
      }
    }
    let signals = pass.recorded.map { SignalReport($0, lengths: pass.lengths) }
    return StepDetail(
      parameters: reports, gradientOverTime: overTime, signals: signals,
      carried: carriedStates(after: pass))
  }

  /// Estimates ρ anew at one closer look of eight: it takes longer than all else that is looked at,
  /// and changes slowly.
  private func followRadii() {
    if radii.looks % 8 == 0 { radii.ofParameters = spectralRadii }
    radii.looks += 1
  }

  /// ρ of the recurrent weights of every cell, estimated.
  private var spectralRadii: [ObjectIdentifier: Double] {
    var radii: [ObjectIdentifier: Double] = [:]
    for element in network.elements {
      let both = element.layer as? Bidirectional
      let cells: [any RecurrentLayer] =
        if let both {
          [both.forward, both.backward]
        } else if let cell = element.layer as? any RecurrentLayer {
          [cell]
        } else {
          []
        }
      for cell in cells {
        guard let weight = cell.recurrentWeight else { continue }
        radii[ObjectIdentifier(weight)] = cell.recurrentRadius
      }
    }
    return radii
  }

  /// What `pass` leaves for the next piece of its window or for the next window, if anything is carried.
  private func carriedStates(after pass: Pass) -> [CarriedState] {
    guard recipe.tbpttSteps > 0 || recipe.carriesState else { return [] }
    return network.elements.flatMap { element -> [CarriedState] in
      guard let layer = element.layer as? any RecurrentLayer,
        let state = pass.states[element.name]
      else { return [] }
      return zip(layer.stateNames, state).map { name, part in
        CarriedState(
          layer: element.name, part: name,
          norm: (part.sumOfSquares / Double(max(1, part.shape[0]))).squareRoot())
      }
    }
  }

  /// The root of the mean of squared norms `[B, T]` over the sequences that reach each step.
  static func rootMeans(_ squares: Tensor, lengths: [Int]?) -> [Double] {
    let (batch, time) = (squares.shape[0], squares.shape[1])
    let values = squares.scalars
    return (0..<time).map { t in
      let rows = (0..<batch).filter { t < lengths?[$0] ?? time }
      let sum = rows.reduce(0.0) { $0 + Double(values[$1 * time + t]) }
      return rows.isEmpty ? 0 : (sum / Double(rows.count)).squareRoot()
    }
  }
}
