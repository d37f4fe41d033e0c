import Engine
import Layers
import Testing

/// Checks everything that holds for every layer, for every choice, flag and number of its spec and
/// all kinds of input that it takes.
public func checkLayer(
  _ type: any LayerSpec.Type, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  for spec in try variants(of: type) {
    var taken = 0
    for input in inputs + further(for: spec) {
      let model = ModelSpec(
        before(spec) + [LayerEntry(name: type.kind, spec: spec, children: inside(spec))])
      guard let output = try? model.output(for: input) else {
        expectReason(model, input, sourceLocation)
        continue
      }
      taken += 1
      let check = try LayerCheck(model, input, output, sourceLocation)
      try check.everything()
    }
    #expect(taken > 0, "\(spec) takes none of \(inputs)", sourceLocation: sourceLocation)
  }
}

/// What stands inside a layer that holds others: something with statistics over the batch, so that
/// padding shows, and with parameters that differ in every branch.
private func inside(_ spec: any LayerSpec) -> [LayerEntry] {
  guard spec is any CompositeSpec else { return [] }
  return [
    LayerEntry(name: "norm", spec: BatchNorm.Spec()),
    LayerEntry(
      name: "branch", spec: Sequential.Spec(),
      children: [
        LayerEntry(name: "scale", spec: RMSNorm.Spec()),
        LayerEntry(name: "curve", spec: Activation.Spec(.tanh)),
      ]),
  ]
}

/// What stands before a layer that shares the weights of another one.
private func before(_ spec: any LayerSpec) -> [LayerEntry] {
  guard spec is TiedLinear.Spec else { return [] }
  return [LayerEntry(name: "embedding", spec: Embedding.Spec(embeddingDim: 4))]
}

/// What is offered to every layer: D = 5 features, V = 6 ids, or images of unequal sides.
private let inputs: [Signature] = [
  .sequence(5), .vector(5), .ids(below: 6), Signature(isSequence: true, features: [2, 5]),
  .image(5, 6, 5), .images(5, 4, 3),
]

/// What is offered besides to layers that take none of most of these: an even number of features.
private func further(for spec: any LayerSpec) -> [Signature] {
  spec is GLU.Spec || spec is SwiGLU.Spec ? [.sequence(6), .vector(6), .images(4, 3, 5)] : []
}

/// Values of settings that do different things, the usual one first; groups must divide D = 5.
private let telling = [
  "padding_idx": [-1], "num_groups": [1, 5], "groups": [1, 5], "out_channels": [10],
  "kernel_size": [3], "stride": [1, 2], "dilation": [1, 2], "padding": [0, 1],
  "scale_factor": [2], "height_factor": [0, 3], "width_factor": [0, 1],
  "in_features": [0, 5], "output_padding": [0, 1],
]

/// Numbers that keep a layer where finite differences follow it: over three examples the variance of a
/// step may be next to nothing, and its gradient holds for next to no distance.
private let calm = [
  "bn_lstm": ["eps": 0.01], "indrnn": ["eps": 0.01], "stepwise_batch_norm": ["eps": 0.01],
]

/// Sizes of up to three axes that are not all alike.
private let unequal = ["kernel_size": [[2, 2, 3]], "stride": [[1, 2, 1]]]

/// Settings that change nothing but the numbers that weights start from; tests of their own go through
/// them.
private let starts = [
  "weight_init", "recurrent_init", "branch_init", "bias_init", "recurrent_gain",
]

/// Small specs that take every value of every choice and flag, one setting away from the defaults;
/// then numbers inside all ranges at once; then everything at once.
private func variants(of type: any LayerSpec.Type) throws -> [any LayerSpec] {
  var small = type.init()
  for (name, number) in calm[type.kind] ?? [:] { try small.set(name, to: .decimal(number)) }
  for setting in small.settingInfo {
    // H = 4 where it may be: different from B, T and D, and above 1.
    let range: ClosedRange<Int>
    switch setting.domain {
    case .integer(let whole), .sizes(let whole, _): range = whole
    default: continue
    }
    let number = telling[setting.name]?[0] ?? min(max(4, range.lowerBound), range.upperBound)
    try small.set(setting.name, to: .integer(number))
  }
  var specs: [any LayerSpec] = [small]
  var (numbers, everything) = (small, small)
  for (setting, info) in zip(small.settings, small.settingInfo) {
    if case .decimal(let range, _) = info.domain, !starts.contains(setting.name) {
      let inside = range.lowerBound + 0.375 * (range.upperBound - range.lowerBound)
      try numbers.set(setting.name, to: .decimal(inside))
      try everything.set(setting.name, to: .decimal(inside))
    }
    for value in alternatives(to: setting, info.domain) {
      var spec = small
      try spec.set(setting.name, to: value)
      specs.append(spec)
      try everything.set(setting.name, to: value)
    }
  }
  if numbers.settings.map(\.value) != small.settings.map(\.value) { specs.append(numbers) }
  return specs.count > 1 ? specs + [everything] : specs
}

/// The other values of a choice or a flag, and other telling numbers.
private func alternatives(
  to setting: (name: String, value: FieldValue), _ domain: FieldDomain
) -> [FieldValue] {
  let values: [FieldValue] =
    switch domain {
    case .integer: (telling[setting.name] ?? []).map(FieldValue.integer)
    case .sizes(_, let axes):
      (telling[setting.name] ?? []).map(FieldValue.integer)
        + (unequal[setting.name] ?? []).map { .sizes(AxisSizes($0.suffix(axes))) }
    case .choiceOrSizes(let names, _, _): names.map(FieldValue.choice) + [.integer(1)]
    case .flag: [.flag(false), .flag(true)]
    case .choice(let names): starts.contains(setting.name) ? [] : names.map(FieldValue.choice)
    case .decimal, .automatic, .text: []
    }
  return values.filter { $0 != setting.value }
}

/// A refused input is explained: who needs what, and what it got.
private func expectReason(
  _ model: ModelSpec, _ input: Signature, _ sourceLocation: SourceLocation
) {
  let failed = zip(model.tree, model.rows(for: input)).first { $1.error != nil }
  guard let (place, row) = failed, let text = row.error?.description else {
    Issue.record("\(model) refuses \(input) without a reason", sourceLocation: sourceLocation)
    return
  }
  #expect(text.hasPrefix(place.entry.kind + " needs "), sourceLocation: sourceLocation)
  #expect(
    text.contains("got \(row.input ?? input).") || text.contains("got '"), "\(text)",
    sourceLocation: sourceLocation)
}
