import Formats

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

  /// Writes the session to `path`, all of it or nothing.
  func write(to path: String) throws(SessionError) {
    do {
      try AtomicFile.write(json.text(.pretty), to: path, permissions: 0o644)
    } catch {
      throw SessionError(error)
    }
  }
}
