import ArgumentParser
import Data
import Formats
import Training
import Workbench

/// Looks at data without training on them.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "List, check and print data sets.",
    subcommands: [DataList.self, DataCheck.self, DataDumpCommand.self])
}

/// Which data a command looks at.
struct DataOptions: ParsableArguments {
  @Argument(
    help: "A bundled set, or a file: .csv, .tsv, .npz, .npy, .ts, else a text.",
    completion: .file())
  var data: String

  @Option(name: .customLong("set"), help: "Change a setting: data.target=price.")
  var settings: [String] = []

  @Option(help: "The seed of order and of what is made up.")
  var seed: UInt64 = 1

  /// The recipe as the options say.
  func recipe() throws -> DataRecipe {
    var document = Document.standard
    do throws(SessionError) {
      document.data = DataRecipe(source: .bundled(""))
      try document.set("data.set", to: data)
    } catch {
      throw Failure(error.description, status: 64)
    }
    try document.apply(settings)
    return document.data
  }

  /// The data set of `recipe`.
  func dataset(_ recipe: DataRecipe) throws -> any Dataset {
    var document = Document.standard
    document.data = recipe
    document.seed = seed
    return try document.loadData(beside: nil, wasTyped: true).orFailure()
  }
}

extension Document {
  /// Changes settings that stand as `NAME=VALUE`.
  mutating func apply(_ settings: [String]) throws {
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw Failure("--set needs NAME=VALUE, got \(SafeText.quoted(setting)).", status: 64)
      }
      do throws(SessionError) {
        try set(parts[0], to: parts[1])
      } catch {
        throw Failure(error.description, status: 64)
      }
    }
  }
}

/// Lists the data sets that the program has.
struct DataList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the bundled data sets.")

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    guard json else {
      let width = Bundled.names.map(\.count).max() ?? 0
      for set in Bundled.all {
        let variants = set.variants.isEmpty ? "" : " (\(set.variants.joined(separator: ", ")))"
        Output.line(set.name.padded(to: width + 2) + set.title + variants)
      }
      return
    }
    let sets = Bundled.all.map { set -> JSON in
      [
        "name": .string(set.name), "title": .string(set.title),
        "variants": .array(set.variants.map(JSON.string)),
        "settings": .array(set.settings.map(\.rawValue).sorted().map(JSON.string)),
      ]
    }
    Output.raw((["schema": 1, "sets": .array(sets)] as JSON).text(.pretty))
  }
}

/// Prints a data set as CSV.
struct DataDumpCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump", abstract: "Print sequences of a data set as CSV.",
    discussion: """
      A line is a time step: the inputs as networks see them, then the target by its name or in its own \
      unit. A target of a whole sequence stands in its last line.
      """)

  @OptionGroup var options: DataOptions

  @Option(help: "The split: train, validation or test.")
  var split = "train"

  @Option(help: "Sequences to print; all of an epoch, if not given.")
  var count: Int?

  func run() throws {
    guard let split = Split(rawValue: split) else {
      throw Failure(
        "--split needs train, validation or test, got \(SafeText.quoted(split)).", status: 64)
    }
    if let count, count < 1 {
      throw Failure("--count needs a number of 1 or more, got \(count).", status: 64)
    }
    let dataset = try options.dataset(try options.recipe())
    let dump = DataDump(dataset)
    Output.raw(dump.header + "\n")
    for index in 0..<min(count ?? .max, dataset.exampleCount(of: split)) {
      Output.raw(dump.lines(index, of: split).joined(separator: "\n") + "\n")
      if Output.problem != nil { return }
    }
  }
}
