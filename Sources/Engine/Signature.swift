/// What flows between two layers: a batch, perhaps of sequences, of features or of ids.
///
/// Axes are B batch, T time steps, then the features of one step. Ids are whole numbers below a
/// vocabulary size, without a feature axis.
public struct Signature: Hashable, Sendable, CustomStringConvertible {
  /// Whether there is a time axis.
  public var isSequence: Bool
  /// The feature axes of one step; empty for ids.
  public var features: [Int]
  /// How many time steps there are, for a time axis.
  public var time = TimeSteps()
  /// The number of different ids; nil for features.
  public var vocabulary: Int?

  /// Data of this kind.
  public init(isSequence: Bool, features: [Int], vocabulary: Int? = nil) {
    self.isSequence = isSequence
    self.features = features
    self.vocabulary = vocabulary
  }

  /// Sequences of ids below `vocabulary`: `[B, T]`.
  public static func ids(below vocabulary: Int) -> Signature {
    Signature(isSequence: true, features: [], vocabulary: vocabulary)
  }

  /// Sequences with `size` features a step: `[B, T, size]`.
  public static func sequence(_ size: Int) -> Signature {
    Signature(isSequence: true, features: [size], vocabulary: nil)
  }

  /// One vector of `size` features an example: `[B, size]`.
  public static func vector(_ size: Int) -> Signature {
    Signature(isSequence: false, features: [size], vocabulary: nil)
  }

  /// One image of `channels` × `height` × `width` an example: `[B, C, H, W]`.
  public static func image(_ channels: Int, _ height: Int, _ width: Int) -> Signature {
    Signature(isSequence: false, features: [channels, height, width], vocabulary: nil)
  }

  /// Sequences of such images: `[B, T, C, H, W]`.
  public static func images(_ channels: Int, _ height: Int, _ width: Int) -> Signature {
    Signature(isSequence: true, features: [channels, height, width], vocabulary: nil)
  }

  /// The only feature axis, if there is just one.
  public var size: Int? { features.count == 1 ? features[0] : nil }

  /// The same kind of data with another single feature axis.
  public func withSize(_ size: Int) -> Signature {
    var result = self
    result.features = [size]
    result.vocabulary = nil
    return result
  }

  /// The shape of a batch of `batch` examples of data with `time` steps.
  public func shape(batch: Int, time: Int) -> Shape {
    Shape([batch] + (isSequence ? [self.time(time)] : []) + features)
  }

  /// The axes as users read them: `[B, T, 64]`, `[B, T-2, 64]`, `[B, T, 1, 16, 16]`.
  public var description: String {
    let axes = ["B"] + (isSequence ? ["\(time)"] : []) + features.map(String.init)
    return "[" + axes.joined(separator: ", ") + "]" + (vocabulary.map { " ids < \($0)" } ?? "")
  }
}
