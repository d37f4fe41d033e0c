import ArgumentParser
import Formats
import Foundation
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
  private func newestRun() throws -> String {
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
