import Layers

/// The way of a sequence through a network that looks at frames and remembers: what came in, the feature
/// maps that were made of it, the state of the first recurrent layer, and what was put out.
public struct Pipeline: Sendable {
  /// One station of the way.
  public struct Stage: Sendable {
    /// What a station is.
    public enum Role: String, Sendable {
      /// What the data are, step by step.
      case frames
      /// What the last layer before the recurrent one made of images, or of steps.
      case maps = "feature maps"
      /// What the recurrent layer remembers.
      case state
      /// What the network puts out.
      case output
    }

    /// What it is.
    public let role: Role
    /// What was put out there.
    public let output: LayerOutput
    /// The layers that lead here from the station before, the one that put it out last.
    public let layers: [String]
  }

  /// The stations, in the order data flow.
  public let stages: [Stage]

  /// The way through the network of `recording`; nil without a recurrent layer.
  public init?(_ recording: SequenceRecording) {
    let outputs = recording.outputs
    // Layers that hold others put out what the last of these did.
    let leaves = outputs.filter { output in
      !outputs.contains { other in
        guard let path = output.path, let inside = other.path else { return false }
        return inside != path && path.contains(inside)
      }
    }
    let cells = Set(recording.signals.filter { $0.signal.range != .mask }.map(\.layer))
    guard let cell = leaves.firstIndex(where: { cells.contains($0.name) }),
      let input = recording.inputs.first
    else { return nil }
    let before = leaves[..<cell]
    let maps =
      before.lastIndex { $0.isImage } ?? before.lastIndex { $0.isSequence && !$0.isIDs }
    var places: [(Stage.Role, Int)] = maps.map { [(.maps, $0)] } ?? []
    places.append((.state, cell))
    if cell + 1 < leaves.count { places.append((.output, leaves.count - 1)) }
    var stages = [Stage(role: .frames, output: input, layers: [])]
    var next = 0
    for (role, place) in places {
      stages.append(
        Stage(role: role, output: leaves[place], layers: leaves[next...place].map(\.name)))
      next = place + 1
    }
    self.stages = stages
  }
}
