import Data
import Formats
import Foundation
import Layers
import Training

extension Document {
  /// The data that the recipe names.
  ///
  /// A path in a session file is relative to that file and stays beneath its folder. One that the
  /// user typed may lead anywhere, and is also looked for in the current directory.
  public func loadData(
    beside file: String?, wasTyped: Bool = false
  ) -> Result<any Dataset, SessionError> {
    do throws(DataError) {
      let loaded = try data.load(
        seed: seed, relativeTo: folder(beside: file, wasTyped: wasTyped), allowsOutside: wasTyped)
      // Data whose examples have no class each stay as they are, and the loss says what it needs.
      return .success(training.loss.placesPoints ? PointDataset(loaded) ?? loaded : loaded)
    } catch {
      return .failure(SessionError(error.description + suggestion(for: error), kind: error.kind))
    }
  }

  /// A name that is neither a file nor a bundled set may be meant to be one of those.
  private func suggestion(for error: DataError) -> String {
    guard error.kind == .noInput, case .file(let path) = data.source else { return "" }
    return Suggestion.sentence(for: path, among: Bundled.names)
  }

  /// The folder that a path of the recipe is relative to.
  private func folder(beside file: String?, wasTyped: Bool) -> String {
    let folder = file.map { ($0 as NSString).deletingLastPathComponent } ?? ""
    let isThere = FileManager.default.fileExists(atPath: folder + "/" + data.sourceText)
    return wasTyped && !isThere ? "" : folder
  }

  /// The document with the whole path of its file, so that it means the same from everywhere.
  func located(beside file: String?, wasTyped: Bool) -> Document {
    guard case .file(let path) = data.source else { return self }
    let folder = folder(beside: file, wasTyped: wasTyped)
    var located = self
    let whole = path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
    located.data.source = .file(path: URL(filePath: whole).standardizedFileURL.path)
    return located
  }

  /// The document as a session file at `target` has to say it: a data file beneath its folder by the path
  /// from there, which goes where the folder goes, any other by its whole path.
  func relocated(from file: String?, wasTyped: Bool, to target: String) -> Document {
    let located = located(beside: file, wasTyped: wasTyped)
    guard case .file(let path) = data.source, !path.hasPrefix("/"),
      case .file(let whole) = located.data.source
    else { return self }
    let folder = URL(filePath: target).standardizedFileURL.deletingLastPathComponent().path
    if URL(filePath: folder + "/" + path).standardizedFileURL.path == whole { return self }
    guard whole.hasPrefix(folder + "/") else { return located }
    var moved = self
    moved.data.source = .file(path: String(whole.dropFirst(folder.count + 1)))
    return moved
  }

  /// Why the model cannot be trained on `dataset`; nil when it can.
  public func obstacle(for dataset: any Dataset) -> SessionError? {
    do {
      let output = try model.output(for: dataset.input, named: dataset.namedInputs)
      let misfit =
        Trainer.misfit(of: output, to: dataset.target) ?? training.loss.misfit(to: dataset.target)
      if let misfit { return SessionError(misfit) }
      try memory(for: dataset).check()
      return nil
    } catch {
      return SessionError(error)
    }
  }

  /// Every layer's shapes and parameters for `dataset`.
  public func rows(for dataset: any Dataset) -> [ModelSpec.Row] {
    model.rows(for: dataset.input, named: dataset.namedInputs)
  }

  /// The model with fresh weights for `dataset`, or why some layer cannot take its input.
  public func network(for dataset: any Dataset) throws(ShapeError) -> Network {
    try Network(model, input: dataset.input, named: dataset.namedInputs, seed: seed)
  }

  /// The memory that training the model on `dataset` takes.
  public func memory(for dataset: any Dataset) -> MemoryEstimate {
    let input = dataset.batchShape
    return MemoryEstimate(
      rows(for: dataset), batch: input[0],
      time: training.stepsOnTape(of: input.rank > 1 ? input[1] : 1),
      rule: OptimizerRule(training))
  }

  /// Whether a run of `other` can go on as a run of this document: all but the knobs is the same.
  func isSameRun(as other: Document) -> Bool {
    var twin = other
    twin.name = name
    twin.training = twin.training.with(knobsOf: training)
    return self == twin
  }
}
