import Engine
import Formats

extension Network {
  /// `weights` of PyTorch modules that hold several recurrent layers, `lstm.weight_ih_l1` and so on, each as
  /// that of the layer that has its place here: l0 is the layer `lstm`, l1 the recurrent layer after it. A
  /// module saved by itself, whose names have no layer in front, is the first recurrent layer. What belongs
  /// to no such module is left as it is named. Throws where there are too few recurrent layers.
  func unstacked(
    _ weights: [(name: String, value: Tensor)]
  ) throws(ShapeError) -> [(name: String, value: Tensor)] {
    let cells = saved.compactMap { StackedName($0.name) }
      .filter { $0.stem == "weight_hh" && $0.suffix.isEmpty }.map(\.owner)
    let names = weights.map { StackedName($0.name) }
    // A name that is the model's own already belongs to its layer, whatever else the file has.
    let deep = Set(names.compactMap { $0.flatMap { $0.layer > 0 ? $0.owner : nil } }).union([""])
    var found: [(name: String, value: Tensor)] = []
    for (weight, name) in zip(weights, names) {
      guard let name, deep.contains(name.owner),
        let first = name.owner.isEmpty ? cells.indices.first : cells.firstIndex(of: name.owner)
      else {
        found.append(weight)
        continue
      }
      guard first + name.layer < cells.count else {
        throw ShapeError(
          "The weights \(SafeText.quoted(weight.name)) need \(first + name.layer + 1) recurrent layers, got "
            + "\(cells.count). Put a layer on top for each of the module's num_layers.")
      }
      found.append(
        ("\(cells[first + name.layer]).\(name.stem)_l0\(name.suffix)", weight.value))
    }
    return found
  }
}

/// The name of a parameter of a recurrent module of PyTorch, taken apart:
/// `encoder.lstm.weight_ih_l1_reverse`.
private struct StackedName {
  /// What holds it, `encoder.lstm`; empty where nothing does.
  let owner: String
  /// What it is, `weight_ih`.
  let stem: String
  /// The layer in the module, from 0.
  let layer: Int
  /// `_reverse`, or nothing.
  let suffix: String

  private static let stems = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]

  /// Nil where `name` is no such name.
  init?(_ name: String) {
    let dot = name.lastIndex(of: ".")
    owner = dot.map { String(name[..<$0]) } ?? ""
    var part = name[(dot.map { name.index(after: $0) } ?? name.startIndex)...]
    suffix = part.hasSuffix("_reverse") ? "_reverse" : ""
    part = part.dropLast(suffix.count)
    guard let cut = part.lastIndex(of: "_"), part[cut...].hasPrefix("_l"),
      let layer = Int(part[cut...].dropFirst(2)), layer >= 0, layer < 1000,
      Self.stems.contains(String(part[..<cut]))
    else { return nil }
    self.layer = layer
    stem = String(part[..<cut])
  }
}
