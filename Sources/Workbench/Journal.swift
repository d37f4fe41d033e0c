/// Every command that was applied and every note of the run, in order: the session's paper trail.
public struct Journal: Sendable {
  /// One command, when and where in the run it took effect.
  public struct Entry: Sendable, Equatable {
    /// Seconds since 1970.
    public let time: Double
    /// The command, as users type it; or what the run did by itself.
    public let text: String
    /// The training step after which it took effect; nil outside a run.
    public let step: Int?
    /// Whether this was a command, which replay applies again, or a note of the run.
    public let isCommand: Bool

    /// An entry of the journal.
    public init(time: Double, text: String, step: Int?, isCommand: Bool) {
      self.time = time
      self.text = text
      self.step = step
      self.isCommand = isCommand
    }
  }

  /// The entries, oldest first.
  public private(set) var entries: [Entry] = []

  /// An empty journal.
  public init() {}

  mutating func append(_ entry: Entry) { entries.append(entry) }
}
