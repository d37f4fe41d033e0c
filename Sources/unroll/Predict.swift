import ArgumentParser
import Data
import Formats
import Foundation
import Inspection
import Layers
import Training
import Workbench

/// Runs a trained network over new material of the user's, or any network over an array.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask a trained model about new texts or tables, or run weights over an array.",
    discussion: """
      unroll predict last --text Schmidt
      unroll predict last --text-file names.txt
      unroll predict last --data new.csv --json

      New material goes the way of the data that the run was trained on: the same characters, columns, \
      windows and scales. Out come labels with their probabilities, likeliest first, or values in their \
      own units: a line for each sequence or, where every step has an answer, for each step. Of a series, \
      a line says what comes so many rows after it as the model was trained for (data.horizon). A table \
      has a header with the columns that the model reads; others are left alone. Arrays are .npy or .npz \
      with 'x' as for training, series .ts; sequences end to end have their lengths in 'len', in len.npy \
      beside a .npy, or in --lengths. Pictures of digits, [N, 8, 8] from 0 to 16, and pen strokes, \
      [N, 8, 2] from 0 to 100, are .npy, .npz or a row each of a .csv. What a generator makes is read as \
      'unroll data dump' tells of it; several inputs are arrays of one .npz by their names. \
      \(TrainedModel.sources)

      With --weights, the first argument is a session instead, and the input an array [B, T] of whole \
      numbers for a model that starts with an embedding, else an array [B, T, D] of floats; every \
      sequence is taken from the initial state. The output is what the last layer puts out, before any \
      softmax. The trace has every signal of every layer as 'layer.signal', [B, T, H].
      """)

  @OptionGroup var options: SessionOptions

  @Option(help: "A text to be asked about; may be given several times.")
  var text: [String] = []

  @Option(help: "A file with a text a line; '-' is standard input.", completion: .file())
  var textFile: String?

  @Option(
    help: "The lengths of the sequences that stand end to end in a .npy file.",
    completion: .file(extensions: ["npy"]))
  var lengths: String?

  @Option(help: "Likeliest labels to print; 3 of a sequence and 1 of a step, if not given.")
  var top: Int?

  @Flag(help: "Print one JSON object.")
  var json = false

  @Flag(help: "Go on even if the data are not those that the model was trained on.")
  var changedData = false

  @Option(
    help: "The weights: safetensors or .npz with the names of 'unroll summary', or a checkpoint.",
    completion: .file(extensions: ["safetensors", "npz"]))
  var weights: String?

  @Option(help: "How the weights are named and stacked.")
  var layout = WeightLayout.pytorch

  @Option(help: "With --weights, the input array.", completion: .file(extensions: ["npy"]))
  var input: String?

  @Option(
    help: "Where the answers go, else standard output; with --weights, where the array goes.",
    completion: .file())
  var output: String?

  @Option(
    help: "With --weights, where the signals go.", completion: .file(extensions: ["safetensors"]))
  var trace: String?

  func validate() throws {
    guard weights == nil else {
      guard input != nil, output != nil, text.isEmpty, textFile == nil, lengths == nil else {
        throw ValidationError("--weights needs --input and --output, and no texts or lengths.")
      }
      return
    }
    let wishes = [!text.isEmpty, textFile != nil, options.data != nil].count { $0 }
    guard options.session != nil, wishes == 1, input == nil, trace == nil else {
      throw ValidationError(
        "predict needs a run and one of --text, --text-file and --data, such as 'unroll predict last "
          + "--text Schmidt'; or a session with --weights, --input and --output.")
    }
    guard lengths == nil || options.data != nil else {
      throw ValidationError("--lengths are those of the sequences in --data, which is missing.")
    }
    guard options.settings.isEmpty, options.seed == nil else {
      throw ValidationError("--set and --seed change sessions; a run is as it was trained.")
    }
    if let top, !(1...4096 ~= top) {
      throw ValidationError("--top needs a number from 1 to 4096, got \(top).")
    }
  }

  func run() throws {
    if let weights, let input, let output {
      return try runOverArray(weights, input, output)
    }
    try options.applyThreads()
    do {
      let model = try LoadedModel(
        TrainedModel.checkpoint(at: options.session ?? "last", for: "Predicting"))
      try model.checkData(
        for: "Predicting", noun: "data", allowed: changedData, flag: "--changed-data")
      let report = try report(of: model, model.dataset.read(material()))
      let text = json ? report.json.text(.pretty) : report.csv
      if let output {
        try AtomicFile.write(text, to: output, permissions: 0o644)
      } else {
        Output.raw(text)
      }
    } catch {
      throw Failure(error)
    }
  }

  /// Most sequences side by side, and most steps of all of them.
  private static let most = (sequences: 64, steps: 16_384)

  /// What the user asks about.
  private func material() throws -> Material {
    if !text.isEmpty { return .texts(text.map { Material.Text(typed: $0) }) }
    guard let textFile else {
      let path = options.data ?? ""
      return lengths.map { .endToEnd(path, lengths: $0) } ?? .file(path)
    }
    guard textFile == "-" else { return try .lines(ofFile: textFile) }
    let bytes = try FileHandle.standardInput.read(upToCount: 64 << 20) ?? Foundation.Data()
    return try .lines(of: Array(bytes), name: "standard input")
  }

  /// What `model` makes of `sequences`.
  private func report(of model: LoadedModel, _ sequences: NewSequences) throws -> PredictionReport {
    let parts = sequences.parts
    let longest = parts.map(\.length).max() ?? 1
    let side = max(1, min(Self.most.sequences, Self.most.steps / longest, parts.count))
    let network = try model.network(for: "Predicting with this model", batch: side, time: longest)
    let target = model.dataset.target
    guard target.takes(network.output) else {
      throw Failure(
        "The data need a model that puts out \(target.outputText), got \(network.output).",
        status: 65)
    }
    var report = PredictionReport(model, target, top: top)
    for start in stride(from: 0, to: parts.count, by: side) {
      let chosen = start..<min(start + side, parts.count)
      let found = Predictions.all(
        of: network, for: sequences.batch(chosen), target, levels: parts[chosen].map(\.levels))
      for (index, predictions) in zip(chosen, found) {
        report.add(predictions, of: parts[index], reading: sequences.steps(of: index))
      }
    }
    return report
  }
}
