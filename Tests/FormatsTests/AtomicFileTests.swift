import Foundation
import Testing

@testable import Formats

private func permissions(_ path: String) throws -> Int? {
  try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
}

@Test func aSaveReplacesTheWholeFileAndLeavesNothingElse() throws {
  try withFolder { folder in
    let path = folder + "/x.bin"
    try AtomicFile.write([UInt8](repeating: 1, count: 100_000), to: path)
    #expect(try permissions(path) == 0o600)
    try AtomicFile.write("short", to: path)
    #expect(try contents(path) == Array("short".utf8))
    try AtomicFile.write([], to: path)
    #expect(try contents(path) == [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["x.bin"])
  }
}

@Test func anExistingFileKeepsItsPermissions() throws {
  try withFolder { folder in
    let path = folder + "/x"
    try AtomicFile.write("1", to: path, permissions: 0o644)
    #expect(try permissions(path) == 0o644)
    try AtomicFile.write("2", to: path)
    #expect(try permissions(path) == 0o644)
  }
}

@Test func aLinkIsFollowedToItsFile() throws {
  try withFolder { folder in
    try FileManager.default.createDirectory(
      atPath: folder + "/real", withIntermediateDirectories: false)
    try AtomicFile.write("old", to: folder + "/real/x")
    symlink("real/x", folder + "/link")
    try AtomicFile.write("new", to: folder + "/link")
    #expect(try contents(folder + "/real/x") == Array("new".utf8))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == "real/x")
  }
}

@Test func onlyRegularFilesAreReplaced() throws {
  try withFolder { folder in
    mkfifo(folder + "/pipe", 0o600)
    symlink("nowhere", folder + "/dangling")
    symlink("/dev/full", folder + "/device")
    func message(_ path: String) -> String? { refusal { try AtomicFile.write("x", to: path) } }
    #expect(
      message(folder) == "Cannot save '\(folder)': it is a folder. Choose another name.")
    #expect(
      message(folder + "/") == "Cannot save '\(folder)/': it is a folder. Choose another name.")
    #expect(message("") == "Cannot save '': it is a folder. Choose another name.")
    #expect(
      message(folder + "/pipe")
        == "Cannot save '\(folder)/pipe': it is a pipe. Choose another name.")
    #expect(
      message(folder + "/device")
        == "Cannot save '\(folder)/device': it is a device. Choose another name.")
    #expect(
      message(folder + "/dangling")
        == "Cannot save '\(folder)/dangling': No such file or directory. "
        + "Create its folder first.")
    #expect(message("/dev/full") == "Cannot save '/dev/full': it is a device. Choose another name.")
  }
}

@Test func aPlaceThatCannotBeWrittenIsNamed() throws {
  try withFolder { folder in
    try AtomicFile.write("x", to: folder + "/file")
    func message(_ path: String) -> String? { refusal { try AtomicFile.write("x", to: path) } }
    #expect(
      message(folder + "/no/x")
        == "Cannot save '\(folder)/no/x': No such file or directory. Create its folder first.")
    #expect(
      message(folder + "/file/x")
        == "Cannot save '\(folder)/file/x': Not a directory. Choose another name.")
    let long = String(repeating: "n", count: 256)
    #expect(message(folder + "/" + long)?.contains("File name too long. Choose another") == true)
    let longest = String(repeating: "ü", count: 127)
    #expect(message(folder + "/" + longest) == nil)
  }
}

@Test func failuresOfTheDeviceSayWhatIsLeft() {
  func message(_ code: Int32, replaces: Bool) -> FormatError {
    AtomicFile.failure("a\u{1B}b", SystemFailure(code: code), replaces: replaces)
  }
  #expect(
    message(ENOSPC, replaces: true)
      == FormatError(
        .inputOutput,
        "Cannot save 'a\\u{1B}b': No space left on device. The file that was there is unchanged. "
          + "Free some space and save again."))
  #expect(
    message(EIO, replaces: false)
      == FormatError(.inputOutput, "Cannot save 'a\\u{1B}b': Input/output error."))
  #expect(
    message(EROFS, replaces: false)
      == FormatError(
        .notPermitted,
        "Cannot save 'a\\u{1B}b': Read-only file system. Choose a place that you may write to."))
}

@Test func onlyTemporariesOfDeadProcessesAreRemoved() throws {
  try withFolder { folder in
    let process = Process()
    process.executableURL = URL(filePath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    let dead = process.processIdentifier
    let kept = [
      ".x.1-7.tmp", ".x.\(dead)-.tmp", ".x.-5-1.tmp", "x.\(dead)-1.tmp", ".x.\(dead)-1.tmp2", "x",
      ".\(dead)-1.tmp",
    ]
    // Our own process id, but no save of ours: left by a process that had it before.
    let stale = [".x.safetensors.\(dead)-1.tmp", ".x.\(getpid())-999999999.tmp"]
    for name in kept + stale { try AtomicFile.write("x", to: folder + "/" + name) }
    #expect(try AtomicFile.removeStaleTemporaries(in: folder) == stale.sorted())
    #expect(try Directory.names(in: folder) == kept.sorted())
    let active = Temporary(for: "y")
    #expect(!Temporary.isStale(active.name))
  }
}

@Test func aFolderThatIsNotThereCannotBeCleaned() {
  #expect(
    refusal { try AtomicFile.removeStaleTemporaries(in: "/no/such") }
      == "Cannot list folder '/no/such': No such file or directory.")
}

@Test func manySavesAtOnceLeaveOneWholeFile() async throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  let path = folder.appending(path: "x").path(percentEncoded: false)
  try await withThrowingTaskGroup(of: Void.self) { group in
    for number in 0..<16 {
      group.addTask {
        try AtomicFile.write([UInt8](repeating: UInt8(number), count: 5000), to: path)
      }
    }
    try await group.waitForAll()
  }
  let bytes = try contents(path)
  #expect(bytes.count == 5000 && Set(bytes).count == 1)
  #expect(try Directory.names(in: folder.path(percentEncoded: false)) == ["x"])
}
