import ArgumentParser
import Data
import Formats
import Foundation
import Layers
import Training
import Workbench

/// How every command that uses a trained model finds it.
struct TrainedModel: ParsableArguments {
  /// What the argument may be, for the discussion of a command.
  static let sources =
    "RUN is a run's directory, a checkpoint, or 'last': the newest run under runs/."

  @Argument(
    help: ArgumentHelp("A run's directory, a checkpoint, or 'last'.", valueName: "run"))
  var source: String

  /// The best weights that the argument names: a directory's best checkpoint, or else its newest; who
  /// needs it is `user`, in messages.
  func checkpoint(for user: String) throws -> Checkpoint {
    try Self.checkpoint(at: source, for: user)
  }

  /// The best weights that `source` names, which is what the argument may be.
  static func checkpoint(at source: String, for user: String) throws -> Checkpoint {
    if source.hasSuffix(".safetensors") { return try Checkpoint(path: source) }
    let folder = RunFolder(source == "last" ? try newestRun() : source)
    guard !folder.checkpoints.isEmpty else {
      throw Failure(
        "\(user) needs a run with a checkpoint, got \(SafeText.quoted(source)). "
          + "Train one with 'unroll train'.", status: 66)
    }
    let found = try folder.best == nil ? folder.newestCheckpoint() : folder.bestCheckpoint()
    for warning in found.warnings { Output.note(warning) }
    return found.checkpoint
  }

  /// Run names begin with their time, so the newest is the last by name; one that has just begun
  /// has nothing to show yet.
  static func newestRun() throws -> String {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "runs")) ?? []
    let newest = names.sorted().last {
      $0.first?.isNumber == true && !RunFolder("runs/" + $0).checkpoints.isEmpty
    }
    guard let newest else {
      throw Failure(
        "There are no runs with a checkpoint in the folder 'runs' yet. "
          + "Train one with 'unroll train'.", status: 66)
    }
    return "runs/" + newest
  }
}

/// A trained model beside the data that it learned from.
struct LoadedModel {
  /// The weights and what is known of their run.
  let checkpoint: Checkpoint
  /// The session.
  let document: Document
  /// The data.
  let dataset: any Dataset

  /// The session and data of `checkpoint`.
  init(_ checkpoint: Checkpoint) throws {
    self.checkpoint = checkpoint
    document = try Document(JSON(parsing: checkpoint.config, name: "the checkpoint's session"))
    dataset = try document.loadData(beside: nil, wasTyped: true).get()
  }

  /// The network under its best weights; `owner` needs memory to read `batch` sequences of `time` steps.
  func network(for owner: String, batch: Int, time: Int) throws -> Network {
    try MemoryEstimate(
      document.rows(for: dataset), batch: batch, time: time, rule: OptimizerRule(document.training)
    ).checkForward(owner: owner)
    return try Network(
      document.model, input: dataset.input, named: dataset.namedInputs,
      weights: checkpoint.bestWeights)
  }

  /// Throws unless the data are those that it was trained on, but only says so if that is `allowed`:
  /// characters, columns and scales may be others. `user` needs them, `noun` is what they are called, and
  /// `flag` allows others.
  func checkData(for user: String, noun: String, allowed: Bool, flag: String) throws {
    guard dataset.fingerprint != checkpoint.dataFingerprint else { return }
    let name = SafeText.quoted(dataset.name)
    guard !allowed else {
      return Output.note(
        "\(name) is not the \(noun) that this model was trained on: its characters and scales may be "
          + "others.")
    }
    throw Failure(
      "\(user) needs the \(noun) that the model was trained on, got another one in \(name): the model's "
        + "characters and scales may be others. Restore the \(noun), or use \(flag).", status: 65)
  }
}
