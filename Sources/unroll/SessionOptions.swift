import ArgumentParser
import Data
import Engine
import Formats
import Foundation
import Training
import Workbench

/// How every command that takes a session finds and changes it.
struct SessionOptions: ParsableArguments {
  @Argument(
    help: "A session file; without one, the character model of Shakespeare.",
    completion: .file(extensions: ["json"]))
  var session: String?

  @Option(
    help: "A bundled data set or a file; without a session, a small model that fits it is made.",
    completion: .file())
  var data: String?

  @Option(name: .customLong("set"), help: "Change a setting: training.learning_rate=0.001.")
  var settings: [String] = []

  @Option(help: "The seed of weights, order and dropout.")
  var seed: UInt64?

  @Option(help: "Threads to use; results are the same bits with any number.")
  var threads: Int?

  /// The document as the file and the options say; without a file, that of the run in the folder
  /// `run`, if one is there.
  func document(ofRun run: String? = nil) throws -> Document {
    var document = try startingDocument(ofRun: run)
    if let seed { document.seed = seed }
    if let data {
      try document.apply(["data.set=" + data])
      // The model depends on the data, and other settings on the model.
      try document.apply(settings.filter { $0.hasPrefix("data.") })
      if session == nil {
        let dataset = try document.loadData(beside: nil, wasTyped: true).orFailure()
        document = .starter(document.data, for: dataset)
        if let seed { document.seed = seed }
      }
    }
    try document.apply(settings)
    return document
  }

  private static let endingsOfData: Set = ["csv", "tsv", "txt", "npy", "npz", "ts"]

  private func startingDocument(ofRun run: String?) throws -> Document {
    do throws(SessionError) {
      guard let session else {
        return try run.flatMap { path throws(SessionError) in try Document(ofRun: path) }
          ?? .standard
      }
      guard RunFolder(session).session == nil else {
        throw SessionError(
          "\(SafeText.quoted(session)) is the folder of a run, not a session file. "
            + "Go on with it by 'unroll train --run \(SafeText.line(session))'.")
      }
      guard !Self.endingsOfData.contains(URL(filePath: session).pathExtension.lowercased()) else {
        throw SessionError(
          "\(SafeText.quoted(session)) is data, not a session. "
            + "Open it with 'unroll --data \(SafeText.line(session))'.")
      }
      return try Document(contentsOf: session)
    } catch {
      throw Failure(error)
    }
  }

  /// Whether the user, and not the session file, says where the data are.
  var dataWasTyped: Bool { session == nil || namesData }

  /// Whether there is something to train besides the standard session.
  var namesSessionOrData: Bool { session != nil || namesData }

  private var namesData: Bool {
    data != nil || settings.contains { $0.hasPrefix("data.set=") }
  }

  /// The data of `document`, which came from these options.
  func dataset(of document: Document) throws -> any Dataset {
    try document.loadData(beside: session, wasTyped: dataWasTyped).orFailure()
  }

  /// Sets the number of threads, if it was given.
  func applyThreads() throws {
    guard let threads else { return }
    guard 1...1024 ~= threads else {
      throw Failure("--threads needs a number from 1 to 1024, got \(threads).", status: 64)
    }
    Workers.threads = threads
  }
}

extension SessionEnvironment {
  /// Runs in `runs`, unsaved edits in the user's state directory.
  static func user(runs: RunPlace, wake: @escaping @Sendable () -> Void) -> SessionEnvironment {
    let variables = ProcessInfo.processInfo.environment
    let state =
      variables["XDG_STATE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? variables["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.local/state" : nil }
    return SessionEnvironment(
      runs: runs, stateDirectory: state.map { $0 + "/unroll" }, wake: wake)
  }
}
