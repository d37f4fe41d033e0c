/// Counts validations that bring nothing better.
public struct Patience: Sendable, Equatable {
  /// The best value so far; nil before the first one.
  public internal(set) var best: Double?
  /// Validations since then.
  public internal(set) var waits = 0

  /// Before the first validation.
  public init() {}

  /// Takes in `value`, lower being better; only what is below `best` by more than `margin` counts as
  /// better. Returns whether it was. What is no number never is.
  @discardableResult
  mutating func follow(_ value: Double, margin: Double) -> Bool {
    let isBetter = best.map { value < $0 - margin } ?? value.isFinite
    if isBetter { (best, waits) = (value, 0) } else { waits += 1 }
    return isBetter
  }
}

/// What a run knows of its validations: when to lower the learning rate, and when to end.
///
/// Plateau: after more than `schedule_patience` validations that are not lower than the best one by
/// 1e-4 of it, the factor is multiplied by γ and counting begins again; PyTorch's
/// `ReduceLROnPlateau` with its defaults otherwise. Early stopping: after `patience` validations that
/// are not better than the best one by more than `min_delta`.
public struct Progress: Sendable, Equatable {
  /// What lowers the learning rate.
  public internal(set) var plateau = Patience()
  /// What the learning rate is multiplied by until now.
  public internal(set) var factor = 1.0
  /// What ends the run.
  public internal(set) var stopping = Patience()
  /// After how many steps validation was last taken in.
  public internal(set) var step = 0

  /// Before the first validation.
  public init() {}

  /// Takes in a validation after `step` steps whose watched value is `value`, lower being better.
  mutating func follow(_ value: Double, _ recipe: TrainingRecipe, step: Int) {
    self.step = step
    stopping.follow(value, margin: recipe.minDelta)
    guard recipe.schedule == .plateau else { return }
    plateau.follow(value, margin: 1e-4 * abs(plateau.best ?? 0))
    if plateau.waits > recipe.schedulePatience {
      factor *= recipe.scheduleFactor
      plateau.waits = 0
    }
  }

  /// Whether `recipe` has the run end.
  func isOver(_ recipe: TrainingRecipe) -> Bool {
    recipe.patience > 0 && stopping.waits >= recipe.patience
  }
}
