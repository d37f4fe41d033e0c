import Benchmarks
import Foundation
import Glibc

/// How long the program takes from its start to the first frame of the workbench: it is started on a
/// pseudo-terminal of 80 x 24, in an empty folder, and stopped once the last word of the frame came.
enum StartUp {
  /// The name that users type.
  static let name = "start-up"
  /// What it is, in one line.
  static let summary = "from the start of the program to the first frame of the workbench"
  /// A word near the end of the first frame. The last one may stand in the terminal's last cell, which is
  /// not written in one go with the others.
  private static let lastWord = Array("keys".utf8)
  /// Seconds after which a frame will not come any more.
  private static let patience = 20.0

  /// Starts the program again and again for about `seconds` and at least five times.
  static func measure(seconds: Double) throws -> Benchmarks.Measurement {
    let folder = URL.temporaryDirectory.appending(path: "unroll-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let end = ContinuousClock.now + .seconds(seconds)
    var starts: [(milliseconds: Double, memory: Int)] = []
    repeat {
      starts.append(try start(in: folder))
    } while ContinuousClock.now < end || starts.count < 5
    return Benchmarks.Measurement(
      name: name, milliseconds: starts.map(\.milliseconds),
      peakMemory: starts.map(\.memory).max() ?? 0)
  }

  /// Starts it once: the time to its first frame, and the most memory that it had by then.
  private static func start(in folder: URL) throws -> (milliseconds: Double, memory: Int) {
    let (screen, terminal) = try pseudoTerminal()
    defer { close(screen) }
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.currentDirectoryURL = folder
    process.environment = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": folder.path]
    let device = FileHandle(fileDescriptor: terminal, closeOnDealloc: true)
    (process.standardInput, process.standardOutput) = (device, device)
    process.standardError = FileHandle.nullDevice
    let began = ContinuousClock.now
    try process.run()
    defer {
      process.terminate()
      while read(from: screen, milliseconds: 100) != nil, process.isRunning {}
      process.waitUntilExit()
    }
    var seen: [UInt8] = []
    while !seen.contains(lastWord) {
      let rest = patience - (ContinuousClock.now - began) / .seconds(1)
      guard rest > 0, let more = read(from: screen, milliseconds: Int32(1000 * rest)) else {
        throw Failure("The workbench needs to show a frame within \(Int(patience)) s, got none.")
      }
      seen += more
    }
    let time = (ContinuousClock.now - began) / .milliseconds(1)
    return (time, PeakMemory.bytes(ofProcess: process.processIdentifier))
  }

  /// Both ends of a new pseudo-terminal: the one that a screen reads, and the one for a program.
  private static func pseudoTerminal() throws -> (screen: Int32, terminal: Int32) {
    let screen = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (locked, number): (Int32, Int32) = (0, 0)
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    // Of Linux' requests Swift does not see TIOCSPTLCK and TIOCGPTN.
    guard screen >= 0, ioctl(screen, 0x4004_5431, &locked) == 0,
      ioctl(screen, 0x8004_5430, &number) == 0, ioctl(screen, UInt(TIOCSWINSZ), &size) == 0
    else {
      let reason = String(cString: strerror(errno))
      throw Failure("Timing the start needs a pseudo-terminal, got none: \(reason).", status: 74)
    }
    return (screen, open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC))
  }

  /// What can be read within some time: nothing when it passes, nil when there will be no more.
  private static func read(from descriptor: Int32, milliseconds: Int32) -> [UInt8]? {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, milliseconds) > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return count > 0 ? Array(bytes.prefix(count)) : nil
  }
}
