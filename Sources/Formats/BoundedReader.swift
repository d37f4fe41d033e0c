import Glibc

/// Reads a regular file, or bytes in memory, front to back and never past a limit.
///
/// Sizes are checked before anything is allocated, and the bytes are copied into our own memory, so
/// a file that is cut while it is read gives an error and not a crash.
public struct BoundedReader: Sendable {
  /// What messages call the source, safe to print and in quotes.
  public let name: String

  /// Number of bytes in the source.
  public let size: Int

  /// Where the next read starts, in bytes from the front.
  public private(set) var position = 0

  /// Number of bytes not read yet.
  public var remaining: Int { size - position }

  /// Reads of more bytes than this first ask whether there is memory for them.
  private static let largeRead = 16 << 20

  private let file: Descriptor?
  private let memory: [UInt8]

  /// Reads from `bytes`; messages call them `name`.
  public init(_ bytes: [UInt8], name: String) {
    self.name = SafeText.quoted(name)
    size = bytes.count
    memory = bytes
    file = nil
  }

  /// Opens the file at `path`, which must be a regular file of at most `limit` bytes.
  ///
  /// Messages call it a `noun`. A symbolic link is followed.
  public init(path: String, limit: Int, noun: String = "file") throws(FormatError) {
    let name = SafeText.quoted(path)
    let file: Descriptor
    let status: FileStatus
    do throws(SystemFailure) {
      // Not blocking: opening a pipe would wait for a writer.
      file = try Descriptor(open: path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
      status = try file.status()
    } catch {
      throw Self.unreadable(name, error)
    }
    guard status.isRegular else {
      throw FormatError(.noInput, "\(name) is \(status.noun), not a file. Give a regular file.")
    }
    guard status.size <= limit else {
      throw .badData("\(name) has \(byteText(status.size)); a \(noun) may have at most \(limit).")
    }
    self.name = name
    size = status.size
    memory = []
    self.file = file
  }

  /// The next `count` bytes. `promise` says who wants them, for the message if they are missing.
  public mutating func read(_ count: Int, promise: String) throws(FormatError) -> [UInt8] {
    precondition(count >= 0, "a count is not negative")
    guard count <= remaining else {
      let needed = count > .max - position ? .max : position + count
      throw .badData(
        "\(name) ends after \(byteText(size)); \(promise) \(needed). It was cut short: copy it again."
      )
    }
    if count > Self.largeRead {
      // Twice: the bytes, and the values that are made of them.
      try AvailableMemory.require(2 * count, for: "Reading \(name)")
    }
    let start = position
    position += count
    guard let file else { return Array(memory[start..<start + count]) }
    let bytes: [UInt8]
    do throws(SystemFailure) {
      bytes = try file.read(at: start, count: count)
    } catch {
      throw Self.unreadable(name, error)
    }
    guard bytes.count == count else {
      throw FormatError(.inputOutput, "\(name) became shorter while it was read. Read it again.")
    }
    return bytes
  }

  /// The next integer, least significant byte first.
  public mutating func readInteger<Integer: FixedWidthInteger>(
    as type: Integer.Type = Integer.self, promise: String
  ) throws(FormatError) -> Integer {
    var value: Integer = 0
    for byte in try read(Integer.bitWidth / 8, promise: promise).reversed() {
      value = value << 8 | Integer(truncatingIfNeeded: byte)
    }
    return value
  }

  /// All bytes that are left.
  public mutating func readRest() throws(FormatError) -> [UInt8] {
    try read(remaining, promise: "its size was")
  }

  private static func unreadable(_ name: String, _ failure: SystemFailure) -> FormatError {
    let start = "Cannot read \(name): \(failure.text)."
    return switch failure.code {
    case ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP: FormatError(.noInput, start + " Check the name.")
    case EACCES, EPERM: FormatError(.notPermitted, start + " Ask its owner for permission.")
    default: FormatError(.inputOutput, start)
    }
  }
}
