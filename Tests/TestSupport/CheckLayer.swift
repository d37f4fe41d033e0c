import Engine
import Layers
import Testing

/// Checks everything that holds for every layer, for all choices and flags of its spec and all kinds
/// of input that it takes.
public func checkLayer(
  _ type: any LayerSpec.Type, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  for spec in try variants(of: type) {
    var taken = 0
    for input in inputs {
      guard let output = try? spec.output(for: input) else {
        expectReason(spec, input, sourceLocation)
        continue
      }
      taken += 1
      let check = try LayerCheck(spec, input, output, sourceLocation)
      try check.everything()
    }
    #expect(taken > 0, "\(spec) takes none of \(inputs)", sourceLocation: sourceLocation)
  }
}

/// What is offered to every layer: D = 5 features, V = 6 ids, or images of unequal sides.
private let inputs: [Signature] = [
  .sequence(5), .vector(5), .ids(below: 6), Signature(isSequence: true, features: [2, 5]),
  .image(5, 6, 4), .images(2, 4, 3),
]

/// Settings that must divide the number of channels.
private let divisors = ["num_groups", "groups"]

/// A small spec for every combination of choices and flags.
private func variants(of type: any LayerSpec.Type) throws -> [any LayerSpec] {
  var specs: [any LayerSpec] = [type.init()]
  for setting in type.init().settingInfo {
    let values: [FieldValue] =
      switch setting.domain {
      case .integer where divisors.contains(setting.name): [.integer(1), .integer(5)]
      // H = 4 where it may be: different from B, T and D, and above 1.
      case .integer(let range): [.integer(min(max(4, range.lowerBound), range.upperBound))]
      case .flag: [.flag(false), .flag(true)]
      case .choice(let names): names.map(FieldValue.choice)
      case .decimal, .text: []
      }
    guard !values.isEmpty else { continue }
    specs = try specs.flatMap { spec in
      try values.map { value in
        var spec = spec
        try spec.set(setting.name, to: value)
        return spec
      }
    }
  }
  return specs
}

/// A refused input is explained: who needs what, and what it got.
private func expectReason(
  _ spec: any LayerSpec, _ input: Signature, _ sourceLocation: SourceLocation
) {
  #expect(sourceLocation: sourceLocation) {
    _ = try spec.output(for: input)
  } throws: { error in
    let text = "\(error)"
    return text.hasPrefix(type(of: spec).kind + " needs ") && text.contains("got \(input).")
  }
}
