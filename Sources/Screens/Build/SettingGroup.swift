import Data
import Layers
import Training
import Workbench

/// Settings that are shown and edited together.
enum SettingGroup: Sendable, Equatable {
  /// The data: what flows in.
  case data
  /// One layer, by its number in the tree.
  case layer(Int)
  /// How to train, the seed and the session's name.
  case training

  /// Every group of `document`, in the order of the Build screen.
  static func all(in document: Document) -> [SettingGroup] {
    [.data] + document.model.tree.indices.map { .layer($0) } + [.training]
  }

  /// The settings of the group, in the order they are shown.
  func settings(of document: Document) -> [Setting] {
    switch self {
    case .data: return Setting.all(of: document.data)
    case .layer(let index):
      guard let (_, layer) = document.model.layer(index) else { return [] }
      let own = Setting.all(of: layer.spec, under: layer.name)
      return own + (layer.mayBeTrained ? Setting.all(of: layer.training, under: layer.name) : [])
    case .training:
      return Setting.all(of: document.training, under: TrainingRecipe.kind) + Setting.own(document)
    }
  }

  /// What the group is, for a title.
  func title(in document: Document) -> String {
    switch self {
    case .data: return "data"
    case .layer(let index):
      guard let (path, layer) = document.model.layer(index) else { return "layer" }
      return "\(path) \(layer.name) · \(type(of: layer.spec).summary)"
    case .training: return "training"
    }
  }
}

extension ModelSpec {
  /// Layer `index` of the tree, as its rows are counted, with its place; nil where there is none.
  func layer(_ index: Int) -> (path: LayerPath, entry: LayerEntry)? {
    let tree = tree
    return tree.indices.contains(index) ? tree[index] : nil
  }

  /// What the layer at `path` is to the one around it: `branch 2 of 3 of both`; nil at the top.
  func placeInside(of path: LayerPath) -> String? {
    guard let parent = path.parent, let owner = self[parent] else { return nil }
    return "\(owner.partNoun) \(path.position + 1) of \(owner.children.count) of \(owner.name)"
  }
}

extension LayerEntry {
  /// What the layers inside it are.
  var partNoun: String {
    (spec as? any CompositeSpec).map { type(of: $0).hasBranches } == true ? "branch" : "layer"
  }
}

/// One setting as it is shown: where it is, what it is and what it takes.
struct Setting: Sendable, Equatable {
  /// The name in its group.
  let name: String
  /// The name in commands: `lstm.hidden_size`.
  let path: String
  /// What it is now.
  let value: FieldValue
  /// What it takes.
  let domain: FieldDomain
  /// What it means, in a few words.
  let summary: String

  /// The values to choose from, where they are few; a text of one's own may still be typed where
  /// the domain is text.
  var choices: [String] {
    switch domain {
    case .choice(let names), .choiceOrSizes(let names, _, _): names
    case .flag: ["false", "true"]
    case .text where path == "data.set": Bundled.names
    default: []
    }
  }

  /// What it takes, in a few columns: `1..65536`, `0..<1`, `adam sgd`.
  var domainText: String {
    switch domain {
    case .integer(let range): "\(range.lowerBound)..\(Self.short(range.upperBound))"
    case .sizes(let range, let axes):
      "\(range.lowerBound)..\(range.upperBound) or \(FieldDomain.example(axes))"
    case .automatic(let range, let excludingUpper):
      "\(FieldValue.automatic) " + Self.span(range, excludingUpper)
    case .decimal(let range, let excludingUpper): Self.span(range, excludingUpper)
    case .flag: "true false"
    case .choice(let names): names.joined(separator: " ")
    case .choiceOrSizes(let names, let range, let axes):
      names.joined(separator: " ") + " \(range.lowerBound)..\(range.upperBound)"
        + (axes > 1 ? " or \(FieldDomain.example(axes))" : "")
    case .text: path == "data.set" ? "name or file" : "text"
    }
  }

  private static func short(_ bound: Int) -> String {
    bound >= 10_000_000 ? "" : String(bound)
  }

  private static func span(_ range: ClosedRange<Double>, _ excludingUpper: Bool) -> String {
    short(range.lowerBound) + (excludingUpper ? "..<" : "..")
      + (range.upperBound >= 1e6 ? "" : short(range.upperBound))
  }

  private static func short(_ bound: Double) -> String {
    "\(FieldValue.decimal(bound))".replacing("e-0", with: "e-")
  }

  /// The settings of `value` that matter, whose paths begin with `prefix`.
  static func all(of value: some Configurable, under prefix: String) -> [Setting] {
    zip(value.settings, value.settingInfo).filter { value.heeds($0.0.name) }.map { setting, info in
      Setting(
        name: setting.name, path: prefix + "." + setting.name, value: setting.value,
        domain: info.domain, summary: info.summary)
    }
  }

  /// The settings of a data recipe; the forms that its set comes in are there to choose from.
  static func all(of data: DataRecipe) -> [Setting] {
    all(of: data, under: DataRecipe.kind).map { setting in
      guard setting.name == DataSetting.variant.rawValue, case .bundled(let name) = data.source
      else { return setting }
      return Setting(
        name: setting.name, path: setting.path, value: setting.value,
        domain: .choice([DataRecipe.automatic] + (Bundled.named(name)?.variants ?? [])),
        summary: setting.summary)
    }
  }

  /// The settings of the session itself.
  static func own(_ document: Document) -> [Setting] {
    [
      Setting(
        name: "seed", path: "seed", value: .text(String(document.seed)),
        domain: .integer(0...Int.max), summary: "keys every random number of a run"),
      Setting(
        name: "name", path: "name", value: .text(document.name), domain: .text,
        summary: "of the session and its runs"),
    ]
  }
}
