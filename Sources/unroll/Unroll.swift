import ArgumentParser
import Data
import Engine
import Formats
import Glibc
import Inspection
import Layers
import Training
import Workbench

/// The program: a workbench on a terminal, and the same things from the command line.
@main
struct Unroll: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unroll",
    abstract: "Build recurrent networks, watch them train, look at their gates.",
    discussion: """
      Without a subcommand, 'unroll' opens the workbench on a character model of Shakespeare, and \
      'unroll SESSION.json' opens it on a session of yours.

      Exit status: 0 done, 1 failed, 2 diverged, 64 wrong usage, 65 bad data, 66 no input, \
      73 cannot create, 74 input or output error, 75 locked, 77 not permitted, 130 interrupted.
      """,
    version: "0.1.0",
    subcommands: [
      Open.self, Train.self, Predict.self, Summary.self, Sample.self, ForecastCommand.self,
      Bench.self, RunExperiments.self, DataCommand.self,
    ],
    defaultSubcommand: Open.self)

  /// Runs the command and gives every failure its sentence and its exit status.
  static func main() {
    signal(SIGPIPE, SIG_DFL)  // `unroll … | head` ends quietly
    Output.occupyClosedStreams()
    do {
      if let name = Kernels.refusedName {
        throw Failure(
          "UNROLL_ISA needs to be baseline, avx2 or avx512, one that this machine has, got "
            + "\(SafeText.quoted(name)). Unset it for the best one.", status: 64)
      }
      var command = try parseAsRoot()
      try command.run()
      if let problem = Output.problem { throw problem }
    } catch let failure as Failure {
      Output.error(failure.message)
      Glibc.exit(failure.status)
    } catch {
      leave(with: error)
    }
  }

  /// Prints help, the version or what was wrong with the arguments, which it repeats, and leaves.
  private static func leave(with error: any Error) -> Never {
    let status = exitCode(for: error)
    let text = fullMessage(for: error)
    if !text.isEmpty {
      Output.lines(text, to: status == .success ? STDOUT_FILENO : STDERR_FILENO)
    }
    Glibc.exit(status.rawValue)
  }
}

/// Why a command failed, with its exit status.
struct Failure: Error {
  let message: String
  let status: Int32

  /// A failure with this sentence and exit status.
  init(_ message: String, status: Int32 = 1) {
    self.message = message
    self.status = status
  }

  /// An error of the floors below as a failure, with the exit status of its kind.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as FormatError: self.init(error.message, status: error.kind.rawValue)
    case let error as SessionError: self.init(error.description, status: error.kind.rawValue)
    case let error as DataError: self.init(error.description, status: error.kind.rawValue)
    case is ShapeError, is InspectionError, is TrainingError:
      self.init(String(describing: error), status: 65)
    default: self.init(String(describing: error))
    }
  }
}
