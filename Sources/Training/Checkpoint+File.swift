import Engine
import Formats

extension Checkpoint {
  /// The version of the file that this program writes and reads.
  static let formatVersion = 1

  /// Reads the safetensors file at `path`; its checksums are verified.
  public init(path: String) throws(FormatError) {
    try self.init(SafeTensors.read(path), name: SafeText.quoted(path))
  }

  /// The checkpoint that `file` holds; messages call it `name`.
  public init(_ file: TensorFile, name: String) throws(FormatError) {
    let metadata = MetadataReader(values: file.metadata, name: name)
    let version = try metadata.value("format_version", Int.init)
    guard version == Self.formatVersion else {
      throw FormatError(
        .badData,
        "\(name) needs format_version \(Self.formatVersion), got \(version). Use a newer unroll.")
    }
    step = try metadata.value("step", Int.init(count:))
    epoch = try metadata.value("epoch", Int.init(count:))
    seconds = try metadata.value("seconds", Double.init(finite:))
    seed = try metadata.value("seed") { UInt64($0) }
    optimizer = try metadata.value("optimizer", TrainingRecipe.Optimizer.init(rawValue:))
    convention =
      try metadata.optional("convention", TrainingRecipe.Convention.init(rawValue:)) ?? .pytorch
    knobs = []
    for name in Knob.names {
      if let knob = try metadata.optional(name, { Knob(name, parsing: $0) }) { knobs.append(knob) }
    }
    bestValidationLoss = try metadata.optional("best_validation_loss", Double.init(finite:))
    progress = try metadata.progress()
    config = try metadata.value("config") { $0 }
    dataFingerprint = try metadata.value("data_fingerprint") { $0 }
    engine = try metadata.value("engine") { $0 }
    weights = Self.tensors(of: file, under: "model.")
    average = Self.tensors(of: file, under: "average.")
    memory = Self.tensors(of: file, under: "optim.")
    window = try metadata.optional("window", Int.init(count:)) ?? step
    guard window <= step else {
      throw FormatError(
        .badData,
        "A checkpoint needs metadata window of at most step \(step), got \(window) in \(name).")
    }
    cuts = try metadata.cuts().map { time in
      (time, Self.tensors(of: file, under: Self.prefix(ofCut: time)))
    }
  }

  /// The checkpoint as one safetensors file: `model.*`, `average.*`, `optim.*`, `carry.*` and
  /// metadata. States inside a window are `carry@t.*`, t the time step that they come before.
  public var file: TensorFile {
    var metadata = [
      "format_version": String(Self.formatVersion), "step": String(step), "epoch": String(epoch),
      "seconds": String(seconds), "seed": String(seed), "optimizer": optimizer.rawValue,
      "config": config, "data_fingerprint": dataFingerprint, "engine": engine,
    ]
    for knob in knobs { metadata[knob.name] = knob.value.description }
    if convention != .pytorch { metadata["convention"] = convention.rawValue }
    metadata["best_validation_loss"] = bestValidationLoss.map { String($0) }
    metadata.merge(progress.metadata) { $1 }
    let groups =
      [
        ("model.", weights), ("average.", average), ("optim.", memory),
      ] + cuts.map { (Self.prefix(ofCut: $0.time), $0.states) }
    if window != step { metadata["window"] = String(window) }
    if cuts.map(\.time) != [0] {
      metadata["cuts"] = cuts.map { String($0.time) }.joined(separator: " ")
    }
    let arrays = groups.flatMap { prefix, tensors in
      tensors.map {
        NumericArray(prefix + $0.name, $0.value.scalars, shape: $0.value.shape.dimensions)
      }
    }
    return TensorFile(arrays, metadata: metadata)
  }

  private static func prefix(ofCut time: Int) -> String {
    time == 0 ? "carry." : "carry@\(time)."
  }

  private static func tensors(of file: TensorFile, under prefix: String) -> [Named] {
    file.tensors.filter { $0.name.hasPrefix(prefix) }.map {
      (String($0.name.dropFirst(prefix.count)), Tensor($0.floats(), Shape($0.shape)))
    }
  }
}

/// Metadata of a file, read with errors that name the key.
private struct MetadataReader {
  let values: [String: String]
  let name: String

  func value<Value>(_ key: String, _ parse: (String) -> Value?) throws(FormatError) -> Value {
    guard let text = values[key], let value = parse(text) else {
      let got = values[key].map { SafeText.quoted($0, limit: 60) } ?? "none"
      throw FormatError(.badData, "A checkpoint needs metadata \(key), got \(got) in \(name).")
    }
    return value
  }

  /// Nil where there is no such key.
  func optional<Value>(_ key: String, _ parse: (String) -> Value?) throws(FormatError) -> Value? {
    values[key] == nil ? nil : try value(key, parse)
  }
}

extension MetadataReader {
  /// The time steps of the cuts, rising; without the key one at the beginning of the window.
  func cuts() throws(FormatError) -> [Int] {
    let times = try optional("cuts") { text -> [Int]? in
      let times = text.split(separator: " ").map { Int($0) ?? -1 }
      let isRising = zip(times, times.dropFirst()).allSatisfy { $0 < $1 }
      return !times.isEmpty && times.allSatisfy { $0 >= 0 } && isRising ? times : nil
    }
    return times ?? [0]
  }

  /// What `Progress.metadata` wrote; older files have none of it.
  func progress() throws(FormatError) -> Progress {
    func count(_ text: String) -> Int? { Int(text).flatMap { $0 >= 0 ? $0 : nil } }
    var progress = Progress()
    let step = try value("step", count)
    progress.step = try optional("validated_step", count) ?? step
    progress.factor = try optional("plateau_factor", Double.init(finite:)) ?? 1
    progress.plateau.best = try optional("plateau_best", Double.init(finite:))
    progress.plateau.waits = try optional("plateau_waits", count) ?? 0
    progress.stopping.best = try optional("stopping_best", Double.init(finite:))
    progress.stopping.waits = try optional("stopping_waits", count) ?? 0
    return progress
  }
}

extension Progress {
  /// Everything, in a file's metadata.
  fileprivate var metadata: [String: String] {
    var metadata = [
      "validated_step": String(step), "plateau_factor": String(factor),
      "plateau_waits": String(plateau.waits), "stopping_waits": String(stopping.waits),
    ]
    metadata["plateau_best"] = plateau.best.map { String($0) }
    metadata["stopping_best"] = stopping.best.map { String($0) }
    return metadata
  }
}

extension Int {
  /// The number that `text` says, unless it is none, negative, or beyond what any run counts to.
  fileprivate init?(count text: String) {
    guard let value = Int(text), 0...(1 << 40) ~= value else { return nil }
    self = value
  }
}

extension Double {
  /// The number that `text` says, unless it is none or not finite.
  fileprivate init?(finite text: String) {
    guard let value = Double(text), value.isFinite else { return nil }
    self = value
  }
}
