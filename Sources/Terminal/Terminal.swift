import CNcurses
import CTerminal
import Canvas
import Glibc

/// The terminal that the program runs in: keys in, a canvas out.
///
///     let terminal = try Terminal.open()
///     defer { terminal.close() }
///     while let event = terminal.nextEvent() {
///       ...
///       terminal.draw(canvas)
///     }
///
/// It always gives the terminal back: on `close()`, on exit, when the process is stopped, and from
/// a signal handler when it crashes. Everything but `wake()` belongs to one thread.
public final class Terminal {
  /// What can be drawn.
  public let capabilities: Capabilities
  /// The number of columns.
  public private(set) var width: Int
  /// The number of rows.
  public private(set) var height: Int

  private let screen: OpaquePointer
  private let doorbell: Int32
  /// The terminal itself, whatever becomes of descriptor 1.
  private let device: Int32
  private let modes: ScreenModes
  private var capture: OutputCapture?
  private var display: Display
  private var decoder = KeyDecoder()
  private var lastByte = ContinuousClock.now
  private var events: [TerminalEvent] = []
  private var isHungUp = false
  private var isOpen = true

  /// Takes the terminal of this process.
  ///
  /// - Throws: `TerminalError`, whose description says why the workbench cannot be shown.
  public static func open(_ options: TerminalOptions = TerminalOptions()) throws(TerminalError)
    -> Terminal
  {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else {
      throw TerminalError.notATerminal
    }
    guard !options.name.isEmpty else { throw TerminalError.unnamed }
    let isUTF8 = cnc_locale_is_utf8()
    switch cnc_find_terminal(options.name, STDOUT_FILENO) {
    case 1: break
    case 0: throw TerminalError.cannotPlaceText(options.name)
    default: throw TerminalError.unknown(options.name)
    }
    return try Terminal(options, isUTF8: isUTF8)
  }

  private init(_ options: TerminalOptions, isUTF8: Bool) throws(TerminalError) {
    // Before ncurses, which takes every signal that nobody has.
    doorbell = ct_open()
    guard doorbell >= 0 else { throw TerminalError.unavailable }
    device = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
    guard device >= 0, ct_remember(STDIN_FILENO),
      let screen = cnc_open(options.name, dup(device), dup(STDIN_FILENO))
    else {
      ct_close()
      throw TerminalError.unavailable
    }
    self.screen = screen
    capabilities = options.capabilities(
      colors: cnc_has_colors() ? Int(cnc_colors()) : 0, isUTF8: isUTF8)
    display = Display(capabilities: capabilities)
    modes = ScreenModes(usesMouse: options.usesMouse)
    capture = OutputCapture()
    width = 80
    height = 24
    arm(note: options.crashNote)
    measure()
    modes.enter(device)
  }

  /// Lets `nextEvent` return `.wake`; any thread may call it at any time.
  public static func wake() { ct_ring() }

  /// Waits for the next event, at most for `timeout`; `nil` if none came.
  public func nextEvent(timeout: Duration? = nil) -> TerminalEvent? {
    let deadline = timeout.map { ContinuousClock.now + $0 }
    while events.isEmpty {
      let now = ContinuousClock.now
      let patience = decoder.patience.map { lastByte + .milliseconds($0) }
      let due = [deadline, patience].compactMap { $0 }.min()
      if wait(for: due.map { $0 - now }) { continue }
      if let patience, ContinuousClock.now >= patience { add(decoder.flush()) }
      if events.isEmpty, let deadline, ContinuousClock.now >= deadline { return nil }
    }
    return events.removeFirst()
  }

  /// Shows `canvas`; only what differs from the last one is sent.
  public func draw(_ canvas: Canvas) {
    guard isOpen, !isHungUp, !ct_crashed() else { return }
    display.draw(canvas)
  }

  /// Lets the next `draw` send everything again, for a screen that something else wrote on.
  public func redraw() { display.invalidate() }

  /// Stops the process, with the terminal given back, until the shell continues it.
  public func suspend() {
    guard isOpen, !isHungUp else { return }
    leave()
    ct_stop()
    comeBack()
  }

  /// Gives the terminal back; what was printed meanwhile and not read is printed to standard error.
  public func close() {
    guard isOpen else { return }
    isOpen = false
    if isHungUp || ct_crashed() {
      ct_restore()
    } else {
      leave()
      ct_restore()
    }
    capture?.close()
    delscreen(screen)
    ct_close()
    _ = Glibc.close(device)
  }

  deinit { close() }

  private func arm(note: String) {
    modes.wayBack.withCString { bytes in
      note.withCString { note in
        var way = ct_way_back(
          terminal: device, out: capture?.out ?? -1, err: capture?.err ?? -1,
          captured: capture?.reading ?? -1, bytes: bytes, note: note)
        ct_arm(&way)
      }
    }
  }

  private func leave() {
    modes.leave(device)
    // tmux 3.3 lets wide lines show through on the main screen if the window grew meanwhile.
    cnc_erase()
    cnc_refresh(false)
    endwin()
  }

  private func comeBack() {
    modes.enter(device)
    measure()
    display.invalidate()
    events.append(.resize(width: width, height: height))
  }

  /// Waits for input, signals or prints; `false` if there was nothing in `time`.
  private func wait(for time: Duration?) -> Bool {
    var sources = [
      pollfd(fd: isHungUp ? -1 : STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: doorbell, events: Int16(POLLIN), revents: 0),
      pollfd(fd: capture?.reading ?? -1, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&sources, nfds_t(sources.count), Self.milliseconds(time)) > 0 else {
      return false
    }
    if sources[1].revents != 0 { takeSignals() }
    if sources[2].revents & Int16(POLLIN) != 0 {
      events += capture?.lines().map { .output($0) } ?? []
    }
    if sources[0].revents != 0 { readKeys() }
    return true
  }

  /// Rounded up, or a wait for less than a millisecond would turn into a busy loop.
  private static func milliseconds(_ time: Duration?) -> Int32 {
    guard let time else { return -1 }
    let (seconds, attoseconds) = time.components
    guard seconds < 1_000_000 else { return 1_000_000_000 }
    return Int32(
      max(0, seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
  }

  private func readKeys() {
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = read(STDIN_FILENO, &bytes, bytes.count)
    guard count > 0 else {
      if count < 0 && (errno == EINTR || errno == EAGAIN) { return }
      isHungUp = true
      events.append(.hangUp)
      return
    }
    lastByte = .now
    add(decoder.feed(bytes[..<count]))
  }

  private func add(_ keys: [Key]) {
    events += keys.map { .key($0) }
  }

  private func takeSignals() {
    let happened = ct_take()
    func has(_ signal: Int32) -> Bool { happened & (1 << UInt64(signal)) != 0 }
    if happened & 1 != 0 { events.append(.wake) }
    for signal in [SIGTERM, SIGHUP, SIGINT] where has(signal) { events.append(.terminate(signal)) }
    if has(SIGTSTP) {
      suspend()
    } else if has(SIGCONT) {
      // Stopped from outside: the shell has written on the screen and set its own modes.
      guard !isHungUp else { return }
      leave()
      comeBack()
    } else if has(SIGWINCH) {
      measure()
      display.invalidate()
      events.append(.resize(width: width, height: height))
    }
  }

  private func measure() {
    var columns: Int32 = 80
    var rows: Int32 = 24
    ct_size(device, &columns, &rows)
    width = Int(columns)
    height = Int(rows)
    resizeterm(rows, columns)
  }
}
