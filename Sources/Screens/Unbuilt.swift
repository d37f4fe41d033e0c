// The panes of Train and Inspect replace this file.
import Canvas
import Inspection
import Training
enum TrainScreen {
  struct State: Sendable {}
  static let bindings: [Binding] = []
  static func view(_ state: AppState, on canvas: inout Canvas, in rect: Rect) {}
}
enum InspectScreen {
  struct State: Sendable {}
  static let bindings: [Binding] = []
  static func view(_ state: AppState, on canvas: inout Canvas, in rect: Rect) {}
  static func received(_ recording: SequenceRecording, _ state: inout AppState) {}
}
/// What a run said.
public struct RunRecord: Sendable { mutating func follow(_ event: RunEvent) {} }
