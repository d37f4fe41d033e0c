import Canvas
import Inspection
import Training
import Workbench

/// Everything the screens know; `App.update` changes it, `App.view` draws it.
public struct AppState: Sendable {
  /// The session as it stands.
  public var session: SessionView
  /// The screen that has the keyboard.
  public var screen = ScreenName.build
  /// The curves and latest measurements of the run.
  public var run = RunRecord()
  /// The seconds that the user's clock is ahead of UTC, for the times of the journal.
  public var secondsFromUTC = 0

  /// The columns and rows of the terminal, for clicks and pages; nil until somebody says so.
  var size: (width: Int, height: Int)?

  /// The Build screen's cursor.
  var build = BuildScreen.State()
  /// The Train screen's zoom, smoothing and panes.
  var train = TrainScreen.State()
  /// The Inspect screen's recording, cursor and panes.
  var inspect = InspectScreen.State()
  /// The Log screen's scroll position and filter.
  var log = LogScreen.State()
  /// The Lab screen's cursor and findings.
  var lab = LabScreen.State()
  /// Popups, the top one last; the top one gets the keys.
  var popups: [any Modal] = []
  /// Whether the top popup closes when its effect is done.
  var closesWhenDone = false
  /// Whether the program ends when the session is saved.
  var quitsWhenSaved = false
  /// The command lines typed so far, oldest first.
  var commandHistory: [String] = []
  /// What the last action did, or why it failed, on the status line.
  var message: Message?

  /// A line that says what happened.
  struct Message: Sendable, Equatable {
    var text: String
    var isError: Bool
  }

  /// The screens over `session`.
  public init(_ session: SessionView) { self.session = session }

  /// Says on the status line what happened.
  mutating func say(_ text: String) { message = Message(text: text, isError: false) }

  /// Says on the status line what did not work.
  mutating func complain(_ text: String) { message = Message(text: text, isError: true) }
}

/// The screens, in the order of their keys `1`, `2`, …
public enum ScreenName: String, CaseIterable, Sendable {
  /// Layers, shapes, settings.
  case build = "Build"
  /// Curves, gradients, gates, knobs.
  case train = "Train"
  /// Step through a sequence.
  case inspect = "Inspect"
  /// Every command and note.
  case log = "Log"
  /// Claims and their tests.
  case lab = "Lab"

  /// The place among the screens, from 0.
  var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// The whole application as two pure functions.
public enum App {}
