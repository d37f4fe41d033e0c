import Layers

extension TrainingRecipe: Configurable {
  /// The name in session files and in front of a setting.
  public static let kind = "training"

  /// What can be set: what everyone looks for first.
  public static let fields: [Field<TrainingRecipe>] =
    [
      .choice("optimizer", \.optimizer, "the rule that turns gradients into updates"),
      .decimal("learning_rate", \.learningRate, in: 1e-9...1e3, "size of an update"),
      Field.automatic(
        "momentum", \.momentum, in: 0...1, excludingUpper: true, "momentum of sgd and rmsprop"
      ).optional,
      .decimal("clip_norm", \.clipNorm, in: 0...1e9, "limit of clipping; 0 is off"),
      .integer("steps", \.steps, in: 1...1_000_000_000, "training steps in all"),
      .integer(
        "validate_every", \.validateEvery, in: 0...1_000_000_000,
        "steps between validations; 0: every epoch"),
      .integer(
        "checkpoint_every", \.checkpointEvery, in: 0...1_000_000_000,
        "steps between checkpoints; 0: with validations"),
      .flag("carry_state", \.carriesState, "state goes on between windows (truncated BPTT)"),
    ] + Field.optional(lossFields + scheduleFields + endFields + ruleFields)

  /// What training makes small.
  private static let lossFields: [Field<TrainingRecipe>] = [
    .choice("loss", \.loss, "what training makes small; default fits the data"),
    .decimal(
      "label_smoothing", \.labelSmoothing, in: 0...1, excludingUpper: true,
      "share of a class target that all classes get"),
    .decimal("focal_gamma", \.focalGamma, in: 0...100, "gamma of the focal loss"),
    .decimal("huber_delta", \.huberDelta, in: 1e-9...1e9, "delta of the huber loss"),
    .decimal("loss_margin", \.lossMargin, in: 1e-9...1e9, "margin of contrastive and triplet"),
    .decimal(
      "loss_temperature", \.lossTemperature, in: 1e-3...1e3,
      "of supervised_contrastive and info_nce"),
    .choice("triplet_mining", \.tripletMining, "which triplets of a batch count"),
  ]

  /// How the learning rate goes over the run.
  private static let scheduleFields: [Field<TrainingRecipe>] = [
    .choice("schedule", \.schedule, "how the learning rate goes over the run"),
    .integer("warmup_steps", \.warmupSteps, in: 0...1_000_000_000, "steps up to the full rate"),
    .integer(
      "schedule_steps", \.scheduleSteps, in: 0...1_000_000_000,
      "steps of a period; 0: the rest of the run"),
    .decimal(
      "schedule_factor", \.scheduleFactor, in: 1e-9...1e3,
      "of step, exponential, inverse and plateau"),
    .decimal(
      "schedule_floor", \.scheduleFloor, in: 0...1, "share of the rate that cosines end at"),
    .integer(
      "schedule_growth", \.scheduleGrowth, in: 1...100, "times longer with every restart"),
    .integer(
      "schedule_patience", \.schedulePatience, in: 0...1_000_000,
      "validations that plateau waits for"),
  ]

  /// How far back gradients go, when a run ends early, and which weights it keeps.
  private static let endFields: [Field<TrainingRecipe>] = [
    .integer(
      "tbptt_k1", \.tbpttSteps, in: 0...65_536,
      "time steps between updates; 0: whole windows"),
    .integer(
      "tbptt_k2", \.tbpttReach, in: 0...65_536, "time steps that gradients go back; 0: tbptt_k1"),
    .integer(
      "patience", \.patience, in: 0...1_000_000,
      "validations without a better one that end the run; 0: none do"),
    .decimal(
      "min_delta", \.minDelta, in: 0...1e9, "how much better a validation must be to count"),
    .choice("watch", \.watch, "what patience looks at"),
    .decimal(
      "average_decay", \.averageDecay, in: 0...1, excludingUpper: true,
      "of the average of the weights that is measured and kept; 0: none"),
  ]

  /// The numbers of an optimiser's rule, and what it sees of a gradient.
  private static let ruleFields: [Field<TrainingRecipe>] = [
    .choice("convention", \.convention, "whose formulas and defaults the rule has"),
    .flag("nesterov", \.nesterov, "momentum of sgd looks ahead"),
    .decimal(
      "beta1", \.beta1, in: 0...1, excludingUpper: true, "decay of adam's first moment"),
    .decimal(
      "beta2", \.beta2, in: 0...1, excludingUpper: true, "decay of adam's second moment"),
    .automatic(
      "alpha", \.alpha, in: 0...1, excludingUpper: true, "decay of rmsprop's mean square"),
    .flag("centered", \.centered, "rmsprop divides by the deviation of gradients"),
    .automatic("epsilon", \.epsilon, in: 1e-12...1, "keeps quotients finite"),
    .automatic("weight_decay", \.weightDecay, in: 0...10, "pull of weights towards zero"),
    .flag("decay_all", \.decaysAll, "weight decay of biases and gains, too"),
    .choice("clip", \.clip, "what is clipped: all gradients' norm, each one's, or values"),
  ]
}

extension TrainingRecipe {
  /// Whether the setting matters with this rule, this schedule and this end.
  public func heeds(_ name: String) -> Bool {
    switch name {
    case "momentum": [.sgd, .rmsprop].contains(optimizer)
    case "nesterov": optimizer == .sgd
    case "beta1", "beta2": [.adam, .adamw, .amsgrad].contains(optimizer)
    case "alpha", "centered": optimizer == .rmsprop
    case "epsilon": optimizer != .sgd
    case "decay_all": OptimizerRule(self).decay > 0
    case "clip": clipNorm > 0
    case "tbptt_k2": tbpttSteps > 0
    case "loss_margin": [.contrastive, .triplet].contains(loss)
    case "loss_temperature": [.supervisedContrastive, .infoNCE].contains(loss)
    case "triplet_mining": loss == .triplet
    case "schedule_steps": ![.constant, .noam, .plateau].contains(schedule)
    case "schedule_factor": [.step, .exponential, .inverse, .plateau].contains(schedule)
    case "schedule_floor": [.linear, .cosine, .cosineRestarts].contains(schedule)
    case "schedule_growth": schedule == .cosineRestarts
    case "schedule_patience": schedule == .plateau
    case "min_delta": patience > 0
    case "watch": patience > 0 || schedule == .plateau
    default: true
    }
  }
}
