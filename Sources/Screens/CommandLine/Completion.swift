import Data
import Layers
import Workbench

/// What could stand where the last word of a command line is being typed.
struct Completion: Equatable {
  /// One word that fits.
  struct Candidate: Equatable {
    /// The word.
    let text: String
    /// What it means.
    let detail: String
  }

  /// The line before the word that is being typed.
  let head: String
  /// The words that fit, in their usual order.
  let candidates: [Candidate]

  /// What fits at the end of `line`.
  init(of line: String, in document: Document) {
    let start = line.lastIndex(of: " ").map { line.index(after: $0) } ?? line.startIndex
    head = String(line[..<start])
    let word = String(line[start...])
    let before = head.split(separator: " ").map(String.init)
    candidates = Self.all(after: before, in: document).filter { $0.text.hasPrefix(word) }
  }

  private static func all(after words: [String], in document: Document) -> [Candidate] {
    switch (words.first, words.count) {
    case (nil, _):
      TypedCommand.forms.map { Candidate(text: $0.verb, detail: $0.summary) }
    case ("add", 1): kinds { _ in true }
    case ("delete", 1), ("move", 1), ("rename", 1), ("wrap", 1): layers(of: document)
    case ("move", 2): layers(of: document) + ends(of: document)
    case ("unwrap", 1): layers(of: document, where: \.isComposite)
    case ("wrap", 2): kinds { $0 is any CompositeSpec.Type }
    case ("add", 3) where words[2] == "at": layers(of: document) + ends(of: document)
    case ("add", 2...): settings(ofKind: words[1], words.count == 2)
    case ("set", 1):
      paths(of: document)
    case ("set", 2): values(of: words[1], in: document)
    case ("clamp", 1): [Candidate(text: "none", detail: "let go of every signal")]
    case ("clamp", 2): [Candidate(text: "all", detail: "every unit of the signal")]
    default: []
    }
  }

  private static func kinds(where fits: (any LayerSpec.Type) -> Bool) -> [Candidate] {
    LayerRegistry.all.filter(fits).map { Candidate(text: $0.kind, detail: $0.summary) }
  }

  private static func layers(
    of document: Document, where fits: (LayerEntry) -> Bool = { _ in true }
  ) -> [Candidate] {
    document.model.tree.filter { fits($0.entry) }.map {
      Candidate(text: "\($0.path)", detail: $0.entry.name)
    }
  }

  /// The places after the last layer inside each that holds layers.
  private static func ends(of document: Document) -> [Candidate] {
    document.model.tree.filter(\.entry.isComposite).map { path, entry in
      let end = LayerPath(entry.children.count, inside: path)
      return Candidate(text: "\(end)", detail: "last inside \(entry.name)")
    }
  }

  private static func settings(ofKind kind: String, _ mayBePlaced: Bool) -> [Candidate] {
    let place = mayBePlaced ? [Candidate(text: "at", detail: "before layer N")] : []
    guard let type = LayerRegistry.all.first(where: { $0.kind == kind }) else { return place }
    return place
      + type.init().settingInfo.map {
        Candidate(text: $0.name + "=", detail: "\($0.summary): \($0.domain)")
      }
  }

  private static func paths(of document: Document) -> [Candidate] {
    SettingGroup.all(in: document).flatMap { $0.settings(of: document) }.map {
      Candidate(text: $0.path, detail: "\($0.value) · \($0.summary)")
    }
  }

  private static func values(of path: String, in document: Document) -> [Candidate] {
    let settings = SettingGroup.all(in: document).flatMap { $0.settings(of: document) }
    guard let setting = settings.first(where: { $0.path == path }) else { return [] }
    return setting.choices.isEmpty
      ? [Candidate(text: setting.value.description, detail: "as it is; \(setting.domainText)")]
      : setting.choices.map { Candidate(text: $0, detail: setting.summary) }
  }
}
