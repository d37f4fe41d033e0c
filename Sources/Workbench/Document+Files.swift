import Formats
import Training

extension Document {
  /// Reads the session file at `path`, or says what is wrong with it.
  public init(contentsOf path: String) throws(SessionError) {
    do {
      try self.init(JSON(path: path, noun: "session file"))
    } catch {
      let error = SessionError(error)
      let shown = SafeText.quoted(path)
      guard error.kind == .badData, !error.description.contains(shown) else { throw error }
      throw SessionError("\(shown) is no session: \(error.description)")
    }
  }

  /// The session of the run in the folder `path`, with the knobs as its newest weights have them;
  /// nil when no run is there.
  public init?(ofRun path: String) throws(SessionError) {
    let folder = RunFolder(path)
    guard let text = folder.session else { return nil }
    do {
      try self.init(JSON(parsing: text, name: path + "/session.json"))
      guard !folder.checkpoints.isEmpty else { return }
      for knob in try folder.newestCheckpoint().checkpoint.knobs { try training.turn(knob) }
    } catch {
      throw SessionError(error)
    }
  }

  /// Writes the session to `path`, all of it or nothing.
  func write(to path: String) throws(SessionError) {
    do {
      try AtomicFile.write(json.text(.pretty), to: path, permissions: 0o644)
    } catch {
      throw SessionError(error)
    }
  }
}
